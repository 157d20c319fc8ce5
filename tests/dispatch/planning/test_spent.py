"""Programs that publish by themselves share one budget of moves a day, however many repairs come in a row."""

from datetime import timedelta

import pytest

from dispatch.db import make_session_factory
from dispatch.living.emergencies import EmergencyCall, take_call
from dispatch.living.incidents import get_incident
from dispatch.living.ways import choose_way, find_ways
from dispatch.models import PlanVersion, User
from dispatch.planning.spent import find_spent
from dispatch.replanning import replan_what_changed
from tests.databases import settings_for
from tests.dispatch.drafting import codes_of, dispatcher, east
from tests.dispatch.living.bad_day import incident_of, repair, tell
from tests.dispatch.test_replanning import queued
from tests.dispatch.town import CENTRE, MONDAY, MORNING, Grid, at, job, job_named, plan, settle, technician

WEST = (CENTRE[0], CENTRE[1] + 0.2)
TO_MOVE = {"budget": None, "iterations": 300}


@pytest.fixture
def town(home):
    """T1 serves J1 in the east and J2 in the west; T2 and T3 live there. One job may move, and any saving is enough."""
    factory = make_session_factory(settings_for(home, CHANGE_MOST_JOBS="1", CHANGE_PRICE_MIN="0", REPLAN="publish"))
    settle(factory, [technician("T1")], [east("J1"), job("J2", location=WEST)])
    plan(factory, now=MORNING - timedelta(hours=1))
    settle(factory, [technician("T2", home=east().location), technician("T3", home=WEST)])
    yield factory
    factory.engine.dispose()


def spent(factory, now=MORNING):
    with factory() as session:
        return find_spent(session, MONDAY, now)


def moved_by_program(factory):
    return [number for number, code in codes_of(factory).items() if code != "T1"]


def test_the_second_plan_in_a_row_moves_nothing_more(town):
    plan(town, **TO_MOVE)
    assert len(moved_by_program(town)) == 1
    assert (spent(town).moved, spent(town).left, spent(town).is_used_up) == (1, 0, True)
    assert spent(town).words == (
        "By itself the program has moved 1 of the 1 jobs of 2026-11-23 that it may move (since 00:00)."
    )
    plan(town, **TO_MOVE)
    assert len(moved_by_program(town)) == 1


def test_what_a_person_publishes_begins_the_count_again(town):
    """Whoever asks for a plan to be published has the whole budget, and has seen the day then."""
    plan(town, **TO_MOVE)
    with town.begin() as session:
        by_user_id = dispatcher(session)
    plan(town, now=MORNING + timedelta(minutes=1), by_user_id=by_user_id, **TO_MOVE)
    assert len(moved_by_program(town)) == 2
    assert (spent(town).moved, spent(town).since_at) == (0, MORNING + timedelta(minutes=1))
    assert "(since 06:01, when somebody last published this day's plan)" in spent(town).words


def serve_emergency(factory, number, at_time, *, as_draft=False):
    """Somebody makes that job an emergency and chooses the best way to serve it."""
    with factory.begin() as session:
        by_user_id = dispatcher(session)
        told = EmergencyCall(MONDAY, job_id=job_named(session, number).id)
        incident_id = take_call(session, told, at_time, session.get_one(User, by_user_id)).id
    with factory() as session:
        best = find_ways(session, get_incident(session, incident_id), at_time, Grid())[0].ways[0]
    way = best.code, best.moved, best.start_at
    return choose_way(
        factory, incident_id, *way, at_time, by_user_id, as_draft=as_draft, travel_source=Grid()
    ).published_by_user_id


def test_who_serves_an_emergency_has_not_seen_the_day_and_the_count_goes_on(town):
    """Its moves are that person's, and what programs moved before is still used up."""
    plan(town, **TO_MOVE)
    settle(town, [], [job("J9", location=CENTRE)])
    assert serve_emergency(town, "J9", at(7)) is not None
    assert (spent(town, at(7)).moved, spent(town, at(7)).is_since_a_person) == (1, False)
    before = moved_by_program(town)
    plan(town, now=at(7, 1), **TO_MOVE)
    assert moved_by_program(town) == before


def test_what_a_person_published_before_an_emergency_still_begins_the_count(town):
    """From then on, not from the emergency."""
    with town.begin() as session:
        by_user_id = dispatcher(session)
    plan(town, by_user_id=by_user_id, **TO_MOVE)
    settle(town, [], [job("J9", location=CENTRE)])
    serve_emergency(town, "J9", at(7))
    assert (spent(town, at(7)).moved, spent(town, at(7)).since_at) == (0, MORNING)


def test_midnight_begins_the_count_again(town):
    """The night before, the program has moved one; on the day itself it may move another."""
    night = MORNING - timedelta(hours=8)
    with town.begin() as session:
        session.query(PlanVersion).update({"made_at": night, "published_at": night})
    plan(town, now=night, **TO_MOVE)
    assert spent(town, night).moved == 1
    assert spent(town).moved == 0
    plan(town, **TO_MOVE)
    assert len(moved_by_program(town)) == 2


def test_a_repair_by_the_policy_is_proposed_when_the_budget_is_used_up(town):
    """The event says so, in its history too; nothing that people work by has changed."""
    plan(town, **TO_MOVE)
    ill = tell(town, "technician_ill", at(7), who="T1")
    said = repair(town, ill, at(7))
    assert said.startswith("By itself the program has moved 1 of the 1 jobs of 2026-11-23")
    assert "That is used up, so this waits for a decision. Proposed draft 3" in said
    assert len(moved_by_program(town)) == 1
    row = incident_of(town, ill)
    assert (row.status, row.plan.status) == ("open", "draft")
    assert row.outcome.startswith(spent(town).verdict)


def test_a_repair_that_a_person_asks_for_is_published_also_then(town):
    plan(town, **TO_MOVE)
    ill = tell(town, "technician_ill", at(7), who="T1")
    with town.begin() as session:
        by_user_id = dispatcher(session)
    repair(town, ill, at(7), by_user_id=by_user_id)
    assert incident_of(town, ill).status == "repaired"
    with town() as session:
        assert session.query(PlanVersion).filter_by(status="published").one().published_by_user_id == by_user_id


def test_a_plan_after_a_change_is_proposed_when_the_budget_is_used_up(town):
    """Though the installation publishes what it plans again."""
    plan(town, **TO_MOVE)
    settle(town, [], [job("J9")])
    replan_what_changed(town, MORNING)
    assert queued(town)[-1]["as_draft"] is True


def test_a_day_on_which_any_number_may_move_has_no_budget(town):
    """A tentative plan is nothing that people count on."""
    with town() as session:
        assert find_spent(session, MONDAY + timedelta(days=9), MORNING) is None
