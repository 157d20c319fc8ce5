"""What must hold after every kill, read from the database alone."""

from collections import Counter
from typing import Any

from sqlalchemy import func, select, text

from dispatch.db import SessionFactory
from dispatch.models import Event, Job, PlanRoute, PlanVersion, Stop, TaskRun, UnassignedJob
from dispatch.runs.execution import fail_orphans
from tests.bench.kills.work import JOBS, TASK, WORKED
from tests.dispatch.town import MONDAY, at


def recover(session_factory: SessionFactory) -> int:
    """What the next leader does when it starts; how many runs it found interrupted."""
    _wait_for_the_dead(session_factory)
    return fail_orphans(session_factory, "the next leader", at(16))


def list_faults(session_factory: SessionFactory, told: list[dict[str, Any]]) -> list[str]:
    """Every sentence says what was lost, doubled or half done; empty when all is well."""
    with session_factory() as session:
        return [
            *_half_published(session),
            *_lost(session, told),
            *_jobs_twice(session),
            *_tasks_twice(session, told),
            *_untrue_runs(session),
        ]


def _wait_for_the_dead(session_factory: SessionFactory) -> None:
    """PostgreSQL's side of a killed process may still be storing its last commit."""
    if session_factory.engine.dialect.name != "postgresql":
        return
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with session_factory.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(2_000):
            connection.execute(text("SELECT pg_stat_clear_snapshot()"))
            if not connection.scalar(text(others)):
                return
            connection.execute(text("SELECT pg_sleep(0.01)"))
    raise AssertionError("the killed process is still connected")


def _half_published(session: Any) -> list[str]:
    faults = []
    versions = session.scalars(select(PlanVersion).where(PlanVersion.on == MONDAY).order_by(PlanVersion.version)).all()
    was_published = any(version.published_at is not None for version in versions)
    if sum(version.status == "published" for version in versions) != was_published:
        faults.append(f"published versions: {[v.version for v in versions if v.status == 'published']}")
    if [version.version for version in versions] != list(range(1, len(versions) + 1)):
        faults.append("a version is missing")
    events = {e.subject_id: e.seq for e in session.scalars(
        select(Event).where(Event.kind.in_(("plan published", "draft made"))))}  # fmt: skip
    of_the_first = [f"J{number}" for number in range(1, JOBS + 1)]
    created = session.scalars(select(Job.id).where(Job.number.in_(of_the_first))).all()
    assert len(created) == JOBS
    closed = _closed_at(session)
    for version in versions:
        name = f"version {version.version} ({version.status})"
        if version.id not in events:
            faults.append(f"{name} was never told of")
            continue
        routes = session.scalars(select(PlanRoute).where(PlanRoute.plan_id == version.id)).all()
        stops = session.scalars(select(Stop).where(Stop.plan_id == version.id)).all()
        for route in routes:
            positions = sorted(stop.position for stop in stops if stop.route_id == route.id)
            if positions != list(range(1, len(positions) + 1)):
                faults.append(f"{name}: stops {positions} of route {route.id}")
        left_out = session.scalars(select(UnassignedJob.job_id).where(UnassignedJob.plan_id == version.id)).all()
        known = {stop.job_id for stop in stops} | set(left_out)
        missing = {
            job_id for job_id in created if job_id not in known and closed.get(job_id, 10**9) > events[version.id]
        }
        if missing:
            faults.append(f"{name} knows nothing of the jobs {sorted(missing)}")
    return faults


def _closed_at(session: Any) -> dict[int, int]:
    """By job: the number of the event that closed it first."""
    done: dict[int, int] = {}
    for one in session.scalars(select(Event).where(Event.kind == "job status").order_by(Event.seq)):
        if one.after["status"] in ("done", "no_access", "to_be_continued", "cancelled"):
            done.setdefault(one.subject_id, one.seq)
    return done


def _lost(session: Any, told: list[dict[str, Any]]) -> list[str]:
    faults = []
    moved = list(session.scalars(select(Event).where(Event.kind == "job status").order_by(Event.seq)))
    known = {(one.subject_id, one.after["status"], one.at.isoformat()) for one in moved}
    numbers = set(session.scalars(select(Job.number)))
    for said in told:
        if said["did"] == "report" and (said["job_id"], said["status"], said["at"]) not in known:
            faults.append(f"lost: {said}")
        if said["did"] == "create" and said["number"] not in numbers:
            faults.append(f"lost: {said}")
        if said["did"] == "publish" and session.get(PlanVersion, said["plan_id"]) is None:
            faults.append(f"lost: {said}")
        if said["did"] == "request" and session.get(TaskRun, said["run_id"]) is None:
            faults.append(f"lost: {said}")
        if said["did"] == "plan" and session.get_one(TaskRun, said["run_id"]).status != said["status"]:
            faults.append(f"lost: {said}")
    last = {one.subject_id: one.after["status"] for one in moved}
    stands = dict(session.execute(
        select(Stop.job_id, Stop.status).join(PlanVersion, Stop.plan_id == PlanVersion.id)
        .where(PlanVersion.status == "published")
    ).all())  # fmt: skip
    faults += [
        f"job {job_id} stands at {stands.get(job_id)}, and was last told to be {status}"
        for job_id, status in last.items()
        if stands.get(job_id) != status
    ]
    return faults


def _jobs_twice(session: Any) -> list[str]:
    twice = select(Stop.job_id).join(PlanVersion, Stop.plan_id == PlanVersion.id)
    twice = twice.where(PlanVersion.status == "published").group_by(Stop.job_id).having(func.count() > 1)
    names = Counter(session.scalars(select(Job.number)))
    return [f"job {job_id} is planned twice" for job_id in session.scalars(twice)] + [
        f"the number {name} stands twice" for name, count in names.items() if count > 1
    ]


def _tasks_twice(session: Any, told: list[dict[str, Any]]) -> list[str]:
    worked = Counter(one.after["due_at"] for one in session.scalars(select(Event).where(Event.kind == WORKED)))
    faults = [f"the task of {due_at} worked {count} times" for due_at, count in worked.items() if count > 1]
    done = {
        run.due_at.isoformat()
        for run in session.scalars(select(TaskRun).where(TaskRun.task == TASK, TaskRun.status == "done"))
    }
    return faults + [f"lost: {said}" for said in told if said["did"] == "task" and said["due_at"] not in done]


def _untrue_runs(session: Any) -> list[str]:
    """A run says what became of it: none goes on for ever, and one that failed has published nothing."""
    runs = session.scalars(select(TaskRun).where(TaskRun.task == "plan")).all()
    faults = [f"run {run.id} runs for ever" for run in runs if run.status == "running"]
    of_runs = [run.plan_id for run in runs if run.status == "done" and run.plan_id is not None]
    # Whatever was published comes of a run that is done or of a draft that somebody published.
    query = select(PlanVersion).where(
        PlanVersion.status.in_(("published", "superseded")), PlanVersion.draft_id.is_(None)
    )
    return faults + [
        f"version {version.version} was published by a run that says nothing was changed"
        for version in session.scalars(query)
        if version.id not in of_runs
    ]
