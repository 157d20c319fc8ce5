"""Turn wall-clock times into instants, and say so when daylight saving skips or repeats one."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class MissingLocalTime(ValueError):
    """The clocks jump over this time on this day. `later` is the same reading pushed past the jump."""

    def __init__(self, local: datetime, zone: ZoneInfo, later: datetime) -> None:
        self.later = later
        super().__init__(f"{local:%H:%M} does not exist on {local:%Y-%m-%d} in {zone.key}: the clocks are put forward")


class DoubleLocalTime(ValueError):
    """The clocks show this wall-clock time twice on this day: at `first` and at `second` (UTC)."""

    def __init__(self, local: datetime, zone: ZoneInfo, first: datetime, second: datetime) -> None:
        self.first, self.second = first, second
        super().__init__(f"{local:%H:%M} happens twice on {local:%Y-%m-%d} in {zone.key}: the clocks are put back")


def to_utc(on: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which clocks in `zone` show `at` on the day `on`.

    Raises MissingLocalTime or DoubleLocalTime instead of choosing one of the readings.
    """
    local = datetime.combine(on, at)
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first == second:
        return first
    if first.astimezone(zone).replace(tzinfo=None) != local:
        raise MissingLocalTime(local, zone, later=first.astimezone(zone))
    raise DoubleLocalTime(local, zone, first, second)


def start_of_day(on: date, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, of a day in `zone`; also right where the clocks jump over midnight."""
    return datetime.combine(on, time(), tzinfo=zone).astimezone(UTC)


def end_of_day(on: date, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which the next day begins in `zone`."""
    return start_of_day(on + timedelta(days=1), zone)
