"""Every published version can be opened: who published it, when and why, and what it changed."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from dispatch.errors import NotFound
from dispatch.housekeeping import tidy_up
from dispatch.living.incidents import raise_incident
from dispatch.models import PlanVersion
from dispatch.planning.versions import get_version, slice_changes, slice_versions
from tests.dispatch.drafting import begin_by_hand, draft_of, move, publish
from tests.dispatch.town import MONDAY, MORNING, at, job, job_named, plan, settle, technician


@pytest.fixture
def published(moved):
    """The draft in which J1 goes to T2 is published as plan 3, by a dispatcher."""
    publish(moved, draft_of(moved))
    return moved


def versions(factory):
    with factory() as session:
        return slice_versions(session, MONDAY).rows


def test_a_published_version_says_who_published_it_and_what_it_changed(published):
    """Against the one before; the draft between them is none of them."""
    newest, first = versions(published)
    assert (newest.version, newest.before, newest.before_id, newest.is_in_force) == (3, 1, first.id, True)
    assert (newest.is_first, first.is_first) == (False, True)
    assert (newest.who, newest.published_at, newest.changed) == ("Somebody", MORNING, "1 to somebody else")
    assert (first.who, first.before, first.changed) == ("Wrenchtime", None, "the first plan of the day")
    assert (first.is_in_force, first.visits, newest.visits) == (False, 2, 2)


def test_each_change_says_where_the_job_was_where_it_is_and_why(published):
    with published() as session:
        newest, first = versions(published)
        [line] = slice_changes(session, newest.id).rows
        assert slice_changes(session, first.id).total == 0
    assert (line.number, line.kind, line.what) == ("J1", "moved", "to somebody else")
    assert (line.before.split(",")[0], line.after.split(",")[0]) == ("Technician T1", "Technician T2")
    assert line.reason.startswith("Saves what")


def test_the_last_version_of_a_day_long_over_is_not_called_its_first(published):
    """The one before is kept no more; what it changed is told still."""
    tidy_up(published, MORNING + timedelta(days=published.settings.keep_versions_days + 1))
    [last] = versions(published)
    assert (last.version, last.before, last.is_first, last.changed) == (3, None, False, "1 to somebody else")
    with published() as session:
        assert slice_changes(session, last.id).total == 1


def test_a_draft_is_no_published_version(moved):
    """Nor is one that there is not."""
    for plan_id in (draft_of(moved)["id"], 999):
        with moved() as session:
            with pytest.raises(NotFound):
                get_version(session, plan_id)
            with pytest.raises(NotFound):
                slice_changes(session, plan_id)


def test_what_whoever_published_it_said_stands_beside_it(moved):
    publish(moved, draft_of(moved), reason="The customer asked for T2.")
    assert versions(moved)[0].reason == "The customer asked for T2."


def test_more_events_that_a_plan_answers_ask_the_database_no_more(published):
    """Each says whom and which job it is about."""
    asked: list[str] = []
    event.listen(published.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    def count():
        asked.clear()
        newest = versions(published)[0]
        return len(newest.answered), len(asked)

    found = []
    for number in ("J1", "J2"):
        with published.begin() as session:
            plan_id = session.scalars(select(PlanVersion.id).where(PlanVersion.status == "published")).one()
            job_id = job_named(session, number).id
            incident = raise_incident(session, "no_access", MONDAY, MORNING, None, job_id=job_id, repair=False)
            incident.plan_id = plan_id
        found.append(count())
    (first, asked_first), (second, asked_second) = found
    assert (second - first, asked_second) == (1, asked_first)


def test_who_kept_a_rule_broken_and_why_stands_with_the_version(session_factory):
    """And with those that follow it, as long as it is so; not what only waits in a draft."""
    settle(session_factory, [technician("T1"), technician("T2", skills={})], [job("J1", skills={"gas": 1})])
    plan(session_factory)
    begin_by_hand(session_factory)
    draft = move(session_factory, draft_of(session_factory), "J1", "T2", at(11))
    publish(session_factory, draft, reason="T1 is on the phone with T2.")
    plan(session_factory, now=at(8, 10))
    last, by_hand, first = versions(session_factory)
    [kept] = by_hand.kept
    assert (kept.sentence, kept.who) == ("Technician T2, job J1: lacks gas", "Somebody")
    assert (kept.reason, kept.rule) == ("T1 is on the phone with T2.", "skills")
    assert [one.reason for one in last.kept] == [kept.reason]
    assert first.kept == []
