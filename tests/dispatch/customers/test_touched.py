"""What happens on a day and is about no job stands in the history of those whose visits it touched, of nobody else."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dispatch.customers.history import slice_history
from dispatch.events import record_event
from dispatch.living.incidents import raise_incident
from dispatch.models import Event, Incident, PlanChange, PlanVersion, Technician
from dispatch.planning.facts import find_published
from dispatch.slices import Cut
from dispatch.territories.scope import limit_session
from tests.dispatch.town import (
    CENTRE,
    MONDAY,
    MORNING,
    at,
    job,
    job_named,
    plan,
    report,
    settle,
    stops_of,
    technician,
)

pytestmark = pytest.mark.both_databases

SATURDAY, SUNDAY, TUESDAY = (MONDAY + timedelta(days=n) for n in (-2, -1, 1))
AT_JOB = {"lat": CENTRE[0], "lon": CENTRE[1] - 0.01, "radius_m": 500}


@pytest.fixture
def town(session_factory):
    """The day is planned on the Friday before; J1 and J2 are at one place."""
    settle(session_factory, [technician("T1"), technician("T2", hours={})], [job("J1"), job("J2")])
    plan(session_factory, now=MORNING - timedelta(days=3))
    return session_factory


def tell(factory, kind, now, on=MONDAY, code=None, **facts):
    """Somebody has told it; nothing is repaired."""
    with factory.begin() as session:
        if code is not None:
            facts["technician_id"] = session.scalars(select(Technician.id).where(Technician.code == code)).one()
        return raise_incident(session, kind, on, now, None, repair=False, **facts).id


def befell(factory, number="J1", cut=Cut(), limits=()):  # noqa: B008 (a Cut never changes)
    with factory() as session:
        customer_id = job_named(session, number).customer_id
        limit_session(session, limits)
        lines = slice_history(session, customer_id, cut, 50).rows
        return [(line.incident_id, line.about) for line in lines if line.incident_id]


def in_order(factory):
    stops = stops_of(factory)
    return sorted(stops, key=lambda number: stops[number][1].position)


@pytest.mark.parametrize("kind", ["technician_ill", "technician_late"])
def test_an_event_about_a_technician_touches_those_whom_they_were_still_to_visit(town, kind):
    """Not whoever was visited before, or is visited by somebody else, or on another day."""
    first, second = in_order(town)
    between = stops_of(town)[second][1].planned_start_at
    told = tell(town, kind, between, code="T1")
    tell(town, kind, at(7), code="T2")
    tell(town, kind, at(7, on=TUESDAY), TUESDAY, "T1")
    assert befell(town, second) == [(told, f"Technician T1, job {second}")]
    assert befell(town, first) == []


def test_whom_they_have_left_earlier_than_planned_is_not_touched(town):
    first, second = in_order(town)
    report(town, first, "on_site", at(8))
    report(town, first, "done", at(8, 30))
    told = tell(town, "technician_ill", at(8, 31), code="T1")
    assert befell(town, first) == []
    assert befell(town, second) == [(told, f"Technician T1, job {second}")]


def test_whom_they_have_left_later_than_planned_is_touched(town):
    first, _ = in_order(town)
    report(town, first, "on_site", at(8))
    told = tell(town, "technician_late", at(11), code="T1")
    assert befell(town, first) == []
    report(town, first, "done", at(11, 30))
    assert befell(town, first) == [(told, f"Technician T1, job {first}")]


def test_whoever_is_ill_for_days_touches_the_visits_of_all_of_them(town):
    """And of no day after the last."""
    tell(town, "technician_ill", at(7, on=SATURDAY), SATURDAY, "T1", until_on=SUNDAY)
    tell(town, "technician_ill", at(7, on=SATURDAY), SATURDAY, "T2", until_on=TUESDAY)
    told = tell(town, "technician_ill", at(7, on=SUNDAY), SUNDAY, "T1", until_on=TUESDAY)
    assert befell(town) == [(told, "Technician T1, job J1")]


def test_a_plan_that_was_made_after_it_was_told_was_not_touched(session_factory):
    """It has reckoned with it already."""
    settle(session_factory, [technician()], [job("J1")])
    tell(session_factory, "technician_late", MORNING, code="T1", until_at=at(9))
    plan(session_factory, now=at(7))
    assert befell(session_factory) == []


def test_a_visit_that_a_newer_plan_had_elsewhere_by_then_was_not_touched(town):
    """J1 waits for another day; it was with T1 in the version before."""
    with town.begin() as session:
        job_named(session, "J1").requested_on = TUESDAY
    plan(town, now=MORNING)
    told = tell(town, "technician_ill", at(7), code="T1")
    assert befell(town, "J1") == []
    assert befell(town, "J2") == [(told, "Technician T1, job J2")]


def test_a_closed_road_touches_those_who_live_within(town):
    told = tell(town, "road_closed", at(7), **AT_JOB)
    tell(town, "road_closed", at(7), **AT_JOB | {"lon": CENTRE[1] + 0.01})
    assert befell(town) == [(told, "job J1")]


def test_a_closed_road_touches_those_who_are_visited_while_it_is_closed(town):
    """Until the moment that was told, also of a day after; else until its own day is over."""
    first, second = in_order(town)
    between = stops_of(town)[second][1].planned_start_at
    before = tell(town, "road_closed", at(7), until_at=between, **AT_JOB)
    after = tell(town, "road_closed", at(7, 1), from_at=between, **AT_JOB)
    since_sunday = tell(town, "road_closed", at(7, on=SUNDAY), SUNDAY, until_at=between, **AT_JOB)
    tell(town, "road_closed", at(8, on=SUNDAY), SUNDAY, **AT_JOB)
    tell(town, "road_closed", at(9, on=SUNDAY), SUNDAY, until_at=at(7), **AT_JOB)
    assert [one for one, _ in befell(town, first)] == [before, since_sunday]
    assert [one for one, _ in befell(town, second)] == [after]


def test_a_customer_with_several_visits_sees_them_in_one_line(session_factory):
    jobs = [job("J1"), job("J2", customer_name="Customer J1", address="Street of J1")]
    settle(session_factory, [technician()], jobs)
    plan(session_factory)
    told = tell(session_factory, "technician_ill", at(7), code="T1")
    assert befell(session_factory) == [(told, "Technician T1, jobs J1, J2")]


def test_what_is_told_of_a_day_to_come_touches_no_visit_before_it(session_factory):
    jobs = [job("J1"), job("J2", customer_name="Customer J1", address="Street of J1", on=TUESDAY)]
    settle(session_factory, [technician()], jobs)
    for on in (MONDAY, TUESDAY):
        plan(session_factory, on)
    told = tell(session_factory, "technician_ill", at(7), TUESDAY, "T1")
    assert befell(session_factory) == [(told, "Technician T1, job J2")]


def test_what_is_about_another_job_or_keeps_nobody_from_coming_touched_none(town):
    """A road that is closed is told of with a job, too; a phone that is silent says nothing of its technician."""
    with town() as session:
        other = job_named(session, "J2").id
    told = tell(town, "road_closed", at(7), job_id=other, **AT_JOB)
    tell(town, "phone_silent", at(7), code="T1")
    assert befell(town, "J1") == []
    assert befell(town, "J2") == [(told, "job J2")]


def test_whoever_was_never_in_a_plan_was_touched_by_nothing(session_factory):
    settle(session_factory, [technician()], [job("J1")])
    tell(session_factory, "technician_ill", at(7), code="T1")
    assert befell(session_factory) == []


def answer(factory, incident_id, number, published_at):
    """A version that answers it has the job elsewhere than the one before."""
    with factory.begin() as session:
        base = find_published(session, MONDAY)
        names = {one.name for one in PlanVersion.__table__.columns} - {"id", "plan_on", "status", "version"}
        copied = {name: getattr(base, name) for name in names}
        status = "superseded" if published_at else "draft"
        version = PlanVersion(**copied | {"published_at": published_at}, on=MONDAY, status=status, version=9)
        session.add(version)
        session.flush()
        moved = {"kind": "retimed", "reason": "The way is longer.", "costs": {}, "together_job_ids": []}
        places = {"from_technician_id": 1, "to_technician_id": 1, "from_start_at": at(9), "to_start_at": at(9, 5)}
        session.add(PlanChange(plan_id=version.id, job_id=job_named(session, number).id, **moved, **places))
        session.get_one(Incident, incident_id).plan_id = version.id
        record_event(session, "plan published", published_at or at(8), None)


def test_an_event_whose_repair_has_moved_a_visit_stands_in_its_history(town):
    """Whoever's technician it was about; parts of a history that was read before go on without it."""
    far = tell(town, "road_closed", at(7), lat=0.0, lon=0.0, radius_m=500)
    with town() as session:
        upto = session.scalar(select(func.max(Event.seq))), 0, far
    answer(town, far, "J1", at(7, 10))
    assert befell(town, "J1") == [(far, "job J1")]
    assert befell(town, "J2") == []
    assert befell(town, "J1", Cut(upto=upto)) == []


def test_an_event_about_another_job_stands_in_no_other_history_for_its_repair(town):
    """What befell somebody else's visit is not for this page."""
    with town() as session:
        other = job_named(session, "J2").id
    answer(town, tell(town, "no_access", at(7), job_id=other), "J1", at(7, 10))
    assert befell(town, "J1") == []


def test_a_repair_that_is_only_proposed_has_moved_nothing(town):
    far = tell(town, "road_closed", at(7), lat=0.0, lon=0.0, radius_m=500)
    answer(town, far, "J1", None)
    assert befell(town, "J1") == []


def test_whoever_is_limited_to_a_territory_reads_of_none(town):
    """What was done about it names visits elsewhere."""
    tell(town, "technician_ill", at(7), code="T1")
    with town() as session:
        here = job_named(session, "J1").territory_id
    assert len(befell(town)) == 1
    assert befell(town, limits=[here]) == []
