"""A new plan changes no more of the published one than the budget allows."""

import pytest

from dispatch.jobs.appointments import promise
from dispatch.planning.budget import ChangeBudget
from tests.dispatch.drafting import EAST, codes_of, draft_of, east, publish
from tests.dispatch.town import (
    CENTRE,
    MORNING,
    at,
    hours,
    job,
    job_named,
    plan,
    settle,
    stops_of,
    technician,
    user_of,
    window,
)

WEST = (CENTRE[0], CENTRE[1] + 0.2)


def test_no_more_jobs_move_than_the_cap_allows(session_factory):
    """Two jobs would be better off with T2 and T3; one may move, the other stays about when it was."""
    settle(session_factory, [technician("T1")], [east("J1"), job("J2", location=WEST)])
    plan(session_factory)
    before = stops_of(session_factory)
    settle(session_factory, [technician("T2", home=EAST), technician("T3", home=WEST)])
    plan(session_factory, budget=ChangeBudget(most_moved=1), as_draft=True)
    draft = draft_of(session_factory)
    assert len([line for line in draft["changes"] if line["kind"] != "added"]) == 1
    publish(session_factory, draft)
    after = stops_of(session_factory)
    stayed = [number for number in after if after[number][0] == "T1"]
    assert len(stayed) == 1
    for number in stayed:
        moved_s = (after[number][1].planned_start_at - before[number][1].planned_start_at).total_seconds()
        assert abs(moved_s) <= 900


def test_a_job_that_starts_soon_keeps_its_technician(session_factory):
    """It is seven; T1 sets out within two hours."""
    settle(session_factory, [technician("T1")], [east()])
    plan(session_factory)
    settle(session_factory, [technician("T2", home=EAST)])
    plan(session_factory, now=at(7), budget=ChangeBudget(keep_technician_s=7_200))
    assert codes_of(session_factory) == {"J1": "T1"}
    plan(session_factory, now=at(5), budget=ChangeBudget(keep_technician_s=7_200))
    assert codes_of(session_factory) == {"J1": "T2"}


@pytest.mark.parametrize(("keeps", "starts"), [(False, at(9, 33)), (True, at(8, 33))])
def test_a_promise_that_is_not_firm_is_kept_by_plans_where_the_policy_says_so(session_factory, keeps, starts):
    """J1 in the east was promised for half past eight to nine, and nobody lets people in at J9 later than then.
    Whoever serves both begins with J9, which came in later and is urgent; or leaves it out."""
    settle(session_factory, [technician("T1", hours=hours("08:00", "17:00"))], [east("J1")])
    with session_factory.begin() as session:
        by = user_of(session, "D1", "dispatcher")
        promise(session, job_named(session, "J1"), at(8), at(9), MORNING, by, is_firm=False)
    plan(session_factory)
    settle(session_factory, [], [job("J9", windows=(window(at(8), 10),), priority=90)])
    plan(session_factory, budget=ChangeBudget(keep_promises=keeps))
    code, stop = stops_of(session_factory)["J1"]
    assert (code, stop.planned_start_at.replace(second=0)) == ("T1", starts)
    assert ("J9" in stops_of(session_factory)) is not keeps


def test_a_promise_that_cannot_be_kept_has_its_price_and_is_not_left_out(session_factory):
    """T1 comes at ten today; J1 was promised until nine."""
    settle(session_factory, [technician("T1")], [east("J1")])
    with session_factory.begin() as session:
        by = user_of(session, "D1", "dispatcher")
        promise(session, job_named(session, "J1"), at(8), at(9), MORNING, by, is_firm=False)
    plan(session_factory)
    settle(session_factory, [technician("T1", hours=hours("10:00", "17:00"))])
    plan(session_factory, budget=ChangeBudget(keep_promises=True))
    assert stops_of(session_factory)["J1"][1].planned_start_at > at(10)


def test_a_job_goes_to_somebody_else_only_if_that_saves_its_price(session_factory):
    """It would save 3,800 s or more of travel."""
    settle(session_factory, [technician("T1")], [east()])
    plan(session_factory)
    settle(session_factory, [technician("T2", home=EAST)])
    plan(session_factory, budget=ChangeBudget(change_technician=5_000))
    assert codes_of(session_factory) == {"J1": "T1"}
    plan(session_factory, budget=ChangeBudget(change_technician=3_000))
    assert codes_of(session_factory) == {"J1": "T2"}
