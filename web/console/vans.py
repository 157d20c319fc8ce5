"""What the vans carry, and filling one: a page for whoever hands out the parts."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.accounts.users import get_user
from dispatch.errors import Conflict, InvalidInput
from dispatch.on_site.van import Counted, list_parts, list_vans, store_counts
from web.access import ADMIN, DISPATCHER, role_required
from web.console.views import blueprint
from web.context import now, reading, writing

COUNT, SEEN = "count-", "seen-"
"""What the names of the form's fields begin with, before the name of a part."""


@dataclass(frozen=True)
class Row:
    """A part on the form: what the page says it has shown, what its field holds, and what to tell beside it."""

    part: str
    seen: str
    count: str
    now: int | None


@blueprint.get("/vans")
@role_required(DISPATCHER, ADMIN)
def vans() -> Any:
    """Everybody's van; the one that `technician` names is open to be filled."""
    return _page(request.args.get("technician", type=int))


@blueprint.post("/vans/<int:technician_id>")
@role_required(DISPATCHER, ADMIN)
def fill_van(technician_id: int) -> Any:
    """Store what was counted; what was used since the page was opened is said, and nothing is stored."""
    try:
        counts = _read_counts()
        with writing() as session:
            store_counts(session, technician_id, counts, get_user(session, current_user.id), now())
    except Conflict as moved:
        return _page(technician_id, str(moved), has_moved=True), 409
    except InvalidInput as refused:
        return _page(technician_id, str(refused)), 400
    return redirect(url_for("console.vans", technician=technician_id))


def _read_counts() -> dict[str, Counted]:
    """By part: what the page showed and what was written over it. Raises InvalidInput with all that is no number."""
    counts, wrong = {}, []
    for name, text in request.form.items():
        if not name.startswith(COUNT):
            continue
        part = name.removeprefix(COUNT)
        seen = request.form.get(SEEN + part, "0")
        if text.strip().isdecimal() and seen.isdecimal():
            counts[part] = Counted(int(seen), int(text))
        else:
            wrong.append(f"{part}: “{text}” is no number of pieces; write a whole number, 0 or more.")
    if wrong:
        raise InvalidInput(wrong)
    return counts


def _page(technician_id: int | None, refusal: str = "", *, has_moved: bool = False) -> str:
    """With what was typed; where the stock `has_moved`, against what the van carries now, which is told beside it."""
    with reading() as session:
        everybody = list_vans(session)
        chosen = next((one for one in everybody if one.id == technician_id), None)
        parts = list_parts(session)
        held = {} if chosen is None else {row.part: row.count for row in chosen.van_stock}
        rows = [_row(part, held.get(part, 0), has_moved) for part in parts]
        return render_template("console/vans.html", vans=everybody, chosen=chosen, rows=rows, refusal=refusal)


def _row(part: str, held: int, has_moved: bool) -> Row:
    """A part's field: what was typed over what the page showed, else what the van carries."""
    seen, typed = request.form.get(SEEN + part, str(held)), request.form.get(COUNT + part, str(held))
    if typed == seen:
        return Row(part, str(held), str(held), None)
    if has_moved and seen != str(held):
        return Row(part, str(held), typed, held)
    return Row(part, seen, typed, None)
