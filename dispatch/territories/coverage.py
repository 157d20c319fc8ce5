"""Where the territories' outlines overlap or leave holes, and which open jobs lie in none: how each was decided."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from data.outlines import from_geojson
from data.records import TerritoryRecord
from data.territories import assign, list_gaps, list_overlaps
from dispatch.models import Job, Location, Territory


@dataclass(frozen=True)
class Shared:
    """Two territories that claim the same square kilometres; jobs there belong to `first`."""

    first: str
    second: str
    area_km2: float


@dataclass(frozen=True)
class Hole:
    """Square kilometres that territories surround and none covers, about a (lat, lon) point."""

    area_km2: float
    lat: float
    lon: float


@dataclass(frozen=True)
class Coverage:
    """`outside` are open jobs without a territory: anybody with their skills may be sent there."""

    overlaps: list[Shared]
    holes: list[Hole]
    outside: list[Job]


def get_coverage(session: Session) -> Coverage:
    """How it stands now; without outlines nothing overlaps and nothing has holes."""
    outlined = list_outlined(session)
    outside = session.scalars(
        select(Job)
        .where(Job.status == "open", Job.territory_id.is_(None))
        .order_by(Job.number)
        .options(joinedload(Job.location), joinedload(Job.customer))
    )
    centres = [(gap.area_km2, gap.shape.representative_point()) for gap in list_gaps(outlined)]
    return Coverage(
        overlaps=[Shared(one.first, one.second, one.area_km2) for one in list_overlaps(outlined)],
        holes=[Hole(area_km2, point.y, point.x) for area_km2, point in centres],
        outside=list(outside),
    )


def find_territories(session: Session, locations: list[Location]) -> list[Territory | None]:
    """The territory whose outline holds each place, or None; where two overlap, the first by name has it."""
    names = assign([one.point for one in locations], list_outlined(session))
    rows = {row.name: row for row in session.scalars(select(Territory))}
    return [None if name is None else rows[name] for name in names]


def list_outlined(session: Session) -> list[TerritoryRecord]:
    """Those that have an outline, by name."""
    rows = session.scalars(select(Territory).where(Territory.polygon.is_not(None)).order_by(Territory.name))
    return [TerritoryRecord(row.name, row.zone, from_geojson(row.polygon)) for row in rows if row.polygon]
