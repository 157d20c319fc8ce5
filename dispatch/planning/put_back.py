"""Puts a visit that newer plans took off a route back on it, as the next published version of its day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dispatch.events import record_event
from dispatch.models import PlanChange, PlanRoute, PlanVersion, Stop
from dispatch.planning.answers import answer_incidents
from dispatch.planning.copying import copy_routes, copy_row
from dispatch.planning.day_over import is_over
from dispatch.planning.making_way import make_way


def put_back(
    session: Session, old: Stop, current: PlanVersion, now: datetime, by_user_id: int | None, reason: str
) -> None:
    """Publish `current`, which is locked with its day, once more with the visit where `old` had it, waiting there.

    Whoever has it by now has it no more; everything else stays. Drafts make way as for any other published version,
    but on a day that is over, where nobody can publish them.
    """
    number = 1 + (session.scalar(select(func.max(PlanVersion.version)).where(PlanVersion.on == current.on)) or 0)
    drafts = []
    if not is_over(session, current.on, now):
        drafts = make_way(session, current.on, number, as_draft=False, decided=None, now=now, by_user_id=by_user_id)
    version = copy_row(
        current,
        version=number,
        base_id=current.id,
        draft_id=None,
        revision=1,
        made_at=now,
        published_at=now,
        published_by_user_id=by_user_id,
    )
    current.status = "superseded"
    session.flush()  # at most one version of a day is published, at every moment
    version.unassigned = [copy_row(one) for one in current.unassigned if one.job_id != old.job_id]
    version.violations = [copy_row(one) for one in current.violations if one.job_id != old.job_id]
    version.changes = [_line(old, current, reason)]
    session.add(version)
    session.flush()  # stops name their plan by id
    copy_routes(session, current.id, version.id)
    session.execute(delete(Stop).where(Stop.plan_id == version.id, Stop.job_id == old.job_id))
    route = _find_route(session, old, version)
    last = session.scalar(select(func.max(Stop.position)).where(Stop.route_id == route.id)) or 0
    status = "planned" if old.actual_departed_at is None else "en_route"
    own = {"plan_id": version.id, "position": last + 1, "status": status, "pinned": False}
    told = dict.fromkeys(("sent_at", "seen_at", "actual_start_at", "actual_end_at"))
    session.add(copy_row(old, route_id=route.id, **own, **told))
    after = {"on": version.on, "version": number, "changes": 1}
    record_event(session, "plan published", now, by_user_id, version, after=after, reason=reason)
    session.flush()
    session.expire(version)
    answer_incidents(session, version, (), drafts, (), now, by_user_id, reason)


def _line(old: Stop, current: PlanVersion, reason: str) -> PlanChange:
    before = next((stop for route in current.routes for stop in route.stops if stop.job_id == old.job_id), None)
    return PlanChange(
        job_id=old.job_id,
        kind="added" if before is None else "moved",
        from_technician_id=None if before is None else before.route.technician_id,
        from_start_at=None if before is None else before.planned_start_at,
        to_technician_id=old.route.technician_id,
        to_start_at=old.planned_start_at,
        reason=reason,
        costs={},
        together_job_ids=[],
    )


def _find_route(session: Session, old: Stop, version: PlanVersion) -> PlanRoute:
    """The technician's in that version; with the hours of before where they have none there, or nothing to do."""
    own = PlanRoute.plan_id == version.id, PlanRoute.technician_id == old.route.technician_id
    route = session.scalar(select(PlanRoute).where(*own))
    if route is None:
        route = copy_row(old.route, plan_id=version.id)
        session.add(route)
    elif route.leave_at is None:
        route.leave_at, route.home_at = old.route.leave_at, old.route.home_at
        route.travel_home_s, route.travel_home_m = old.route.travel_home_s, old.route.travel_home_m
    session.flush()
    return route
