"""Territories: their outlines, with overlaps, holes and jobs outside; and what the vans of technicians carry."""

import json
from typing import Any

from flask import Response
from flask_login import current_user

from dispatch.accounts.users import get_user
from dispatch.db import Session
from dispatch.errors import InvalidInput
from dispatch.on_site.van import MOST, Counted, store_counts
from dispatch.team.absences import get_technician
from dispatch.territories.map import change_outline, get_territory_map, list_territories
from dispatch.territories.phone import change_phone
from web.access import ADMIN, DISPATCHER
from web.api.answers import dump, seen_version
from web.api.fields import Body, Object, Part, Several, Shown, Text, Whole
from web.api.plans import RoutesShown
from web.api.technicians import ONE as ONE_TECHNICIAN
from web.api.technicians import subject
from web.context import now, reading, writing

__all__ = ["subject"]

OFFICE = (DISPATCHER, ADMIN)


class TerritoryShown(Shown):
    """A territory; its version is the ETag that a change of its outline sends."""

    id = Whole(1)
    name = Text()
    zone = Text()
    phone = Text(allow_none=True, description="Where its customers call; null is the company's number.")
    version = Whole(1)


class TerritoriesShown(Shown):
    """All, by name."""

    territories = Several(Part(TerritoryShown))


class OutlineSent(Body):
    """Where it lies."""

    outline = Object(required=True, description="GeoJSON: a Polygon or MultiPolygon, or a Feature that has one.")


class OutlineShown(Shown):
    """What followed from the outline."""

    version = Whole(1)
    moved_jobs = Whole(description="So many open jobs have another territory now.")


class PhoneSent(Body):
    """Where its customers call."""

    phone = Text(40, required=True, description="As it is dialled, such as +56 51 221 0000; empty is the company's.")


class VanCountSent(Body):
    """What was counted: with what was seen before, so that nobody's work in the meantime is lost."""

    part = Text(200, 1, required=True)
    seen = Whole(0, MOST, required=True)
    count = Whole(0, MOST, required=True)


class CountsSent(Body):
    """Parts that are left out stay as they are."""

    counts = Several(Part(VanCountSent), required=True)


class StockShown(Shown):
    """Pieces of one part."""

    part = Text()
    count = Whole()


class VanShown(Shown):
    """What a van carries."""

    stock = Several(Part(StockShown), attribute="van_stock")


@subject.operation("GET", "/territories", TerritoriesShown, who=OFFICE)
def list_of_territories() -> Response:
    """List territories."""
    with reading() as session:
        return dump(TerritoriesShown, {"territories": list_territories(session)})


@subject.operation("GET", "/territories/map", RoutesShown, who=OFFICE)
def map_of_territories() -> Response:
    """Territories with overlaps, holes and open jobs, as GeoJSON; `kind` tells them apart."""
    with reading() as session:
        return dump(RoutesShown, get_territory_map(session))


@subject.operation(
    "PUT",
    "/territories/<int(min=1, max=2147483647):territory_id>/outline",
    OutlineShown,
    who=OFFICE,
    body=OutlineSent,
    versioned=True,
)
def draw_outline(body: dict[str, Any], territory_id: int) -> Response:
    """Give a territory another outline; open jobs follow it. If-Match has the territory's version."""
    version, text = seen_version(), json.dumps(body["outline"])
    with writing() as session:
        moved = change_outline(session, territory_id, version, text, current_user.id, now())
        territory = next(one for one in list_territories(session) if one.id == territory_id)
        return dump(OutlineShown, {"version": territory.version, "moved_jobs": moved}, territory.version)


@subject.operation(
    "PUT",
    "/territories/<int(min=1, max=2147483647):territory_id>/phone",
    TerritoryShown,
    who=OFFICE,
    body=PhoneSent,
    versioned=True,
)
def give_phone(body: dict[str, Any], territory_id: int) -> Response:
    """Give a territory its own telephone, or take it away. If-Match has the territory's version."""
    version = seen_version()
    with writing() as session:
        territory = change_phone(session, territory_id, version, body["phone"], current_user.id, now())
        return dump(TerritoryShown, territory, territory.version)


@subject.operation("GET", ONE_TECHNICIAN + "/van", VanShown, who=OFFICE)
def van_of_technician(technician_id: int) -> Response:
    """What the van carries now."""
    with reading() as session:
        return _show_van(session, technician_id)


@subject.operation("PUT", ONE_TECHNICIAN + "/van", VanShown, who=OFFICE, body=CountsSent)
def count_van(body: dict[str, Any], technician_id: int) -> Response:
    """Store what was counted or filled. 409 when pieces were used meanwhile: look at it as it is now."""
    counts = {one["part"]: Counted(one["seen"], one["count"]) for one in body["counts"]}
    if len(counts) < len(body["counts"]):
        raise InvalidInput(["counts: a part is named twice; say one number of each."])
    with writing() as session:
        store_counts(session, technician_id, counts, get_user(session, current_user.id), now())
        session.flush()
        return _show_van(session, technician_id)


def _show_van(session: Session, technician_id: int) -> Response:
    return dump(VanShown, get_technician(session, technician_id))
