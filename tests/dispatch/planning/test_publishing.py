"""A draft is published on the day as it is by then: nothing that happened meanwhile is lost, nobody wins twice."""

import threading

import pytest
from sqlalchemy import select

from dispatch.errors import Conflict, DraftOutdated, InvalidInput
from dispatch.events import list_events_of
from dispatch.models import PlanVersion, Stop
from dispatch.planning.facts import find_published
from dispatch.planning.publish import publish_draft
from tests.dispatch.drafting import (
    EAST,
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
    hours,
    job,
    plan,
    report,
    settle,
    stops_of,
    technician,
)


@pytest.mark.both_databases
def test_what_was_begun_since_the_draft_stays_and_the_draft_is_refused(session_factory):
    """T1 has set out for the job that the draft gives to T2."""
    propose_a_move(session_factory)
    draft = draft_of(session_factory)
    report(session_factory, "J1", "en_route", at(8, 5))
    with pytest.raises(DraftOutdated, match="J1 was begun by Technician T1"):
        publish(session_factory, draft, now=at(8, 10))
    assert codes_of(session_factory)["J1"] == "T1"


def test_what_was_begun_as_the_draft_has_it_does_no_harm(moved):
    """T1 works on J2, which the draft leaves where it is, and has risen early: long before the shift begins."""
    draft = draft_of(moved)
    report(moved, "J2", "on_site", at(6, 5))
    publish(moved, draft, now=at(6, 10))
    stops = stops_of(moved)
    assert {number: (code, stop.status) for number, (code, stop) in stops.items()} == {
        "J1": ("T2", "planned"),
        "J2": ("T1", "on_site"),
    }


def test_a_pin_set_since_the_draft_is_not_overwritten(moved):
    draft = draft_of(moved)
    with moved.begin() as session:
        published = find_published(session, MONDAY)
        stop = session.scalars(select(Stop).where(Stop.plan_id == published.id, Stop.job.has(number="J1"))).one()
        stop.pinned = True
    with pytest.raises(DraftOutdated, match="J1 was begun by Technician T1 or pinned"):
        publish(moved, draft)


def test_a_draft_against_a_plan_that_is_not_published_any_more_is_outdated(moved):
    """Another version came in between, with other changes; publishing over it would undo them unseen."""
    draft = draft_of(moved)
    settle(moved, [technician("T3", home=EAST)])
    with moved.begin() as session:
        session.get(PlanVersion, draft["id"]).status = "discarded"
    plan(moved)
    with moved.begin() as session:
        session.get(PlanVersion, draft["id"]).status = "draft"
    settle(moved, [technician("T2", absences=(absent(MONDAY, MONDAY),))])
    with pytest.raises(DraftOutdated):
        publish(moved, draft)


def test_what_has_come_to_start_soon_keeps_its_technician_and_the_draft_is_made_again(moved):
    """At six J1 was to go from T1 to T2; at a quarter to eight it starts within two hours. What J2's line is stays."""
    settle(moved, [], [job("J9")])
    plan(moved, as_draft=True)
    late = at(7, 45)
    (said,) = draft_of(moved, late)["outdated"]
    assert said == "Job J1 starts at 09:33, within 2 h, and keeps Technician T1."
    with pytest.raises(DraftOutdated, match="J1 starts at 09:33, within 2 h, and keeps Technician T1"):
        publish(moved, draft_of(moved), now=late)
    plan(moved, now=late, as_draft=True, budget=None)
    draft = draft_of(moved, late)
    assert [(line["number"], line["kind"]) for line in draft["changes"]] == [("J9", "added")]
    publish(moved, draft, now=late)
    assert codes_of(moved)["J1"] == "T1"


@pytest.mark.both_databases
def test_who_accepted_it_may_still_give_it_to_somebody_else_for_a_reason(session_factory):
    """The name and the reason are stored with the plan, as for every rule that a person breaks; a later plan does not
    move it back, and what is made again keeps it."""
    propose_a_move(session_factory)
    say(session_factory, draft_of(session_factory), J1="accepted")
    late = at(7, 45)
    plan(session_factory, now=late, as_draft=True, budget=None)
    draft = draft_of(session_factory, late)
    assert (draft["outdated"], line_of(draft, "J1")["decision"]) == ([], "accepted")
    said = "job J1: starts at 09:33, within 2 h, and was to keep Technician T1"
    assert draft["violations"] == [said]
    with pytest.raises(InvalidInput, match=r"was to keep Technician T1\. To publish this all the same, say why"):
        publish(session_factory, draft, now=late)
    publish(session_factory, draft, now=late, reason="The customer asked for it.")
    assert codes_of(session_factory)["J1"] == "T2"
    with session_factory() as session:
        (kept,) = find_published(session, MONDAY).violations
        assert (kept.rule, kept.sentence) == ("change budget", said)
        assert (kept.kept_reason, kept.kept_by_user_id) == ("The customer asked for it.", dispatcher(session))


def test_what_was_moved_by_hand_needs_no_reason_however_soon_it_starts(moved):
    """The cap is for what programs propose; a person who moves a job knows when it starts."""
    draft = move(moved, draft_of(moved), "J1", "T2", at(9, 33))
    publish(moved, draft, now=at(7, 45))
    assert codes_of(moved)["J1"] == "T2"


def test_what_cannot_stay_moves_however_soon_it_starts(moved):
    """T1 works until ten past nine only: J2 stays, and nobody keeps a technician who does not come."""
    settle(moved, [technician("T1", hours=hours("08:00", "09:10"))])
    publish(moved, draft_of(moved), now=at(7, 45))
    assert codes_of(moved)["J1"] == "T2"


def test_jobs_that_came_in_since_the_draft_wait_for_the_next_plan(moved):
    draft = draft_of(moved)
    settle(moved, [], [job("J9")])
    publish(moved, draft)
    assert set(stops_of(moved)) == {"J1", "J2"}


def test_a_newer_draft_takes_the_place_of_the_one_before_and_keeps_what_was_decided(moved):
    """J1's move was refused; a job comes in, and the next draft adds it without proposing that move again."""
    say(moved, draft_of(moved), J1="refused")
    settle(moved, [], [job("J9")])
    plan(moved, as_draft=True)
    draft = draft_of(moved)
    assert [(line["number"], line["kind"], line["mark"]) for line in draft["changes"]] == [
        ("J9", "added", "New since draft 2.")
    ]
    publish(moved, draft)
    assert codes_of(moved)["J1"] == "T1"


@pytest.mark.parametrize(
    ("as_draft", "more", "reason"),
    [(True, {"replaced_by": 3}, "Draft 3 takes its place."), (False, {}, "Plan 3 was published.")],
)
def test_a_draft_that_gives_way_is_told_of(moved, as_draft, more, reason):
    """Whoever looked at it hears in the history why it is gone."""
    draft = draft_of(moved)
    settle(moved, [], [job("J9")])
    plan(moved, as_draft=as_draft)
    with moved() as session:
        told = [(one.after, one.reason) for one in list_events_of(session, session.get(PlanVersion, draft["id"]))]
    assert told[1:] == [({"on": "2026-11-23", "version": 2} | more, reason)]


def test_a_job_that_somebody_refused_to_add_is_not_added_by_the_next_draft(session_factory):
    settle(session_factory, [technician("T1")], [job("J1")])
    plan(session_factory)
    settle(session_factory, [], [job("J9")])
    plan(session_factory, as_draft=True)
    say(session_factory, draft_of(session_factory), J9="refused")
    version = plan(session_factory, as_draft=True)
    (left_out,) = version.unassigned
    assert (left_out.job.number, left_out.rule) == ("J9", "refused")


@pytest.mark.both_databases
def test_of_many_who_publish_at_once_one_does(session_factory):
    """The others hear that it has been published already; there is one new version."""
    propose_a_move(session_factory)
    draft = draft_of(session_factory)
    with session_factory.begin() as session:
        by_user_id = dispatcher(session)
    barrier, outcomes = threading.Barrier(4), []

    def try_it():
        barrier.wait()
        try:
            publish_draft(session_factory, draft["id"], draft["revision"], by_user_id, MORNING, travel_source=Grid())
            outcomes.append("published")
        except Conflict as refused:
            outcomes.append(str(refused))

    threads = [threading.Thread(target=try_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("published") == 1
    assert sum("published already" in one for one in outcomes) == 3
    with session_factory() as session:
        assert len(session.scalars(select(PlanVersion.id)).all()) == 3
