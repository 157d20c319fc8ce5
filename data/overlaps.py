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
    """The hours of one day that end after those of the next day begin."""

    first: Agreed
    second: Agreed

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
    """Overlaps that the hours told make and those known before did not, by day; what is over before `today` is past.

    `zone` is that of a territory that `zones` does not name. Overtime overlaps nothing: it ends where hours begin.
    """
    before = set() if known is None else set(_list_overlaps(told, known, zone, zones, holidays))
    found = _list_overlaps(told, told, zone, zones, holidays)
    return [
        one for one in found if one not in before and (today is None or one.second.on is None or one.second.on >= today)
    ]


def _list_overlaps(
    who: TechnicianRecord,
    hours: TechnicianRecord,
    zone: str,
    zones: Mapping[str, str],
    holidays: Mapping[str, Collection[date]],
) -> list[Overlap]:
    """Those of the weekly hours first; each is told once, and not again for the dates on which it comes about."""
    weekly = []
    for weekday, one in sorted(hours.hours.items()):
        after = hours.hours.get((weekday + 1) % 7)
        if after is not None and one.end <= one.start and after.start < one.end:
            weekly.append(Overlap(Agreed(weekday, one), Agreed((weekday + 1) % 7, after)))
    single = hours.special_shifts or {}
    pairs = sorted({(on + timedelta(days=days), on + timedelta(days=days + 1)) for on in single for days in (-1, 0)})
    found = []
    for day, next_day in pairs:
        first, second = (_find_hours(who, hours, on, holidays) for on in (day, next_day))
        if first is None or second is None:
            continue
        here, there = (ZoneInfo(zones.get(_territory(who, on), zone)) for on in (day, next_day))
        ends_on = day + timedelta(days=int(first.hours.end <= first.hours.start))
        # in one zone these compare what the wall shows, in two the instants
        if datetime.combine(ends_on, first.hours.end, here) > datetime.combine(next_day, second.hours.start, there):
            found.append(Overlap(first, second))
    return [*weekly, *found]


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
