"""By whose clock a file of jobs tells times: that of the place where the work is, as forms and messages do."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.territories import assign
from dispatch import installation
from dispatch.entry.rows import is_same_point
from dispatch.models import Job, Location, Territory
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
    where = select(Job.number, Location.lat, Location.lon, Territory.zone).join(Job.location).outerjoin(Job.territory)
    known = {job_number: ((lat, lon), zone or office) for job_number, lat, lon, zone in session.execute(where)}

    def find(number: str, territory: str | None, is_told: bool, point: Point) -> str:
        if territory is not None:
            return zones.get(territory, office)  # who names none that there is is refused
        known_at, zone = known.get(number, (None, office))
        if known_at is not None and not is_told and (not outlined or is_same_point(known_at, point)):
            return zone
        [lies_in] = assign([point], outlined)
        return office if lies_in is None else zones[lies_in]

    return find
