"""Invented people and organisations of the sample city; any likeness to real ones is chance."""

import unicodedata

import numpy as np

FIRST_NAMES = (
    "Camila", "Matías", "Valentina", "Benjamín", "Javiera", "Vicente", "Constanza", "Martín", "Fernanda", "Joaquín",
    "Catalina", "Sebastián", "Antonia", "Diego", "Francisca", "Nicolás", "Isidora", "Felipe", "Daniela", "Cristóbal",
    "Paula", "Ignacio", "Carolina", "Rodrigo", "Macarena", "Claudio", "Marcela", "Hernán", "Ximena", "Gonzalo",
    "Rosa", "Patricio", "Gabriela", "Mauricio", "Loreto", "Esteban", "Pamela", "Álvaro", "Soledad", "Raúl",
)  # fmt: skip
SURNAMES = (
    "Araya", "Rojas", "Cortés", "Pizarro", "Castillo", "Contreras", "Tapia", "Vega", "Olivares", "Carvajal",
    "Alfaro", "Godoy", "Barraza", "Villalobos", "Zepeda", "Ángel", "Rivera", "Álvarez", "Flores", "Codoceo",
    "Aguirre", "Varela", "Marín", "Honores", "Galleguillos", "Milla", "Jofré", "Toro", "Rivadeneira", "Cuello",
    "Segovia", "Bugueño", "Geraldo", "Michea", "Pastén", "Ledezma", "Monárdez", "Trujillo", "Escobar", "Salinas",
)  # fmt: skip
# Sort of organisation: what its name begins with, and how many of the sort the city has.
ORGANISATION_SORTS = {
    "building": (("Edificio", "Condominio", "Torre"), 26),
    "clinic": (("Clínica", "Centro Médico", "Centro Dental"), 9),
    "school": (("Colegio", "Escuela", "Liceo"), 9),
    "hotel": (("Hotel", "Hostal", "Apart Hotel"), 11),
    "shop": (("Panadería", "Restaurante", "Café", "Farmacia", "Ferretería", "Gimnasio", "Minimarket"), 22),
}
ORGANISATION_NAMES = (
    "Mar Sereno", "Los Pimientos", "Don Anselmo", "Brisas del Norte", "Costa Alta", "Bahía Clara", "Los Churrines",
    "Papayo Dorado", "Faro Sur", "Agua Dulce", "Cururo", "Viento Sur", "Los Chañares", "Puerto Nuevo", "Pececitos",
    "Altos del Valle", "La Higuera", "Camanchaca", "Las Gaviotas", "Espiga de Oro", "Congrio Feliz", "Don Lucho",
    "Nueva Aurora", "El Clavo", "Ola Fuerte", "Cielo Limpio", "Tres Palmas", "Doña Elba", "Arena Blanca",
    "Los Olivillos", "Vista Rada", "El Añañuco",
)  # fmt: skip


def draw_person(rng: np.random.Generator) -> str:
    """A first name and two surnames, as people of Chile bear them."""
    first = FIRST_NAMES[rng.integers(len(FIRST_NAMES))]
    father, mother = rng.choice(len(SURNAMES), size=2, replace=False)
    return f"{first} {SURNAMES[father]} {SURNAMES[mother]}"


def draw_organisations(rng: np.random.Generator) -> list[tuple[str, str]]:
    """(sort, name) of every organisation of the city, no name twice."""
    organisations = []
    for sort, (openings, count) in ORGANISATION_SORTS.items():
        names = rng.choice(len(ORGANISATION_NAMES), size=count, replace=False)
        organisations += [(sort, f"{rng.choice(openings)} {ORGANISATION_NAMES[name]}") for name in names]
    return organisations


def draw_phone(rng: np.random.Generator) -> str:
    """A number that cannot ring: after Chile's mobile prefix 9 no subscriber number begins with 0."""
    return f"+56 9 0{rng.integers(100, 1000)} {rng.integers(10_000):04}"


def make_email(name: str, host: str = "example.org") -> str:
    """An address at a host that is reserved for examples (RFC 2606)."""
    plain = unicodedata.normalize("NFKD", name.lower())
    letters = "".join(c if c.isascii() and c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return f"{'.'.join(letters.split())}@{host}"
