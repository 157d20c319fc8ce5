"""What moving one job by hand would do, told before it is done: later stops, lateness, promises, broken rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from data.travel import TravelSource
from dispatch import clock
from dispatch.models import PlanRoute, Stop
from dispatch.planning.by_hand import try_move
from dispatch.planning.draft_routes import list_decided_routes
from dispatch.planning.draft_summary import breaks_promise, driving_words, keeps_promise
from dispatch.planning.drafts import LaidOut
from dispatch.reports.kpis import add_up, late_s, route_totals

Json = dict[str, Any]

NOTICED_S = 60
"""Whoever starts by less than this earlier or later starts as before."""


def preview_move(
    session: Session,
    on: date,
    job_id: int,
    technician_code: str,
    start_at: datetime | None,
    now: datetime,
    travel_source: TravelSource | None = None,
) -> Json:
    """JSON-ready: `start_at` (null: it fits nowhere with that technician), whether all of it `fits`, and sentences.

    `costs` are what it costs others, `obstacles` what would have to give way, `broken` which rules it breaks, which
    somebody may keep for a reason. Raises Conflict, NotFound, InvalidInput.
    """
    tried = try_move(session, on, job_id, technician_code, start_at, now, travel_source)
    if tried is None:
        return {"start_at": None, "fits": False, "costs": [], "obstacles": [], "broken": []}
    before, after, found_at = tried
    return {
        "start_at": clock.to_iso(found_at),
        "fits": after.decided.plan is not None,
        "costs": list(_costs(before, after, job_id)) if after.decided.plan is not None else [],
        "obstacles": list(after.decided.obstacles),
        "broken": [f"{after.day.sentence_of(one)}." for one in after.decided.violations],
    }


def _costs(before: LaidOut, after: LaidOut, job_id: int) -> Iterator[str]:
    then, now = list_decided_routes(before), list_decided_routes(after)
    yield f"{driving_words(_travel_s(now) - _travel_s(then))}.".capitalize()
    zone, starts = after.draft.zone, {stop.job_id: stop for _, stop in _stops(then)}
    for route, stop in _stops(now):
        old = starts.get(stop.job_id)
        if old is None or stop.job_id == job_id:
            continue
        by_s = clock.seconds_between(old.planned_start_at, stop.planned_start_at)
        if abs(by_s) >= NOTICED_S:
            way = "later" if by_s > 0 else "earlier"
            at = clock.local_time(stop.planned_start_at, zone)
            yield f"{stop.job.customer.name} ({route.technician.name}) {abs(by_s) // 60} min {way}, at {at}."
    for _, stop in _stops(now):
        was = starts.get(stop.job_id)
        if late_s(stop) > (late_s(was) if was else 0):
            yield f"{stop.job.customer.name} would be {round(late_s(stop) / 60)} min late."
    broken = [line.job for line in after.draft.changes if line.job_id == job_id and breaks_promise(line)]
    for _, stop in _stops(now):
        was = starts.get(stop.job_id)
        if stop.job_id != job_id and was is not None and keeps_promise(was) and not keeps_promise(stop):
            broken.append(stop.job)
    for job in broken:
        yield f"The time promised to {job.customer.name} would not be kept."


def _travel_s(routes: list[PlanRoute]) -> int:
    return add_up(route_totals(route) for route in routes).travel_s


def _stops(routes: list[PlanRoute]) -> Iterator[tuple[PlanRoute, Stop]]:
    return ((route, stop) for route in routes for stop in route.stops)
