"""What somebody has decided in a draft outlives whatever is proposed or published beside it."""

import pytest

from dispatch.errors import DraftOutdated
from tests.dispatch.drafting import begin_by_hand, codes_of, draft_of, line_of, move, propose_a_move, publish, say
from tests.dispatch.living.bad_day import repair, tell
from tests.dispatch.test_replanning import queued
from tests.dispatch.town import CENTRE, at, job, plan, settle, technician, while_solving


@pytest.fixture
def town(session_factory):
    """Lifts are for T1 and T2, water for T4 and then T3; somebody is moving the lift from T1 to T2 by hand."""
    lift = job("LIFT", skills={"lifts": 1}, preferred=frozenset({"T1"}))
    lifts, water = {"skills": {"lifts": 1}}, {"skills": {"water": 1}}
    settle(
        session_factory,
        [technician("T1", **lifts), technician("T2", **lifts), technician("T4", **water)],
        [lift, job("WATER", **water)],
    )
    plan(session_factory)
    assert codes_of(session_factory) == {"LIFT": "T1", "WATER": "T4"}
    begin_by_hand(session_factory)
    settle(session_factory, [technician("T3", **water)])
    return session_factory


def fall_ill(session_factory, *, as_draft):
    ill = tell(session_factory, "technician_ill", at(8), who="T4")
    repair(session_factory, ill, at(8), as_draft=as_draft)


def test_a_proposed_repair_keeps_what_somebody_moved_by_hand_in_the_draft_that_it_replaces(town):
    move(town, draft_of(town), "LIFT", "T2")
    fall_ill(town, as_draft=True)
    draft = draft_of(town)
    assert {one["number"]: (one["to"]["code"], one["decision"]) for one in draft["changes"]} == {
        "LIFT": ("T2", "edited"),
        "WATER": ("T3", "open"),
    }
    publish(town, draft)
    assert codes_of(town) == {"LIFT": "T2", "WATER": "T3"}


def test_a_proposed_repair_keeps_it_also_where_a_third_has_the_job_by_now(session_factory):
    """T1 fell ill, and the lift went to T3 at once, whom its customer prefers, before the repair for WATER."""
    near = (CENTRE[0], CENTRE[1] - 0.03)
    lifts, water = {"skills": {"lifts": 1}}, {"skills": {"water": 1}}
    settle(
        session_factory,
        [technician("T1", **lifts), technician("T2", **lifts), technician("T3", home=near, **lifts),
         technician("T4", **water), technician("T5", home=near, **water)],
        [job("LIFT", preferred=frozenset({"T1", "T3"}), **lifts), job("WATER", **water)],
    )  # fmt: skip
    plan(session_factory)
    begin_by_hand(session_factory)
    move(session_factory, draft_of(session_factory), "LIFT", "T2")
    repair(session_factory, tell(session_factory, "technician_ill", at(8), who="T1"), at(8))
    assert codes_of(session_factory) == {"LIFT": "T3", "WATER": "T4"}
    fall_ill(session_factory, as_draft=True)
    found = {one["number"]: (one["from"]["code"], one["to"]["code"]) for one in draft_of(session_factory)["changes"]}
    assert found == {"LIFT": ("T3", "T2"), "WATER": ("T4", "T5")}


def test_a_move_made_while_the_repair_is_worked_out_is_in_it(town, monkeypatch):
    """The repair is made once more, with the move."""
    while_solving(monkeypatch, lambda: move(town, draft_of(town), "LIFT", "T2", at(11)))
    fall_ill(town, as_draft=True)
    assert line_of(draft_of(town), "LIFT")["decision"] == "edited"


def test_a_repair_that_is_published_leaves_the_draft_waiting_to_be_made_again(town):
    """It moves nothing back, and publishing the draft as it was would undo the repair: it cannot be."""
    move(town, draft_of(town), "LIFT", "T2")
    fall_ill(town, as_draft=False)
    assert codes_of(town) == {"LIFT": "T1", "WATER": "T3"}
    assert {"on": "2026-11-23", "policy": "balanced", "as_draft": True} in queued(town)
    with pytest.raises(DraftOutdated):
        publish(town, draft_of(town))
    plan(town, now=at(8), as_draft=True)
    draft = draft_of(town)
    assert [(one["number"], one["to"]["code"], one["decision"]) for one in draft["changes"]] == [
        ("LIFT", "T2", "edited")
    ]
    publish(town, draft)
    assert codes_of(town) == {"LIFT": "T2", "WATER": "T3"}


def test_a_draft_that_nobody_has_decided_about_gives_way(town):
    """It was begun, and no job moved in it."""
    fall_ill(town, as_draft=False)
    assert queued(town)[1:] == []


def test_what_was_refused_and_published_all_the_same_is_asked_again(session_factory):
    """J1 was to stay with T1; somebody planned the day at once, which moved it. The next draft would move it back."""
    propose_a_move(session_factory)
    say(session_factory, draft_of(session_factory), J1="refused")
    plan(session_factory)
    assert codes_of(session_factory)["J1"] == "T2"
    plan(session_factory, as_draft=True)
    line = line_of(draft_of(session_factory), "J1")
    assert (line["to"]["code"], line["decision"]) == ("T1", "open")
    assert line["mark"] == "Refused in draft 2, but the plan has changed since: decide again."
