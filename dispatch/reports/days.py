"""The manager's reports over several days."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from dispatch.errors import InvalidInput
from dispatch.models import Job, PlanRoute, PlanVersion, Stop
from dispatch.reports.kpis import DayTotals, add_up, route_totals

MOST_DAYS = 92

DEFINITIONS = {
    "shift_s": "Time from the start to the planned end of the shift; overtime is not included.",
    "service_s": "Work at customers including set-up, as planned in the published version of the day; cancelled visits "
    "are no work.",
    "travel_s": "Driving as planned, from leaving home to being home again; not to cancelled visits, unless somebody "
    "had set out.",
    "break_s": "Breaks.",
    "wait_s": "Waiting on the road as planned, such as for a time window to open.",
    "late": "Visits whose work started, or is to start, after the window promised to the customer, or after the SLA is "
    "due; cancelled ones are not counted.",
    "overtime_s": "Time between the planned end of the shift and being home. The shift of whoever falls ill ends "
    "there, or when it was to end.",
    "visits": "Visits on published routes that are not cancelled.",
    "utilization": "Service divided by shift time. Days without a published plan are not counted.",
    "busy_share": "Service plus travel, divided by shift time.",
}


def get_utilization(session: Session, from_on: date, to_on: date) -> dict[str, Any]:
    """One row per technician and planned day, both ends included; sums per technician; and the totals.

    Technicians at work without visits count with their shift. Raises InvalidInput for a wrong span of days.
    """
    if from_on > to_on:
        raise InvalidInput([f"The first day ({from_on}) is after the last ({to_on})."])
    if (to_on - from_on).days >= MOST_DAYS:
        raise InvalidInput([f"Ask for at most {MOST_DAYS} days at once."])
    routes = session.scalars(
        select(PlanRoute)
        .join(PlanRoute.plan)
        .where(PlanVersion.status == "published", PlanVersion.on.between(from_on, to_on))
        .options(
            selectinload(PlanRoute.plan),
            selectinload(PlanRoute.technician),
            selectinload(PlanRoute.rests),
            selectinload(PlanRoute.stops).selectinload(Stop.job).selectinload(Job.appointments),
        )
    ).all()
    ordered = sorted(routes, key=lambda route: (route.plan.on, route.technician.name, route.technician_id))
    totals = [route_totals(route) for route in ordered]
    return {
        "definitions": DEFINITIONS,
        "rows": [
            {
                "technician": route.technician.name,
                "technician_id": route.technician_id,
                "on": route.plan.on.isoformat(),
                **_numbers(total),
            }
            for route, total in zip(ordered, totals, strict=True)
        ],
        "technicians": _by_technician(ordered, totals),
        "totals": _numbers(add_up(totals)),
    }


def _by_technician(routes: list[PlanRoute], totals: list[DayTotals]) -> list[dict[str, Any]]:
    """The sums of each technician over all days, by name."""
    days: dict[tuple[str, int], list[DayTotals]] = {}
    for route, total in zip(routes, totals, strict=True):
        days.setdefault((route.technician.name, route.technician_id), []).append(total)
    return [
        {"technician": name, "technician_id": technician_id, "days": len(own), **_numbers(add_up(own))}
        for (name, technician_id), own in sorted(days.items())
    ]


def _numbers(total: DayTotals) -> dict[str, Any]:
    return {
        "shift_s": total.shift_s,
        "service_s": total.service_s,
        "travel_s": total.travel_s,
        "travel_m": total.travel_m,
        "break_s": total.break_s,
        "wait_s": total.wait_s,
        "overtime_s": total.overtime_s,
        "visits": total.visits,
        "late": total.late,
        "utilization": total.utilization,
        "busy_share": total.busy_share,
    }
