"""Maintenance plans become jobs ahead of time, each turn once, and no flood comes after a pause."""

import threading
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from data.records import TerritoryRecord
from data.territories import Polygon
from dispatch import clock
from dispatch.errors import Conflict, InvalidInput
from dispatch.events import list_events_of
from dispatch.maintenance.creation import create_coming_jobs
from dispatch.maintenance.overview import get_overview, get_plan_page
from dispatch.maintenance.plans import PlanRequest, add_plan, change_plan, get_plan, pause, skip_next
from dispatch.models import Asset, Contract, Holiday, Job, MaintenanceVisit, Territory
from tests.dispatch.town import (
    CENTRE,
    MONDAY,
    MORNING,
    SANTIAGO,
    at,
    job,
    job_named,
    plan,
    report,
    settle,
    technician,
    user_of,
)

pytestmark = pytest.mark.both_databases

REQUEST = PlanRequest(
    title="Lift service", customer_id=1, location_id=2, every=1, unit="month", first_due_on=date(2026, 12, 7),
    service_s=3600, days_before=3, days_after=3,
)  # fmt: skip

AROUND = Polygon([(CENTRE[1] - 1, CENTRE[0] - 1), (CENTRE[1] + 1, CENTRE[0] - 1), (CENTRE[1], CENTRE[0] + 1)])


def days_later(count: int) -> datetime:
    return MORNING + timedelta(days=count)


def enter(factory, now=MORNING, **changes) -> int:
    with factory.begin() as session:
        by = user_of(session, "d", "dispatcher")
        return add_plan(session, replace(REQUEST, **changes), now, by.id).id


def visits(factory):
    """Due day and the job's number, or None."""
    with factory() as session:
        rows = session.scalars(select(MaintenanceVisit).order_by(MaintenanceVisit.turn))
        return [(str(row.due_on), row.job and row.job.number) for row in rows]


def windows(factory, number):
    """As local days."""
    with factory() as session:
        spans = job_named(session, number).windows
        return [
            (str(clock.local_day(one.opens_at, SANTIAGO)), str(clock.local_day(one.closes_at, SANTIAGO)))
            for one in spans
        ]


@pytest.fixture
def town(session_factory):
    """A customer with one job today, on either database."""
    settle(session_factory, [technician()], [job()], [TerritoryRecord("Town", SANTIAGO, AROUND)])
    return session_factory


def test_a_plan_becomes_a_job_with_its_days_and_no_contract_clock(town):
    """Preferred technician, asset and contract are on it; the contract's answer to reports is not."""
    with town.begin() as session:
        session.add(Asset(customer_id=1, location_id=2, name="Lift"))
        session.add(
            Contract(customer_id=1, name="Gold", starts_on=MONDAY, zone="UTC", respond_within_s=60,
                     restore_within_s=120)
        )  # fmt: skip
    enter(town, asset_id=1, contract_id=1, technician_id=1)
    assert visits(town) == [("2026-12-07", "W1")]
    assert windows(town, "W1") == [("2026-12-04", "2026-12-10")]
    with town() as session:
        made = job_named(session, "W1")
        assert (made.contract_id, made.reported_at, made.restore_by_at) == (1, None, None)
        assert made.due_at == made.windows[-1].closes_at
        assert [(one.technician_id, one.wish) for one in made.wishes] == [(1, "preferred")]
        assert [(one.asset_id, one.work) for one in made.assets] == [(1, "maintain")]


def test_however_often_the_task_runs_each_turn_is_one_job(town):
    """A month later comes the next one."""
    enter(town)
    assert create_coming_jobs(town, MORNING).startswith("Made 0 job(s)")
    assert create_coming_jobs(town, days_later(30)).startswith("Made 1 job(s)")
    assert [due for due, _ in visits(town)] == ["2026-12-07", "2027-01-07"]


def test_runs_at_the_same_moment_make_each_job_once(town):
    """Eight threads, as if every process thought that it leads."""
    enter(town, now=days_later(-90))
    barrier = threading.Barrier(8)
    said = []

    def run():
        barrier.wait()
        said.append(create_coming_jobs(town, MORNING))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sentence.startswith("Made 1 job(s)") for sentence in said) == [False] * 7 + [True]
    assert visits(town) == [("2026-12-07", "W1")]


def test_after_months_without_a_run_one_job_is_made_up_for_and_the_rest_is_told(town):
    """Not five at once; its days begin today."""
    plan_id = enter(town, now=days_later(-90))
    late = days_later(14 + 31 * 4)
    assert "left out 4 turn(s)" in create_coming_jobs(town, late)
    assert visits(town) == [
        ("2026-12-07", None), ("2027-01-07", None), ("2027-02-07", None), ("2027-03-07", None), ("2027-04-07", "W1"),
        ("2027-05-07", "W2"),
    ]  # fmt: skip
    today = clock.local_day(late, SANTIAGO)
    assert windows(town, "W1")[0][0] == str(today)
    with town() as session:
        told = [event for event in list_events_of(session, get_plan(session, plan_id)) if "left out" in event.kind]
    assert len(told) == 4
    assert "was due already" in told[0].reason


def test_holidays_and_other_weekdays_are_left_free(town):
    """The plan's days without the territory's holiday; only Mondays and Fridays."""
    with town.begin() as session:
        territory = session.scalars(select(Territory)).one()
        territory.holidays.append(Holiday(on=date(2026, 12, 7), name="Eve"))
    enter(town, weekdays=(0, 4))
    assert windows(town, "W1") == [("2026-12-04", "2026-12-04")]


def test_what_counts_from_the_work_waits_until_it_is_done(town):
    """Done eleven days late, it is due a month after that day; while it is open nothing is known, only expected."""
    plan_id = enter(town, first_due_on=MONDAY, count_from="done")
    create_coming_jobs(town, days_later(40))
    assert visits(town) == [("2026-11-23", "W1")]
    with town() as session:
        assert get_plan_page(session, plan_id, MORNING).line.state == "waiting"
    plan(town)
    report(town, "W1", "on_site", at(9))
    report(town, "W1", "done", at(10))
    create_coming_jobs(town, days_later(11))
    assert visits(town)[-1] == ("2026-12-23", "W2")


def test_what_counts_from_the_work_follows_its_return_visit(town):
    """To be continued is not done."""
    enter(town, first_due_on=MONDAY, count_from="done")
    plan(town)
    report(town, "W1", "on_site", at(9))
    with town.begin() as session:
        from dispatch.jobs.moving import change_status, find_stop_in_force, report_status

        made = job_named(session, "W1")
        by = user_of(session, "d", "dispatcher")
        stop = find_stop_in_force(session, made.id)
        report_status(session, stop.id, "to_be_continued", by, at(10), "A part is missing.")
    create_coming_jobs(town, days_later(40))
    assert len(visits(town)) == 1
    with town.begin() as session:
        back = session.scalars(select(Job).where(Job.return_of_id.is_not(None))).one()
        change_status(session, back.id, "cancelled", user_of(session, "d", "dispatcher"), at(11), "Not wanted.")
    create_coming_jobs(town, days_later(10))
    assert visits(town)[-1] == ("2026-12-23", "W2"), "counted from the day on which it was due"


def test_a_paused_plan_makes_nothing_and_goes_on_where_it_stands_then(town):
    """For a reason that is kept."""
    plan_id = enter(town, now=days_later(-60))
    with town.begin() as session:
        by = user_of(session, "d", "dispatcher").id
        with pytest.raises(InvalidInput, match="why"):
            pause(session, plan_id, 1, True, " ", MORNING, by)
        pause(session, plan_id, 1, True, "The lift is being replaced.", MORNING, by)
    assert create_coming_jobs(town, MORNING).startswith("Made 0 job(s) of 0")
    with town.begin() as session:
        pause(session, plan_id, 2, False, "", days_later(20), by)
    assert visits(town) == [("2026-12-07", "W1"), ("2027-01-07", "W2")]


def test_a_skipped_turn_becomes_no_job(town):
    """The one after it does; two people who skip at once skip one."""
    plan_id = enter(town, now=days_later(-60))
    with town.begin() as session:
        by = user_of(session, "d", "dispatcher").id
        assert skip_next(session, plan_id, 1, "They are away.", MORNING, by) == date(2026, 12, 7)
    with pytest.raises(Conflict), town.begin() as session:
        skip_next(session, plan_id, 1, "They are away.", MORNING, by)
    create_coming_jobs(town, days_later(20))
    assert visits(town) == [("2026-12-07", None), ("2027-01-07", "W1")]


@pytest.mark.parametrize("ends", ["plan", "contract", "asset"])
def test_nothing_comes_after_the_end(town, ends):
    """Of the plan, of its contract, or of the asset."""
    last = date(2026, 12, 6)
    with town.begin() as session:
        session.add(Asset(customer_id=1, location_id=2, name="Lift", retired_on=last if ends == "asset" else None))
        session.add(
            Contract(customer_id=1, name="Gold", starts_on=MONDAY, zone="UTC",
                     ends_on=last if ends == "contract" else None)
        )  # fmt: skip
    first = date(2026, 12, 1) if ends == "plan" else REQUEST.first_due_on
    enter(town, asset_id=1, contract_id=1, first_due_on=first, ends_on=last if ends == "plan" else None)
    create_coming_jobs(town, days_later(60))
    assert len(visits(town)) == (1 if ends == "plan" else 0)


def test_everything_wrong_is_said_at_once(town):
    """And nothing is stored."""
    with pytest.raises(InvalidInput) as refused:
        enter(
            town, title=" ", location_id=99, asset_id=9, contract_id=9, service_s=None, every=1, unit="week",
            days_before=4, days_after=4, weekdays=(7,), months=(13,), technician_id=9, count_from="guess",
            ends_on=date(2026, 1, 1),
        )  # fmt: skip
    words = [problem.split(":")[0] for problem in refused.value.problems]
    assert words == ["title", "place", "asset", "contract", "length", "technician", "days", "counted from", "weekdays",
                     "season", "ends"]  # fmt: skip
    assert visits(town) == []


def test_a_plan_that_somebody_else_changed_is_not_overwritten(town):
    """What was planned from the old version stays a job."""
    plan_id = enter(town)
    with town.begin() as session:
        by = user_of(session, "d", "dispatcher").id
        change_plan(session, plan_id, 1, replace(REQUEST, every=2), MORNING, by)
    with pytest.raises(Conflict), town.begin() as session:
        change_plan(session, plan_id, 1, replace(REQUEST, every=3), MORNING, by)
    with town() as session:
        assert get_plan(session, plan_id).every == 2


def test_one_plan_that_cannot_be_followed_stops_no_other(town):
    """The task fails and says which; the other's job is made."""
    enter(town, now=days_later(-60), weekdays=(0,), title="Impossible")
    enter(town, now=days_later(-60), title="Possible")
    with town.begin() as session:
        territory = session.scalars(select(Territory)).one()
        start = date(2026, 11, 30)
        territory.holidays += [Holiday(on=start + timedelta(weeks=n), name="Shut") for n in range(60)]
    with pytest.raises(InvalidInput, match=r"Made 1 job.*\n.*Maintenance plan 1 cannot be followed: no day"):
        create_coming_jobs(town, MORNING)
    assert len(visits(town)) == 1


def test_the_coming_year_is_shown_month_by_month(town):
    """One hour in each month from December on, also where the next time is only expected."""
    enter(town)
    enter(town, count_from="done", title="Filter")
    with town() as session:
        found = get_overview(session, MORNING)
    assert [(one.month, one.visits) for one in found.load][:3] == [("2026-11", 0), ("2026-12", 2), ("2027-01", 2)]
    assert {one.work_s for one in found.load[1:]} == {7200}
    assert [line.plan.title for line in found.lines.rows] == ["Filter", "Lift service"]


def test_what_comes_more_seldom_than_once_a_year_is_not_over(town):
    """Its next time lies beyond the months that are shown."""
    enter(town, every=60)
    with town() as session:
        [line] = get_overview(session, days_later(30)).lines.rows
    assert (line.state, str(line.next_on)) == ("active", "2031-12-07")
