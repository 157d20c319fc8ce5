"""Rows as people enter them: technicians, assets, contracts, holidays, kinds of work and parts as forms say them.

Each table is served from its one definition: cells are text under the columns' own keys, as docs/import.md has them.
"""

from collections.abc import Callable, Collection
from typing import Any

from flask import Response, url_for
from flask_login import current_user
from marshmallow import Schema

from dispatch.db import Session
from dispatch.entry.forms import add_item, list_cells, remove_item, save_form
from dispatch.entry.history import list_history
from dispatch.entry.lists import LISTS
from dispatch.entry.tables import TABLES
from web.access import ADMIN, DISPATCHER
from web.api import customers, technicians
from web.api.answers import PageQuery, create, dump, dump_page, page_of, read_cursor, seen_version
from web.api.fields import Body, Part, Query, Several, Shown, Text, Whole
from web.api.subject import Subject
from web.context import now, reading, writing
from web.forms import has_address

subject = Subject("catalogue", "Kinds of work, and parts.")
OFFICE = (DISPATCHER, ADMIN)
OWNER = "customer_id"
FACT = ("name", "before", "after")
ONE_ROW = "<int(min=1, max=2147483647):row_id>"
LONGEST = 20_000
"""Characters of a cell."""


class OwnedQuery(PageQuery):
    """Which rows."""

    customer_id = Whole(1, in_query=True)


class ItemQuery(Query):
    """Which item of a list."""

    item = Text(1_000, 1, required=True, description="As the row's cell has it, between two semicolons.")


class FactShown(Shown):
    """What one cell said before and says since; empty where it said nothing."""

    name = Text()
    before = Text()
    after = Text()


class RowChangeShown(Shown):
    """One change of a row, on the head office's wall clock."""

    at = Text()
    what = Text()
    who = Text()
    reason = Text()
    facts = Several(Part(FactShown))


class RowHistoryShown(Shown):
    """What was changed in a row, by whom and when, the newest first."""

    changes = Several(Part(RowChangeShown))


def serve(name: str, part: Subject, *, adds: bool = True, lists: Collection[str] = ()) -> None:
    """Serve a table below `/tables/`: look, change, add unless it may not grow, and put items into its lists."""
    table = TABLES[name]
    path, word, title = f"/tables/{name}", name.replace("-", "_"), _title(table.word if adds else name)
    keys = [key for key in table.list_keys() if key != "id"]
    is_owned = OWNER in keys
    shown = _schema(f"{title}RowShown", Shown, keys, f"A {table.word} as forms and files say it.", _VERSIONED)
    asked = [key for key in keys if key not in ("customer", "customer_phone")]
    sent = _schema(f"{title}RowSent", Body, asked, f"A new {table.word}; what is left out is empty.")
    changed = [key for key in asked if key not in (table.key, OWNER)]
    change = _schema(f"{title}RowChange", Body, changed, "What is left out stays; empty text takes away what is there.")

    def show(row: Any, status: int = 200) -> Response:
        cells = list_cells(table, row) | {"id": row.id, "version": row.version}
        return dump(shown, dict.fromkeys(keys, "") | cells, row.version, status)

    def list_rows(query: dict[str, Any]) -> Response:
        limit, wanted = query["limit"], {OWNER: query[OWNER]} if OWNER in query else {}
        with reading() as session:
            rows = table.list_page(session, after_id=read_cursor(query), limit=limit + 1, **wanted)
            said = [dict.fromkeys(keys, "") | list_cells(table, one) | _numbers(one) for one in rows]
        return dump_page(shown, said, limit, lambda one: int(one["id"]))

    def add_row(body: dict[str, Any]) -> Response:
        def work(session: Session) -> Response:
            cells = {key: str(value) for key, value in body.items()}
            row = save_form(session, name, None, cells, 0, now(), current_user.id)
            response = show(row, 201)
            response.headers["Location"] = url_for(f"{part.name}.one_{word}_row", row_id=row.id)
            return response

        return create(work, looks_up=has_address(body))

    def one_row(row_id: int) -> Response:
        with reading() as session:
            return show(table.get_row(session, row_id))

    def change_row(body: dict[str, Any], row_id: int) -> Response:
        version = seen_version()
        with writing(looks_up=has_address(body)) as session:
            return show(save_form(session, name, row_id, body, version, now(), current_user.id))

    def history_of_row(row_id: int) -> Response:
        with reading() as session:
            found = list_history(session, table.get_row(session, row_id))
        changes = [vars(one) | {"facts": [dict(zip(FACT, fact, strict=True)) for fact in one.facts]} for one in found]
        return dump(RowHistoryShown, {"changes": changes})

    query = OwnedQuery if is_owned else PageQuery
    versioned = {"who": OFFICE, "versioned": True}
    _put(part, "GET", path, page_of(shown), list_rows, f"list_{word}_rows", f"List {name}.", who=OFFICE, query=query)
    _put(part, "GET", f"{path}/{ONE_ROW}", shown, one_row, f"one_{word}_row", f"Look at a row of {name}.", **versioned)
    told = f"What was changed in a row of {name}, by whom and when."
    past = f"{path}/{ONE_ROW}/history"
    _put(part, "GET", past, RowHistoryShown, history_of_row, f"history_of_{word}_row", told, who=OFFICE)
    said = f"Change a row of {name}. All that is wrong is said at once, by cell."
    _put(part, "PATCH", f"{path}/{ONE_ROW}", shown, change_row, f"edit_{word}_row", said, body=change, **versioned)
    if adds:
        new = {"status": 201, "body": sent, "creates": True, **versioned}
        _put(part, "POST", path, shown, add_row, f"add_{word}_row", f"Add to {name}.", **new)
    for key in lists:
        _serve_list(name, part, key, shown, show)


def _serve_list(name: str, part: Subject, key: str, shown: type[Schema], show: Callable[..., Response]) -> None:
    """Items come and go in the list as it is at that moment, and need no version."""
    first, *_ = fields = LISTS[key][0]
    needed = {first: Text(LONGEST, 1, required=True)}
    item = _schema(f"{_title(key)}ItemSent", Body, fields, "What is left out is empty.", needed)
    path, word = f"/tables/{name}/{ONE_ROW}/{key.replace('_', '-')}", f"{name.replace('-', '_')}_{key}"

    def add(body: dict[str, Any], row_id: int) -> Response:
        def work(session: Session) -> Response:
            return show(add_item(session, name, row_id, key, body, now(), current_user.id), 201)

        return create(work)

    def remove(query: dict[str, Any], row_id: int) -> Response:
        with writing() as session:
            return show(remove_item(session, name, row_id, key, query["item"], now(), current_user.id))

    told = f"Put an item into {key.replace('_', ' ')}, and answer the row."
    new = {"who": OFFICE, "status": 201, "body": item, "creates": True}
    _put(part, "POST", path, shown, add, f"add_{word}", told, **new)
    told = f"Take an item out of {key.replace('_', ' ')}, and answer the row. 409 when it is there no more."
    _put(part, "DELETE", path, shown, remove, f"remove_{word}", told, who=OFFICE, query=ItemQuery)


_VERSIONED = {"id": Whole(1), "version": Whole(1)}


def _numbers(row: Any) -> dict[str, int]:
    return {"id": row.id, "version": row.version}


def _schema(name: str, base: type[Schema], keys: Collection[str], about: str, more: Any = None) -> type[Schema]:
    cells = {key: Whole(1, required=True) if key == OWNER else Text(LONGEST) for key in keys}
    made: type[Schema] = base.from_dict({**cells, **(more or {})}, name=name)
    made.__doc__ = about
    return made


def _title(words: str) -> str:
    return "".join(part.capitalize() for part in words.replace("-", " ").replace("_", " ").split())


def _put(part: Subject, method: str, path: str, answer: Any, view: Any, name: str, about: str, **options: Any) -> None:
    view.__name__, view.__doc__ = name, about
    part.operation(method, path, answer, **options)(view)


TECHNICIAN_LISTS = ("skills", "special_shifts", "loans", "on_call", "limits", "capacity")
"""Absences have an operation of their own."""

serve("technicians", technicians.subject, lists=TECHNICIAN_LISTS)
serve("holidays", technicians.subject, adds=False, lists=("holidays",))
serve("assets", customers.subject)
serve("contracts", customers.subject)
serve("job-types", subject)
serve("parts", subject)
