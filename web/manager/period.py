"""The days that a report covers, as chosen in the page's form."""

from dataclasses import dataclass
from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from web.forms import find_day


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included."""

    from_on: date
    to_on: date


def read_period(values: MultiDict[str, str], today: date) -> Period:
    """The period of `from` and `to`; what is missing is the last seven days. 400 when a day is no day."""
    to_on = find_day(values, "to") or today
    from_on = find_day(values, "from") or to_on - timedelta(days=6)
    return Period(from_on, to_on)


def usual_periods(today: date) -> dict[str, Period]:
    """The periods that the page offers by name."""
    monday = today - timedelta(days=today.weekday())
    return {
        "Today": Period(today, today),
        "Last 7 days": Period(today - timedelta(days=6), today),
        "This week": Period(monday, monday + timedelta(days=6)),
        "This month": Period(today.replace(day=1), today),
    }


def find_usual_name(period: Period, today: date) -> str | None:
    """The name under which the page offers this period; on some days two names mean the same, then the first."""
    return next((name for name, usual in usual_periods(today).items() if usual == period), None)
