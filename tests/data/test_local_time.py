"""Wall-clock times become instants, and the two odd days of the year are said, not guessed."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from data.local_time import DoubleLocalTime, MissingLocalTime, end_of_day, start_of_day, to_utc

BERLIN, SANTIAGO = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Santiago")


def test_an_ordinary_time_has_one_instant():
    assert to_utc(date(2025, 7, 1), time(9), BERLIN) == datetime(2025, 7, 1, 7, tzinfo=UTC)


def test_a_time_that_the_clocks_jump_over_is_missing():
    with pytest.raises(MissingLocalTime, match="02:30 does not exist on 2025-03-30 in Europe/Berlin") as caught:
        to_utc(date(2025, 3, 30), time(2, 30), BERLIN)
    assert caught.value.later == datetime(2025, 3, 30, 3, 30, tzinfo=BERLIN)


def test_a_time_that_the_clocks_show_twice_is_double():
    with pytest.raises(DoubleLocalTime, match="02:30 happens twice on 2025-10-26") as caught:
        to_utc(date(2025, 10, 26), time(2, 30), BERLIN)
    assert (caught.value.first, caught.value.second) == (
        datetime(2025, 10, 26, 0, 30, tzinfo=UTC),
        datetime(2025, 10, 26, 1, 30, tzinfo=UTC),
    )


def test_a_day_without_midnight_begins_where_the_clocks_land():
    """Chile puts its clocks forward at midnight: 7 September 2025 begins at 01:00."""
    begins = start_of_day(date(2025, 9, 7), SANTIAGO)
    assert begins == datetime(2025, 9, 7, 4, tzinfo=UTC)
    assert begins.astimezone(SANTIAGO).time() == time(1)


@pytest.mark.parametrize(("on", "hours"), [(date(2025, 9, 7), 23), (date(2025, 4, 5), 25), (date(2025, 7, 1), 24)])
def test_days_are_as_long_as_they_are(on, hours):
    assert (end_of_day(on, SANTIAGO) - start_of_day(on, SANTIAGO)).total_seconds() == hours * 3600
