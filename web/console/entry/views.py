"""Forms of one row: opened, refused field by field, told when somebody else was quicker, and stored."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request
from flask_login import current_user

from dispatch.entry.choices import list_choices
from dispatch.entry.effects import list_effects
from dispatch.entry.forms import OpenForm, WrongFields, add_item, open_form, remove_item, save_form
from dispatch.errors import Conflict
from web.access import ADMIN, DISPATCHER, role_required
from web.console.entry.layout import OWNED, PARTS, PATHS, Field
from web.console.team import draw_holidays, draw_technician, page_after
from web.console.views import blueprint
from web.context import now, reading, writing
from web.forms import get_seen_version, has_address, refuse

WAS = "was-"
"""What the names of hidden fields begin with that hold what a field said when the form was opened."""


@role_required(DISPATCHER, ADMIN)
def edit(table: str, row_id: int | None = None) -> Any:
    """The form of a row, or an empty one; `part` names the fields to edit where a row has many."""
    with reading() as session:
        return _draw(session, open_form(session, table, row_id), request.args)


@role_required(DISPATCHER, ADMIN)
def save(table: str, row_id: int | None = None) -> Any:
    """Store what the form says. 400 with every fault beside its field; 409 when somebody else has changed the row."""
    typed = {key: value.replace("\r\n", "\n").strip() for key, value in request.form.items()}
    cells = {field.key: typed.get(field.key, "") for field in _list_fields(table, row_id is None)}
    if row_id is None and table in OWNED:
        cells["customer_id"] = typed.get("customer_id", "")
    try:
        with writing(looks_up=has_address(cells)) as session:
            row = save_form(session, table, row_id, cells, get_seen_version(request.form), now(), current_user.id)
            said, page = (
                _say(session, table, row, "Saved."),
                page_after(table, row.id, getattr(row, "customer_id", None)),
            )
    except WrongFields as wrong:
        with reading() as session:
            form = open_form(session, table, row_id)
            return _draw(session, form, typed, wrong=wrong.fields, version=get_seen_version(request.form)), 400
    except Conflict as stale:
        with reading() as session:
            form = open_form(session, table, row_id)
            return _draw(session, form, _merge(form, typed), stale=str(stale)), 409
    return _go(page, said)


@role_required(DISPATCHER, ADMIN)
def change_list(table: str, row_id: int, key: str) -> Any:
    """Put an item into a list of the row, or take the item `remove` out of it."""
    given, gone = request.form.to_dict(), request.form.get("remove")
    try:
        with writing() as session:
            if gone is not None:
                row = remove_item(session, table, row_id, key, gone, now(), current_user.id)
            else:
                row = add_item(session, table, row_id, key, given, now(), current_user.id)
            said = _say(session, table, row, "Added." if gone is None else "Removed.")
            page = page_after(table, row.id, getattr(row, "customer_id", None))
    except WrongFields as wrong:
        sentences: list[str] = [sentence for told in wrong.fields.values() for sentence in told]
        draw = draw_holidays if table == "holidays" else draw_technician
        return draw(row_id, list_key=key, wrong=sentences, given=given), 400
    return _go(f"{page}#{key}" if table == "technicians" else f"{page}#{key}-{row_id}", said)


def _say(session: Any, table: str, row: Any, what: str) -> list[str]:
    return [what, *(list_effects(session, row, now()) if table == "technicians" else ())]


def _go(page: str, said: list[str]) -> Any:
    for sentence in said:
        flash(sentence)
    return redirect(page)


def _list_fields(table: str, is_new: bool) -> list[Field]:
    """The fields of the part that is edited, or of all parts for something new."""
    wanted = request.values.get("part", "")
    parts = PARTS[table]
    chosen = [parts[wanted]] if wanted in parts and not is_new else parts.values()
    return [field for part in chosen for field in part.fields if is_new or not field.fixed]


def _merge(form: OpenForm, typed: Mapping[str, str]) -> dict[str, str]:
    """What the person has changed, and for the rest what stands there now: nobody's change is taken back unseen."""
    return {key: value for key, value in typed.items() if value != typed.get(WAS + key) or key not in form.cells}


def _draw(session: Any, form: OpenForm, typed: Mapping[str, str], **said: Any) -> str:
    fields = _list_fields(form.table, form.row_id is None)
    stored = {field.key: field.show(form.cells) for field in fields}
    customer_id = form.cells.get("customer_id") or typed.get("customer_id", "")
    if form.table in OWNED and not customer_id.isdecimal():
        refuse("Say whose it is: open the form from the customer's page.")
    return render_template(
        "console/entry.html",
        form=form,
        fields=fields,
        stored=stored,
        values={**stored, **typed},
        choices=list_choices(session),
        customer_id=customer_id,
        part=request.values.get("part", ""),
        back=page_after(form.table, form.row_id, customer_id),
        **{"wrong": {}, "stale": "", "version": form.version, **said},
    )


def _register(rule: str, endpoint: str, view: Callable[..., Any], table: str, method: str) -> None:
    blueprint.add_url_rule(rule, endpoint, view, defaults={"table": table}, methods=[method])


for _table, _path in PATHS.items():
    if _table in PARTS:
        for _rule in (f"/{_path}/new", f"/{_path}/<int:row_id>/edit"):
            _register(_rule, "edit", edit, _table, "GET")
            _register(_rule, "save", save, _table, "POST")
    if _table in ("technicians", "holidays"):
        _register(f"/{_path}/<int:row_id>/lists/<key>", "change_list", change_list, _table, "POST")
