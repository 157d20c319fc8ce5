"""Slots of several days: the best of all that are planned, and which days are passed over and why."""

from datetime import timedelta

import pytest

from dispatch.errors import InvalidInput
from dispatch.jobs.offers import SlotRequest
from dispatch.jobs.offers_ahead import list_offers_ahead
from tests.dispatch.drafting import EAST
from tests.dispatch.town import MONDAY, MORNING, Grid, at, job, plan, settle, technician, window

TUESDAY, WEDNESDAY = (MONDAY + timedelta(days=n) for n in (1, 2))


def ahead(factory, until_on=WEDNESDAY, now=MORNING, **asked):
    with factory() as session:
        request = SlotRequest(MONDAY, *EAST, 1800, **asked)
        return list_offers_ahead(session, request, until_on, now, travel_source=Grid())


@pytest.fixture
def town(session_factory):
    """T1 is in the centre today and, next to what is asked for, tomorrow; Wednesday is not planned."""
    beside = (EAST[0], EAST[1] - 0.01)
    settle(session_factory, [technician()], [job("J1"), job("J2", on=TUESDAY, location=beside)])
    plan(session_factory)
    plan(session_factory, TUESDAY)
    return session_factory


def test_the_day_on_which_it_costs_least_comes_first(town):
    """Tomorrow somebody is next door anyway; today they drive there and back for it."""
    found = ahead(town)
    assert [one.on for one in found.offers] == [TUESDAY, MONDAY]
    assert [one.price for one in found.offers] == sorted(one.price for one in found.offers)
    assert [(one.on, one.sentence) for one in found.passed_over] == [(WEDNESDAY, f"{WEDNESDAY} is not planned yet.")]


def test_a_day_that_is_over_or_whose_windows_have_passed_is_passed_over(town):
    """The others are offered all the same."""
    over = ahead(town, now=at(26))
    assert ([one.on for one in over.offers], over.passed_over[0].on) == ([TUESDAY], MONDAY)
    assert "2026-11-23 is over" in over.passed_over[0].sentence
    tomorrow = ahead(town, windows=(window(at(9, on=TUESDAY), 60),))
    assert [one.on for one in tomorrow.offers] == [TUESDAY]


def test_more_days_than_a_fortnight_and_none_are_refused(town):
    for until_on in (MONDAY - timedelta(days=1), MONDAY + timedelta(days=14)):
        with pytest.raises(InvalidInput, match="until_on: it is before `on`, or more than 14 days"):
            ahead(town, until_on=until_on)
    assert len(ahead(town, until_on=MONDAY + timedelta(days=13)).passed_over) == 12
