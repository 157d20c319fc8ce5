"""Photos of a job: stored once however often they are sent, and shown to those who may see the job."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from dispatch.errors import Conflict, Forbidden, NotFound
from dispatch.events import record_event
from dispatch.models import Job, Photo, PlanRoute, PlanVersion, Stop, User
from dispatch.on_site.pictures import CleanPicture, make_small

MOST_OF_A_JOB = 60
LONGEST_CAPTION = 200


def add_photo(
    session: Session,
    job: Job,
    picture: CleanPicture,
    caption: str,
    by_user: User,
    now: datetime,
    at: datetime | None = None,
) -> Photo:
    """Store a picture as of that moment; one that is there already stays as it is.

    Raises Conflict (the job has very many already).
    """
    digest = sha256(picture).hexdigest()
    session.refresh(job, with_for_update={"key_share": True})  # of two that repeat at once, one waits
    known = session.scalar(select(Photo).where(Photo.job_id == job.id, Photo.sha256 == digest))
    if known is not None:
        return known
    count = session.scalar(select(func.count()).where(Photo.job_id == job.id)) or 0
    if count >= MOST_OF_A_JOB:
        raise Conflict(f"Job {job.number} has {count} photos already, which is as many as a job may have.")
    photo = Photo(
        job_id=job.id,
        taken_at=at or now,
        user_id=by_user.id,
        caption=caption.strip()[:LONGEST_CAPTION],
        content_type="image/jpeg",
        sha256=digest,
        data=picture,
    )
    session.add(photo)
    session.flush()
    record_event(session, "photo added", now, by_user.id, job, after={"photo_id": photo.id, "caption": photo.caption})
    return photo


def list_photos(session: Session, job_ids: list[int]) -> list[Photo]:
    """Photos of those jobs without their data, the first taken first."""
    return list(session.scalars(select(Photo).where(Photo.job_id.in_(job_ids)).order_by(Photo.taken_at, Photo.id)))


def get_photo_data(session: Session, photo_id: int, by_user: User | None, *, small: bool = False) -> bytes:
    """The JPEG, or its thumbnail.

    Technicians see photos of jobs that are or were on their own published routes; dispatchers and admins those of all
    jobs that the session finds. Raises NotFound, Forbidden.
    """
    photo = session.get(Photo, photo_id, options=[undefer(Photo.data)])
    if photo is None or session.get(Job, photo.job_id) is None:
        raise NotFound("There is no such photo.")
    if not _may_see(session, photo, by_user):
        raise Forbidden("This photo is of somebody else's visit.")
    return make_small(photo.data) if small else photo.data


def _may_see(session: Session, photo: Photo, by_user: User | None) -> bool:
    if by_user is None or by_user.role == "manager":
        return False
    if by_user.role in ("dispatcher", "admin"):
        return True
    own = (
        select(Stop.id)
        .join(PlanRoute, Stop.route_id == PlanRoute.id)
        .join(PlanVersion, Stop.plan_id == PlanVersion.id)
        .where(
            Stop.job_id == photo.job_id,
            PlanRoute.technician_id == by_user.technician_id,
            PlanVersion.status == "published",
        )
    )
    return session.scalar(own.limit(1)) is not None
