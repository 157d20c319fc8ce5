"""A draft as a board: who would do what when, by what has been decided so far, beside the list of its changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from data.travel import TravelSource
from dispatch import clock
from dispatch.board.day import as_kpis, left_out_row, list_left_out
from dispatch.board.lanes import list_items
from dispatch.board.map_layers import draw_routes
from dispatch.models import PlanRoute, PlanVersion
from dispatch.planning.carry import REFUSED
from dispatch.planning.draft_description import describe_draft
from dispatch.planning.draft_routes import list_decided_routes
from dispatch.planning.drafts import LaidOut, lay_out_draft
from dispatch.planning.wanted import list_wanted_jobs
from dispatch.reports.kpis import route_totals

Json = dict[str, Any]


def get_draft_board(
    session: Session, draft: PlanVersion, now: datetime, travel_source: TravelSource | None = None
) -> Json:
    """The draft as `describe_draft` tells it, with `lanes`, `unassigned` and `kpis` as the board has them.

    Raises Conflict for a day that is over.
    """
    return as_board(session, lay_out_draft(session, draft, now, travel_source), now)


def get_draft_lines(session: Session, draft: PlanVersion, now: datetime) -> Json:
    """The way along the streets of each technician, as `get_route_lines` has it for what is published."""
    return draw_routes(session, draft.on, list_decided_routes(lay_out_draft(session, draft, now)))


def as_board(session: Session, laid_out: LaidOut, now: datetime) -> Json:
    """As `get_draft_board`, of a draft that is laid out already."""
    routes = list_decided_routes(laid_out)
    draft, facts = laid_out.draft, laid_out.facts
    planned = {stop.job_id for route in routes for stop in route.stops}
    wanted = list_wanted_jobs(session, draft.on, now=now, zone=draft.zone, until_at=facts.over_at)
    drafted = {stop.job_id for route in draft.routes for stop in route.stops if stop.status != "cancelled"}
    rows = list_left_out(session, draft, [job for job in wanted if job.id not in drafted], is_over=False)
    rows += [
        left_out_row(line.job, REFUSED, "It came in meanwhile, and adding it is refused in this draft.", [], [])
        for line in draft.changes
        if line.decision == "refused" and line.kind == "added"
    ]
    unassigned = [row for row in rows if row["job_id"] not in planned]
    return {
        **describe_draft(laid_out),
        "lanes": [_lane(route) for route in routes],
        "unassigned": unassigned,
        "kpis": as_kpis([route_totals(route) for route in routes], len(unassigned)),
    }


def _lane(route: PlanRoute) -> Json:
    totals = route_totals(route)
    return {
        "technician_id": route.technician_id,
        "leave_at": clock.find_iso(route.leave_at),
        "home_at": clock.find_iso(route.home_at),
        "utilization": totals.utilization,
        "busy_share": totals.busy_share,
        "items": list_items(route),
    }
