"""Write lists, lengths and times into cells, as the importers read them back."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from data.business_records import OpenHours
from data.importers.agreed_lists import as_wall_clock
from data.records import WEEKDAYS, AbsenceRecord, Loan, LunchBreak, OnCallRecord, WorkHours

NONE = "-"
"""In a cell of a job's skills or parts: none at all, whatever its kind of work says."""


def plain(words: str) -> str:
    """Free words without the signs that separate the entries of a cell."""
    return " ".join(words.replace(";", ",").replace("|", ",").split())


def counted(things: Mapping[str, int]) -> str:
    """Things with a number each."""
    return "; ".join(f"{name}:{count}" for name, count in things.items())


def length(seconds: int | None) -> str | None:
    """Whole minutes where it is some, else seconds."""
    if seconds is None:
        return None
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"


def clock(at: time) -> str:
    """A time of day."""
    return at.strftime("%H:%M:%S" if at.second else "%H:%M")


def week(days: Mapping[int, WorkHours]) -> str:
    """Equal hours share an entry: "Mon, Tue 08:00-17:00 (18:00); Fri 08:00-14:00"."""
    days_of: dict[WorkHours, list[str]] = {}
    for day in sorted(days):
        days_of.setdefault(days[day], []).append(WEEKDAYS[day][:3].capitalize())
    return "; ".join(f"{', '.join(names)} {_span(one)}" for one, names in days_of.items())


def _span(one: WorkHours) -> str:
    latest = f" ({clock(one.latest_end)})" if one.latest_end != one.end else ""
    return f"{clock(one.start)}-{clock(one.end)}{latest}"


def lunch(one: LunchBreak | None) -> str | None:
    """When it may begin, and its length."""
    return f"{clock(one.earliest)}-{clock(one.latest)} {length(one.length_s)}" if one is not None else None


def absence(one: AbsenceRecord) -> str:
    """The days, both included, and why."""
    return f"{one.from_on}..{one.to_on} {plain(one.reason)}".strip()


def instant(at: datetime) -> str:
    """In UTC."""
    return at.astimezone(UTC).isoformat()


def held(skills: Mapping[str, int], until: Mapping[str, date | None]) -> str:
    """Skills with the last day on which they are held, where there is one."""
    return "; ".join(
        f"{name}:{level} until {until[name]}" if until.get(name) else f"{name}:{level}"
        for name, level in skills.items()
    )


def special_shifts(shifts: Mapping[date, WorkHours]) -> str:
    """Single days with their hours."""
    return "; ".join(f"{on} {_span(shifts[on])}" for on in sorted(shifts))


def loans(days: Mapping[date, Loan]) -> str:
    """Days in a row with one loan share an entry."""
    entries: list[tuple[date, date, Loan]] = []
    for on in sorted(days):
        if entries and entries[-1][1] == on - timedelta(days=1) and entries[-1][2] == days[on]:
            entries[-1] = (entries[-1][0], on, days[on])
        else:
            entries.append((on, on, days[on]))
    return "; ".join(
        f"{first}..{last} {one.territory}" + (f": {plain(one.reason)}" if one.reason else "")
        for first, last, one in entries
    )


def limits(most: Mapping[tuple[str, str], int]) -> str:
    """Such as "10 visits a week; 40 h a month"."""
    return "; ".join(
        f"{count} visits a {period}" if unit == "visits" else f"{hours(count)} a {period}"
        for (period, unit), count in most.items()
    )


def hours(seconds: int | None) -> str | None:
    """Whole hours where it is some."""
    return f"{seconds // 3600} h" if seconds is not None and seconds % 3600 == 0 else length(seconds)


def on_call(duty: tuple[OnCallRecord, ...]) -> str:
    """By the wall clock of the zone that the instants are in."""
    return "; ".join(f"{as_wall_clock(one.from_at)}..{as_wall_clock(one.until_at)} {one.territory}" for one in duty)


def open_hours(week_hours: OpenHours) -> str:
    """Spans of several days share an entry."""
    days_of: dict[tuple[time, time], list[str]] = {}
    for day in sorted(week_hours):
        for span in week_hours[day]:
            days_of.setdefault(span, []).append(WEEKDAYS[day][:3].capitalize())
    return "; ".join(f"{', '.join(days)} {clock(span[0])}-{clock(span[1])}" for span, days in days_of.items())


def checklist(steps: tuple[tuple[str, bool], ...]) -> str:
    """One step a line; of the signs that separate entries they may have all but the one between steps."""
    told = ((" ".join(text.replace("|", ",").split()), required) for text, required in steps)
    return "\n".join(f"{text} (required)" if required else text for text, required in told)


def holidays(days: Mapping[date, str]) -> str:
    """In order of time."""
    return "; ".join(f"{on} {plain(days[on])}" for on in sorted(days))


def yes(value: bool) -> str:
    """Yes or no."""
    return "yes" if value else "no"
