"""Territories on the map: their outlines with overlaps, holes and jobs outside, and giving one another outline."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from data.outlines import BadOutline, read_outline, to_geojson
from data.territories import list_gaps, list_overlaps
from dispatch.editing import change_row
from dispatch.errors import InvalidInput, NotFound
from dispatch.events import record_event
from dispatch.models import Job, Territory
from dispatch.territories.coverage import find_territories, list_outlined

Json = dict[str, Any]


def get_territory_map(session: Session) -> Json:
    """Everything as GeoJSON in one FeatureCollection; `kind` tells territory, overlap, hole and open job apart."""
    outlined = list_outlined(session)
    jobs = session.scalars(
        select(Job).where(Job.status == "open").options(joinedload(Job.location), joinedload(Job.customer))
    )
    features = [
        _feature(row.polygon, kind="territory", id=row.id, name=row.name, version=row.version)
        for row in list_territories(session)
        if row.polygon
    ]
    features += [
        _feature(to_geojson(one.shape), kind="overlap", name=f"{one.first}, also claimed by {one.second}")
        for one in list_overlaps(outlined)
    ]
    features += [
        _feature(to_geojson(one.shape), kind="hole", name="Hole: in no territory") for one in list_gaps(outlined)
    ]
    features += [
        {
            "type": "Feature",
            "properties": {
                "kind": "job",
                "name": f"{job.number} {job.title}, {job.customer.name}",
                "is_outside": job.territory_id is None,
            },
            "geometry": {"type": "Point", "coordinates": [job.location.lon, job.location.lat]},
        }
        for job in jobs
    ]
    return {"type": "FeatureCollection", "features": features}


def list_territories(session: Session) -> list[Territory]:
    """All, by name."""
    return list(session.scalars(select(Territory).order_by(Territory.name)))


def change_outline(
    session: Session, territory_id: int, seen_version: int, text: str, by_user_id: int | None, now: datetime
) -> int:
    """Give a territory the outline that somebody drew or pasted; returns how many open jobs have another one now.

    Jobs of this territory, and those of none, get the territory that they lie in by now. Raises InvalidInput with all
    that is wrong with the outline, NotFound, Stale.
    """
    territory = session.get(Territory, territory_id)
    if territory is None:
        raise NotFound(f"There is no territory with id {territory_id}.")
    try:
        outline = read_outline(text)
    except BadOutline as error:
        raise InvalidInput(error.problems) from error
    change_row(session, territory, seen_version, now, by_user_id, polygon=to_geojson(outline))
    session.flush()
    return follow_outlines(session, [territory], f"{territory.name} has another outline.", by_user_id, now)


def follow_outlines(
    session: Session, redrawn: Sequence[Territory], reason: str, by_user_id: int | None, now: datetime
) -> int:
    """Put the open jobs of territories that were drawn anew, and those of none, into the territory that they lie in.

    Returns how many have another one now; the history of each tells the reason.
    """
    if not redrawn:
        return 0
    concerned = Job.territory_id.in_([one.id for one in redrawn]) | Job.territory_id.is_(None)
    jobs = session.scalars(select(Job).where(Job.status == "open", concerned).options(joinedload(Job.location))).all()
    moved = 0
    for job, found in zip(jobs, find_territories(session, [job.location for job in jobs]), strict=True):
        new_id = None if found is None else found.id
        if job.territory_id != new_id:
            before, job.territory_id = job.territory_id, new_id
            record_event(
                session,
                "job changed",
                now,
                by_user_id,
                job,
                before={"territory_id": before},
                after={"territory_id": new_id},
                reason=reason,
            )
            moved += 1
    return moved


def _feature(outline: str, **properties: object) -> Json:
    return {"type": "Feature", "properties": properties, "geometry": json.loads(outline)}
