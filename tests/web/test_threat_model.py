"""Every line of the threat model names a test that exists."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODEL = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def list_lines() -> list[tuple[str, str]]:
    """Each threat with the last cell of its row."""
    rows = [line.strip("|").split(" | ") for line in MODEL.splitlines() if line.startswith("| ")]
    return [(row[0].strip(), row[-1].strip(" |")) for row in rows if row[0].strip() != "threat"]


def test_every_threat_names_a_test_that_exists():
    """A protection that no test watches is a sentence."""
    lines = list_lines()
    assert len(lines) >= 30
    missing = []
    for threat, named in lines:
        found = re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)`", named)
        assert found, f"{threat}: {named} names no test"
        path = ROOT / found[1]
        functions = {node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}
        if found[2] not in functions:
            missing.append(f"{threat}: {named}")
    assert not missing, "\n".join(missing)
