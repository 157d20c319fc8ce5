"""One company with few jobs does what `python -m tests.bench.repair` does with eight."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_repair_is_measured_against_planning_the_day_anew():
    """How many times quicker it is shows only in a large company."""
    few = ["--companies", "1", "--jobs", "60", "--time-limit", "1"]
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.repair", *few]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "25 technicians, 60 jobs, 1 s to plan the day" in done.stdout
    assert re.search(r"^repair: [\d.]+ s", done.stdout, re.MULTILINE), done.stdout
    assert re.search(r"^a repair takes [\d.]+% of the time of planning the day anew$", done.stdout, re.MULTILINE)
