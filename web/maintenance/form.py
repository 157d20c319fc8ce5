"""Reads the form of a maintenance plan, and says all that is wrong with it at once."""

from datetime import date

from werkzeug.datastructures import MultiDict

from dispatch.errors import InvalidInput
from dispatch.maintenance.plans import PlanRequest
from web.forms import parse_day

Fields = MultiDict[str, str]


def read_plan(fields: Fields, customer_id: int) -> PlanRequest:
    """Raises InvalidInput naming every field that is no number or no day."""
    wrong: list[str] = []
    minutes = _find_number(fields, "minutes", "length", wrong)
    request = PlanRequest(
        title=fields.get("title", ""),
        customer_id=customer_id,
        location_id=_find_number(fields, "location", "place", wrong) or 0,
        every=_find_number(fields, "every", "every", wrong) or 0,
        unit=fields.get("unit", ""),
        first_due_on=_find_day(fields, "first_due_on", "first time", wrong) or date.min,
        asset_id=_find_number(fields, "asset", "asset", wrong),
        contract_id=_find_number(fields, "contract", "contract", wrong),
        job_type_id=_find_number(fields, "job_type", "kind of work", wrong),
        service_s=None if minutes is None else minutes * 60,
        count_from=fields.get("count_from", ""),
        days_before=_find_number(fields, "days_before", "days before", wrong) or 0,
        days_after=_find_number(fields, "days_after", "days after", wrong) or 0,
        weekdays=tuple(int(one) for one in fields.getlist("weekdays") if one.isdecimal()),
        months=tuple(int(one) for one in fields.getlist("months") if one.isdecimal()),
        technician_id=_find_number(fields, "technician", "technician", wrong),
        ends_on=_find_day(fields, "ends_on", "ends", wrong),
        notes=fields.get("notes", "").strip(),
    )
    if not fields.get("first_due_on"):
        wrong.append("first time: say on which day it is due for the first time.")
    if wrong:
        raise InvalidInput(wrong)
    return request


def _find_number(fields: Fields, name: str, word: str, wrong: list[str]) -> int | None:
    text = fields.get(name, "").strip()
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) <= 9:
        return int(text)
    wrong.append(f"{word}: “{text}” is no whole number.")
    return None


def _find_day(fields: Fields, name: str, word: str, wrong: list[str]) -> date | None:
    text = fields.get(name, "").strip()
    day = parse_day(text) if text else None
    if text and day is None:
        wrong.append(f"{word}: “{text}” is no day; write it as year-month-day, for example 2026-11-22.")
    return day
