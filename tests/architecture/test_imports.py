"""The rooms of the house and the arrows between them, as the design draws them."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("optimizer", "data", "dispatch", "web")

MAY_IMPORT_ROOMS = {
    "optimizer": set(),
    "data": set(),
    "dispatch": {"optimizer", "data"},
    "web": {"dispatch"},
}

# Third-party packages by room. A package that stands in one room only may be imported nowhere else.
MAY_IMPORT_PACKAGES = {
    "optimizer": {"numpy", "ortools", "numba"},
    "data": {"numpy", "pandas", "geopandas", "shapely", "scipy", "pyproj", "pyrosm", "openpyxl"},
    "dispatch": {
        "sqlalchemy",
        "alembic",
        "apscheduler",
        "altair",
        "argon2",
        "click",
        "numpy",
        "PIL",
        "pyotp",
        "rich",
        "segno",
    },
    "web": {
        "apispec",
        "flask",
        "flask_login",
        "flask_smorest",
        "flask_wtf",
        "jinja2",
        "markupsafe",
        "marshmallow",
        "webargs",
        "werkzeug",
        "whitenoise",
        "wtforms",
    },
}


def modules(room: str) -> list[Path]:
    """Every Python file of a room."""
    return sorted(p for p in (ROOT / room).rglob("*.py") if "node_modules" not in p.parts)


def imported(source: str) -> Iterator[tuple[int, str]]:
    """Line and top-level name of every absolute import, also inside functions and `importlib` calls."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module.split(".")[0]
        elif isinstance(node, ast.Call) and called_name(node) in {"import_module", "__import__"}:
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield node.lineno, argument.value.split(".")[0]


def called_name(call: ast.Call) -> str:
    """`f` for both `f(...)` and `module.f(...)`."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def forbidden(room: str, source: str) -> list[tuple[int, str]]:
    """The imports that the table does not allow this room."""
    allowed = MAY_IMPORT_ROOMS[room] | MAY_IMPORT_PACKAGES[room] | {room} | set(sys.stdlib_module_names)
    return [(line, name) for line, name in imported(source) if name not in allowed]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_the_table_allows(room: str):
    """web -> dispatch -> {optimizer, data}; each outside package has its room; nobody imports tests."""
    offences = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(room)
        for line, name in forbidden(room, path.read_text())
    ]
    assert modules(room), f"{room}/ has no Python file: this test would prove nothing"
    assert not offences, "\n".join(offences)


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("optimizer", "import pandas"),
        ("optimizer", "from data.travel import RoadGraph"),
        ("data", "import sqlalchemy"),
        ("data", "from optimizer import Problem"),
        ("dispatch", "from web.app import create_app"),
        ("dispatch", "def serve():\n    import web"),
        ("dispatch", "import importlib\nimportlib.import_module('web.app')"),
        ("dispatch", "import flask"),
        ("dispatch", "import ortools"),
        ("web", "from optimizer.rules import RULES"),
        ("web", "import data.travel"),
        ("web", "import sqlalchemy.orm"),
        ("web", "from tests.town import small_town"),
    ],
)
def test_an_arrow_in_the_wrong_direction_is_seen(room: str, source: str):
    """The check itself can fail: each of these lines is an offence."""
    assert len(forbidden(room, source)) == 1


def test_only_its_own_room_imports_a_package_that_stands_alone():
    """The solver, the map libraries, the database and the web framework each have one door."""
    alone = {"ortools": "optimizer", "numba": "optimizer", "geopandas": "data", "shapely": "data",
             "pyrosm": "data", "sqlalchemy": "dispatch", "alembic": "dispatch", "apscheduler": "dispatch",
             "flask": "web"}  # fmt: skip
    for package, home in alone.items():
        assert [room for room in ROOMS if package in MAY_IMPORT_PACKAGES[room]] == [home], package


def test_the_optimizer_reads_no_clock_no_file_and_no_network():
    """A pure library: a problem in, a plan out. Time limits use the monotonic clock, nothing else does."""
    banned = {
        "datetime",
        "socket",
        "subprocess",
        "urllib",
        "http",
        "sqlite3",
        "pathlib",
        "shutil",
        "tempfile",
    }
    offences = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules("optimizer")
        if "formats" not in path.parts
        for line, name in imported(path.read_text())
        if name in banned
    ]
    assert not offences, "\n".join(offences)
