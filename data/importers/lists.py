"""Read cells that hold several things: skills, parts, names, time windows, weekly hours, absences."""

import re
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from data.importers.moments import read_moment
from data.importers.numbers import fold, read_name, read_text, read_whole
from data.importers.result import BadValue
from data.importers.times import DateOrder, read_date, read_length, read_time
from data.local_time import end_of_day
from data.records import AbsenceRecord, LunchBreak, WorkHours

_DAY_NAMES = (
    ("monday", "montag", "lunes", "lundi"),
    ("tuesday", "dienstag", "martes", "mardi"),
    ("wednesday", "mittwoch", "miercoles", "mercredi"),
    ("thursday", "donnerstag", "jueves", "jeudi"),
    ("friday", "freitag", "viernes", "vendredi"),
    ("saturday", "samstag", "sonnabend", "sabado", "samedi"),
    ("sunday", "sonntag", "domingo", "dimanche"),
)
_TIME = r"\d[\d:.]*(?:\s*h(?:\d{2})?)?(?:\s*uhr)?(?:\s*[ap]\.?\s?m\.?)?"
_DASH = r"\s*(?:-|\u2013|\u2014)\s*"
_SPAN = re.compile(rf"({_TIME}){_DASH}({_TIME})", re.IGNORECASE)
_HOURS = re.compile(rf"([^\d(]+?)\s*:?\s*({_TIME}){_DASH}({_TIME})(?:\s*\(\D*({_TIME})\s*\))?", re.IGNORECASE)
_LUNCH = re.compile(rf"({_TIME}){_DASH}({_TIME})\s*[,;/]?\s+(.+)", re.IGNORECASE)
_DATE = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
_ABSENCE = re.compile(rf"({_DATE})(?:\s*(?:\.\.|to|bis|a|au|/|-|\u2013)\s*({_DATE}))?\s*:?\s*(\D.*)?")
_COUNTED = re.compile(r"(.+?)\s*(?:[:=]\s*|\s[x\u00d7*]?\s*)(\d+)")
LONGEST_SHIFT = timedelta(hours=16)


def split_items(value: Any, separators: str = ";,|\n") -> list[str]:
    """The parts of a cell between separators, without empty ones."""
    return [item.strip() for item in re.split(f"[{re.escape(separators)}]", read_text(value)) if item.strip()]


def read_names(value: Any) -> tuple[str, ...]:
    """Names or codes, as written, in order; the same one twice is refused."""
    names = tuple(split_items(value))
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BadValue(f"{twice!r} is there twice", "Name each once")
    return names


def read_counted(value: Any, least: int = 1, most: int = 1_000_000) -> dict[str, int]:
    """Things with a number each, "gas:3; lift 2; cleaning" -> {"gas": 3, "lift": 2, "cleaning": 1}."""
    counted: dict[str, int] = {}
    for item in split_items(value):
        match = _COUNTED.fullmatch(item)
        if match is None and re.search("[:=]", item):
            raise BadValue(f"{item!r} has no whole number after its sign", 'Write "name:2; other:1"')
        name = read_name(match[1] if match else item)
        if name in counted:
            raise BadValue(f"{name!r} is there twice", "Name each once")
        counted[name] = read_whole(match[2], least, most) if match else 1
    return counted


def read_skills(value: Any) -> dict[str, int]:
    """Skills with levels from 1 to 10; a skill without a level has level 1."""
    return read_counted(value, 1, 10)


def read_weekdays(value: Any) -> tuple[int, ...]:
    """Days such as "Mon-Fri" or "lunes, martes" as numbers, 0 for Monday."""
    days: list[int] = []
    for item in split_items(value):
        first, *rest = (_weekday(name) for name in re.split(_DASH, item, maxsplit=1))
        last = rest[0] if rest else first
        days += [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]
    if not days or len(set(days)) < len(days):
        raise BadValue(
            f"{read_text(value)!r} does not name each day once",
            'Write days such as "Mon-Fri" or "Mon, Wed, Fri"',
        )
    return tuple(days)


def _weekday(name: str) -> int:
    prefix = fold(name)
    matches = [
        day for day, names in enumerate(_DAY_NAMES) if len(prefix) > 1 and any(n.startswith(prefix) for n in names)
    ]
    if len(matches) > 1:
        readings = " or ".join(_DAY_NAMES[day][0].capitalize() for day in matches)
        raise BadValue(f"{name!r} can be {readings}", "Write the day's name in full")
    if not matches:
        raise BadValue(f"{name!r} is not a day of the week", 'Write days such as "Mon-Fri" or "Mon, Wed, Fri"')
    return matches[0]


def make_hours(start: time, end: time, latest_end: time | None = None, known: WorkHours | None = None) -> WorkHours:
    """Working hours that hold together, or those known; an end at or before the start is on the next day."""
    latest = end if latest_end is None else latest_end
    if known == WorkHours(start, end, latest):
        return known
    length, latest_length = _after(start, end), _after(start, latest)
    if latest_length < length:
        raise BadValue(
            f"the latest end {latest:%H:%M} is before the end {end:%H:%M}",
            "Write a latest end at or after the end",
        )
    if latest_length > LONGEST_SHIFT:
        raise BadValue(f"work from {start:%H:%M} to {latest:%H:%M} is longer than 16 hours", "Check start and end")
    return WorkHours(start, end, latest)


def _after(start: time, end: time) -> timedelta:
    length = datetime.combine(date.min, end) - datetime.combine(date.min, start)
    return length if length > timedelta(0) else length + timedelta(days=1)


def read_hours(value: Any) -> dict[int, WorkHours]:
    """A week: "Mon-Thu 08:00-17:00 (18:00); Fri 08:00-14:00", the latest end with overtime in brackets."""
    week: dict[int, WorkHours] = {}
    for entry in split_items(value, ";|\n"):
        match = _HOURS.fullmatch(entry)
        if match is None:
            raise BadValue(f"{entry!r} does not say days and hours", 'Write "Mon-Thu 08:00-17:00; Fri 08:00-14:00"')
        hours = make_hours(read_time(match[2]), read_time(match[3]), read_time(match[4]) if match[4] else None)
        for day in read_weekdays(match[1]):
            if day in week:
                raise BadValue(f"{_DAY_NAMES[day][0].capitalize()} is there twice", "Give each day one pair of hours")
            week[day] = hours
    return week


def read_lunch(value: Any) -> LunchBreak:
    """A break: "12:00-14:00 45 min" may begin from 12:00 to 14:00 and lasts 45 minutes."""
    match = _LUNCH.fullmatch(read_text(value))
    if match is None:
        raise BadValue(
            f"{read_text(value)!r} does not say when lunch may begin and how long it lasts",
            'Write "12:00-14:00 45 min"',
        )
    earliest, latest, length_s = read_time(match[1]), read_time(match[2]), read_length(match[3].strip("()"))
    if latest < earliest:
        raise BadValue(f"lunch begins from {earliest:%H:%M} to {latest:%H:%M}", "Write the earlier time first")
    if not 0 < length_s <= 4 * 3600:
        raise BadValue(f"a lunch of {length_s // 60} minutes", "Write a length of up to 4 hours")
    return LunchBreak(earliest, latest, length_s)


def read_absences(value: Any, order: DateOrder | None = None) -> tuple[AbsenceRecord, ...]:
    """Whole days away: "2025-01-03..2025-01-10 annual leave; 2025-02-01 sick"."""
    absences = []
    for entry in split_items(value, ";|\n"):
        match = _ABSENCE.fullmatch(entry)
        if match is None:
            raise BadValue(f"{entry!r} is not an absence", 'Write "2025-01-03..2025-01-10 annual leave"')
        from_on = read_date(match[1], order)
        to_on = read_date(match[2], order) if match[2] else from_on
        if to_on < from_on:
            raise BadValue(f"the absence ends on {to_on} before it begins on {from_on}", "Write the earlier day first")
        absences.append(AbsenceRecord(from_on, to_on, (match[3] or "").strip()))
    return tuple(absences)


def read_windows(
    value: Any, zone: ZoneInfo, on: date | None = None, order: DateOrder | None = None
) -> tuple[tuple[datetime, datetime], ...]:
    """Windows: "09:00-12:00; 14:00-16:00" on the day `on`, or "2025-04-03T09:00/2025-04-03T12:00"."""
    windows = []
    for entry in split_items(value, ";,|\n"):
        match = _SPAN.fullmatch(entry)
        start, slash, end = (match[1], "-", match[2]) if match else entry.partition("/")
        if not slash:
            raise BadValue(
                f"{entry!r} is not a time window",
                'Write "09:00-12:00", or "2025-04-03T09:00/2025-04-03T12:00"',
            )
        windows.append(make_window(start, end, zone, on, order))
    return order_windows(windows)


def make_window(
    start: Any, end: Any, zone: ZoneInfo, on: date | None = None, order: DateOrder | None = None
) -> tuple[datetime, datetime]:
    """One window from its two ends; an end of 24:00 or 00:00 without a date is the end of the day `on`.

    Dates without times are whole days, the last one included.
    """
    start_at = read_moment(start, zone, on, order, "start")
    has_time = isinstance(start, datetime) and start.time() != time()
    # Beside a start with a time, the midnight of a sheet is a time too.
    end_at = read_moment(end, zone, on, order, "start" if has_time and isinstance(end, datetime) else "end")
    if on is not None and _is_midnight(end):
        end_at = end_of_day(on, zone)
    if end_at < start_at:
        raise BadValue(
            f"the window ends at {read_text(end)} before it begins at {read_text(start)}",
            "Write the earlier time first",
        )
    return start_at, end_at


def _is_midnight(value: Any) -> bool:
    try:
        return read_time(value) == time()
    except BadValue:  # it has a date, and means what it says
        return False


def order_windows(windows: list[tuple[datetime, datetime]]) -> tuple[tuple[datetime, datetime], ...]:
    """Windows in order of time; overlapping ones are refused."""
    ordered = sorted(windows)
    for (_, end_at), (next_start_at, _) in pairwise(ordered):
        if next_start_at <= end_at:
            raise BadValue("two time windows overlap", "Write one window for both")
    return tuple(ordered)
