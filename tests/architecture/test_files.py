"""One idea a file: short, with a first line that says what it is for."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_LINES = 300


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository (tracked, or new and not ignored) that still exist."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a git checkout: the list of our own files is unknown")
    return [ROOT / line for line in sorted(set(listed.stdout.splitlines())) if (ROOT / line).is_file()]


def test_no_file_is_longer_than_one_idea_needs():
    """Under 300 lines: a longer file holds two ideas. A migration is a record and stays as it was made."""
    offences = [
        f"{path.relative_to(ROOT)}: {lines} lines (at most {LONGEST_LINES})"
        for path in tracked("*.py", "*.ts", "*.css", "*.html", ":!dispatch/migrations/versions")
        if (lines := len(path.read_text().splitlines())) > LONGEST_LINES
    ]
    assert not offences, "\n".join(offences)


def test_every_python_file_says_first_what_it_is_for():
    """The module docstring is one true sentence about the file."""
    offences = [
        str(path.relative_to(ROOT))
        for path in tracked("*.py")
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not offences, "\n".join(offences)


def test_no_unfinished_business_is_left_behind():
    """What is not done is an issue, not a note in a file that nobody will read."""
    mark = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    offences = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in tracked("*.py", "*.ts", "*.css", "*.html")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if mark.search(line)
    ]
    assert not offences, "\n".join(offences)


def test_no_third_party_file_is_tracked():
    """Libraries come from their registries at set-up; maps are derived by a script."""
    fetched = [str(p.relative_to(ROOT)) for p in tracked("*.min.js", "*.min.css", "*.pbf", "*.woff2", "*.whl")]
    assert not fetched, "\n".join(fetched)
