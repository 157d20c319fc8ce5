"""Takes over into a repaired version what the repair is not about: others' routes, and why others are left out."""

from __future__ import annotations

from collections.abc import Collection

from dispatch.models import PlanRoute, PlanVersion, PlanViolation, Rest, Stop, UnassignedJob

ROUTE = ("technician_id", "shift_start_at", "shift_end_at", "latest_end_at", "leave_at", "home_at", "travel_home_s")
STOP = (
    "job_id",
    "position",
    "status",
    "pinned",
    "planned_arrive_at",
    "planned_start_at",
    "planned_end_at",
    "setup_s",
    "travel_s",
    "travel_m",
    "actual_departed_at",
    "actual_start_at",
    "actual_end_at",
)


def take_over_rest(
    version: PlanVersion, current: PlanVersion, among: Collection[int], numbers: Collection[str]
) -> None:
    """Copy from `current`, which is locked, what is of nobody in `among` and about none of the jobs with `numbers`."""
    for route in current.routes:
        if route.technician_id not in among:
            version.routes.append(_copy(route, version))
    known = {one.job_id for one in version.unassigned}
    for left in current.unassigned:
        if left.job.number not in numbers and left.job.status == "open" and left.job_id not in known:
            version.unassigned.append(
                UnassignedJob(
                    job_id=left.job_id,
                    rule=left.rule,
                    sentence=left.sentence,
                    technicians=left.technicians,
                    remedies=left.remedies,
                )
            )
    elsewhere = {stop.job_id for route in version.routes if route.technician_id in among for stop in route.stops}
    for one in current.violations:
        if one.technician_id not in among and one.job_id not in elsewhere:
            version.violations.append(
                PlanViolation(
                    rule=one.rule,
                    sentence=one.sentence,
                    job_id=one.job_id,
                    technician_id=one.technician_id,
                    kept_by_user_id=one.kept_by_user_id,
                    kept_reason=one.kept_reason,
                )
            )


def _copy(route: PlanRoute, version: PlanVersion) -> PlanRoute:
    row = PlanRoute(travel_home_m=route.travel_home_m, **{name: getattr(route, name) for name in ROUTE})
    row.rests = [Rest(planned_start_at=one.planned_start_at, planned_end_at=one.planned_end_at) for one in route.rests]
    row.stops = [Stop(plan_id=version.id, **{name: getattr(stop, name) for name in STOP}) for stop in route.stops]
    return row
