"""A draft as the board shows it: lanes as decided, a sentence that sums it up, and moves tried before they are made."""

import pytest

from dispatch.board.draft import get_draft_board
from dispatch.board.move_preview import preview_move
from dispatch.errors import Conflict
from dispatch.models import PlanChange, PlanVersion
from dispatch.planning.drafts import find_open_draft
from tests.dispatch.drafting import EAST, draft_of, east, move, propose_a_move, say
from tests.dispatch.town import (
    CENTRE,
    MONDAY,
    MORNING,
    Grid,
    at,
    job,
    job_named,
    plan,
    promise,
    report,
    settle,
    technician,
    window,
)


def board_of(session_factory):
    with session_factory() as session:
        return get_draft_board(session, find_open_draft(session, MONDAY), MORNING, Grid())


def lanes_of(session_factory):
    """By technician's name: the numbers of the jobs in their lane."""
    board = board_of(session_factory)
    names = {one["id"]: one["code"] for one in board["technicians"]}
    return {
        names[lane["technician_id"]]: [item["number"] for item in lane["items"] if item["type"] == "visit"]
        for lane in board["lanes"]
    }


def preview(session_factory, number, code, start_at=None, now=MORNING):
    with session_factory() as session:
        return preview_move(session, MONDAY, job_named(session, number).id, code, start_at, now, Grid())


@pytest.fixture
def moved(session_factory):
    """J1 goes from T1 to T2, who has nothing else to do."""
    return propose_a_move(session_factory)


@pytest.mark.both_databases
def test_lanes_are_as_decided(session_factory):
    propose_a_move(session_factory)
    assert lanes_of(session_factory) == {"T1": ["J2"], "T2": ["J1"]}
    say(session_factory, draft_of(session_factory), J1="refused")
    assert {code: sorted(jobs) for code, jobs in lanes_of(session_factory).items()} == {"T1": ["J1", "J2"], "T2": []}


def test_what_a_draft_changes_is_said_in_a_sentence(moved):
    draft = draft_of(moved)
    assert draft["summary"] == "1 job moves (1 to somebody else); no promise moves; saves 1 h 03 of driving."
    assert say(moved, draft, J1="refused")["summary"] == "No job moves; no promise moves; as much driving as before."


def test_a_draft_that_comes_after_what_was_promised_says_how_many_more_are_late(session_factory):
    """J9 is let in at eight alone: J1 in the east, promised until nine, comes after it."""
    settle(session_factory, [technician("T1")], [east("J1")])
    promise(session_factory, "J1", at(8), at(9), is_firm=False)
    plan(session_factory)
    settle(session_factory, [], [job("J9", windows=(window(at(8), 10),), priority=90)])
    plan(session_factory, as_draft=True)
    assert draft_of(session_factory)["summary"].startswith(
        "1 job moves, 1 job comes in; 1 promise would be broken; 1 visit more late"
    )


def test_no_promise_is_broken_by_giving_up_what_was_cancelled(moved):
    """Nobody waits for J2 any more, whatever they were promised."""
    promise(moved, "J2", at(8), at(17), is_firm=False)
    with moved.begin() as session:
        job_named(session, "J2").status = "cancelled"
    plan(moved, as_draft=True)
    assert "1 job is no longer needed; no promise moves" in draft_of(moved)["summary"]


def test_a_job_that_comes_in_and_is_refused_is_listed_as_left_out(session_factory):
    settle(session_factory, [technician("T1")], [job("J1")])
    plan(session_factory)
    settle(session_factory, [], [job("J9")])
    plan(session_factory, as_draft=True)
    assert board_of(session_factory)["unassigned"] == []
    say(session_factory, draft_of(session_factory), J9="refused")
    (left_out,) = board_of(session_factory)["unassigned"]
    assert (left_out["number"], left_out["rule"]) == ("J9", "refused")


@pytest.mark.both_databases
def test_trying_a_move_says_what_it_costs_and_stores_nothing(session_factory):
    """T2 lives in the east: sending him to J2 in the town takes 33 minutes each way, and T1 saves three."""
    settle(session_factory, [technician("T1"), technician("T2", home=EAST)], [east(), job("J2")])
    plan(session_factory)
    tried = preview(session_factory, "J2", "T2")
    assert (tried["fits"], tried["obstacles"], tried["broken"]) == (True, [], [])
    assert "more driving" in tried["costs"][0]
    with session_factory() as session:
        assert session.query(PlanVersion).count() == 1
        assert session.query(PlanChange).count() == 0


def test_trying_a_move_names_rules_that_it_breaks_and_jobs_that_must_give_way(session_factory):
    settle(
        session_factory,
        [technician("T1"), technician("T2", skills={})],
        [job("J1", skills={"gas": 1}, windows=(window(at(9), 5),)), job("J2", windows=(window(at(13), 5),))],
    )
    plan(session_factory)
    assert preview(session_factory, "J1", "T2")["start_at"] is None
    assert "lacks gas" in preview(session_factory, "J1", "T2", at(9))["broken"][0]
    on_top = preview(session_factory, "J1", "T1", at(13))
    assert not on_top["fits"] or on_top["broken"]


def test_trying_a_move_names_everybody_whose_promise_it_breaks(session_factory):
    """T1 and T2 begin at eight with ten minutes' work each; J2, which was promised by five past, would come second."""
    jobs = [
        job("J1", service_s=600, windows=(window(at(8), 5),), location=CENTRE),
        job("J2", service_s=600, required=frozenset({"T2"})),
    ]
    settle(session_factory, [technician("T1"), technician("T2")], jobs)
    promise(session_factory, "J2", at(8), at(8, 5), is_firm=False)
    plan(session_factory)
    costs = preview(session_factory, "J1", "T2", at(8))["costs"]
    assert costs[-2:] == ["Customer J2 would be 7 min late.", "The time promised to Customer J2 would not be kept."]


def test_trying_a_move_counts_what_the_open_draft_has_moved_already(moved):
    """J2 goes to T2 in the draft; putting it back with T1 is as cheap as it was."""
    move(moved, draft_of(moved), "J2", "T2")
    assert "saves" in preview(moved, "J2", "T1")["costs"][0].lower()


def test_a_job_that_has_begun_is_not_moved(session_factory):
    settle(session_factory, [technician("T1"), technician("T2")], [job("J1")])
    version = plan(session_factory)
    begun_by = next(route.technician.code for route in version.routes if route.stops)
    report(session_factory, "J1", "on_site", at(9))
    with pytest.raises(Conflict, match="has been begun by"):
        preview(session_factory, "J1", {"T1": "T2", "T2": "T1"}[begun_by], at(10), now=at(9, 30))
