"""A day is planned again once nobody is just changing it, and while somebody always is, before long."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.editing import change_row
from dispatch.jobs.moving import change_status, report_status
from dispatch.models import Territory
from dispatch.replanning import replan_what_changed
from dispatch.still_changing import LONGEST, QUIET
from dispatch.tasks import replan_what_was_left_alone
from dispatch.team.absences import add_absence
from tests.dispatch.living.bad_day import technician_id
from tests.dispatch.test_replanning import drop_queued
from tests.dispatch.town import MONDAY, at, job, job_named, plan, settle, stops_of, technician, user_of

SECOND = timedelta(seconds=1)


@pytest.fixture
def town(session_factory):
    """Two with one job, planned with the installation's own travel source."""
    settle(session_factory, [technician("T1"), technician("T2")], [job("J1"), job("J2")])
    plan(session_factory, travel_source=None)
    return session_factory


def lengthen(session_factory, number, now):
    """The office finds that work takes ten minutes more."""
    with session_factory.begin() as session:
        row = job_named(session, number)
        change_row(session, row, row.version, now, None, service_s=row.service_s + 600)


def test_a_day_that_is_just_being_changed_is_left_alone_until_it_is_not(town):
    """As by an import: a change a second before the look would be planned in the middle of it."""
    lengthen(town, "J1", at(8, 59) + 40 * SECOND)
    lengthen(town, "J2", at(9) - SECOND)
    assert replan_what_changed(town, at(9)) == "Still changing: 2026-11-23"
    assert replan_what_changed(town, at(9) - SECOND + QUIET) == "Queued 2026-11-23"


def test_a_day_that_changes_all_the_time_is_planned_again_before_long(town):
    first_at = at(9) - SECOND
    looks = [first_at + LONGEST - SECOND, first_at + LONGEST]
    for at_s in range(0, int(LONGEST.total_seconds()) + 1, 15):
        lengthen(town, "J1", first_at + at_s * SECOND)
    assert [replan_what_changed(town, now) for now in looks] == ["Still changing: 2026-11-23", "Queued 2026-11-23"]


def test_it_counts_from_the_first_change_that_no_plan_knows(town):
    """What the last plan knew was changed long ago is no reason to plan in the middle of the next changes."""
    lengthen(town, "J1", at(7))
    plan(town, travel_source=None, now=at(8))
    lengthen(town, "J1", at(9) - SECOND)
    assert replan_what_changed(town, at(9)) == "Still changing: 2026-11-23"


def test_what_is_done_on_the_road_holds_no_plan_back(town):
    """Nor that something changes that is no part of the day."""
    lengthen(town, "J1", at(8))
    settle(town, [], [job("J9", on=MONDAY + timedelta(days=9))])
    lengthen(town, "J9", at(9) - SECOND)
    with town.begin() as session:
        code, stop = stops_of(town)["J1"]
        report_status(session, stop.id, "on_site", user_of(session, code), at(9) - SECOND)
    assert replan_what_changed(town, at(9)) == "Queued 2026-11-23"


def test_what_the_office_cancels_is_a_change(town):
    with town.begin() as session:
        eve = user_of(session, "D1", "dispatcher")
        change_status(session, job_named(session, "J2").id, "cancelled", eve, at(9) - SECOND, "Somebody called.")
    drop_queued(town)
    assert replan_what_changed(town, at(9)) == "Still changing: 2026-11-23"


def test_an_absence_and_a_territory_are_changes_too(town):
    with town.begin() as session:
        territory = session.scalars(select(Territory)).one()
        change_row(session, territory, territory.version, at(9) - SECOND, None, name="City")
    with town.begin() as session:
        add_absence(session, technician_id(session, "T2"), MONDAY, MONDAY, "ill", at(9, 1) - SECOND, None)
    assert replan_what_changed(town, at(9)) == "Still changing: 2026-11-23"
    assert replan_what_changed(town, at(9, 1)) == "Still changing: 2026-11-23"


def test_what_was_left_alone_is_looked_at_again_within_a_minute(town):
    """And only that: what changes first after the look waits for the next one."""
    assert replan_what_was_left_alone(town, at(9)) == "Nothing was left alone"
    lengthen(town, "J1", at(9) - SECOND)
    assert replan_what_changed(town, at(9)) == "Still changing: 2026-11-23"
    assert replan_what_was_left_alone(town, at(9, 1)) == "Queued 2026-11-23"
    drop_queued(town)
    plan(town, travel_source=None, now=at(9, 1))
    lengthen(town, "J2", at(9, 1) + 10 * SECOND)
    assert replan_what_was_left_alone(town, at(9, 2)) == "Nothing has changed"
    assert replan_what_changed(town, at(9, 5)) == "Queued 2026-11-23"


def test_who_is_warned_is_not_warned_every_minute_of_what_comes_in_after_that(town, open_installation):
    """Where days are not planned by themselves, a warning is as good as a plan: what changes first after it waits."""
    factory = open_installation(REPLAN="warn")
    lengthen(factory, "J1", at(9) - SECOND)
    assert replan_what_changed(factory, at(9)) == "Still changing: 2026-11-23"
    assert replan_what_was_left_alone(factory, at(9, 1)) == "Warned of 2026-11-23"
    lengthen(factory, "J2", at(9, 1) + 10 * SECOND)
    lengthen(factory, "J2", at(9, 4) + 50 * SECOND)
    assert replan_what_was_left_alone(factory, at(9, 2)) == "Nothing has changed"
    assert replan_what_changed(factory, at(9, 5)) == "Still changing: 2026-11-23"
