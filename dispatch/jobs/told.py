"""What people and programs tell of a job, new or stored, judged against what is stored: parts, assets, technicians."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.models import ASSET_WORK, WISHES, Asset, Part, Technician


def list_unknown(
    session: Session,
    customer_id: int,
    *,
    parts: Mapping[str, int],
    assets: Mapping[int, str],
    wishes: Mapping[int, str],
) -> Iterator[str]:
    """Sentences about names and ids that are not there, and words that are none of those that can be used."""
    known = set(session.scalars(select(Part.name).where(Part.name.in_(parts)))) if parts else set()
    for part in parts:
        if part not in known:
            yield f"parts: there is no part {part!r}; add it to the catalogue, or mend its name."
    found = session.execute(select(Asset.id, Asset.customer_id).where(Asset.id.in_(assets))) if assets else ()
    owners = {row.id: row.customer_id for row in found}
    for asset_id, work in assets.items():
        if owners.get(asset_id) != customer_id:
            yield f"assets: the customer has no asset with id {asset_id}."
        if work not in ASSET_WORK:
            yield f"assets: {work!r} is no work on an asset; use one of: {', '.join(ASSET_WORK)}."
    technician = Technician.__table__.c  # also those whom the session's territories hide: a job may name them
    people = set(session.scalars(select(technician.id).where(technician.id.in_(wishes)))) if wishes else set()
    for technician_id, wish in wishes.items():
        if technician_id not in people:
            yield f"wishes: there is no technician with id {technician_id}."
        if wish not in WISHES:
            yield f"wishes: {wish!r} is no wish; use one of: {', '.join(WISHES)}."
