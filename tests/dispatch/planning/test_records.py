"""Each plan keeps how it was found for a while, and planning again begins at what was published."""

from datetime import timedelta

import pytest
from sqlalchemy import select

import optimizer
from dispatch.errors import InvalidInput, NotFound
from dispatch.models import PlanRecord, PlanVersion, TaskRun
from dispatch.planning.day import plan_day
from dispatch.planning.records import (
    REFUSED_KEPT,
    find_record_file,
    get_record,
    save_refused,
    store_record,
    write_record,
)
from optimizer.record import list_differences
from tests.dispatch.town import CENTRE, MONDAY, MORNING, Grid, absent, job, plan, settle, stops_of, technician


def jobs():
    return [job(f"J{i}", location=(CENTRE[0], CENTRE[1] - 0.01 * i)) for i in range(1, 5)]


@pytest.mark.both_databases
def test_a_stored_plan_is_found_again_from_its_record(session_factory):
    """Though the clock ended its search."""
    settle(session_factory, [technician(), technician("T2")], jobs())
    version = plan(session_factory, iterations=None, time_limit_s=0.5)
    with session_factory() as session:
        for named in (str(MONDAY), f"{MONDAY}/{version.version}"):
            record = get_record(session, named)
            assert record.plan.cost == version.cost
            assert list_differences(record.plan, optimizer.replay(record.problem, record.plan.run)) == []


def test_a_run_is_named_by_its_number(session_factory):
    settle(session_factory, [technician()], jobs())
    version = plan(session_factory)
    with session_factory.begin() as session:
        session.add(TaskRun(id=77, task="plan", due_at=MORNING, status="queued", plan_id=version.id))
        session.add(TaskRun(id=78, task="plan", due_at=MORNING + timedelta(seconds=1), status="queued"))
    with session_factory() as session:
        assert get_record(session, "77").plan.cost == version.cost
        with pytest.raises(NotFound, match="no run, plan or file '78'"):
            get_record(session, "78")


@pytest.mark.parametrize("named", ["99", "2026-11-24", "2026-11-23/9", "2026-11-23/x", "yesterday"])
def test_what_does_not_exist_is_not_found_and_says_what_to_name(session_factory, named):
    settle(session_factory, [technician()], jobs())
    plan(session_factory)
    with session_factory() as session, pytest.raises(NotFound, match="Name a run by its number"):
        get_record(session, named)


@pytest.mark.both_databases
def test_records_are_dropped_after_a_while_and_plans_stay(session_factory):
    """What planning a day later than the limit does; nothing is dropped on its last day."""
    settle(session_factory, [technician()], jobs())
    first = plan(session_factory)
    with session_factory.begin() as session:
        record = get_record(session, str(MONDAY))
        for number, days in ((2, 30), (3, 31)):
            copy = session.get_one(PlanVersion, first.id)
            values = {column.key: getattr(copy, column.key) for column in PlanVersion.__mapper__.column_attrs}
            later = PlanVersion(**{**values, "id": None, "version": number, "status": "superseded",
                                   "made_at": first.made_at + timedelta(days=days)})  # fmt: skip
            session.add(later)
            session.flush()
            store_record(session, later, write_record(record.problem, record.plan), keep_days=30)
            kept = set(session.scalars(select(PlanRecord.plan_id)))
            assert (first.id in kept) == (days == 30)
        assert session.get(PlanVersion, first.id)
        with pytest.raises(NotFound, match="KEEP_RECORDS_DAYS"):
            get_record(session, str(MONDAY))


def test_planning_again_begins_at_the_published_plan_and_is_never_worse(session_factory, monkeypatch):
    """Without time to search the published routes stay, less what is gone."""
    settle(session_factory, [technician(), technician("T2")], jobs())
    first = plan(session_factory)
    before = {number: (code, stop.planned_start_at) for number, (code, stop) in stops_of(session_factory).items()}
    given = []
    solve = optimizer.solve
    monkeypatch.setattr(
        optimizer, "solve", lambda *a, **options: given.append(options["start"]) or solve(*a, **options)
    )
    again = plan(session_factory, time_limit_s=0.01, iterations=0)
    after = {number: (code, stop.planned_start_at) for number, (code, stop) in stops_of(session_factory).items()}
    assert after == before
    assert again.cost <= first.cost
    assert [stop.visit for route in given[0].routes for stop in route.stops]


def test_what_was_published_is_the_baseline_of_what_a_change_costs(session_factory, monkeypatch):
    """A visit knows with whom and when it was published."""
    settle(session_factory, [technician()], [job()])
    published_at = plan(session_factory).routes[0].stops[0].planned_start_at
    settle(session_factory, jobs=[job("new")])
    problems, solve = [], optimizer.solve
    monkeypatch.setattr(optimizer, "solve", lambda one, **options: problems.append(one) or solve(one, **options))
    start_s = int((published_at - plan(session_factory).day_start_at).total_seconds())
    assert problems[0].get_visit("J1").planned == optimizer.Planned("T1", start_s)
    assert problems[0].get_visit("new").planned is None


def test_somebody_who_does_not_work_that_day_any_more_is_no_baseline(session_factory, monkeypatch):
    settle(session_factory, [technician()], [job()])
    plan(session_factory)
    settle(session_factory, [technician(absences=(absent(MONDAY, MONDAY),)), technician("T2")])
    problems, solve = [], optimizer.solve
    monkeypatch.setattr(optimizer, "solve", lambda one, **options: problems.append(one) or solve(one, **options))
    plan(session_factory)
    assert problems[0].get_visit("J1").planned is None
    assert stops_of(session_factory)["J1"][0] == "T2"


def test_enough_publishes_the_best_plan_so_far(session_factory):
    """As Ctrl-C does; unlike cancelling, which stores nothing."""
    settle(session_factory, [technician()], jobs())
    version = plan_day(
        session_factory, MONDAY, now=MORNING, travel_source=Grid(), time_limit_s=600, enough=lambda: True
    )
    assert version.status == "published"
    assert version.engine_seconds < 60


def test_a_refused_case_is_saved_and_only_the_newest_are_kept(tmp_path, caplog):
    problem = optimizer.Problem((), (), optimizer.Travel({}, {}))
    for second in range(REFUSED_KEPT + 2):
        case = optimizer.Refused(problem, ((second,),), "an engine is wrong")
        path = save_refused(tmp_path, case, MORNING + timedelta(seconds=second))
    assert len(list((tmp_path / "refused").iterdir())) == REFUSED_KEPT
    record = find_record_file(str(path))
    assert (record.refused, record.reason) == (((second,),), "an engine is wrong")
    assert str(path) in caplog.text


def test_a_plan_refused_while_planning_a_day_is_saved_in_the_home_folder(session_factory, monkeypatch):
    settle(session_factory, [technician()], [job()])
    solve = optimizer.solve

    def solve_with_a_refusal(problem, **options):
        options["on_refused"](optimizer.Refused(problem, ((0, 0),), "twice"))
        return solve(problem, **options)

    monkeypatch.setattr(optimizer, "solve", solve_with_a_refusal)
    plan(session_factory)
    (path,) = (session_factory.settings.home / "refused").iterdir()
    assert find_record_file(str(path)).reason == "twice"


def test_a_file_that_is_no_record_is_wrong_input(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear Sir")
    with pytest.raises(InvalidInput, match=r"letter\.txt: this is not a record"):
        find_record_file(str(tmp_path / "letter.txt"))


def test_the_record_of_a_day_is_small(session_factory):
    """About 100 KB for 200 visits, says the README; this holds the order of it."""
    settle(session_factory, [technician()], jobs())
    plan(session_factory)
    with session_factory() as session:
        assert len(session.scalars(select(PlanRecord)).one().data) < 5_000
