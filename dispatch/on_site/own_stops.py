"""Whose stop it is: technicians reach their own alone, the office any; and which stop stands for an older one."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dispatch.errors import Conflict, Forbidden, NotFound
from dispatch.models import PlanRoute, PlanVersion, Stop, User


def get_own_stop(session: Session, stop_id: int, by_user: User | None) -> Stop:
    """The stop of any plan that was ever somebody's day; the office's of a draft too.

    Raises NotFound, Forbidden (another's stop).
    """
    with_plan = joinedload(Stop.route).joinedload(PlanRoute.plan)
    # Waits while a plan is being stored.
    stop = session.get(Stop, stop_id, with_for_update={"of": Stop}, options=[with_plan])
    if stop is None:
        raise NotFound(f"There is no stop with id {stop_id}.")
    _refuse_strangers(stop.route, by_user)
    is_technician = by_user is not None and by_user.role == "technician"
    if is_technician and stop.route.plan.published_at is None:  # only proposed: somebody else may be sent there
        raise NotFound(f"There is no stop with id {stop_id}.")
    return stop


def get_published_stop(session: Session, stop_id: int, by_user: User | None) -> Stop:
    """The stop, or the one that stands for it in the plan published now, if the technician is the same.

    Raises NotFound, Forbidden (another's stop), Conflict (it went to somebody else).
    """
    return get_standing_stop(session, get_own_stop(session, stop_id, by_user))


def get_standing_stop(session: Session, asked: Stop) -> Stop:
    """The same for a stop that is locked, and whose it is has been asked. Raises Conflict."""
    stop = find_standing_stop(session, asked)
    if stop is None:
        raise Conflict("The plan has changed: this visit is no longer on your route. Go on with what is on it now.")
    return stop


def find_standing_stop(session: Session, asked: Stop) -> Stop | None:
    """The same; None where it went to somebody else, whose stop is not locked."""
    stop = asked
    # Looks again after each wait for the lock: meanwhile yet another version may have been published.
    while not _is_published(session, stop.route.plan):
        current = session.scalar(
            select(Stop)
            .join(PlanVersion, Stop.plan_id == PlanVersion.id)
            .join(Stop.route)
            .where(
                Stop.job_id == asked.job_id,
                PlanVersion.on == asked.route.plan.on,
                PlanVersion.status == "published",
                PlanRoute.technician_id == asked.route.technician_id,
            )
            .with_for_update(of=Stop)
        )
        if current is None:
            return None
        stop = current
    return stop


def _is_published(session: Session, plan: PlanVersion) -> bool:
    session.refresh(plan, ["status"])
    return plan.status == "published"


def _refuse_strangers(route: PlanRoute, by_user: User | None) -> None:
    """Technicians report their own stops; dispatchers and admins any; managers none."""
    if by_user is None:
        raise Forbidden("Sign in to report.")
    if by_user.role in ("dispatcher", "admin"):
        return
    if by_user.role != "technician" or by_user.technician_id != route.technician_id:
        raise Forbidden("This stop is on somebody else's route.")
