"""The tables of customers, of the assets at their places and of the contracts with them."""

from datetime import date
from typing import Any

from data.business_records import AssetRecord, ContractRecord, CustomerRecord
from data.importers import cells
from data.importers.agreed_lists import read_open_hours, read_yes
from data.importers.business_columns import ASSET_COLUMNS, CONTRACT_COLUMNS, CUSTOMER_COLUMNS
from data.importers.emails import get_email
from data.importers.numbers import read_text, read_whole
from data.importers.result import BadValue
from data.importers.rows import RowReader
from data.importers.sheet import Sheet, World
from data.importers.territories import read_zone
from data.importers.times import NO_DAY, read_date, read_length
from data.importers.writing import Line, point
from data.phones import is_same_phone


def read_customer(reader: RowReader, world: World) -> CustomerRecord:
    """One customer from one row."""
    return CustomerRecord(
        name=reader.need("name", read_text) or "",
        phone=reader.get("phone", read_text, ""),
        email=get_email(reader),
        address=reader.get("address", read_text, ""),
        location=reader.find_location("address", world.geocode),
        notes=reader.get("notes", read_text, ""),
        id=reader.known.get("id"),
    )


def _customer_line(one: CustomerRecord) -> Line:
    return {
        "id": one.id,
        "name": one.name,
        "phone": one.phone,
        "email": one.email,
        "address": one.address,
        "notes": one.notes,
    }, point(one.location)


def read_asset(reader: RowReader, world: World) -> AssetRecord:
    """One asset from one row."""
    installed_on, retired_on = _read_days(reader, world, "installed_on", "retired_on")
    owner = _find_owner(reader, world)
    before = len(reader.problems)
    location, address = reader.find_location("address", world.geocode), reader.get("address", read_text, "")
    if location is None and owner is not None and len(reader.problems) == before:
        location, address = owner.location, address or owner.address
        if location is None:
            reader.refuse("nothing says where it stands", "Fill in the address: the customer has none", "address")
    return AssetRecord(
        **_name(owner),
        name=reader.need("name", read_text) or "",
        maker=reader.get("maker", read_text, ""),
        model=reader.get("model", read_text, ""),
        serial=reader.get("serial", read_text, ""),
        installed_on=installed_on,
        retired_on=retired_on,
        address=address,
        location=location,
        notes=reader.get("notes", read_text, ""),
        id=reader.known.get("id"),
    )


def _asset_line(one: AssetRecord) -> Line:
    return {
        "id": one.id,
        "customer_id": one.customer_id,
        "customer": one.customer,
        "customer_phone": one.customer_phone,
        "name": one.name,
        "maker": one.maker,
        "model": one.model,
        "serial": one.serial,
        "installed_on": _day(one.installed_on),
        "retired_on": _day(one.retired_on),
        "address": one.address,
        "notes": one.notes,
    }, point(one.location)


def read_contract(reader: RowReader, world: World) -> ContractRecord:
    """One contract from one row."""
    starts_on, ends_on = _read_days(reader, world, "starts_on", "ends_on")
    if reader.raw("starts_on") is None and "starts_on" not in reader.unmet_keys:
        reader.refuse("it is empty", "Fill it in", "starts_on")
    respond_s, restore_s = _read_term(reader, "respond_within"), _read_term(reader, "restore_within")
    if respond_s and restore_s and restore_s < respond_s:
        reader.refuse("it is shorter than the time to respond", "Check both", "restore_within")
    return ContractRecord(
        **_name(_find_owner(reader, world)),
        name=reader.need("name", read_text) or "",
        starts_on=starts_on or NO_DAY,
        ends_on=ends_on,
        respond_within_s=respond_s,
        restore_within_s=restore_s,
        hours=reader.get("hours", read_open_hours, {}),
        zone=reader.get("zone", read_zone, world.zone),
        runs_on_holidays=reader.get("runs_on_holidays", read_yes, False),
        id=reader.known.get("id"),
    )


def _contract_line(one: ContractRecord) -> Line:
    return {
        "id": one.id,
        "customer_id": one.customer_id,
        "customer": one.customer,
        "customer_phone": one.customer_phone,
        "name": one.name,
        "starts_on": _day(one.starts_on),
        "ends_on": _day(one.ends_on),
        "respond_within": cells.hours(one.respond_within_s),
        "restore_within": cells.hours(one.restore_within_s),
        "hours": cells.open_hours(one.hours),
        "zone": one.zone,
        "runs_on_holidays": cells.yes(one.runs_on_holidays),
    }, None


def _read_days(reader: RowReader, world: World, first: str, last: str) -> tuple[date | None, date | None]:
    """Two days in their order, each of which may be empty."""
    first_on = reader.find(first, lambda value: read_date(value, world.date_order))
    last_on = reader.find(last, lambda value: read_date(value, world.date_order))
    if first_on and last_on and last_on < first_on:
        reader.refuse(f"{last_on} is before {first_on}", "Check both days", last)
    return first_on, last_on


def _read_term(reader: RowReader, key: str) -> int | None:
    def parse(value: Any) -> int:
        seconds = read_length(value, reader.match.units.get(key, "h"))
        if seconds <= 0:
            raise BadValue("no time at all can be kept by nobody", 'Write hours, such as "4", or leave it empty')
        return seconds

    return reader.find(key, parse)


def _find_owner(reader: RowReader, world: World) -> CustomerRecord | None:
    """The customer by id, else by name, with the telephone number where there are several."""
    wanted, name = reader.find("customer_id", read_whole), reader.get("customer", read_text, "")
    phone = reader.get("customer_phone", read_text, "")
    if wanted is not None:
        found = [one for one in world.customers if one.id == wanted]
        key, who = "customer_id", f"with id {wanted}"
    else:
        found = [one for one in world.customers if one.name == name and (not phone or is_same_phone(one.phone, phone))]
        key, who = "customer", f"{name!r}{f' with {phone}' if phone else ''}"
        if not name:
            if not {"customer", "customer_id"} & set(reader.unmet_keys):
                reader.refuse("nothing says whose it is", "Fill in the customer's name, or the id", key)
            return None
    if len(found) != 1:
        what = "there is no customer" if not found else f"there are {len(found)} customers"
        reader.refuse(
            f"{what} {who}", "Fill in customer_phone or customer_id" if found else "Import the customers first", key
        )
        return None
    return found[0]


def _name(owner: CustomerRecord | None) -> dict[str, Any]:
    """Whose it is; nobody's in a row that is refused for it."""
    if owner is None:
        return {"customer_id": 0}
    return {"customer_id": owner.id, "customer": owner.name, "customer_phone": owner.phone}


def _day(on: date | None) -> str | None:
    return on.isoformat() if on is not None else None


CUSTOMERS = Sheet(
    CUSTOMER_COLUMNS,
    (("name",),),
    (("id",), ("name", "phone"), ("name",)),
    read_customer,
    _customer_line,
)
_OWNER = frozenset({"customer_id", "customer", "customer_phone"})
ASSETS = Sheet(
    ASSET_COLUMNS,
    (("name",), ("customer", "customer_id")),
    (("id",), ("customer_id", "name"), ("customer", "customer_phone", "name"), ("customer", "name")),
    read_asset,
    _asset_line,
    (_OWNER,),
    (("maker", "serial"),),
)
CONTRACTS = Sheet(
    CONTRACT_COLUMNS,
    (("name",), ("starts_on",), ("customer", "customer_id")),
    (("id",), ("customer_id", "name"), ("customer", "customer_phone", "name"), ("customer", "name")),
    read_contract,
    _contract_line,
    (_OWNER,),
    (("customer_id", "name"),),
)
