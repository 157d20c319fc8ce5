"""Records of searches: kept with each plan version so that it can be found again, and saved when a plan was refused."""

from __future__ import annotations

import hashlib
import logging
from datetime import date, datetime, timedelta
from importlib.metadata import version as installed_version
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import optimizer
from dispatch.errors import InvalidInput, NotFound
from dispatch.models import PlanRecord, PlanVersion, TaskRun
from optimizer.record import Record, RecordError, dump, load

log = logging.getLogger(__name__)
REFUSED = "refused"
"""The folder of refused cases in the installation's home."""
REFUSED_KEPT = 20


def made_by() -> str:
    """The versions that decide about a plan."""
    return ", ".join(f"{name} {installed_version(name)}" for name in ("wrenchtime", "ortools", "numba", "numpy"))


def write_record(problem: optimizer.Problem, found: optimizer.Plan) -> bytes:
    """What `store_record` keeps. It takes seconds for thousands of visits, so write it before the transaction."""
    return dump(Record(problem, found, made_by()))


def store_record(session: Session, plan: PlanVersion, record: bytes, keep_days: int) -> None:
    """Keep the search beside its plan version, and drop those of plans made more than `keep_days` before it."""
    outdated = select(PlanVersion.id).where(PlanVersion.made_at < plan.made_at - timedelta(days=keep_days))
    session.execute(delete(PlanRecord).where(PlanRecord.plan_id.in_(outdated)))
    session.add(PlanRecord(plan_id=plan.id, data=record))


def find_record_file(path: str) -> Record | None:
    """The record in a file, None where there is no such file. Raises InvalidInput when it is no record."""
    return _load(Path(path).read_bytes(), path) if Path(path).is_file() else None


def get_record(session: Session, named: str) -> Record:
    """The record of a task run (its number) or of a plan (2026-12-01, the published one; 2026-12-01/3 a version).

    Raises NotFound, or InvalidInput for one that cannot be read.
    """
    plan_id = _find_plan_id(session, named)
    if plan_id is None:
        raise NotFound(
            f"There is no run, plan or file {named!r} with a plan in it. Name a run by its number, a plan by its day "
            "(2026-12-01) or its version (2026-12-01/3), or the file of a record."
        )
    record = session.get(PlanRecord, plan_id)
    if record is None:
        raise NotFound(
            f"How {named} was found is not known any more: it is kept for KEEP_RECORDS_DAYS only, and not at all for "
            "plans that an older version made."
        )
    return _load(record.data, named)


def save_refused(home: Path, refused: optimizer.Refused, now: datetime) -> Path:
    """Write a refused plan into the home folder, where `wrenchtime replay FILE` judges it again; keeps the newest."""
    folder = home / REFUSED
    folder.mkdir(exist_ok=True)
    data = dump(Record(refused.problem, None, made_by(), refused.sequences, refused.reason))
    path = folder / f"{now:%Y%m%dT%H%M%SZ}-{hashlib.sha256(data).hexdigest()[:8]}.json.gz"
    path.write_bytes(data)
    for old in sorted(folder.glob("*.json.gz"))[:-REFUSED_KEPT]:
        old.unlink(missing_ok=True)
    log.error("A plan was refused and not used (%s). Please report it with %s.", refused.reason, path)
    return path


def _find_plan_id(session: Session, named: str) -> int | None:
    if named.isascii() and named.isdigit():
        run = session.get(TaskRun, int(named))
        return None if run is None else run.plan_id
    day, _, version = named.partition("/")
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return None
    query = select(PlanVersion.id).where(PlanVersion.on == on)
    if not version:
        return session.scalar(query.where(PlanVersion.status == "published"))
    return session.scalar(query.where(PlanVersion.version == int(version))) if version.isdigit() else None


def _load(data: bytes, named: str) -> Record:
    try:
        return load(data)
    except (RecordError, optimizer.ProblemError) as error:
        raise InvalidInput([f"{named}: {error}"]) from error
