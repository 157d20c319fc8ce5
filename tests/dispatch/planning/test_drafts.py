"""A new plan is a draft first: people see what it changes and why, decide line by line, and publish that."""

from datetime import timedelta

import pytest

from dispatch.errors import Conflict, InvalidInput, NotFound
from dispatch.events import list_events
from dispatch.models import PlanVersion
from dispatch.planning.deciding import decide, discard, find_best_start
from dispatch.planning.drafts import find_open_draft, lay_out_draft
from tests.dispatch.drafting import (
    begin_by_hand,
    codes_of,
    dispatcher,
    draft_of,
    line_of,
    move,
    propose_a_move,
    publish,
    say,
)
from tests.dispatch.town import (
    MONDAY,
    MORNING,
    Grid,
    absent,
    at,
    job,
    job_named,
    plan,
    settle,
    stops_of,
    technician,
    window,
)


@pytest.mark.both_databases
def test_a_draft_changes_nothing_that_people_work_by(session_factory):
    """It stands beside the published version and says what it would change, why, and what undoing that would cost."""
    propose_a_move(session_factory)
    draft = draft_of(session_factory)
    assert codes_of(session_factory) == {"J1": "T1", "J2": "T1"}
    assert (draft["version"], draft["base_version"]) == (2, 1)
    line = line_of(draft, "J1")
    assert (line["kind"], line["from"]["code"], line["to"]["code"]) == ("moved", "T1", "T2")
    assert line["gain"] == line["costs"]["travel"] == 3_800
    assert draft["cost_published"] - draft["cost"] == 3_800 - 900, "changes have a price by now; it was made without"
    assert line["reason"] == "Saves what 63 min of travel cost (travel 63 min)."


@pytest.mark.both_databases
def test_a_draft_is_published_as_proposed(session_factory):
    """The version that comes of it knows its draft and who published it, and keeps what it changed."""
    propose_a_move(session_factory)
    draft = draft_of(session_factory)
    version = publish(session_factory, draft)
    assert codes_of(session_factory) == {"J1": "T2", "J2": "T1"}
    assert (version.version, version.draft_id, version.published_at) == (3, draft["id"], MORNING)
    with session_factory() as session:
        assert session.get(PlanVersion, draft["id"]).status == "decided"
        assert version.published_by_user_id == dispatcher(session)
        assert find_open_draft(session, MONDAY) is None
        told = [(one.kind, one.after) for one in list_events(session)]
        assert told == [
            ("plan published", {"on": "2026-11-23", "version": 1, "changes": 0}),
            ("draft made", {"on": "2026-11-23", "version": 2, "changes": 1}),
            ("plan published", {"on": "2026-11-23", "version": 3, "changes": 1}),
        ]


def test_a_refused_line_stays_as_published_and_the_cost_of_that_is_seen_before(moved):
    draft = say(moved, draft_of(moved), J1="refused")
    assert draft["cost_decided"] == draft["cost_published"] > draft["cost"]
    publish(moved, draft)
    assert codes_of(moved) == {"J1": "T1", "J2": "T1"}


def test_a_decision_can_be_taken_back(moved):
    proposed = draft_of(moved)
    refused = say(moved, proposed, J1="refused")
    again = say(moved, refused, J1="open")
    assert again["cost_decided"] == proposed["cost_decided"] != refused["cost_decided"]


def test_lines_that_depend_on_each_other_say_so_and_are_published_only_together(session_factory):
    """J9 came in for T1's only hour with gas; J1 went to T2 for it."""
    at_ten = {"windows": (window(at(10), 5),)}
    settle(session_factory, [technician("T1")], [job("J1", **at_ten)])
    plan(session_factory)
    settle(session_factory, [technician("T2", skills={})], [job("J9", skills={"gas": 1}, priority=50, **at_ten)])
    plan(session_factory, as_draft=True)
    draft = draft_of(session_factory)
    line = line_of(draft, "J1")
    assert (line["together"], line["reason"]) == (["J9"], "Makes room for J9.")
    assert line_of(draft, "J9")["reason"] == "It came in after the published plan was made."
    draft = say(session_factory, draft, J1="refused")
    assert draft["cost_decided"] is None
    assert "only if the change of J9 is refused too" in draft["obstacles"][0]
    with pytest.raises(Conflict, match="only if the change of J9 is refused too"):
        publish(session_factory, draft)
    publish(session_factory, say(session_factory, draft, J9="refused"))
    assert codes_of(session_factory) == {"J1": "T1"}


def test_a_job_of_somebody_who_is_away_had_to_move(session_factory):
    settle(session_factory, [technician("T1")], [job("J1")])
    plan(session_factory)
    settle(session_factory, [technician("T1", absences=(absent(MONDAY, MONDAY),)), technician("T2")])
    plan(session_factory, as_draft=True)
    line = line_of(draft_of(session_factory), "J1")
    assert (line["gain"], line["reason"]) == (None, "Technician T1 does not work then any more.")


def test_a_cancelled_job_is_gone_and_there_is_nothing_to_refuse(moved):
    with moved.begin() as session:
        job_named(session, "J2").status = "cancelled"
    plan(moved, as_draft=True)
    draft = draft_of(moved)
    line = line_of(draft, "J2")
    assert (line["kind"], line["to"], line["reason"]) == ("gone", None, "The job is cancelled.")
    with pytest.raises(InvalidInput, match="nothing to refuse"):
        say(moved, draft, J2="refused")
    publish(moved, draft)
    assert codes_of(moved) == {"J1": "T2"}


def test_all_that_is_wrong_with_decisions_is_said_at_once(moved):
    draft = draft_of(moved)
    line = draft["changes"][0]["id"]
    with pytest.raises(InvalidInput) as wrong, moved.begin() as session:
        decide(session, draft["id"], draft["revision"], {line: "perhaps", line + 1: "accepted"}, None, MORNING)
    assert len(wrong.value.problems) == 2


def test_nobody_decides_about_what_they_have_not_seen(moved):
    """The second of two people who look at the same list is told to look again."""
    draft = draft_of(moved)
    say(moved, draft, J1="refused")
    with pytest.raises(Conflict, match="Somebody else has decided"):
        say(moved, draft, J1="accepted")
    with pytest.raises(Conflict, match="Somebody else has decided"):
        publish(moved, draft)


def test_a_discarded_draft_is_closed_and_leaves_the_plan_as_it_is(moved):
    draft = draft_of(moved)
    with moved.begin() as session:
        discard(session, draft["id"], draft["revision"], None, MORNING)
    with pytest.raises(Conflict, match="has been discarded"):
        publish(moved, draft)
    assert codes_of(moved) == {"J1": "T1", "J2": "T1"}
    with pytest.raises(NotFound):
        publish(moved, draft | {"id": 99})


def test_a_job_moved_by_hand_goes_where_it_fits_best_and_stays_there(moved):
    """Also through the next plan, which would rather have it elsewhere."""
    draft = move(moved, draft_of(moved), "J2", "T2")
    line = line_of(draft, "J2")
    assert (line["kind"], line["decision"], line["to"]["code"]) == ("moved", "edited", "T2")
    assert draft["cost_decided"] > draft["cost"]
    publish(moved, draft)
    assert codes_of(moved) == {"J1": "T2", "J2": "T2"}
    plan(moved, now=at(8, 10))
    assert codes_of(moved)["J2"] == "T2"


def test_whoever_breaks_a_rule_by_hand_says_why_and_is_named(session_factory):
    """T2 lacks gas; the dispatcher knows better, and the plan says who and why."""
    settle(session_factory, [technician("T1"), technician("T2", skills={})], [job("J1", skills={"gas": 1})])
    plan(session_factory)
    begin_by_hand(session_factory)
    with session_factory() as session:
        laid_out = lay_out_draft(session, find_open_draft(session, MONDAY), MORNING, Grid())
        assert find_best_start(laid_out, job_named(session, "J1").id, "T2") is None
    draft = move(session_factory, draft_of(session_factory), "J1", "T2", at(11))
    assert draft["violations"] == ["Technician T2, job J1: lacks gas"]
    with pytest.raises(InvalidInput, match=r"lacks gas.*say why"):
        publish(session_factory, draft)
    version = publish(session_factory, draft, reason="T1 is on the phone with T2.")
    (violation,) = version.violations
    assert violation.kept_by_user_id == version.published_by_user_id
    assert violation.kept_reason == "T1 is on the phone with T2."
    (again,) = plan(session_factory, now=at(8, 10)).violations
    assert (again.kept_by_user_id, again.kept_reason) == (violation.kept_by_user_id, violation.kept_reason), (
        "the next plan keeps it too, and says whose it is"
    )


@pytest.mark.both_databases
def test_a_draft_begun_by_hand_is_the_plan_as_published(session_factory):
    """Nothing in it changes until somebody moves a job; beginning twice is beginning once."""
    settle(session_factory, [technician("T1"), technician("T2")], [job("J1"), job("J2")])
    plan(session_factory)
    before = codes_of(session_factory)
    begin_by_hand(session_factory)
    begin_by_hand(session_factory)
    draft = draft_of(session_factory)
    assert (draft["version"], draft["base_version"], draft["changes"], draft["obstacles"]) == (2, 1, [], [])
    assert draft["cost_decided"] == draft["cost_published"]
    other = {"T1": "T2", "T2": "T1"}[before["J1"]]
    publish(session_factory, move(session_factory, draft, "J1", other))
    assert codes_of(session_factory) == before | {"J1": other}


def test_a_day_without_a_plan_has_nothing_to_move(session_factory):
    settle(session_factory, [technician("T1")], [job("J1")])
    with pytest.raises(Conflict, match="not planned yet"):
        begin_by_hand(session_factory)


@pytest.mark.parametrize("said", ["open", "accepted", "refused"])
def test_a_move_by_hand_that_is_taken_back_leaves_no_line(moved, said):
    """Nothing of it is left to decide; what the draft itself moves elsewhere keeps its line."""
    draft = move(moved, move(moved, draft_of(moved), "J2", "T2"), "J1", "T2", at(15))
    draft = say(moved, draft, J1=said, J2=said)
    assert [(line["number"], line["decision"], line["to"]["code"]) for line in draft["changes"]] == [("J1", said, "T2")]


def test_a_job_that_was_left_out_and_put_in_by_hand_is_taken_out_again(session_factory):
    """T1 lacks the skill, and does not do it after all."""
    settle(session_factory, [technician("T1")], [job("J1"), job("J9", skills={"lifts": 1})])
    plan(session_factory)
    begin_by_hand(session_factory)
    draft = move(session_factory, draft_of(session_factory), "J9", "T1", at(12))
    assert say(session_factory, draft, J9="refused")["changes"] == []


def test_a_job_put_where_it_is_does_not_move(session_factory):
    """It begins ten seconds later, and no plan moves it any more."""
    settle(session_factory, [technician("T1")], [job("J1")])
    plan(session_factory)
    begin_by_hand(session_factory)
    start_at = stops_of(session_factory)["J1"][1].planned_start_at + timedelta(seconds=10)
    draft = move(session_factory, draft_of(session_factory), "J1", "T1", start_at)
    assert draft["summary"].startswith("No job moves; no promise moves")
    publish(session_factory, draft)
    assert stops_of(session_factory)["J1"][1].pinned
