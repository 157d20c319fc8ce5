"""A published visit that nobody can begin in time any more is planned late by a search, rather than left out."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from dispatch.living.watch import watch_today
from dispatch.models import Incident, ShiftPattern
from dispatch.planning.too_late import LEFT_OUT
from tests.dispatch.drafting import codes_of, draft_of, line_of, publish
from tests.dispatch.living.bad_day import tell
from tests.dispatch.town import CENTRE, MONDAY, at, job, left_out, plan, settle, stops_of, technician, window

LATE = at(14, 31)


@pytest.fixture
def town(session_factory):
    """T1 has J5 in a window that closes at half past two, and T2 nothing; nobody has told of anything."""
    people = [technician("T1"), technician("T2")]
    settle(session_factory, people, [job("J5", windows=(window(at(13), 90),), preferred=frozenset({"T1"}))])
    plan(session_factory)
    assert codes_of(session_factory) == {"J5": "T1"}
    return session_factory


def test_a_visit_whose_window_closed_a_minute_ago_is_planned_late_and_it_is_told(town):
    """As a broken rule of the plan, and as an alert, like any late visit."""
    version = plan(town, now=LATE)
    assert left_out(version) == {}
    start_at = stops_of(town)["J5"][1].planned_start_at
    assert LATE < start_at < at(15)
    [broken] = version.violations
    assert (broken.rule, broken.sentence) == (
        "time windows",
        "Technician T1, job J5: work starts after its last time window has closed",
    )
    watch_today(town, LATE)
    with town() as session:
        assert "will_be_late" in session.scalars(select(Incident.kind)).all()


def test_somebody_else_comes_who_is_there_sooner(town):
    """T1 has said that it takes three hours more."""
    tell(town, "technician_late", at(14), who="T1", minutes=180)
    plan(town, now=LATE)
    assert codes_of(town) == {"J5": "T2"}


def test_a_draft_proposes_it_and_is_published(town):
    tell(town, "technician_late", at(14), who="T1", minutes=180)
    plan(town, now=LATE, as_draft=True)
    draft = draft_of(town, LATE)
    assert (line_of(draft, "J5")["kind"], draft["outdated"], draft["obstacles"]) == ("moved", [], [])
    version = publish(town, draft, now=LATE)
    assert (codes_of(town), [one.rule for one in version.violations]) == ({"J5": "T2"}, ["time windows"])


def test_a_window_that_closes_before_anybody_can_be_there_is_no_reason_either(session_factory):
    """A quarter of an hour before it closes, when it takes more than an hour to drive there."""
    far = {"location": (CENTRE[0], CENTRE[1] - 0.4), "windows": (window(at(13), 90),), "priority": 100}
    settle(session_factory, [technician()], [job("J5", **far)])
    plan(session_factory)
    version = plan(session_factory, now=at(14, 15))
    assert left_out(version) == {}
    assert at(15) < stops_of(session_factory)["J5"][1].planned_start_at < at(16)
    assert [one.rule for one in version.violations] == ["time windows"]


def test_whoever_can_be_there_in_time_is(town):
    """No window is given up as long as anybody can keep it."""
    tell(town, "technician_late", at(14), who="T1", minutes=180)
    version = plan(town, now=at(14, 5))
    assert (codes_of(town), version.violations) == ({"J5": "T2"}, [])
    assert stops_of(town)["J5"][1].planned_start_at <= at(14, 30)


def test_what_cannot_be_served_at_all_today_is_left_out_and_it_is_said_what_to_do(town):
    version = plan(town, now=at(17, 30))
    assert left_out(version) == {"J5": ("time windows", LEFT_OUT)}


def test_what_nobody_has_planned_before_its_window_closed_is_left_out_as_before(town):
    """Who asked for ten o'clock and heard nothing is called, not visited at three."""
    settle(town, [], [job("J6", windows=(window(at(10), 30),))])
    version = plan(town, now=LATE)
    assert left_out(version)["J6"][0] == "time windows"
    assert "closed on 2026-11-23 at 10:30" in left_out(version)["J6"][1]


def test_on_a_day_to_come_it_is_left_out_so_that_another_time_can_be_agreed_on(town):
    """T1 and T2 begin at three that day, as is known the day before."""
    with town.begin() as session:
        for pattern in session.scalars(select(ShiftPattern)):
            pattern.starts, pattern.ends, pattern.latest_ends = time(15), time(18), time(18)
    assert left_out(plan(town, now=at(12, on=MONDAY - timedelta(days=1))))["J5"][0] == "time windows"
