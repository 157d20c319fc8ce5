"""The pages of the team: who there is, everything about one of them, and the holidays of each territory."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, url_for

from dispatch.entry.choices import list_choices
from dispatch.team.pages import get_technician_page, list_holidays, list_team
from web.access import ADMIN, DISPATCHER, role_required
from web.console.entry.layout import LISTS, PARTS, TECHNICIAN_LISTS
from web.console.views import blueprint
from web.context import now, reading

_NOTHING_GIVEN: Mapping[str, str] = {}


@blueprint.get("/team")
@role_required(DISPATCHER, ADMIN)
def team() -> Any:
    """Everybody, with whether they work today and which skills run out soon."""
    with reading() as session:
        return render_template("console/team.html", lines=list_team(session, now()))


@blueprint.get("/team/<int:row_id>")
@role_required(DISPATCHER, ADMIN)
def technician(row_id: int) -> Any:
    """One of them: facts to edit, lists of which items come and go, and what was changed."""
    return draw_technician(row_id)


@blueprint.get("/team/holidays")
@role_required(DISPATCHER, ADMIN)
def holidays() -> Any:
    """The days on which a territory's usual hours do not hold."""
    return draw_holidays()


def draw_technician(
    row_id: int, *, list_key: str = "", wrong: list[str] | None = None, given: Mapping[str, str] = _NOTHING_GIVEN
) -> str:
    """The page; with what is wrong with an item that was to be added to a list, and what was typed."""
    with reading() as session:
        return render_template(
            "console/technician.html",
            page=get_technician_page(session, row_id, now()),
            parts=PARTS["technicians"],
            lists={key: LISTS[key] for key in TECHNICIAN_LISTS},
            choices=list_choices(session),
            refused={list_key: (wrong, given)},
        )


def draw_holidays(
    row_id: int = 0, *, list_key: str = "", wrong: list[str] | None = None, given: Mapping[str, str] = _NOTHING_GIVEN
) -> str:
    """The page; with what is wrong with a holiday that was to be added to a territory, and what was typed."""
    with reading() as session:
        return render_template(
            "console/holidays.html",
            territories=list_holidays(session),
            layout=LISTS["holidays"],
            choices=list_choices(session),
            refused_id=row_id,
            refused=(wrong, given),
        )


def page_after(table: str, row_id: int | None, customer_id: object = None) -> str:
    """The page on which a row of the table is seen; the list of all for something new."""
    if table in ("job-types", "parts"):
        return url_for("console.catalogue")
    if table == "holidays":
        return url_for("console.holidays")
    if table in ("assets", "contracts"):
        return url_for("console.customer", customer_id=customer_id)
    if row_id is None:
        return url_for("console.team" if table == "technicians" else "console.customers")
    if table == "technicians":
        return url_for("console.technician", row_id=row_id)
    return url_for("console.customer", customer_id=row_id)
