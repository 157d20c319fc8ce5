"""Read cells that hold what was agreed: certificates, single shifts, loans, limits, on-call duty, business hours."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from data.business_records import OpenHours
from data.importers.lists import make_hours, read_skills, read_weekdays, split_items
from data.importers.moments import read_day, read_moment
from data.importers.numbers import fold, read_name, read_text, read_whole
from data.importers.result import BadValue
from data.importers.times import DateOrder, read_date, read_length, read_time
from data.records import Loan, OnCallRecord, WorkHours

PERIODS = ("day", "week", "month")
LONGEST_LOAN_DAYS = 366
_DAY = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
_TO = r"\s*(?:\.\.|\bto\b)\s*"
_HOURS = re.compile(r"(.+?)\s*[-\u2013\u2014]\s*(.+?)(?:\s*\(\D*(.+?)\s*\))?")
_UNTIL = re.compile(rf"(.+?)\s+(?:until\s+({_DAY})|(for good))", re.IGNORECASE)
_SHIFT = re.compile(rf"({_DAY})\s+(.+)")
_LOAN = re.compile(rf"({_DAY})(?:{_TO}({_DAY}))?\s+([^:]+?)(?:\s*:\s*(.*))?")
_LIMIT = re.compile(rf"(.+?)\s*(?:\ba\b|\bper\b|/)\s*({'|'.join(PERIODS)})", re.IGNORECASE)
_VISITS = re.compile(r"(\d+)\s*(?:visits?|jobs?)", re.IGNORECASE)
_DUTY = re.compile(rf"({_DAY}[T ]\S+){_TO}({_DAY}[T ]\S+)\s+(.+)")
_OPEN = re.compile(r"([^\d]+?)\s+(\d\S*?)\s*[-\u2013\u2014]\s*(\d\S*)")
_HOLIDAY = re.compile(rf"({_DAY})\s*:?\s*(\S.*)")
_REQUIRED = re.compile(r"\s*\((?:required|must)\)", re.IGNORECASE)


def read_held_skills(value: Any, order: DateOrder | None = None) -> tuple[dict[str, int], dict[str, date | None]]:
    """ "gas:3 until 2027-01-31; lift:2 for good; cleaning": levels, and last days where the cell tells them."""
    plain, until = [], {}
    for item in split_items(value):
        match = _UNTIL.fullmatch(item)
        plain.append(match[1] if match else item)
        if match:
            [name] = read_skills(match[1])
            until[name] = read_date(match[2], order) if match[2] else None
    return read_skills("; ".join(plain)), until


def read_special_shifts(
    value: Any, order: DateOrder | None = None, known: Mapping[date, WorkHours] | None = None
) -> dict[date, WorkHours]:
    """ "2026-12-24 08:00-12:00; 2026-12-31 09:00-13:00 (14:00)", the latest end with overtime in brackets.

    Those that are `known` may be of any length: whoever is called in after a shift works on.
    """
    shifts = {}
    for on, told in _list_shifts(value, order).items():
        shifts[on] = make_hours(told.start, told.end, told.latest_end, (known or {}).get(on))
    return shifts


def read_known_shifts(value: Any) -> dict[date, WorkHours]:
    """What is stored, written as `read_special_shifts` reads it, of any length."""
    return _list_shifts(value, None)


def _list_shifts(value: Any, order: DateOrder | None) -> dict[date, WorkHours]:
    shifts: dict[date, WorkHours] = {}
    for entry in split_items(value, ";\n"):
        match = _SHIFT.fullmatch(entry)
        hours = _HOURS.fullmatch(match[2]) if match else None
        if match is None or hours is None:
            raise BadValue(f"{entry!r} is not a shift of one day", 'Write "2026-12-24 08:00-12:00"')
        on = read_day(match[1], order)
        if on in shifts:
            raise BadValue(f"{on} is there twice", "Give each day one shift")
        end = read_time(hours[2])
        shifts[on] = WorkHours(read_time(hours[1]), end, read_time(hours[3]) if hours[3] else end)
    return shifts


def read_loans(value: Any, territories: Mapping[str, str] | None, order: DateOrder | None = None) -> dict[date, Loan]:
    """ "2026-12-01..2026-12-05 Coquimbo: storm damage": each day with the territory that borrows somebody."""
    loans: dict[date, Loan] = {}
    for entry in split_items(value, ";\n"):
        match = _LOAN.fullmatch(entry)
        if match is None:
            raise BadValue(f"{entry!r} is not a loan", 'Write "2026-12-01..2026-12-05 Coquimbo: why"')
        first = read_date(match[1], order)
        last = read_date(match[2], order) if match[2] else first
        if not 0 <= (last - first).days < LONGEST_LOAN_DAYS:
            raise BadValue(f"the loan from {first} to {last} is no time of up to a year", "Write the earlier day first")
        loan = Loan(_known_territory(match[3], territories), (match[4] or "").strip())
        for on in (first + timedelta(days=n) for n in range((last - first).days + 1)):
            if on in loans:
                raise BadValue(f"{on} is lent twice", "Lend each day once")
            loans[on] = loan
    return loans


def read_limits(value: Any) -> dict[tuple[str, str], int]:
    """ "10 visits a week; 40 h a month" -> {("week", "visits"): 10, ("month", "work_s"): 144000}."""
    limits: dict[tuple[str, str], int] = {}
    for entry in split_items(value, ";,\n"):
        match = _LIMIT.fullmatch(entry)
        if match is None:
            raise BadValue(f"{entry!r} is not a limit", 'Write "10 visits a week" or "40 h a month"')
        visits = _VISITS.fullmatch(match[1])
        key = (match[2].lower(), "visits" if visits else "work_s")
        if key in limits:
            raise BadValue(f"the {key[0]} has two limits of one kind", "Keep one of them")
        limits[key] = read_whole(visits[1]) if visits else read_length(match[1], "h")
    return limits


def read_on_call(
    value: Any, zone: str, territories: Mapping[str, str] | None, order: DateOrder | None = None
) -> tuple[OnCallRecord, ...]:
    """ "2026-11-27 17:00..2026-11-30 08:00 Coquimbo", by the wall clock of the territory; in order of time."""
    duty = []
    for entry in split_items(value, ";\n"):
        match = _DUTY.fullmatch(entry)
        if match is None:
            raise BadValue(f"{entry!r} is not an on-call duty", 'Write "2026-11-27 17:00..2026-11-30 08:00 Coquimbo"')
        territory = _known_territory(match[3], territories)
        here = ZoneInfo((territories or {}).get(territory, zone))
        from_at, until_at = (read_moment(part, here, None, order) for part in (match[1], match[2]))
        if until_at <= from_at:
            raise BadValue(f"the duty ends at {match[2]} and begins at {match[1]}", "Write the earlier time first")
        duty.append(OnCallRecord(from_at, until_at, territory))
    duty.sort(key=lambda one: (one.territory, one.from_at))
    for one, after in pairwise(duty):
        if after.territory == one.territory and after.from_at < one.until_at:
            raise BadValue(f"two duties in {one.territory} overlap", "Write one for both")
    return tuple(sorted(duty, key=lambda one: one.from_at))


def read_open_hours(value: Any) -> OpenHours:
    """ "Mon-Fri 08:00-12:00, Mon-Fri 14:00-18:00; Sat 00:00-24:00": business hours, with any number of spans a day."""
    week: dict[int, list[tuple[time, time]]] = {}
    for entry in split_items(value, ";\n"):
        match = _OPEN.fullmatch(entry)
        if match is None:
            raise BadValue(f"{entry!r} does not say days and hours", 'Write "Mon-Fri 08:00-18:00; Sat 09:00-13:00"')
        span = read_time(match[2]), read_time(match[3])
        for day in read_weekdays(match[1].rstrip(" :")):
            if any(_overlap(span, other) for other in week.get(day, ())):
                raise BadValue(f"{entry!r} overlaps other hours of the same day", "Write one span for both")
            week.setdefault(day, []).append(span)
    return {day: tuple(sorted(week[day])) for day in sorted(week)}


def _overlap(one: tuple[time, time], other: tuple[time, time]) -> bool:
    (start, end), (next_start, _) = sorted((one, other))
    return start == next_start or end <= start or next_start < end


def read_checklist(value: Any) -> tuple[tuple[str, bool], ...]:
    """Steps, one a line or with | between them; "(required)" behind those that may not be left out."""
    steps = []
    for item in split_items(value, "|\n"):
        text = _REQUIRED.sub("", item).strip()
        if not text:
            raise BadValue(f"{item!r} says no step", "Say what is to be done")
        steps.append((text, _REQUIRED.search(item) is not None))
    return tuple(steps)


def read_holidays(value: Any, order: DateOrder | None = None) -> dict[date, str]:
    """ "2026-12-25 Christmas; 2027-01-01 New Year"."""
    holidays: dict[date, str] = {}
    for entry in split_items(value, ";\n"):
        match = _HOLIDAY.fullmatch(entry)
        if match is None:
            raise BadValue(f"{entry!r} is not a holiday", 'Write the day and its name: "2026-12-25 Christmas"')
        on = read_date(match[1], order)
        if on in holidays:
            raise BadValue(f"{on} is there twice", "Name each day once")
        holidays[on] = match[2].strip()
    return dict(sorted(holidays.items()))


def read_yes(value: Any) -> bool:
    """Yes or no, in the words of four languages."""
    word = fold(read_text(value))
    if word in ("yes", "y", "true", "1", "ja", "si", "oui", "x", "on"):
        return True
    if word in ("no", "n", "false", "0", "nein", "non", "off"):
        return False
    raise BadValue(f"{read_text(value)!r} is neither yes nor no", "Write yes or no")


def read_part_name(value: Any) -> str:
    """A part's name as vans and jobs name it; signs that lists are made of are refused."""
    name = read_name(value)
    if any(sign in name for sign in ";,|:="):
        raise BadValue(f"{name!r} has a sign in it that separates parts in lists", "Leave out ; , | : and =")
    return name


def read_territory_name(value: Any) -> str:
    """A territory's name as technicians and loans name it; signs that lists are made of are refused."""
    name = read_text(value)
    if any(sign in name for sign in ";,|:\n"):
        raise BadValue(f"{name!r} has a sign in it that separates names in lists", "Leave out ; , | and :")
    return name


def _known_territory(name: str, territories: Mapping[str, str] | None) -> str:
    name = name.strip()
    if territories is not None and name not in territories:
        raise BadValue(f"there is no territory {name!r}", f"Known: {', '.join(sorted(territories)) or 'none'}")
    return name


def as_wall_clock(at: datetime) -> str:
    """An instant as `read_on_call` reads it: by the wall clock of its own IANA zone where that says it once, else with
    its offset."""
    comes_twice = at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()
    if comes_twice or not isinstance(at.tzinfo, ZoneInfo):
        return at.isoformat()
    return at.replace(tzinfo=None).isoformat(" ", "minutes" if not at.second else "seconds")
