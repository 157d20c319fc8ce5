"""A new plan changes no more of the published one than the budget allows."""

from dispatch.planning.budget import ChangeBudget
from tests.dispatch.drafting import EAST, codes_of, draft_of, east, publish
from tests.dispatch.town import (
    CENTRE,
    at,
    job,
    plan,
    settle,
    stops_of,
    technician,
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


def test_a_job_goes_to_somebody_else_only_if_that_saves_its_price(session_factory):
    """It would save 3,800 s or more of travel."""
    settle(session_factory, [technician("T1")], [east()])
    plan(session_factory)
    settle(session_factory, [technician("T2", home=EAST)])
    plan(session_factory, budget=ChangeBudget(change_technician=5_000))
    assert codes_of(session_factory) == {"J1": "T1"}
    plan(session_factory, budget=ChangeBudget(change_technician=3_000))
    assert codes_of(session_factory) == {"J1": "T2"}
