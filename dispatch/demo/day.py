"""The sample company's day as it stands now: what was planned until now has been done, as on a day that went well."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.errors import Conflict
from dispatch.events import record_event
from dispatch.jobs.statuses import WAITING
from dispatch.models import Stop
from dispatch.planning.facts import find_published


def live_until_now(session: Session, now: datetime) -> int:
    """Visits of today's published plan that were to begin before now are on site or done; returns how many.

    From then on hours pass in the demo as anywhere: plans use only those that are left. Without this, a demo that is
    begun in the afternoon opens with everybody hours late. At night, when nobody is at work any more, nothing is done,
    and the whole day can still be planned and looked at. Raises Conflict for anything but the demo.
    """
    if installation.find_setting(session, installation.DEMO) != "yes":
        raise Conflict("This database is not the demo's; only what people report happens here.")
    plan = find_published(session, clock.local_day(now, installation.get_zone(session)))
    routes = plan.routes if plan else []
    stops = [stop for route in routes for stop in route.stops if stop.status in WAITING]
    if plan is None or all(stop.planned_end_at <= now for stop in stops):
        return 0
    begun = [stop for stop in stops if stop.planned_start_at <= now]
    for stop in begun:
        _do(stop, now)
        # Of a kind of its own: customers are written to about what people report.
        record_event(session, "visited in the demo", now, None, stop.job, after={"status": stop.status})
    installation.store_setting(session, installation.PLANS_WHOLE_DAY, "no")
    record_event(session, "demo lived until now", now, None, plan, after={"visits": len(begun)})
    return len(begun)


def _do(stop: Stop, now: datetime) -> None:
    """As planned, to the second."""
    stop.actual_departed_at = stop.planned_arrive_at - timedelta(seconds=stop.travel_s)
    stop.actual_start_at, stop.status = stop.planned_start_at, "on_site"
    if stop.planned_end_at <= now:
        stop.actual_end_at, stop.status, stop.job.status = stop.planned_end_at, "done", "done"
