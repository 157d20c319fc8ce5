"""The words of e-mails about accounts, in each language; filled in as notices to customers are."""

from __future__ import annotations

from dispatch.notices.texts import fill_in

MAIL_WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "en": {
        "forgotten": (
            "A new password for Wrenchtime",
            "Hello {name},\n\nsomebody, probably you, asked for a new password for your Wrenchtime account. "
            "Choose one here, within an hour:\n\n{link}\n\n"
            "If it was not you, do nothing: your password stays as it is.",
        ),
        "invited": (
            "Your account at Wrenchtime",
            "Hello {name},\n\n{by} has given you an account at Wrenchtime. Choose your password here, within a day:\n\n"
            "{link}\n\nFrom then on you sign in with {email}. The link is good once; hand it to nobody else.",
        ),
    },
    "es": {
        "forgotten": (
            "Una nueva contraseña para Wrenchtime",
            "Hola, {name}:\n\nAlguien, seguramente usted, pidió una nueva contraseña para su cuenta de Wrenchtime. "
            "Elíjala aquí, antes de una hora:\n\n{link}\n\n"
            "Si no fue usted, no haga nada: su contraseña sigue siendo la misma.",
        ),
        "invited": (
            "Su cuenta de Wrenchtime",
            "Hola, {name}:\n\n{by} le ha dado una cuenta en Wrenchtime. Elija su contraseña aquí, antes de un día:\n\n"
            "{link}\n\nDesde entonces entra con {email}. El enlace sirve una sola vez; no se lo dé a nadie.",
        ),
    },
}


def write_mail(kind: str, language: str, **facts: str) -> tuple[str, str]:
    """Subject and text. Names may hold anything, also what looks like a field: they are filled in once."""
    subject, body = MAIL_WORDS[language][kind]
    return subject, fill_in(body, facts) + "\n"
