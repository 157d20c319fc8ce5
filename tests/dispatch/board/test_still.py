"""What is known of a day holds through events that touch single visits alone, and no longer."""

from datetime import timedelta

import pytest

from dispatch.board.still import StillFacts
from tests.dispatch.town import MONDAY


@pytest.fixture
def still():
    """Ann's shift, as it was read when the newest event was the fifth."""
    facts = StillFacts()
    facts.keep(MONDAY, "Ann", 5, "from eight")
    return facts


def test_a_fact_holds_as_far_as_somebody_has_found_it_calm(still):
    still.note(MONDAY, 3, 7, is_calm=True)
    assert still.find(MONDAY, "Ann", 7) == "from eight"
    assert still.find(MONDAY, "Ann", 8) is None
    assert still.find(MONDAY + timedelta(days=1), "Ann", 7) is None


def test_a_fact_that_is_older_than_the_calm_does_not_hold(still):
    still.note(MONDAY, 6, 8, is_calm=True)
    assert still.find(MONDAY, "Ann", 8) is None


def test_calm_stretches_that_meet_are_one(still):
    still.note(MONDAY, 5, 7, is_calm=True)
    still.note(MONDAY, 7, 9, is_calm=True)
    assert still.find(MONDAY, "Ann", 9) == "from eight"
    still.note(MONDAY, 10, 12, is_calm=True)  # nobody has looked at what happened in between
    assert still.find(MONDAY, "Ann", 12) is None


def test_after_what_may_have_changed_anything_nothing_holds_but_what_was_read_since(still):
    still.note(MONDAY, 5, 7, is_calm=True)
    still.note(MONDAY, 7, 8, is_calm=False)
    still.keep(MONDAY, "Bob", 8, "from nine")
    still.note(MONDAY, 8, 9, is_calm=True)
    assert still.find(MONDAY, "Ann", 9) is None
    assert still.find(MONDAY, "Bob", 9) == "from nine"


def test_who_looks_late_at_what_happened_long_ago_ends_no_calm(still):
    still.note(MONDAY, 5, 7, is_calm=True)
    still.note(MONDAY, 2, 5, is_calm=False)
    assert still.find(MONDAY, "Ann", 7) == "from eight"


def test_an_older_reading_does_not_replace_a_newer_one(still):
    still.note(MONDAY, 4, 7, is_calm=True)
    still.keep(MONDAY, "Ann", 4, "from seven")
    assert still.find(MONDAY, "Ann", 7) == "from eight"


def test_after_a_restore_nothing_is_known(still):
    still.note(MONDAY, 5, 7, is_calm=True)
    still.forget()
    still.note(MONDAY, 1, 2, is_calm=True)
    assert still.find(MONDAY, "Ann", 2) is None
