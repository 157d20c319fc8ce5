"""Processes that stay look for garbage seldom."""

import subprocess
import sys

SCRIPT = """
import gc, types
import dispatch.scheduler
before = gc.get_threshold()[0]
dispatch.scheduler.Scheduler = lambda _: types.SimpleNamespace(run=lambda: None, stop=None)
dispatch.scheduler.run_forever(None)
print(gc.get_freeze_count() > 10_000, gc.get_threshold()[0] > 10 * before)
"""


def test_the_process_that_plans_looks_for_garbage_seldom():
    ended = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["True", "True"]
