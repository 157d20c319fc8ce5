"""The page of territories: a map of them with overlaps, holes and jobs outside, and giving one another outline."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.errors import InvalidInput, Stale
from dispatch.territories.coverage import get_coverage
from dispatch.territories.map import change_outline, get_territory_map, list_territories
from dispatch.territories.phone import change_phone
from web.access import ADMIN, DISPATCHER, role_required
from web.console.views import blueprint
from web.context import house, now, reading, writing
from web.forms import get_seen_version, refuse


@dataclass(frozen=True)
class Refused:
    """An outline that was not stored: whose, its text, the version that its form goes on with (None: today's), why."""

    territory_id: int
    text: str
    version: int | None
    problems: tuple[str, ...]


@blueprint.get("/territories")
@role_required(DISPATCHER, ADMIN)
def territories() -> Any:
    """As the outlines are now, with what was decided about each."""
    return _draw()


@blueprint.get("/api/territories")
@role_required(DISPATCHER, ADMIN)
def territory_map() -> Any:
    """The same as GeoJSON, for the map."""
    with reading() as session:
        return get_territory_map(session)


@blueprint.post("/territories/<int:territory_id>/outline")
@role_required(DISPATCHER, ADMIN)
def draw_outline(territory_id: int) -> Any:
    """Store the outline of the form, or of the file that was chosen; 400 with all that is wrong, 409 when outdated.

    What was drawn comes back with either, to be mended, or to be stored over what somebody else has drawn.
    """
    chosen = request.files.get("file")
    text = request.form.get("outline", "")
    if chosen is not None and chosen.filename:
        try:
            text = chosen.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            refuse("That file is no text. Choose a GeoJSON file.")
    version = get_seen_version(request.form)
    try:
        with writing() as session:
            moved = change_outline(session, territory_id, version, text, current_user.id, now())
    except InvalidInput as wrong:
        return _draw(Refused(territory_id, request.form.get("outline", ""), version, wrong.problems)), 400
    except Stale as stale:
        told = f"{stale} What you drew is in the form below: look at the map, and store it if it is to take its place."
        return _draw(Refused(territory_id, text, None, (told,))), 409
    jobs = "no open job changes its territory" if not moved else f"{moved} open job(s) have another territory now"
    flash(f"The outline is stored; {jobs}.")
    return redirect(url_for("console.territories"))


@blueprint.post("/territories/<int:territory_id>/phone")
@role_required(DISPATCHER, ADMIN)
def give_phone(territory_id: int) -> Any:
    """Store the number that customers of the territory are told; an empty one is the company's."""
    version = get_seen_version(request.form)
    with writing() as session:
        one = change_phone(session, territory_id, version, request.form.get("phone", ""), current_user.id, now())
    said = f"call {one.phone}" if one.phone else "call the company's number, if there is one"
    flash(f"Customers in {one.name} are told to {said}.")
    return redirect(url_for("console.territories"))


def _draw(refused: Refused | None = None) -> str:
    settings = house().settings
    with reading() as session:
        return render_template(
            "console/territories.html",
            coverage=get_coverage(session),
            territories=list_territories(session),
            map_tile_url=settings.map_tile_url,
            company_phone=settings.company_phone,
            refused=refused,
        )
