"""What every test of the optimizer needs."""

import fcntl
import tempfile
from pathlib import Path

import pytest

import optimizer


@pytest.fixture(scope="session", autouse=True)
def compiled_engine():
    """Compiles the engine before the first test, so that no test's time limit has to bear it.

    Of several workers one compiles while the others wait, and then read what it has kept.
    """
    with (Path(tempfile.gettempdir()) / "wrenchtime-warm-up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        optimizer.warm_up()
