"""The words that notices have until somebody changes them. The second paragraph is what an SMS says."""

from __future__ import annotations

SMS_KINDS = frozenset({"moved", "reminder", "on_the_way", "late", "missed"})
"""What is worth an SMS unless people decide otherwise."""
SMS_KINDS_ALONE = frozenset({"confirmed", "cancelled"})
"""What is worth one besides to whoever is reached in no other way: they would know of no time, or wait in vain."""

# Before {link} there is nothing in its line that would lead nowhere where there is none.
_CHANGE = "Everything about your visit, and asking for another time: {link}"
_CAMBIO = "Todo sobre su visita, y cómo pedir otra hora: {link}"

SHIPPED: dict[str, dict[str, tuple[str, str]]] = {
    "en": {
        "confirmed": (
            "Your visit on {date}",
            "Good day {customer},\n\nWe come on {date} between {from} and {until}: {title}.\n\n"
            f"Address: {{address}}\n\n{_CHANGE}\n\n{{company}}",
        ),
        "moved": (
            "New time for your visit: {date}",
            "Good day {customer},\n\nYour visit has a new time: {date} between {from} and {until} ({title}).\n\n"
            f"We are sorry for the change.\n\n{_CHANGE}\n\n{{company}}",
        ),
        "reminder": (
            "Your visit on {date}",
            "Good day {customer},\n\nA reminder: we come on {date} between {from} and {until} ({title}).\n\n"
            f"Please see that somebody can let us in.\n\n{_CHANGE}\n\n{{company}}",
        ),
        "on_the_way": (
            "{technician} is on the way",
            "Good day {customer},\n\n{technician} is on the way and arrives between {from} and {until}.\n\n"
            f"{_CHANGE}\n\n{{company}}",
        ),
        "late": (
            "Your visit will be later",
            "Good day {customer},\n\nWe are running late and now expect to arrive between {from} and {until}.\n\n"
            f"We are sorry to keep you waiting.\n\n{_CHANGE}\n\n{{company}}",
        ),
        "done": (
            "The work is done: {title}",
            "Good day {customer},\n\nThe work is done: {title}.\n\nHow did it go? One question, one click: {link}\n\n"
            "{company}",
        ),
        "missed": (
            "We could not get in",
            "Good day {customer},\n\nWe were at your door for {title} and could not get in.\n\n"
            "We will be in touch about a new time.\nOr ask for one here: {link}\n\n{company}",
        ),
        "cancelled": (
            "Your visit is cancelled",
            "Good day {customer},\n\nYour visit is cancelled: {title}.\n\nIf that is wrong, please call us.\n{phone}"
            "\n\n{company}",
        ),
    },
    "es": {
        "confirmed": (
            "Su visita del {date}",
            "Hola, {customer}:\n\nIremos el {date} entre las {from} y las {until}: {title}.\n\n"
            f"Dirección: {{address}}\n\n{_CAMBIO}\n\n{{company}}",
        ),
        "moved": (
            "Nueva hora para su visita: {date}",
            "Hola, {customer}:\n\nSu visita tiene nueva hora: {date} entre las {from} y las {until} ({title}).\n\n"
            f"Disculpe el cambio.\n\n{_CAMBIO}\n\n{{company}}",
        ),
        "reminder": (
            "Su visita del {date}",
            "Hola, {customer}:\n\nLe recordamos que iremos el {date} entre las {from} y las {until} ({title}).\n\n"
            f"Por favor, que alguien pueda abrirnos.\n\n{_CAMBIO}\n\n{{company}}",
        ),
        "on_the_way": (
            "{technician} va en camino",
            "Hola, {customer}:\n\n{technician} va en camino y llega entre las {from} y las {until}.\n\n"
            f"{_CAMBIO}\n\n{{company}}",
        ),
        "late": (
            "Su visita será más tarde",
            "Hola, {customer}:\n\nVamos con retraso y esperamos llegar entre las {from} y las {until}.\n\n"
            f"Disculpe la espera.\n\n{_CAMBIO}\n\n{{company}}",
        ),
        "done": (
            "Trabajo terminado: {title}",
            "Hola, {customer}:\n\nEl trabajo está terminado: {title}.\n\n¿Cómo le fue? Una sola pregunta: {link}\n\n"
            "{company}",
        ),
        "missed": (
            "No pudimos entrar",
            "Hola, {customer}:\n\nEstuvimos en su puerta por {title} y no pudimos entrar.\n\n"
            "Le avisaremos de una nueva hora.\nO pídala aquí: {link}\n\n{company}",
        ),
        "cancelled": (
            "Su visita está anulada",
            "Hola, {customer}:\n\nSu visita está anulada: {title}.\n\nSi es un error, llámenos.\n{phone}\n\n{company}",
        ),
    },
}
