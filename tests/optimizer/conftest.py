"""What every test of the optimizer needs."""

import pytest

import optimizer


@pytest.fixture(scope="session", autouse=True)
def compiled_engine():
    """Compiles the engine before the first test, so that no test's time limit has to bear it."""
    optimizer.warm_up()
