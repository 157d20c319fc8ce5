"""Contracts' clocks: they run in business hours, stand still at night and on holidays, and know clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from dispatch.errors import InvalidInput
from dispatch.jobs.sla import find_contract, find_due, find_start
from dispatch.models import Contract, ContractHours

HOUR = 3600
WEEK = [(weekday, time(9), time(17)) for weekday in range(5)]


def contract(hours=WEEK, zone="Europe/Berlin", **facts):
    rows = [ContractHours(weekday=day, opens=opens, closes=closes) for day, opens, closes in hours]
    return Contract(
        **{"name": "Gold", "runs_on_holidays": False, "starts_on": date(2026, 1, 1), **facts}, zone=zone, hours=rows
    )


def berlin(text):
    """A wall clock in winter."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=1)


CASES = {
    "within the day": ("2026-11-23 10:00", 4, "2026-11-23 14:00"),
    "exactly until closing": ("2026-11-23 13:00", 4, "2026-11-23 17:00"),
    "over night": ("2026-11-23 16:00", 4, "2026-11-24 12:00"),
    "reported at night": ("2026-11-23 23:00", 4, "2026-11-24 13:00"),
    "over the weekend": ("2026-11-27 16:00", 4, "2026-11-30 12:00"),
    "reported on Sunday": ("2026-11-29 12:00", 4, "2026-11-30 13:00"),
    "several days": ("2026-11-23 09:00", 20, "2026-11-25 13:00"),
}


@pytest.mark.parametrize(("reported", "hours", "due"), CASES.values(), ids=CASES.keys())
def test_the_clock_runs_in_business_hours(reported, hours, due):
    """Nine to five, Monday to Friday."""
    assert find_due(contract(), hours * HOUR, berlin(reported), set()) == berlin(due)


def test_without_hours_the_clock_always_runs():
    """A lift company's: also on holidays."""
    assert find_due(contract([]), 4 * HOUR, berlin("2026-12-25 23:00"), {date(2026, 12, 25)}) == berlin(
        "2026-12-26 03:00"
    )


@pytest.mark.parametrize(("runs", "due"), [(False, "2026-11-25 10:00"), (True, "2026-11-24 10:00")])
def test_the_clock_stands_still_on_holidays_unless_agreed(runs, due):
    """Tuesday is one."""
    terms = contract(runs_on_holidays=runs)
    assert find_due(terms, 2 * HOUR, berlin("2026-11-23 16:00"), {date(2026, 11, 24)}) == berlin(due)


def test_hours_over_midnight_belong_to_the_day_on_which_they_begin():
    """From ten in the evening on Monday: at one in the morning three hours have run."""
    terms = contract([(0, time(22), time(6))])
    assert find_due(terms, 3 * HOUR, berlin("2026-11-23 12:00"), set()) == berlin("2026-11-24 01:00")
    assert find_due(terms, 3 * HOUR, berlin("2026-11-24 01:00"), set()) == berlin("2026-11-24 04:00")


def test_hours_that_touch_or_overlap_count_once():
    """Nine to one, and twelve to five: eight hours."""
    terms = contract([(0, time(9), time(13)), (0, time(12), time(17))])
    assert find_due(terms, 8 * HOUR, berlin("2026-11-23 06:00"), set()) == berlin("2026-11-23 17:00")


def test_the_night_of_the_clock_change_has_its_real_length():
    """Open all night in Berlin, when the clock goes from two to three: an hour less."""
    terms = contract([(weekday, time(0), time(0)) for weekday in range(7)])
    midnight = datetime(2026, 3, 28, 23, tzinfo=UTC)
    due_at = find_due(terms, 24 * HOUR, midnight, set())
    assert due_at == midnight + timedelta(hours=24)


def test_without_a_term_nothing_is_due():
    """The contract does not say."""
    assert find_due(contract(), None, berlin("2026-11-23 10:00"), set()) is None


def test_hours_that_never_come_are_refused():
    """Every Monday is a holiday."""
    mondays = {date(2026, 1, 5) + timedelta(weeks=week) for week in range(300)}
    with pytest.raises(InvalidInput, match="no time to count"):
        find_due(contract([(0, time(9), time(17))]), HOUR, berlin("2026-11-23 10:00"), mondays)


def test_of_several_contracts_the_quickest_in_force_holds():
    """The one that has ended does not, nor the one that begins tomorrow."""
    on = date(2026, 11, 23)
    slow = contract(id=1, respond_within_s=8 * HOUR)
    quick = contract(id=2, respond_within_s=4 * HOUR, ends_on=on)
    ended = contract(id=3, respond_within_s=HOUR, ends_on=on - timedelta(1))
    coming = contract(id=4, respond_within_s=HOUR, starts_on=on + timedelta(1))
    assert find_contract([slow, quick, ended, coming], on) is quick
    assert find_contract([ended, coming], on) is None


@pytest.mark.parametrize(
    ("asked_on", "starts_at"),
    [
        (None, datetime(2026, 11, 23, 23, 30, tzinfo=UTC)),
        (date(2026, 11, 24), datetime(2026, 11, 23, 23, 30, tzinfo=UTC)),
        (date(2026, 11, 25), datetime(2026, 11, 25, 3, tzinfo=UTC)),
    ],
    ids=["for no day", "for the day of the call", "for the day after"],
)
def test_the_clock_waits_only_for_a_day_after_that_of_the_call(asked_on, starts_at):
    """Called at half past midnight in Madrid, when it is still yesterday evening at the place in Santiago."""
    called_at = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert find_start(called_at, asked_on, "America/Santiago", "Europe/Madrid") == starts_at
