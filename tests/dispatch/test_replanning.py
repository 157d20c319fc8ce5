"""A day is planned again when its facts have changed: at once, as a draft, or only told of, as the policy says."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from dispatch.board.day import get_board
from dispatch.events import list_events
from dispatch.jobs.moving import change_status, report_status
from dispatch.models import Job, PlanVersion, TaskRun
from dispatch.planning.deciding import discard
from dispatch.planning.facts import find_published
from dispatch.replanning import list_notices, replan_what_changed
from dispatch.runs.queue import request_plan
from tests.dispatch.drafting import dispatcher, draft_of, line_of
from tests.dispatch.living.bad_day import repair, tell
from tests.dispatch.town import (
    MONDAY,
    MORNING,
    at,
    hours,
    job,
    job_named,
    left_out,
    plan,
    settle,
    stops_of,
    technician,
    user_of,
    window,
)


@pytest.fixture
def town(session_factory):
    """One technician with one job, planned with the installation's own travel source."""
    settle(session_factory, [technician()], [job("J1")])
    plan(session_factory, travel_source=None)
    return session_factory


def queued(session_factory):
    """The arguments of every run, in order."""
    with session_factory() as session:
        return [run.arguments for run in session.query(TaskRun).order_by(TaskRun.id)]


def fail_the_run(session_factory, now, error="Not today."):
    with session_factory.begin() as session:
        run = session.query(TaskRun).order_by(TaskRun.id.desc()).first()
        run.status, run.error, run.started_at, run.ended_at = "failed", error, now, now


def notices(session_factory, now):
    with session_factory() as session:
        return list_notices(session, find_published(session, MONDAY), MONDAY, now)


def test_a_day_is_planned_again_only_when_its_facts_have_changed(town):
    """Not because work goes on as planned, but because a job came in."""
    assert replan_what_changed(town, at(8)) == "Nothing has changed"
    with town.begin() as session:
        stop_id = stops_of(town)["J1"][1].id
        report_status(session, stop_id, "on_site", user_of(session, "T1"), at(8, 30))
        report_status(session, stop_id, "done", user_of(session, "T1"), at(9))
    assert replan_what_changed(town, at(9)) == "Nothing has changed"
    settle(town, [], [job("J2")])
    assert replan_what_changed(town, at(9)) == "Queued 2026-11-23"
    assert queued(town) == [{"on": "2026-11-23", "policy": "balanced", "as_draft": True}]
    assert replan_what_changed(town, at(9)) == "Nothing has changed"  # it waits in the queue


def test_the_policy_may_publish_at_once(town, open_installation):
    settle(town, [], [job("J2")])
    replan_what_changed(open_installation(REPLAN="publish"), at(9))
    assert queued(town) == [{"on": "2026-11-23", "policy": "balanced"}]


def test_the_policy_may_only_warn_and_does_so_once(town, open_installation):
    warning = open_installation(REPLAN="warn")
    settle(town, [], [job("J2")])
    assert replan_what_changed(warning, at(9)) == "Warned of 2026-11-23"
    assert replan_what_changed(warning, at(9, 5)) == "Nothing has changed"
    assert queued(town) == []
    assert notices(warning, at(9, 5)) == ["The day has changed since this plan was made; plan it again."]


def test_a_draft_is_not_proposed_again_for_the_same_facts(town):
    """Whatever people say to it; the next change makes the next draft."""
    settle(town, [], [job("J2")])
    plan(town, travel_source=None, as_draft=True)
    assert replan_what_changed(town, at(9)) == "Nothing has changed"
    settle(town, [], [job("J3")])
    assert replan_what_changed(town, at(9)) == "Queued 2026-11-23"


@pytest.mark.parametrize("looks_between", [False, True])
def test_a_day_is_planned_again_for_a_job_that_was_cancelled_by_mistake(town, looks_between):
    """Though the day is asked for just what it was made of; also where it was looked at without that job meanwhile."""

    def become(status):
        with town.begin() as session:
            eve = user_of(session, "D1", "dispatcher")
            change_status(session, job_named(session, "J1").id, status, eve, at(8), "Somebody called.")
        drop_queued(town)  # the repair, of which nothing comes

    become("cancelled")
    if looks_between:
        assert replan_what_changed(town, at(8, 1)) == "Queued 2026-11-23"
        drop_queued(town)
        plan(town, travel_source=None, as_draft=True)
    become("requested")
    assert replan_what_changed(town, at(9)) == "Queued 2026-11-23"
    drop_queued(town)
    plan(town, travel_source=None, as_draft=True)
    assert line_of(draft_of(town), "J1")["kind"] == "added"
    assert replan_what_changed(town, at(9)) == "Nothing has changed"


def drop_queued(session_factory):
    with session_factory.begin() as session:
        session.execute(delete(TaskRun))


def throw_away(session_factory, draft):
    """Somebody wants none of it."""
    with session_factory.begin() as session:
        discard(session, draft["id"], draft["revision"], dispatcher(session), at(8, 30))


def test_a_draft_whose_place_a_repair_took_is_proposed_again_until_somebody_has_said_no_to_it(session_factory):
    """J9 waits in draft 2 when T1 is late for J1; nobody has seen J9 when draft 3, which is about J1, is discarded."""
    jobs = [job("J1", windows=(window(at(9), 30),), preferred=frozenset({"T1"}))]
    settle(session_factory, [technician("T1"), technician("T2")], jobs)
    plan(session_factory, travel_source=None)
    settle(session_factory, [], [job("J9")])
    assert replan_what_changed(session_factory, at(8)) == "Queued 2026-11-23"
    with session_factory.begin() as session:
        session.query(TaskRun).delete()
    plan(session_factory, travel_source=None, as_draft=True)
    late = tell(session_factory, "technician_late", at(8), who="T1", minutes=180)
    repair(session_factory, late, at(8), as_draft=True, travel_source=None)
    assert draft_of(session_factory, at(8))["version"] == 3
    with session_factory.begin() as session:
        session.query(TaskRun).delete()
    assert replan_what_changed(session_factory, at(8, 20)) == "Nothing has changed"  # people are deciding
    throw_away(session_factory, draft_of(session_factory, at(8)))
    assert replan_what_changed(session_factory, at(8, 30)) == "Queued 2026-11-23"
    with session_factory.begin() as session:
        session.query(TaskRun).delete()
    plan(session_factory, travel_source=None, as_draft=True, now=at(8, 30))
    throw_away(session_factory, draft_of(session_factory, at(8, 30)))
    assert replan_what_changed(session_factory, at(8, 35)) == "Nothing has changed"


def test_what_changes_nothing_is_no_draft_and_is_not_tried_again(town):
    """J2 came in and nobody can do it: the published plan stays, and says why; a draft that waited is gone."""
    settle(town, [], [job("J3")])
    waiting = plan(town, travel_source=None, as_draft=True)
    with town.begin() as session:
        session.scalars(select(Job).where(Job.number == "J3")).one().status = "cancelled"
    settle(town, [], [job("J2", skills={"lifts": 5})])
    kept = plan(town, travel_source=None, as_draft=True)
    assert (kept.version, kept.status, left_out(kept)["J2"][0]) == (1, "published", "skills")
    with town() as session:
        assert session.get_one(PlanVersion, waiting.id).status == "discarded"
        told = [event.kind for event in list_events(session)][-2:]
        assert told == ["draft discarded", "nothing better found"]
    assert replan_what_changed(town, at(9)) == "Nothing has changed"
    settle(town, [], [job("J4")])
    assert replan_what_changed(town, at(9)) == "Queued 2026-11-23"


def test_a_plan_that_fails_is_tried_less_and_less_often_and_shown(town):
    """After ten minutes, then twenty; a person may ask at any time."""
    settle(town, [], [job("J2")])
    replan_what_changed(town, at(9))
    fail_the_run(town, at(9))
    assert replan_what_changed(town, at(9, 9)) == "Nothing has changed"
    assert notices(town, at(9, 9)) == [
        "Planning this day has failed, last at 09:00: Not today. It is not tried again by itself before 09:10."
    ]
    assert replan_what_changed(town, at(9, 10)) == "Queued 2026-11-23"
    fail_the_run(town, at(9, 10))
    assert replan_what_changed(town, at(9, 29)) == "Nothing has changed"
    assert "failed 2 times in a row" in notices(town, at(9, 29))[0]
    with town.begin() as session:
        request_plan(session, MONDAY, "balanced", None, at(9, 29))
    with town.begin() as session:
        run = session.query(TaskRun).order_by(TaskRun.id.desc()).first()
        run.status, run.started_at, run.ended_at = "done", at(9, 30), at(9, 30)
    assert notices(town, at(9, 31)) == []


def test_a_night_shift_is_planned_again_after_midnight(session_factory):
    """By itself and by hand, as long as it goes on; the board says until when."""
    settle(session_factory, [technician(hours=hours("22:00", "06:00"))], [job("J1", windows=(window(at(23), 30),))])
    plan(session_factory, travel_source=None)
    tuesday = MONDAY + timedelta(days=1)
    settle(session_factory, [], [job("J2", windows=(window(at(3, on=tuesday), 30),))])
    assert replan_what_changed(session_factory, at(1, on=tuesday)) == "Queued 2026-11-23"
    with session_factory.begin() as session:
        request_plan(session, MONDAY, "balanced", None, at(5, on=tuesday))
        assert get_board(session, MONDAY, at(1, on=tuesday))["over_at"] == "2026-11-24T09:00:00Z"
    assert replan_what_changed(session_factory, at(6, on=tuesday)) == "Nothing has changed"


def test_the_board_tells_of_the_draft_that_waits(town):
    settle(town, [], [job("J2")])
    with town() as session:
        assert get_board(session, MONDAY, MORNING)["draft"] is None
    version = plan(town, travel_source=None, as_draft=True)
    with town() as session:
        board = get_board(session, MONDAY, MORNING)
    assert board["draft"] == {
        "id": version.id,
        "version": 2,
        "revision": 1,
        "made_at": "2026-11-23T09:00:00Z",
        "changes": 1,
    }
    assert (board["plan"]["version"], board["notices"]) == (1, [])
