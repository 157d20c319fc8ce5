"""What the phone shows of a visit beside its times: steps, parts, notes, photos, assets and the visits before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from dispatch import clock
from dispatch.models import Asset, Job, JobAsset, JobCheck, JobPart, Note, Photo, PlanVersion, Stop, VanStock
from dispatch.statuses import BEGUN, WORDS

Json = dict[str, Any]
VISITS_BEFORE = 3
"""As many as a technician reads at a door."""


class PhonePage:
    """Everything about the jobs of one day, read with a fixed number of queries however many jobs there are."""

    def __init__(self, session: Session, jobs: Collection[Job], technician_id: int) -> None:
        ids = [job.id for job in jobs]
        self._checks = _by_job(session.scalars(select(JobCheck).where(JobCheck.job_id.in_(ids))).all())
        self._parts = _by_job(session.scalars(select(JobPart).where(JobPart.job_id.in_(ids))).all())
        notes = select(Note).where(Note.job_id.in_(ids)).options(joinedload(Note.user)).order_by(Note.at, Note.id)
        self._notes = _by_job(session.scalars(notes).all())
        self._photos = _by_job(session.scalars(select(Photo).where(Photo.job_id.in_(ids)).order_by(Photo.id)).all())
        assets = select(JobAsset).where(JobAsset.job_id.in_(ids)).options(joinedload(JobAsset.asset))
        self._assets = _by_job(session.scalars(assets).all())
        self._before = _list_visits_before(session, {job.customer_id for job in jobs}, ids)
        self.van: Mapping[str, int] = {
            row.part: row.count
            for row in session.scalars(select(VanStock).where(VanStock.technician_id == technician_id))
        }
        """Pieces by part, as they are now."""

    def of(self, job: Job) -> Json:
        """JSON-ready; `used` is null until somebody has said it."""
        return {
            "checks": [
                {"position": one.position, "text": one.text, "required": one.required, "done": one.done_at is not None}
                for one in sorted(self._checks[job.id], key=lambda one: one.position)
            ],
            "parts": [
                {"name": one.part, "count": one.count, "used": one.used, "on_van": self.van.get(one.part, 0)}
                for one in sorted(self._parts[job.id], key=lambda one: one.part)
            ],
            "written": [
                {"at": clock.to_iso(one.at), "who": one.user.name if one.user else "", "text": one.text}
                for one in self._notes[job.id]
            ],
            "photos": [{"id": one.id, "caption": one.caption} for one in self._photos[job.id]],
            "assets": [_asset(one.asset, one.work) for one in self._assets[job.id]],
            "customer_notes": job.customer.notes,
            "before": self._before[job.customer_id],
        }


def _by_job(rows: Collection[Any]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.job_id].append(row)
    return found


def _asset(asset: Asset, work: str) -> Json:
    words = " ".join(one for one in (asset.maker, asset.model) if one)
    return {
        "name": asset.name,
        "words": ", ".join(one for one in (words, asset.serial and f"serial {asset.serial}") if one),
        "installed_on": asset.installed_on.isoformat() if asset.installed_on else None,
        "notes": asset.notes,
        "work": work,
    }


def _list_visits_before(
    session: Session, customer_ids: Collection[int], without_ids: Collection[int]
) -> defaultdict[int, list[Json]]:
    """By customer: the last visits that ended, the newest first, with what was written down there last."""
    place = func.row_number().over(partition_by=Job.customer_id, order_by=Stop.actual_end_at.desc()).label("place")
    ended = (
        select(Stop.id, place)
        .join(Job, Stop.job_id == Job.id)
        .join(PlanVersion, Stop.plan_id == PlanVersion.id)
        .where(
            Job.customer_id.in_(customer_ids),
            Job.id.not_in(without_ids),
            PlanVersion.status == "published",
            Stop.status.in_(BEGUN),
            Stop.actual_end_at.is_not(None),
        )
        .subquery()
    )
    stops = session.scalars(
        select(Stop)
        .join(ended, ended.c.id == Stop.id)
        .where(ended.c.place <= VISITS_BEFORE)
        .order_by(Stop.actual_end_at.desc())
        .options(joinedload(Stop.job))
    ).all()
    notes = _by_job(
        session.scalars(
            select(Note).where(Note.job_id.in_([stop.job_id for stop in stops])).order_by(Note.at, Note.id)
        ).all()
    )
    found: defaultdict[int, list[Json]] = defaultdict(list)
    for stop in stops:
        assert stop.actual_end_at is not None
        said = notes[stop.job_id]
        found[stop.job.customer_id].append(
            {
                "at": clock.to_iso(stop.actual_end_at),
                "title": stop.job.title,
                "status": WORDS[stop.status],
                "words": said[-1].text if said else "",
            }
        )
    return found
