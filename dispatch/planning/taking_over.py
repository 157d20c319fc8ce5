"""Takes over into a repaired version what the repair is not about: others' routes, and why others are left out."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from dispatch.models import PlanVersion
from dispatch.planning.copying import copy_routes, copy_row


def take_over_rest(
    session: Session, version: PlanVersion, current: PlanVersion, among: Collection[int], numbers: Collection[str]
) -> None:
    """Copy from `current`, which is locked, what is of nobody in `among` and about none of the jobs with `numbers`."""
    copy_routes(session, current.id, version.id, among)
    known = {one.job_id for one in version.unassigned}
    for left in current.unassigned:
        if left.job.number not in numbers and left.job.status == "open" and left.job_id not in known:
            version.unassigned.append(copy_row(left))
    elsewhere = {stop.job_id for route in version.routes if route.technician_id in among for stop in route.stops}
    for one in current.violations:
        if one.technician_id not in among and one.job_id not in elsewhere:
            version.violations.append(copy_row(one))
