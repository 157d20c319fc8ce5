"""A few people for a few seconds of what `python -m tests.bench.load` does with hundreds."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FEW = ["--phones", "3", "--dispatchers", "1", "--jobs", "20", "--seconds", "4", "--phone-every", "0.5"]
SHORT = ["--plan-for", "1", "--settle", "3", "--database", "sqlite"]


def test_nothing_is_lost_or_unheard_while_the_server_restarts():
    """Phones, a board, a dispatcher and a program, all over real HTTP."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.load", *FEW, *SHORT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 phones, 1 dispatchers, 20 jobs, sqlite" in done.stdout
    assert "before the restart:" in done.stdout
    assert "after it:" in done.stdout
