"""Read times of day, lengths of time, dates and instants as people and spreadsheets write them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from data.importers.numbers import read_text
from data.importers.result import BadValue
from data.local_time import DoubleLocalTime, MissingLocalTime, end_of_day, start_of_day, to_utc

DateOrder = Literal["day_first", "month_first"]
Edge = Literal["start", "end"]
"""Which end of its day a date without a time stands for."""
NO_DAY = date.min
"""Stands for a day that is missing, in a row that is refused for it."""

_CLOCK = re.compile(
    r"t?(\d{1,2})(?:\s*[:.h]\s*(\d{2}))?(?:[:.](\d{2}))?\s*(?:h|hrs|uhr)?\s*(?:([ap])\.?\s?m\.?)?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(\d{1,2})(\d{2})()()")
_CLOCK_MEND = 'Write hours and minutes, such as "08:00"'

_YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4})")
_DATE_MEND = 'Write year-month-day, such as "2025-04-03"'
_MIDNIGHT = datetime(2000, 1, 1, tzinfo=UTC)
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_EXCEL_DAYS = range(36526, 73415)  # 2000 to 2100; a number outside is no date that anyone schedules

LONGEST_S = 366 * 86400
"""What is longer, such as a telephone number in the wrong column, is no time that anybody agrees on."""
SECONDS_PER = {"s": 1, "min": 60, "h": 3600}
_UNIT_WORDS = {
    "s": (
        "s",
        "sec",
        "secs",
        "second",
        "seconds",
        "sek",
        "sekunde",
        "sekunden",
        "segundo",
        "segundos",
        "seconde",
        "secondes",
    ),
    "min": ("m", "'", "min", "mins", "minute", "minutes", "minuten", "minuto", "minutos"),
    "h": ("h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "hora", "horas", "heure", "heures"),
}
UNITS = {word: unit for unit, words in _UNIT_WORDS.items() for word in words}
_COLONS = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?")
_LENGTH_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z']+)\.?\s*")
_HOURS_AND_MINUTES = re.compile(r"(\d{1,3})\s*h\s*(\d{1,2})")
_ISO_LENGTH = re.compile(r"pt(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_LENGTH_MEND = 'Write minutes such as "45", or "45 min", "1h30", "0:45"'


def read_time(value: Any) -> time:
    """A time of day: "8:00", "08.00", "8 am", "0800", "8h30", "8 Uhr", or a spreadsheet's time cell.

    "24:00" is midnight and comes back as 00:00; as the end of something it is the end of that day.
    """
    if isinstance(value, datetime):
        if value.year > 1900:
            raise BadValue(f"{value:%Y-%m-%d %H:%M} has a date in it", _CLOCK_MEND)
        return value.time().replace(microsecond=0)
    if isinstance(value, time):
        return value.replace(microsecond=0)
    if isinstance(value, float) and 0 <= value < 1:  # a spreadsheet's fraction of a day
        return (_MIDNIGHT + timedelta(seconds=round(value * 86400))).time()
    text, match = read_text(value), _match_clock(value)
    if match is None:
        raise BadValue(f"{text!r} is not a time of day", _CLOCK_MEND)
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if match[4]:
        if not 1 <= hour <= 12:
            raise BadValue(f"{text!r} is not a time of day", 'Write 1 to 12 before am and pm, or "13:00"')
        hour = hour % 12 + (12 if match[4].lower() == "p" else 0)
    if (hour, minute, second) == (24, 0, 0):
        return time(0)
    try:
        return time(hour, minute, second)
    except ValueError:
        raise BadValue(f"{text!r} is not a time of day", _CLOCK_MEND) from None


def _match_clock(value: Any) -> re.Match[str] | None:
    text = read_text(value)
    return _DIGITS.fullmatch(text) or _CLOCK.fullmatch(text)


def read_length(value: Any, unit: str | None = None) -> int:
    """A length of time in whole seconds: "45", "45 min", "1h30", "1.5 h", "0:45", "PT45M", a duration cell.

    A bare number counts in `unit` ("s", "min" or "h", which a column's heading may state), else in minutes; a
    bare fraction without a stated unit is refused, since 1.5 is hours to some and minutes to others. So is more than
    `LONGEST_S`.
    """
    if isinstance(value, timedelta):
        return _whole_seconds(value.total_seconds(), value)
    if isinstance(value, datetime) and value.year <= 1900:
        value = value.time()
    if isinstance(value, time):
        return value.hour * 3600 + value.minute * 60 + value.second
    text = read_text(value).lower()
    if match := _COLONS.fullmatch(text):
        return int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
    if match := _HOURS_AND_MINUTES.fullmatch(text):
        return int(match[1]) * 3600 + int(match[2]) * 60
    if match := _ISO_LENGTH.fullmatch(text):
        sizes = zip(match.groups(), (3600, 60, 1), strict=True)
        return _whole_seconds(sum(float(part or 0) * size for part, size in sizes), value)
    if re.fullmatch(r"\d+(?:[.,]\d+)?", text):
        if unit is None and not text.isdigit():
            raise BadValue(f"{text!r} has no unit", f'Say which: "{text} h" or "{text} min"')
        return _whole_seconds(float(text.replace(",", ".")) * SECONDS_PER[unit or "min"], value)
    parts = list(_LENGTH_PART.finditer(text))
    if not parts or "".join(part[0] for part in parts) != text or any(part[2] not in UNITS for part in parts):
        raise BadValue(f"{read_text(value)!r} is not a length of time", _LENGTH_MEND)
    return _whole_seconds(sum(float(p[1].replace(",", ".")) * SECONDS_PER[UNITS[p[2]]] for p in parts), value)


def _whole_seconds(seconds: float, value: Any) -> int:
    if not 0 <= seconds <= LONGEST_S:
        raise BadValue(f"{read_text(value)!r} is not a length of time up to a year", _LENGTH_MEND)
    if abs(seconds - round(seconds)) > 1e-6:
        raise BadValue(f"{read_text(value)!r} is not a whole number of seconds", _LENGTH_MEND)
    return round(seconds)


def read_date(value: Any, order: DateOrder | None = None) -> date:
    """A day: ISO, or with the year last, or a spreadsheet's date cell or day number.

    "03/04/2025" is 3 April to some and 4 March to others: it is refused unless `order` says which;
    "13/04/2025" has one reading only.
    """
    if isinstance(value, datetime):
        if value.time() != time():
            raise BadValue(f"{value:%Y-%m-%d %H:%M} has a time of day in it", _DATE_MEND)
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value in _EXCEL_DAYS:
            return _EXCEL_DAY_ZERO + timedelta(days=int(value))
        raise BadValue(f"{value} is not a date", _DATE_MEND)
    text = re.sub(r"[T ]00:00(:00(\.0+)?)?$", "", read_text(value))
    if match := _YEAR_FIRST.fullmatch(text):
        return _make_date(int(match[1]), int(match[3]), int(match[4]), text)
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        raise BadValue(f"{text!r} is not a date", _DATE_MEND)
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if order == "day_first" or (order is None and first > 12):
        return _make_date(year, second, first, text)
    if order == "month_first" or second > 12 or first == second:
        return _make_date(year, first, second, text)
    either = _make_date(year, second, first, text), _make_date(year, first, second, text)
    raise BadValue(
        f"{text!r} can be {either[0]:%-d %B} or {either[1]:%-d %B}",
        f"{_DATE_MEND}, or import with the date order stated (day_first or month_first)",
    )


def _make_date(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadValue(f"{text!r} is not a day of the calendar", _DATE_MEND) from None


def read_instant(
    value: Any, zone: ZoneInfo, on: date | None = None, order: DateOrder | None = None, edge: Edge = "end"
) -> datetime:
    """An instant in UTC: a date with a time, with or without an offset; a time alone falls on the day `on`.

    Without an offset the time is a wall-clock time in `zone`; one that daylight saving skips or repeats is
    refused. A date alone is that `edge` of its day, as something is due until the day is over; so is a date of a sheet
    or a map, to which programs give the time 00:00. "24:00" is the end of its day.
    """
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            return value.astimezone(UTC)
        if value.time() == time():
            return _edge_of(value.date(), zone, edge)
        return _local_instant(value.date(), value.time(), zone)
    if isinstance(value, time):
        return _on_day(on, value, zone)
    if isinstance(value, float) and int(value) in _EXCEL_DAYS and not value.is_integer():
        moment = datetime.combine(_EXCEL_DAY_ZERO, time()) + timedelta(seconds=round(value * 86400))
        return _local_instant(moment.date(), moment.time(), zone)
    text = read_text(value)
    if re.search(r"\d[Tt ].*(Z|[-+]\d{2}:?\d{2})$", text):
        return _with_offset(text)
    day_text, separator, time_text = text.replace("T", " ").partition(" ")
    if separator and (_YEAR_FIRST.fullmatch(day_text) or _YEAR_LAST.fullmatch(day_text)):
        return _on_day(read_date(day_text, order), time_text, zone)
    is_day_number = isinstance(value, (int, float)) and value in _EXCEL_DAYS
    is_day_text = _YEAR_LAST.fullmatch(text) or (len(text) > 7 and _YEAR_FIRST.fullmatch(text))
    if isinstance(value, date) or is_day_number or is_day_text:
        return _edge_of(read_date(value, order), zone, edge)
    return _on_day(on, value, zone)


def _edge_of(on: date, zone: ZoneInfo, edge: Edge) -> datetime:
    return start_of_day(on, zone) if edge == "start" else end_of_day(on, zone)


def _with_offset(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except ValueError:
        raise BadValue(f"{text!r} is not a date and time", 'Write "2025-04-03T09:00-03:00"') from None


def _on_day(on: date | None, value: Any, zone: ZoneInfo) -> datetime:
    at, match = read_time(value), _match_clock(value)
    if on is None:
        raise BadValue(f"{at:%H:%M} has no date", 'Fill in the date column, or write "2025-04-03 09:00"')
    if match is not None and int(match[1]) == 24:
        return end_of_day(on, zone)
    return _local_instant(on, at, zone)


def _local_instant(on: date, at: time, zone: ZoneInfo) -> datetime:
    if at == time():
        return start_of_day(on, zone)
    try:
        return to_utc(on, at, zone)
    except MissingLocalTime as missing:
        raise BadValue(str(missing), f'Write "{missing.later:%Y-%m-%d %H:%M}" if that is meant') from None
    except DoubleLocalTime as double:
        choices = " or ".join(f'"{moment.astimezone(zone).isoformat()}"' for moment in (double.first, double.second))
        raise BadValue(str(double), f"Write {choices}") from None
