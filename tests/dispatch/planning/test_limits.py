"""What contractors may still take on counts what they did and will do, once, in hours of agreed work."""

from datetime import timedelta

import pytest

from dispatch.models import Limit
from tests.dispatch.planning.test_agreed import give, one
from tests.dispatch.town import MONDAY, at, job, plan, report, settle, stops_of, technician

TUESDAY = MONDAY + timedelta(days=1)


def agree(factory, **limit):
    """So much a week."""
    with factory.begin() as session:
        give(one(session), "limits", Limit(period="week", **limit))


@pytest.mark.both_databases
def test_a_visit_that_nobody_came_to_takes_nothing_of_the_week(session_factory):
    """On Monday the van was broken after J1; on Tuesday J2 and J3 are wanted again."""
    settle(session_factory, [technician(kind="contractor")], [job("J1"), job("J2"), job("J3")])
    agree(session_factory, unit="visits", most=3)
    plan(session_factory)
    first = min(stops_of(session_factory), key=lambda number: stops_of(session_factory)[number][1].planned_start_at)
    report(session_factory, first, "on_site", at(8))
    report(session_factory, first, "done", at(9))
    plan(session_factory, TUESDAY, now=at(6, on=TUESDAY))
    assert set(stops_of(session_factory, TUESDAY)) == {"J1", "J2", "J3"} - {first}


def test_who_works_slowly_has_agreed_on_as_many_hours(session_factory):
    """An hour of work takes them two; two hours a week are two such jobs."""
    settle(session_factory, [technician(kind="contractor", pace_percent=200)], [job("J1"), job("J2", on=TUESDAY)])
    agree(session_factory, unit="work_s", most=2 * 3600)
    plan(session_factory)
    plan(session_factory, TUESDAY)
    assert set(stops_of(session_factory, TUESDAY)) == {"J2"}
