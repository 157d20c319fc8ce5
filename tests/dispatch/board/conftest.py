"""A board that is open."""

import pytest

from tests.dispatch.board.open_board import NINE, whole
from tests.dispatch.town import job, plan, settle, technician


@pytest.fixture
def known(session_factory):
    """The board of two people with two jobs each, as it was read at nine."""
    team = [technician("T1"), technician("T2")]
    wishes = {"J1": "T1", "J2": "T1", "J3": "T2", "J4": "T2"}
    settle(session_factory, team, [job(number, required=frozenset({code})) for number, code in wishes.items()])
    plan(session_factory)
    return whole(session_factory, NINE)
