"""Towns that several tests of planning begin with."""

import pytest

from tests.dispatch.drafting import propose_a_move


@pytest.fixture
def moved(session_factory):
    """T1 has J1 in the east and J2 near by; then T2, who lives in the east, comes to work."""
    return propose_a_move(session_factory)
