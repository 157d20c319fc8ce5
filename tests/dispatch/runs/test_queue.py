"""Runs are queued, claimed once, tell how far they are, and end with their outcome."""

import pytest
from sqlalchemy import update

import optimizer
from dispatch.errors import Conflict, InvalidInput, NotFound
from dispatch.events import list_events_of
from dispatch.models import TaskRun
from dispatch.planning.facts import find_published
from dispatch.runs import execution, queue
from dispatch.runs.queue import cancel_run, find_active_run, find_repair_run, get_run, request_plan, request_repair
from tests.databases import settings_for
from tests.dispatch.drafting import dispatcher
from tests.dispatch.living.bad_day import tell
from tests.dispatch.town import MONDAY, MORNING, at, job, settle, technician, user_of, while_solving

HOLDER = "this process"


def request(session_factory, policy="balanced", on=MONDAY, now=MORNING):
    with session_factory.begin() as session:
        return request_plan(session, on, policy, None, now)


def run_of(session_factory, run_id):
    with session_factory() as session:
        return get_run(session, run_id)


def execute(session_factory, **options):
    return execution.run_next_plan(session_factory, HOLDER, lambda: MORNING, **options)


@pytest.fixture
def town(tmp_path, home):
    """One technician, one job, and a search of a second at most."""
    from dispatch.db import make_session_factory

    factory = make_session_factory(settings_for(home, PLAN_TIME_LIMIT_S="1"))
    settle(factory, [technician()], [job()])
    yield factory
    factory.engine.dispose()


def test_a_requested_plan_is_executed_and_says_what_it_did(town):
    """Queued, then done, with the version that was published."""
    run_id = request(town)
    assert run_of(town, run_id)["status"] == "queued"
    assert execute(town)
    run = run_of(town, run_id)
    assert (run["status"], run["progress"], run["plan_version"], run["unassigned"]) == ("done", 1.0, 1, 0)
    assert run["message"] == "Planned 2026-11-23 as version 1; 0 job(s) left out"
    assert run["started_at"] == run["ended_at"] == "2026-11-23T09:00:00Z"
    assert not execute(town)


def test_asking_twice_before_it_starts_is_one_run(session_factory):
    """A double click; another policy is another wish."""
    first = request(session_factory)
    assert request(session_factory) == first
    assert request(session_factory, policy="least travel") != first


def asked_by(session_factory, run_id):
    """Whose run it is, and who has asked, in order; None is the program."""
    with session_factory() as session:
        run = session.get_one(TaskRun, run_id)
        asked = [event.user_id for event in list_events_of(session, run) if event.kind == "plan requested"]
        return run.requested_by_user_id, asked


@pytest.mark.both_databases
def test_a_plan_that_the_program_has_queued_becomes_that_of_the_first_person_who_asks_for_it(session_factory):
    """They publish it, under the budget of a person; whoever asks after them, the program too, changes nothing."""
    settle(session_factory, [technician()], [job()])
    run_id = request(session_factory)
    with session_factory.begin() as session:
        first, second = dispatcher(session), user_of(session, "D2", "dispatcher").id
    for by_user_id in (first, second, None):
        with session_factory.begin() as session:
            assert request_plan(session, MONDAY, "balanced", by_user_id, MORNING) == run_id
    assert asked_by(session_factory, run_id) == (first, [None, first])
    assert execute(session_factory)
    with session_factory() as session:
        assert find_published(session, MONDAY).published_by_user_id == first


def test_a_repair_that_the_policy_has_queued_stays_the_policys(session_factory):
    """Whoever reports the same again has not asked for it."""
    ill = {"on": MONDAY, "incident_id": 7, "as_draft": False, "by_policy": True, "now": MORNING}
    with session_factory.begin() as session:
        run_id = request_repair(session, requested_by_user_id=None, **ill)
        assert request_repair(session, requested_by_user_id=dispatcher(session), **ill) == run_id
        assert session.get_one(TaskRun, run_id).requested_by_user_id is None


def test_a_run_that_starts_in_the_moment_in_which_a_person_asks_is_left_to_the_program(session_factory, monkeypatch):
    """It has begun without them, so they get a run of their own."""
    run_id = request(session_factory)
    with session_factory.begin() as session:
        [seen] = queue._list_unfinished(session)
        session.execute(
            update(TaskRun)
            .where(TaskRun.id == run_id)
            .values(status="running", started_at=MORNING)
            .execution_options(synchronize_session=False)
        )
        monkeypatch.setattr(queue, "_list_unfinished", lambda _: [seen])
        assert request_plan(session, MONDAY, "balanced", dispatcher(session), MORNING) != run_id
    assert asked_by(session_factory, run_id) == (None, [None])


@pytest.mark.both_databases
def test_the_active_run_of_a_day_is_found_until_it_ends(session_factory):
    """What runs goes before what waits, and another day's run is no answer."""

    def active(on=MONDAY):
        with session_factory() as session:
            return find_active_run(session, on)

    assert active() is None
    request(session_factory, on=MONDAY.replace(day=24))
    first, second = request(session_factory), request(session_factory, policy="least travel")
    assert (active()["id"], active()["status"]) == (first, "queued")
    with session_factory.begin() as session:
        run = session.get(TaskRun, second)
        run.status, run.started_at = "running", MORNING
    assert (active()["id"], active()["status"]) == (second, "running")
    with session_factory.begin() as session:
        for run_id in (first, second):
            run = session.get(TaskRun, run_id)
            run.status, run.ended_at = "cancelled", MORNING
    assert active() is None


def test_a_plan_that_cannot_be_made_says_why(town, monkeypatch):
    """The person reads a sentence, and the published plan stays."""
    run_id = request(town)

    def refuse(*_args, **_options):
        raise Conflict("Not today.")

    monkeypatch.setattr(execution, "plan_day", refuse)
    execute(town)
    run = run_of(town, run_id)
    assert (run["status"], run["error"]) == ("failed", "Not today.")


def test_a_fault_of_ours_fails_the_run_and_not_the_scheduler(town, monkeypatch, caplog):
    """The log has the traceback."""
    run_id = request(town)

    def break_down(*_args, **_options):
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(execution, "plan_day", break_down)
    assert execute(town)
    assert "ZeroDivisionError: by nothing" in run_of(town, run_id)["error"]
    assert "Traceback" in caplog.text


def test_a_queued_run_can_be_taken_back(town):
    """It is never executed; taking it back twice is refused."""
    run_id = request(town)
    with town.begin() as session:
        cancel_run(session, run_id, None, MORNING)
    assert not execute(town)
    assert run_of(town, run_id)["status"] == "cancelled"
    with pytest.raises(Conflict), town.begin() as session:
        cancel_run(session, run_id, None, MORNING)


def test_a_running_plan_can_be_cancelled(town, monkeypatch):
    """The wish is read at the next look; nothing is published."""
    run_id = request(town)
    monkeypatch.setattr(execution, "REPORT_EVERY_S", 0)
    solve = optimizer.solve

    def solve_while_somebody_cancels(*args, cancelled, **options):
        with town.begin() as session:
            cancel_run(session, run_id, None, MORNING)
        cancelled()
        return solve(*args, cancelled=cancelled, **options)

    monkeypatch.setattr(optimizer, "solve", solve_while_somebody_cancels, raising=False)
    execute(town)
    assert run_of(town, run_id)["status"] == "cancelled"
    with town() as session:
        assert find_published(session, MONDAY) is None


def test_a_plan_in_the_making_waits_again_when_its_process_stops(town):
    """The next process makes it."""
    run_id = request(town)
    execute(town, is_stopping=lambda: True)
    assert run_of(town, run_id)["status"] == "queued"
    execute(town)
    assert run_of(town, run_id)["status"] == "done"


def test_a_search_gives_way_to_a_repair_and_is_made_after_it(town, monkeypatch):
    """Whoever falls ill does not wait until a long search has ended."""
    request(town)
    execute(town)
    search_id = request(town, policy="least travel")
    monkeypatch.setattr(execution, "REPORT_EVERY_S", 0)
    solve, repairs = optimizer.solve, []

    def solve_while_somebody_falls_ill(*args, **options):
        if not repairs:
            ill = tell(town, "technician_ill", MORNING, who="T1")
            with town() as session:
                repairs.append(find_repair_run(session, ill)["id"])
        return solve(*args, **options)

    def statuses():
        return [run_of(town, run_id)["status"] for run_id in (search_id, *repairs)]

    monkeypatch.setattr(optimizer, "solve", solve_while_somebody_falls_ill, raising=False)
    found = []
    for _ in range(3):
        execute(town)
        found.append(statuses())
    assert found == [["queued", "queued"], ["queued", "done"], ["done", "done"]]


def test_a_run_whose_process_died_is_marked_failed_with_a_sentence(session_factory):
    """By the next leader; its own runs are left alone."""
    with session_factory.begin() as session:
        for n, holder in enumerate(("dead", HOLDER)):
            session.add(TaskRun(task=f"t{n}", due_at=MORNING, status="running", holder=holder, started_at=MORNING))
    assert execution.fail_orphans(session_factory, HOLDER, at(10)) == 1
    dead, own = run_of(session_factory, 1), run_of(session_factory, 2)
    assert (dead["status"], own["status"]) == ("failed", "running")
    assert "what it had done by then stays" in dead["error"]


def test_a_process_that_dies_right_after_storing_its_plan_leaves_a_run_that_is_done(town, monkeypatch):
    """Run and plan are stored in one moment: nobody is told that nothing was changed."""
    run_id = request(town)

    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(execution, "_finish", lambda factory, run_id, now, work: (work(), die()))
    with pytest.raises(KeyboardInterrupt):
        execute(town)
    assert execution.fail_orphans(town, "the next leader", MORNING) == 1
    assert run_of(town, run_id)["status"] == "done"
    with town() as session:
        assert session.get_one(TaskRun, run_id).plan_id == find_published(session, MONDAY).id


def test_a_run_that_was_closed_while_it_was_searching_stores_no_plan(town, monkeypatch):
    """The next leader has told everybody that nothing was changed."""
    run_id = request(town)
    while_solving(monkeypatch, lambda: execution.fail_orphans(town, "the next leader", MORNING))
    assert execute(town)
    assert "nothing was changed. It is made again." in run_of(town, run_id)["error"]
    with town() as session:
        assert find_published(session, MONDAY) is None


@pytest.mark.both_databases
def test_a_task_is_done_once_for_each_time_it_is_due(session_factory):
    """Whoever comes second finds it done."""
    done = []
    for _ in range(2):
        execution.run_once(
            session_factory, "nightly plan", MORNING, HOLDER, lambda: done.append(1) or "Done", lambda: MORNING
        )
    assert done == [1]


def test_what_makes_no_sense_is_refused(session_factory):
    """An unknown policy, a day that is over, a run that is not there."""
    with pytest.raises(InvalidInput, match="balanced"):
        request(session_factory, policy="cheap")
    with pytest.raises(Conflict, match="is over"):
        request(session_factory, on=MONDAY.replace(day=21))
    with pytest.raises(NotFound):
        run_of(session_factory, 99)


def test_a_run_that_the_next_leader_has_closed_stays_closed(town):
    """The process that lost the lead gives its plan up, and does not queue it again."""
    run_id = request(town)

    def lose_the_lead():
        execution.fail_orphans(town, "the next leader", MORNING)
        return True

    assert execute(town, is_stopping=lose_the_lead)
    assert run_of(town, run_id)["status"] == "failed"
    with town() as session:
        assert find_published(session, MONDAY) is None
