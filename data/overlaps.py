"""Hours of one technician that overlap: nobody is in two places at once, so they are refused where they are entered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from data.records import WEEKDAYS, TechnicianRecord, WorkHours

MEND = "Let the first end before the second begins"


@dataclass(frozen=True)
class Agreed:
    """Hours that begin on a weekday, of every week, or on one date (`on`); `is_single` where for that date alone."""

    weekday: int
    hours: WorkHours
    on: date | None = None
    is_single: bool = False

    def __str__(self) -> str:
        day = WEEKDAYS[self.weekday].capitalize() + (f" {self.on}" if self.on else "")
        said = f"{day} {self.hours.start:%H:%M}-{self.hours.end:%H:%M}"
        return f"{said}, of the weekly hours," if self.on and not self.is_single else said


@dataclass(frozen=True)
class Overlap:
    """The hours of one day that end after those of the next day begin, and for how long somebody has both."""

    first: Agreed
    second: Agreed
    lasts: timedelta

    @property
    def single_days(self) -> list[date]:
        """The dates that have hours of their own in it."""
        return [one.on for one in (self.first, self.second) if one.is_single and one.on]

    def __str__(self) -> str:
        return f"{self.first} ends after {self.second} begins"


def list_new_overlaps(
    told: TechnicianRecord,
    known: TechnicianRecord | None,
    zone: str,
    zones: Mapping[str, str],
    holidays: Mapping[str, Collection[date]],
    today: date | None = None,
) -> list[Overlap]:
    """Overlaps of two days that the hours told make and those known before did not, or not for so long.

    What is over before `today` is past. `zone` is that of a territory that `zones` does not name. Overtime overlaps
    nothing: it ends where hours begin.
    """
    found = []
    for weekday in sorted(told.hours):
        one = _find_weekly(told, weekday)
        before = None if known is None else _find_weekly(known, weekday)
        if one and _is_longer(one, before):
            found.append(one)
    single = told.special_shifts or {}
    for day in sorted({on - timedelta(days=days) for on in single for days in (1, 0)}):
        if today is not None and day + timedelta(days=1) < today:
            continue
        one = _find_on(told, told, day, zone, zones, holidays)
        before = None if known is None else _find_on(told, known, day, zone, zones, holidays)
        if one and _is_longer(one, before):
            found.append(one)
    return found


def _is_longer(one: Overlap, before: Overlap | None) -> bool:
    return before is None or one.lasts > before.lasts


def _find_weekly(hours: TechnicianRecord, weekday: int) -> Overlap | None:
    """That of the weekly hours of a day and the day after, told once and not again for the dates on which it comes
    about."""
    following = (weekday + 1) % 7
    one, after = hours.hours.get(weekday), hours.hours.get(following)
    if one is None or after is None:
        return None
    return _compare(Agreed(weekday, one), Agreed(following, after), date.min, None, None)


def _find_on(
    who: TechnicianRecord,
    hours: TechnicianRecord,
    day: date,
    zone: str,
    zones: Mapping[str, str],
    holidays: Mapping[str, Collection[date]],
) -> Overlap | None:
    """That of what `hours` agree for a date and the day after."""
    next_day = day + timedelta(days=1)
    first, second = (_find_hours(who, hours, on, holidays) for on in (day, next_day))
    if first is None or second is None:
        return None
    here, there = (ZoneInfo(zones.get(_territory(who, on), zone)) for on in (day, next_day))
    return _compare(first, second, day, here, there)


def _compare(first: Agreed, second: Agreed, day: date, here: ZoneInfo | None, there: ZoneInfo | None) -> Overlap | None:
    """In one zone, or none, by what the wall shows, in two by the instants."""
    begins = datetime.combine(day + timedelta(days=1), second.hours.start, there)
    lasts = min(_end(day, first.hours, here), _end(day + timedelta(days=1), second.hours, there)) - begins
    return Overlap(first, second, lasts) if lasts > timedelta(0) else None


def _end(day: date, hours: WorkHours, zone: ZoneInfo | None) -> datetime:
    return datetime.combine(day + timedelta(days=int(hours.end <= hours.start)), hours.end, zone)


def _find_hours(
    who: TechnicianRecord, hours: TechnicianRecord, on: date, holidays: Mapping[str, Collection[date]]
) -> Agreed | None:
    """What is agreed for a date; absences leave none, and the week's do not hold on holidays or where nobody borrows
    somebody who is lent by the day."""
    if any(one.from_on <= on <= one.to_on for one in who.absences):
        return None
    special = (hours.special_shifts or {}).get(on)
    if special is not None:
        return Agreed(on.weekday(), special, on, True)
    is_lent_elsewhere = who.kind == "borrowed" and bool(who.loans) and on not in (who.loans or {})
    if is_lent_elsewhere or on in holidays.get(_territory(who, on), ()):
        return None
    usual = hours.hours.get(on.weekday())
    return None if usual is None else Agreed(on.weekday(), usual, on)


def _territory(who: TechnicianRecord, on: date) -> str:
    loan = (who.loans or {}).get(on)
    return loan.territory if loan else who.territory or ""
