"""Times, lengths, days and instants are read as people write them, and refused where they mean two things."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.importers.result import BadValue
from data.importers.times import read_date, read_instant, read_length, read_time
from tests.data.importers.refusals import refused

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = ("2025-07-01", "20250701", date(2025, 7, 1), datetime(2025, 7, 1), 45839, 45839.0)
"""Dates without a time, as texts, programs, sheets and maps have them."""


@pytest.mark.parametrize(
    "text",
    [
        "8:00",
        "08:00",
        "08.00",
        "8 am",
        "8am",
        "8 a.m.",
        "0800",
        "800",
        "8",
        "8h",
        "8h00",
        "8 Uhr",
        "08:00:00",
        "T08:00",
        8,
        8.0,
        800,
        time(8),
        datetime(1899, 12, 30, 8),
        1 / 3,
    ],
)
def test_eight_in_the_morning_has_many_faces(text):
    assert read_time(text) == time(8)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("12 am", time(0)),
        ("12 pm", time(12)),
        ("1:30 PM", time(13, 30)),
        ("24:00", time(0)),
        ("23:59:58", time(23, 59, 58)),
    ],
)
def test_noon_and_midnight_are_where_they_belong(text, at):
    assert read_time(text) == at


@pytest.mark.parametrize("text", ["25:00", "8:60", "13 pm", "0 am", "8,5", "soon", "24:01", "", 8.3, True, -1])
def test_what_is_no_time_of_day_is_refused(text):
    assert "is not a time of day" in refused(read_time, text)


def test_a_date_in_a_time_column_is_refused():
    assert "has a date in it" in refused(read_time, datetime(2025, 1, 1, 8))


@given(st.times())
def test_every_time_that_is_written_is_read(at):
    at = at.replace(microsecond=0)
    assert read_time(at.isoformat()) == at
    assert read_time(at.strftime("%I:%M:%S %p")) == at
    assert read_time(at.strftime("%H%M")) == at.replace(second=0)


@pytest.mark.parametrize(
    "text",
    [
        "90",
        "90 min",
        "90min",
        "1h30",
        "1 h 30",
        "1h 30m",
        "1:30",
        "1:30:00",
        "1.5 h",
        "1,5 Std",
        "90'",
        "PT1H30M",
        "1 hora 30 minutos",
        "5400 s",
        90,
        time(1, 30),
        timedelta(minutes=90),
        datetime(1899, 12, 30, 1, 30),
    ],
)
def test_an_hour_and_a_half_has_many_faces(text):
    assert read_length(text) == 5400


def test_a_bare_number_counts_in_the_unit_of_the_heading():
    assert (read_length("1,5", "h"), read_length(90, "s"), read_length("2", "min")) == (5400, 90, 120)


def test_a_bare_fraction_without_a_unit_is_refused():
    assert refused(read_length, "1.5") == "'1.5' has no unit"


@pytest.mark.parametrize(
    "text",
    ["soon", "-5", "1:75", "5 parsecs", "PT", "h", "1.0001 s", 56912345678, "9" * 400, "PT99999H", timedelta(-1)],
)
def test_what_is_no_length_is_refused(text):
    assert refused(read_length, text)


@given(st.integers(0, 24 * 3600))
def test_every_length_that_is_written_is_read(seconds):
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    assert read_length(f"{seconds} s") == seconds
    assert read_length(f"{hours}:{minutes:02}:{rest:02}") == seconds
    assert read_length(f"{hours}h {minutes}min {rest}sec") == seconds
    assert read_length(f"PT{hours}H{minutes}M{rest}S") == seconds


@pytest.mark.parametrize(
    "text",
    [
        "2025-04-13",
        "20250413",
        "2025/4/13",
        "13/04/2025",
        "13.4.2025",
        "04/13/2025",
        "2025-04-13T00:00:00",
        date(2025, 4, 13),
        datetime(2025, 4, 13),
        45760,
        45760.0,
    ],
)
def test_a_day_has_many_faces(text):
    assert read_date(text) == date(2025, 4, 13)


def test_a_day_that_can_be_two_is_refused_until_the_order_is_stated():
    assert refused(read_date, "03/04/2025") == "'03/04/2025' can be 3 April or 4 March"
    assert refused(read_date, "3.4.2025")
    assert read_date("03/04/2025", "day_first") == date(2025, 4, 3)
    assert read_date("03/04/2025", "month_first") == date(2025, 3, 4)
    assert read_date("04/04/2025") == date(2025, 4, 4)


@pytest.mark.parametrize(
    "text",
    ["2025-02-30", "13/13/2025", "00/05/2025", "05/00/2025", "03/04/0000", "3/4/25", "tomorrow", 45760.5, 12, True],
)
def test_what_is_no_day_is_refused(text):
    assert refused(read_date, text)


def test_a_stated_order_is_kept_to():
    assert "is not a day of the calendar" in refused(read_date, "04/13/2025", "day_first")


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_a_date_with_the_year_last_is_read_right_or_refused(on):
    assert read_date(f"{on:%d/%m/%Y}", "day_first") == on
    assert read_date(f"{on:%m/%d/%Y}", "month_first") == on
    if on.day <= 12 and on.day != on.month:
        assert "can be" in refused(read_date, f"{on:%d/%m/%Y}")
    else:
        assert read_date(f"{on:%d/%m/%Y}") == on


@pytest.mark.parametrize(
    "text",
    [
        "2025-07-01 09:00",
        "2025-07-01T09:00",
        "2025-07-01T09:00+02:00",
        "2025-07-01T07:00Z",
        "13:00",
        "2025-07-01 9 am",
        datetime(2025, 7, 1, 9),
        datetime(2025, 7, 1, 7, tzinfo=UTC),
        45839.375,
    ],
)
def test_an_instant_has_many_faces(text):
    expected = datetime(2025, 7, 1, 11 if text == "13:00" else 7, tzinfo=UTC)
    assert read_instant(text, BERLIN, date(2025, 7, 1)) == expected


def test_a_due_date_without_a_time_means_until_the_day_is_over():
    for value in DAYS:
        assert read_instant(value, BERLIN) == datetime(2025, 7, 1, 22, tzinfo=UTC)


def test_a_date_without_a_time_is_the_beginning_of_its_day_where_something_begins():
    for value in DAYS:
        assert read_instant(value, BERLIN, edge="start") == datetime(2025, 6, 30, 22, tzinfo=UTC)
    assert read_instant("2025-07-01 09:00", BERLIN, edge="start") == datetime(2025, 7, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2025-07-01 24:00", "2025-07-01T24:00", "01/07/2025 2400", "24:00", "24 h", 24])
def test_24_00_is_the_end_of_its_day(text):
    assert read_instant(text, BERLIN, date(2025, 7, 1), "day_first") == datetime(2025, 7, 1, 22, tzinfo=UTC)


def test_00_00_is_the_beginning_of_its_day():
    for value in ("2025-07-01 00:00", "00:00", time(0)):
        assert read_instant(value, BERLIN, date(2025, 7, 1)) == datetime(2025, 6, 30, 22, tzinfo=UTC)


def test_a_time_without_any_date_is_refused():
    assert refused(read_instant, "9:00", BERLIN) == "09:00 has no date"


def test_times_that_daylight_saving_skips_or_repeats_are_refused_with_a_way_out():
    assert "does not exist on 2025-03-30" in refused(read_instant, "2025-03-30 02:30", BERLIN)
    with pytest.raises(BadValue, match="happens twice") as caught:
        read_instant("2025-10-26 02:30", BERLIN)
    assert "2025-10-26T02:30:00+02:00" in caught.value.mend
    assert read_instant("2025-10-26T02:30:00+02:00", BERLIN) == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2025-13-01T09:00Z", "2025-02-30 09:00", "sometime"])
def test_what_is_no_instant_is_refused(text):
    assert refused(read_instant, text, BERLIN)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.sampled_from([UTC, BERLIN])))
def test_every_instant_with_an_offset_is_read_back(at):
    at = at.replace(microsecond=0)
    assert read_instant(at.isoformat(), BERLIN) == at.astimezone(UTC)
