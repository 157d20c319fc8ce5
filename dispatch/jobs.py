"""What technicians report from their stops, and which moves of a stop's status exist."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.errors import Conflict, Forbidden, InvalidInput, NotFound
from dispatch.events import record_event
from dispatch.models import STOP_STATUSES, PlanRoute, PlanVersion, Stop, User

NEXT: dict[str, tuple[str, ...]] = {
    "planned": ("en_route", "on_site"),
    "en_route": ("on_site", "no_access", "planned"),
    "on_site": ("done", "no_access"),
    "done": (),
    "no_access": (),
}
"""Every move there is. Back from en_route to planned is a tap by mistake taken back."""

WORDS = {
    "planned": "planned",
    "en_route": "on the way",
    "on_site": "on site",
    "done": "done",
    "no_access": "no access",
}


def report_status(session: Session, stop_id: int, status: str, by_user: User | None, now: datetime) -> dict[str, Any]:
    """Store what happened. The same report twice is accepted once: phones repeat what they are unsure of.

    A stop of an older plan stands for the same job in the published one, if the technician is the same.
    Raises InvalidInput (unknown status), NotFound, Forbidden (another's stop), Conflict (no such move).
    """
    if status not in STOP_STATUSES:
        raise InvalidInput([f"There is no status {status!r}; use one of: {', '.join(STOP_STATUSES)}."])
    stop = _get_published_stop(session, stop_id, by_user)
    if stop.status != status:
        session.refresh(stop.job, with_for_update={"key_share": True})  # waits while an import is changing it
        before = stop.status
        _move(stop, status, now)
        record_event(
            session,
            "stop status",
            now,
            by_user.id if by_user else None,
            stop.job,
            before={"status": before},
            after={"stop_id": stop.id, "status": status},
        )
        session.flush()
    return {
        "stop_id": stop.id,
        "job_id": stop.job_id,
        "status": stop.status,
        "next": list(NEXT[stop.status]),
        "departed_at": clock.find_iso(stop.actual_departed_at),
        "started_at": clock.find_iso(stop.actual_start_at),
        "ended_at": clock.find_iso(stop.actual_end_at),
    }


def _move(stop: Stop, status: str, now: datetime) -> None:
    if status not in NEXT[stop.status]:
        raise Conflict(
            f"This visit is {WORDS[stop.status]} by now; it cannot become {WORDS[status]}. "
            "Report what the day offers as it stands now."
        )
    if stop.job.status == "cancelled" and status in ("en_route", "on_site"):
        raise Conflict(
            "This job has been cancelled. If you are on the way, take that back, and go on with the next visit."
        )
    if status == "planned":
        stop.actual_departed_at = None
    elif status == "en_route":
        stop.actual_departed_at = now
    elif status == "on_site":
        stop.actual_start_at = now
    else:
        # Without having been on site, the attempt began and ended now.
        stop.actual_start_at = min(stop.actual_start_at or now, now)
        stop.actual_end_at = now
        if status == "done" or stop.job.status != "cancelled":  # work that was done was done; no access changes nothing
            stop.job.status = status
    stop.status = status


def _get_published_stop(session: Session, stop_id: int, by_user: User | None) -> Stop:
    asked = session.get(Stop, stop_id, with_for_update={"of": Stop})  # waits while a plan is being stored
    if asked is None:
        raise NotFound(f"There is no stop with id {stop_id}.")
    _refuse_strangers(asked.route, by_user)
    stop = asked
    # Looks again after each wait for the lock: meanwhile yet another version may have been published.
    while (plan := session.get_one(PlanVersion, stop.plan_id, populate_existing=True)).status != "published":
        current = session.scalar(
            select(Stop)
            .join(PlanVersion, Stop.plan_id == PlanVersion.id)
            .where(Stop.job_id == asked.job_id, PlanVersion.on == plan.on, PlanVersion.status == "published")
            .with_for_update(of=Stop)
        )
        if current is None or current.route.technician_id != asked.route.technician_id:
            raise Conflict("The plan has changed: this visit is no longer on your route. Go on with what is on it now.")
        stop = current
    return stop


def _refuse_strangers(route: PlanRoute, by_user: User | None) -> None:
    """Technicians report their own stops; dispatchers and admins any; managers none."""
    if by_user is None:
        raise Forbidden("Sign in to report.")
    if by_user.role in ("dispatcher", "admin"):
        return
    if by_user.role != "technician" or by_user.technician_id != route.technician_id:
        raise Forbidden("This stop is on somebody else's route.")
