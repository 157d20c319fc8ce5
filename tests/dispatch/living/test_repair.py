"""Something happens, and the day is repaired near it with the least change; nothing else moves, nothing gets lost."""

import pytest
from sqlalchemy import func, select

from dispatch.living.incidents import get_incident
from dispatch.living.scope import restrict
from dispatch.models import PlanVersion, Stop
from dispatch.planning.copying import OWN
from dispatch.planning.drafts import find_open_draft, find_open_lines
from dispatch.planning.facts import find_published, read_day
from dispatch.planning.records import get_record
from dispatch.planning.search import LEAST_ROUNDS, ROUNDS_PER_VISIT
from tests.dispatch.drafting import codes_of, publish
from tests.dispatch.living.bad_day import incident_of, repair, tell
from tests.dispatch.town import CENTRE, MONDAY, at, job, lunch, plan, report, settle, stops_of, technician, window

FAR = (CENTRE[0], CENTRE[1] - 0.2)


@pytest.mark.both_databases
def test_the_rest_of_the_day_of_somebody_who_falls_ill_goes_to_others(session_factory):
    """What is done stays done; the other's route keeps what it had; the incident says what was done."""
    jobs = [job("J1", windows=(window(at(8), 60),)), job("J2", windows=(window(at(13), 60),)), job("J3", location=FAR)]
    settle(session_factory, [technician("T1")], jobs)
    plan(session_factory)
    settle(session_factory, [technician("T2", home=FAR)])
    report(session_factory, "J1", "on_site", at(8, 30))
    report(session_factory, "J1", "done", at(9, 15))
    ill = tell(session_factory, "technician_ill", at(9, 30), who="T1")
    repair(session_factory, ill, at(9, 30))
    assert codes_of(session_factory) == {"J1": "T1", "J2": "T2", "J3": "T2"}
    assert stops_of(session_factory)["J1"][1].status == "done"
    found = incident_of(session_factory, ill)
    assert found.status == "repaired"
    assert "J2 moves from Technician T1 to Technician T2" in found.outcome


@pytest.mark.both_databases
def test_somebody_who_began_early_and_falls_ill_before_their_shift_does_nothing_more(session_factory):
    """T1 is at J1 since twenty to eight, and ill at ten to; J2, in the afternoon, is not theirs any more."""
    jobs = [job("J1"), job("J2", windows=(window(at(13), 60),))]
    settle(session_factory, [technician("T1")], jobs)
    plan(session_factory)
    settle(session_factory, [technician("T2")])
    report(session_factory, "J1", "on_site", at(7, 40))
    ill = tell(session_factory, "technician_ill", at(7, 50), who="T1")
    repair(session_factory, ill, at(7, 50))
    assert codes_of(session_factory) == {"J1": "T1", "J2": "T2"}
    with session_factory() as session:
        (route,) = [one for one in find_published(session, MONDAY).routes if one.technician.code == "T1"]
        assert (route.shift_start_at, route.latest_end_at) == (at(7, 40), route.home_at)
    report(session_factory, "J1", "done", at(8, 30))
    plan(session_factory, now=at(8, 30))
    assert codes_of(session_factory) == {"J1": "T1", "J2": "T2"}


@pytest.mark.both_databases
def test_a_proposed_repair_changes_nothing_until_somebody_publishes_it(session_factory):
    settle(session_factory, [technician("T1")], [job("J1")])
    plan(session_factory)
    settle(session_factory, [technician("T2")])
    ill = tell(session_factory, "technician_ill", at(8), who="T1")
    repair(session_factory, ill, at(8), as_draft=True)
    assert codes_of(session_factory) == {"J1": "T1"}
    assert incident_of(session_factory, ill).status == "open"
    from tests.dispatch.drafting import draft_of

    publish(session_factory, draft_of(session_factory))
    assert codes_of(session_factory) == {"J1": "T2"}
    assert incident_of(session_factory, ill).status == "repaired"


def test_each_change_of_a_proposed_repair_says_whom_it_is_for(session_factory):
    """J1 can only begin at ten; T2, who has J2 until half past, takes it over."""
    jobs = [
        job("J1", windows=(window(at(10), 5),), preferred=frozenset({"T1"})),
        job("J2", windows=(window(at(9, 30), 180),), preferred=frozenset({"T2"})),
    ]
    settle(session_factory, [technician("T1"), technician("T2")], jobs)
    plan(session_factory)
    ill = tell(session_factory, "technician_ill", at(8, 30), who="T1")
    repair(session_factory, ill, at(8, 30), as_draft=True)
    with session_factory() as session:
        reasons = {line.job.number: line.reason for line in find_open_draft(session, MONDAY).changes}
    assert reasons == {"J1": "Technician T1 is away from 08:30 on.", "J2": "Technician T2 takes over J1."}


def test_a_second_proposal_repairs_what_waits_in_the_first(session_factory):
    """Two fall ill; one draft answers both, so that neither is forgotten."""
    settle(session_factory, [technician("T1"), technician("T2", skills={"lifts": 1})],
           [job("J1", skills={"gas": 1}), job("J2", skills={"lifts": 1})])  # fmt: skip
    plan(session_factory)
    settle(session_factory, [technician("T3", skills={"gas": 1, "lifts": 1})])
    first = tell(session_factory, "technician_ill", at(8), who="T1")
    repair(session_factory, first, at(8), as_draft=True)
    second = tell(session_factory, "technician_ill", at(8, 5), who="T2")
    repair(session_factory, second, at(8, 5), as_draft=True)
    with session_factory() as session:
        draft = find_open_draft(session, MONDAY)
        assert {line.job.number for line in draft.changes} == {"J1", "J2"}
        assert session.scalar(select(func.count()).select_from(PlanVersion).where(PlanVersion.status == "draft")) == 1
    assert incident_of(session_factory, first).plan_id == incident_of(session_factory, second).plan_id == draft.id


def test_routes_that_are_not_touched_are_taken_over_with_what_happened_meanwhile(session_factory):
    """T9 works on gas elsewhere, cannot do lifts, and is no part of the repair."""
    settle(
        session_factory,
        [technician("T1", skills={"lifts": 1}), technician("T9")],
        [job("J1", skills={"lifts": 1}), job("J9", skills={"gas": 1}, location=FAR)],
    )
    plan(session_factory)
    settle(session_factory, [technician("T2", skills={"lifts": 1})])
    report(session_factory, "J9", "on_site", at(9))
    before = stops_of(session_factory)["J9"][1]
    ill = tell(session_factory, "technician_ill", at(8), who="T1")
    repair(session_factory, ill, at(9))
    code, after = stops_of(session_factory)["J9"]
    assert (code, after.status, after.actual_start_at) == ("T9", "on_site", at(9))
    assert (after.planned_start_at, after.travel_s) == (before.planned_start_at, before.travel_s)
    assert codes_of(session_factory)["J1"] == "T2"


@pytest.mark.both_databases
def test_a_route_is_taken_over_to_its_last_column(session_factory):
    """With its breaks; only its ids are its own."""
    settle(
        session_factory,
        [technician("T1", skills={"lifts": 1}), technician("T9", lunch=lunch("12:00", "13:00", 30))],
        [job("J1", skills={"lifts": 1}), job("J8", skills={"gas": 1}), job("J9", skills={"gas": 1}, location=FAR)],
    )
    plan(session_factory)
    settle(session_factory, [technician("T2", skills={"lifts": 1})])

    def columns(row):
        return {name: value for name, value in vars(row).items() if name in row.__table__.columns and name not in OWN}

    def route_of_t9():
        with session_factory() as session:
            route = next(one for one in find_published(session, MONDAY).routes if one.technician.code == "T9")
            return [columns(row) for row in (route, *route.rests, *route.stops)]

    before = route_of_t9()
    ill = tell(session_factory, "technician_ill", at(8), who="T1")
    repair(session_factory, ill, at(8))
    assert codes_of(session_factory)["J1"] == "T2"
    assert route_of_t9() == before
    assert len(before) == 1 + 1 + 2


def test_of_those_whom_a_repair_is_not_about_only_their_places_are_read(session_factory):
    """T9 cannot do lifts; their job's windows are nobody's business."""
    settle(
        session_factory,
        [technician("T1", skills={"lifts": 1}), technician("T9")],
        [job("J1", skills={"lifts": 1}), job("J9", skills={"gas": 1})],
    )
    plan(session_factory)
    ill = tell(session_factory, "technician_ill", at(8), who="T1")
    with session_factory() as session:
        incident = get_incident(session, ill)
        facts = read_day(session, MONDAY, now=at(8), restrict=lambda _, whole: restrict(session, whole, [incident]))
        jobs = {stop.job.number: stop.job for route in facts.published.routes for stop in route.stops}
        assert "windows" in vars(jobs["J1"])
        assert "windows" not in vars(jobs["J9"])
        assert "location" in vars(jobs["J9"])


def test_of_a_draft_that_a_repair_replaces_only_its_lines_are_read(session_factory):
    settle(session_factory, [technician("T1")], [job("J1")])
    plan(session_factory)
    settle(session_factory, [technician("T2")])
    ill = tell(session_factory, "technician_ill", at(8), who="T1")
    repair(session_factory, ill, at(8), as_draft=True)
    with session_factory() as session:
        draft = find_open_lines(session, MONDAY)
    assert [(line.job.number, line.kind) for line in draft.changes] == [("J1", "moved")]
    assert "routes" not in vars(draft)


def test_a_repair_of_few_visits_thinks_as_long_as_they_need_and_not_until_its_limit(session_factory):
    settle(session_factory, [technician("T1")], [job("J1")])
    plan(session_factory)
    settle(session_factory, [technician("T2")])
    ill = tell(session_factory, "technician_ill", at(8), who="T1")
    repair(session_factory, ill, at(8), iterations=None)
    with session_factory() as session:
        run = get_record(session, str(MONDAY)).plan.run
    assert run.iterations == LEAST_ROUNDS + ROUNDS_PER_VISIT


def test_nothing_moves_where_nothing_need(session_factory):
    """Five minutes late, and the customer lets them in all day."""
    settle(session_factory, [technician("T1"), technician("T2", home=FAR)], [job("J1")])
    plan(session_factory)
    late = tell(session_factory, "technician_late", at(7), who="T1", minutes=5)
    repair(session_factory, late, at(7))
    assert incident_of(session_factory, late).outcome.startswith("Nothing needs to move")
    with session_factory() as session:
        assert session.scalar(select(func.max(PlanVersion.version))) == 1


def test_somebody_else_comes_in_time_when_a_job_overruns(session_factory):
    """J1 takes three hours longer, and J2's window closes at eleven."""
    jobs = [job("J1", windows=(window(at(8), 10),)), job("J2", windows=(window(at(10), 60),))]
    settle(session_factory, [technician("T1")], jobs)
    plan(session_factory)
    settle(session_factory, [technician("T2", home=FAR)])
    report(session_factory, "J1", "on_site", at(8, 5))
    overrun = tell(session_factory, "overrun", at(8, 30), number="J1", minutes=180)
    repair(session_factory, overrun, at(8, 30))
    assert codes_of(session_factory) == {"J1": "T1", "J2": "T2"}


def test_whoever_lacks_a_part_is_sent_elsewhere(session_factory):
    settle(session_factory, [technician("T1", capacity={"valve": 1})], [job("J1", parts={"valve": 1})])
    plan(session_factory)
    settle(session_factory, [technician("T2", home=FAR, capacity={"valve": 1})])
    missing = tell(session_factory, "part_missing", at(8), number="J1", part="valve")
    repair(session_factory, missing, at(8))
    assert codes_of(session_factory) == {"J1": "T2"}


def test_a_place_behind_a_closed_road_is_visited_when_it_is_open_again(session_factory):
    settle(session_factory, [technician("T1")], [job("J1", location=FAR), job("J2")])
    plan(session_factory)
    closed = tell(session_factory, "road_closed", at(8), lat=FAR[0], lon=FAR[1], radius_m=500, until_at=at(13))
    repair(session_factory, closed, at(8))
    assert stops_of(session_factory)["J1"][1].planned_start_at >= at(13)


def test_a_job_that_was_left_out_takes_the_place_of_one_that_is_cancelled(session_factory):
    settle(session_factory, [technician("T1")],
           [job("J1", windows=(window(at(9), 5),), priority=9), job("J2", windows=(window(at(9), 5),))])  # fmt: skip
    plan(session_factory)
    assert set(codes_of(session_factory)) == {"J1"}
    gone = tell(session_factory, "cancellation", at(8), number="J1", words="Not needed")
    repair(session_factory, gone, at(8))
    assert stops_of(session_factory)["J2"][0] == "T1"
    assert incident_of(session_factory, gone).status == "repaired"


def test_an_emergency_is_served_by_moving_no_more_than_it_must(session_factory):
    settle(session_factory, [technician("T1"), technician("T2", home=FAR)], [job("J1"), job("J2", location=FAR)])
    plan(session_factory)
    settle(session_factory, [], [job("J9", location=FAR, priority=100)])
    call = tell(session_factory, "emergency", at(8), number="J9")
    repair(session_factory, call, at(8))
    assert codes_of(session_factory) == {"J1": "T1", "J2": "T2", "J9": "T2"}
    with session_factory() as session:
        assert session.scalar(select(func.count()).select_from(Stop)) == 2 + 3
