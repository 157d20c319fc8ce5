"""What the phone shows of a visit beside its times: steps, parts, notes, photos, assets and the visits before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import BindParameter, Executable, bindparam, func, select
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.jobs.statuses import BEGUN, WORDS
from dispatch.models import Asset, Job, JobAsset, JobCheck, JobPart, Note, Photo, PlanVersion, Stop, User, VanStock

Json = dict[str, Any]
VISITS_BEFORE = 3
"""As many as a technician reads at a door."""

_OF_JOBS: BindParameter[int] = bindparam("job_ids", expanding=True)
_CHECKS = (
    select(JobCheck.job_id, JobCheck.position, JobCheck.text, JobCheck.required, JobCheck.done_at)
    .where(JobCheck.job_id.in_(_OF_JOBS))
    .order_by(JobCheck.position)
)
_PARTS = (
    select(JobPart.job_id, JobPart.part, JobPart.count.label("pieces"), JobPart.used)
    .where(JobPart.job_id.in_(_OF_JOBS))
    .order_by(JobPart.part)
)
_NOTES = (
    select(Note.job_id, Note.at, Note.text, User.name.label("who"))
    .outerjoin(Note.user)
    .where(Note.job_id.in_(_OF_JOBS))
    .order_by(Note.at, Note.id)
)
_PHOTOS = select(Photo.job_id, Photo.id, Photo.caption).where(Photo.job_id.in_(_OF_JOBS)).order_by(Photo.id)
_ASSETS = (
    select(JobAsset.job_id, JobAsset.work, Asset.name, Asset.maker, Asset.model, Asset.serial, Asset.installed_on,
           Asset.notes)
    .join(JobAsset.asset)
    .where(JobAsset.job_id.in_(_OF_JOBS))
)  # fmt: skip
_VAN = select(VanStock.part, VanStock.count).where(VanStock.technician_id == bindparam("technician_id"))


class PhonePage:
    """Everything about the jobs of one day, read with a fixed number of queries however many jobs there are."""

    def __init__(self, session: Session, jobs: Collection[Job], technician_id: int) -> None:
        ids = [job.id for job in jobs]
        self._checks = _by_job(session, _CHECKS, ids)
        self._parts = _by_job(session, _PARTS, ids)
        self._notes = _by_job(session, _NOTES, ids)
        self._photos = _by_job(session, _PHOTOS, ids)
        self._assets = _by_job(session, _ASSETS, ids)
        self._before = _list_visits_before(session, {job.customer_id for job in jobs}, ids)
        self.van: Mapping[str, int] = dict(session.execute(_VAN, {"technician_id": technician_id}).all())
        """Pieces by part, as they are now."""

    def of(self, job: Job) -> Json:
        """JSON-ready; `used` is null until somebody has said it."""
        return {
            "checks": [
                {"position": one.position, "text": one.text, "required": one.required, "done": one.done_at is not None}
                for one in self._checks[job.id]
            ],
            "parts": [
                {"name": one.part, "count": one.pieces, "used": one.used, "on_van": self.van.get(one.part, 0)}
                for one in self._parts[job.id]
            ],
            "written": [
                {"at": clock.to_iso(one.at), "who": one.who or "", "text": one.text} for one in self._notes[job.id]
            ],
            "photos": [{"id": one.id, "caption": one.caption} for one in self._photos[job.id]],
            "assets": [_asset(one) for one in self._assets[job.id]],
            "customer_notes": job.customer.notes,
            "before": self._before[job.customer_id],
        }


def _by_job(session: Session, query: Executable, job_ids: Collection[int]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.execute(query, {"job_ids": job_ids}) if job_ids else ():
        found[row.job_id].append(row)
    return found


def _asset(row: Any) -> Json:
    words = " ".join(one for one in (row.maker, row.model) if one)
    return {
        "name": row.name,
        "words": ", ".join(one for one in (words, row.serial and f"serial {row.serial}") if one),
        "installed_on": row.installed_on.isoformat() if row.installed_on else None,
        "notes": row.notes,
        "work": row.work,
    }


def _select_visits_before() -> Executable:
    """The last visits that ended, the newest first, with what was written down there last."""
    place = func.row_number().over(partition_by=Job.customer_id, order_by=Stop.actual_end_at.desc())
    ended = (
        select(Job.customer_id, Job.title, Stop.job_id, Stop.status, Stop.actual_end_at, place.label("place"))
        .join(Stop, Stop.job_id == Job.id)
        .join(PlanVersion, Stop.plan_id == PlanVersion.id)
        .where(
            Job.customer_id.in_(bindparam("customer_ids", expanding=True)),
            Job.id.not_in(_OF_JOBS),
            PlanVersion.status == "published",
            Stop.status.in_(BEGUN),
            Stop.actual_end_at.is_not(None),
        )
        .subquery()
    )
    said = select(Note.text).where(Note.job_id == ended.c.job_id).order_by(Note.at.desc(), Note.id.desc()).limit(1)
    return (
        select(ended, said.scalar_subquery().label("words"))
        .where(ended.c.place <= VISITS_BEFORE)
        .order_by(ended.c.actual_end_at.desc())
    )


_BEFORE = _select_visits_before()


def _list_visits_before(
    session: Session, customer_ids: Collection[int], without_ids: Collection[int]
) -> defaultdict[int, list[Json]]:
    """By customer."""
    found: defaultdict[int, list[Json]] = defaultdict(list)
    given = {"customer_ids": customer_ids, "job_ids": without_ids}
    for row in session.execute(_BEFORE, given) if customer_ids else ():
        found[row.customer_id].append(
            {
                "at": clock.to_iso(row.actual_end_at),
                "title": row.title,
                "status": WORDS[row.status],
                "words": row.words or "",
            }
        )
    return found
