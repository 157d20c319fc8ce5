"""The documents keep up with the code, and name no machine."""

import importlib
import re
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
README = (ROOT / "README.md").read_text()

MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|work|Users|tmp|mnt)/\w+")
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|#|mailto:)([^)#\s]+)")


def rules() -> list:
    """Every business rule of the optimizer."""
    return list(importlib.import_module("optimizer.rules").RULES)


def row_of(rule) -> str:
    """A rule's row in the README: its name and what its docstring says first."""
    sentence = " ".join(rule.__doc__.strip().split("\n\n")[0].split())
    return f"| {rule.name} | {sentence} |"


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_every_rule_has_its_row_in_the_readme(rule):
    """A rule that no one can read about does not exist for a dispatcher."""
    assert row_of(rule) in README, f"README.md needs the row: {row_of(rule)}"


def test_the_readme_names_no_rule_that_is_gone():
    """The rule table holds exactly the rules of the optimizer, in their order."""
    table = README.split("## Rules")[1].split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| rule |")]
    assert rows == [row_of(rule) for rule in rules()]


def test_every_command_is_in_the_readme():
    """`wrenchtime X` is explained for every X."""
    commands = importlib.import_module("dispatch.cli").main.commands
    assert commands
    missing = [name for name in commands if f"wrenchtime {name}" not in README]
    assert not missing, f"README.md does not explain: {', '.join(missing)}"


def test_every_setting_is_in_the_readme():
    """What may be set by the environment is in the table, and the table names nothing else."""
    read = set(re.findall(r'env(?:\.get\(|, )"([A-Z_]+)"', (ROOT / "dispatch" / "settings.py").read_text()))
    assert read
    table = README.split("## Configuration")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.M)) - {"PORT"} == read


def test_every_make_target_is_explained_by_make_help():
    """A target a person may call has a `## sentence`."""
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.M)
    assert phony
    missing = [name for name in phony[1].split() if not re.search(rf"^{name}:.*## \w", makefile, re.M)]
    assert not missing, f"no explanation for: {', '.join(missing)}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_name_no_machine_and_link_to_what_exists(document: Path):
    """Paths of somebody's computer and dead links help no reader."""
    text = document.read_text()
    assert not MACHINE_PATH.findall(text)
    dead = [target for target in LINK.findall(text) if not (document.parent / target).exists()]
    assert not dead, f"links to nothing: {', '.join(dead)}"


def test_the_lock_pins_every_package_and_names_no_host():
    """`constraints.txt` holds `name==version` and nothing else."""
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and line[0] != "#"]
    assert lines
    odd = [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+( ; [\w. '\"<>=]+)?", line)]
    assert not odd, "\n".join(odd)


def test_every_direct_dependency_is_pinned_by_the_lock():
    """What setup.cfg asks for, the lock answers."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    asked = config["options"]["install_requires"].splitlines()
    for extra in config["options.extras_require"].values():
        asked += extra.splitlines()
    names = {normal(re.split(r"[\[<>=;]", line)[0]) for line in asked if line.strip() and line[0] != "#"}
    pinned = {normal(line.split("==")[0]) for line in (ROOT / "constraints.txt").read_text().splitlines()}
    assert not names - pinned


def normal(name: str) -> str:
    """A package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower().strip()


def test_the_files_are_named_in_the_order_in_which_they_are_imported():
    """Each after what it refers to, as `wrenchtime import` lists them."""
    order = re.search(r"^- \*\*Order\.\*\*[^:]*: (.+)\.$", (ROOT / "docs/import.md").read_text(), re.M)
    assert order
    assert tuple(order[1].split(", ")) == importlib.import_module("dispatch.cli.import_").KINDS


def test_every_column_of_a_file_of_territories_has_its_place_in_the_table():
    """A column that nobody can read about does not exist for whoever fills in the file."""
    columns = importlib.import_module("data.importers.synonyms").TERRITORY_COLUMNS
    row = re.search(r"^\| territories \|.*$", (ROOT / "docs/import.md").read_text(), re.M)
    assert row
    assert not {one.key for one in columns} - set(re.findall(r"\w+", row[0]))
