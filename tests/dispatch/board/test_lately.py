"""What was read lately holds for a while, and not beyond an event that may have changed it."""

from datetime import timedelta

import pytest

from dispatch.board.lately import MOST, LatelyRead
from tests.dispatch.town import at

MINUTE = timedelta(minutes=1)


@pytest.fixture
def lately():
    """The alerts as they were read at nine, when the newest event was the seventh."""
    facts = LatelyRead()
    facts.keep("alerts", 7, at(9), ["J7 is late"])
    return facts


def test_a_fact_holds_until_an_event_may_have_changed_it(lately):
    assert lately.find("alerts", 7, 9, at(9), MINUTE) == ["J7 is late"]
    assert lately.find("alerts", 10, 10, at(9), MINUTE) is None
    assert lately.find("notices", 7, 9, at(9), MINUTE) is None


def test_whoever_finds_it_holds_for_later_events_says_so_for_the_others(lately):
    assert lately.find("alerts", 9, 9, at(9), MINUTE) is None
    lately.find("alerts", 7, 9, at(9), MINUTE)
    assert lately.find("alerts", 9, 9, at(9), MINUTE) == ["J7 is late"]


def test_a_fact_holds_no_longer_than_it_may_however_often_it_is_found(lately):
    assert lately.find("alerts", 7, 8, at(9) + MINUTE / 2, MINUTE) == ["J7 is late"]
    assert lately.find("alerts", 7, 9, at(9) + MINUTE, MINUTE) is None


def test_a_clock_that_was_set_back_makes_nothing_new(lately):
    assert lately.find("alerts", 7, 7, at(8, 59), MINUTE) is None


def test_an_older_reading_does_not_take_the_place_of_a_newer_one(lately):
    lately.keep("alerts", 6, at(9), [])
    assert lately.find("alerts", 6, 7, at(9), MINUTE) == ["J7 is late"]


def test_what_was_read_first_is_forgotten_first(lately):
    for number in range(MOST):
        lately.keep(number, 7, at(9), [])
    assert lately.find("alerts", 7, 7, at(9), MINUTE) is None
    assert lately.find(0, 7, 7, at(9), MINUTE) == []
