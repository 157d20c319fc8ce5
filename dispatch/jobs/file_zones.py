"""By whose clock a file of jobs tells times: that of the place where the work is, as forms and messages do."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from data.territories import assign
from dispatch import installation
from dispatch.entry.rows import is_same_point
from dispatch.models import Job, Territory
from dispatch.territories.coverage import list_outlined

Point = tuple[float, float]
ZoneOf = Callable[[str, str | None, bool, Point], str]
"""By the number, the territory that the line names, whether the file says anything of territories, and the point."""


def find_zones(session: Session) -> ZoneOf:
    """Says the zone of each line: of the territory in which the job will be once it is stored, else the office's."""
    office = installation.get_zone(session)
    if not installation.has_several_zones(session):
        return lambda number, territory, is_told, point: office
    zones = {row.name: row.zone for row in session.scalars(select(Territory))}
    outlined = list_outlined(session)
    stored = select(Job).options(joinedload(Job.location), joinedload(Job.territory))
    known = {job.number: job for job in session.scalars(stored.where(Job.territory_id.is_not(None)))}

    def find(number: str, territory: str | None, is_told: bool, point: Point) -> str:
        if territory is not None:
            return zones.get(territory, office)  # who names none that there is is refused
        job = known.get(number)
        if job is not None and not is_told and (not outlined or is_same_point(job.location.point, point)):
            return installation.get_zone_at(session, job.territory)
        [lies_in] = assign([point], outlined)
        return office if lies_in is None else zones[lies_in]

    return find
