"""Numbers, places and lists in a cell are read as people write them, and refused where they are unclear."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from data.importers.emails import read_email
from data.importers.jobs import read_priority
from data.importers.lists import (
    make_window,
    read_absences,
    read_counted,
    read_hours,
    read_lunch,
    read_names,
    read_skills,
    read_weekdays,
    read_windows,
)
from data.importers.numbers import read_decimal, read_latitude, read_location, read_text, read_whole
from data.importers.technicians import read_kind, read_percent
from data.records import AbsenceRecord, LunchBreak, WorkHours
from tests.data.importers.refusals import refused

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "text",
    [
        "-29.9027, -71.2519",
        "-29.9027;-71.2519",
        "-29.9027 -71.2519",
        "-29,9027; -71,2519",
        "-29,9027, -71,2519",
        "\u221229,9027 \u221271,2519",
        [-29.9027, -71.2519],
    ],
)
def test_a_place_in_one_cell_has_many_faces(text):
    assert read_location(text) == (-29.9027, -71.2519)


@pytest.mark.parametrize("text", ["29,90", "-29,9", "12 High Street", "-129.9, 20.5", "29, 71"])
def test_what_is_no_place_is_refused(text):
    assert refused(read_location, text)


def test_numbers_take_either_decimal_sign_and_no_thousands_separator():
    assert [read_decimal(number) for number in ("1.5", "1,5", 2, "1.5E-06")] == [1.5, 1.5, 2.0, 1.5e-06]
    for text in ("1.234,5", "1,234.5", "nan", float("inf"), True, "1e"):
        assert "is not a number" in refused(read_decimal, text)


def test_whole_numbers_keep_to_their_limits():
    assert read_whole("7.0") == 7
    assert refused(read_whole, "7.5") == "'7.5' is not a whole number"
    assert refused(read_whole, "101", 0, 100) == "101 is out of range"
    assert refused(read_whole, 56912345678) == "56912345678 is out of range", "it is a telephone number"
    assert "is not a latitude" in refused(read_latitude, "91")


def test_a_whole_number_that_may_have_a_thousands_separator_is_refused():
    assert refused(read_whole, "15.000") == "'15.000' can be 15 or 15000"
    assert refused(read_whole, "2,500") == "'2,500' can be 2.5 or 2500"
    assert [read_whole(number) for number in ("15000", "15.0", "15,00", 15.0)] == [15000, 15, 15, 15]


def test_texts_lose_what_spreadsheets_add():
    assert (read_text(56912345678.0), read_text(" a "), read_text(True)) == ("56912345678", "a", "true")


def test_skills_are_the_same_whatever_their_case():
    assert read_skills("Gas:3; LIFT 2, cleaning | confined  Space=1") == {
        "gas": 3,
        "lift": 2,
        "cleaning": 1,
        "confined space": 1,
    }
    assert refused(read_skills, "gas:3; Gas:2") == "'gas' is there twice"
    assert refused(read_skills, "gas:11")
    assert "no whole number" in refused(read_skills, "gas:high")
    assert "no whole number" in refused(read_counted, "valve:-1")
    assert read_counted("router x3; cable", 0) == {"router": 3, "cable": 1}


def test_names_are_kept_as_written():
    assert read_names("T01; T02,T03") == ("T01", "T02", "T03")
    assert refused(read_names, "T01;T01")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon-Fri", (0, 1, 2, 3, 4)),
        ("Mo, Mi", (0, 2)),
        ("lunes a", None),
        ("Sat-Mon", (5, 6, 0)),
        ("samedi", (5,)),
        ("miércoles; vie", (2, 4)),
        ("Mon-Wed, Tue", None),
        ("do", None),
        ("x", None),
        ("M", None),
    ],
)
def test_weekdays_are_read_in_four_languages_and_never_guessed(text, days):
    if days is None:
        assert refused(read_weekdays, text)
    else:
        assert read_weekdays(text) == days


def test_a_short_name_of_two_days_is_refused_with_both():
    assert refused(read_weekdays, "Mo-Do") == "'Do' can be Thursday or Sunday"


def test_a_week_of_hours_is_read():
    week = read_hours("Mon-Tue 08:00-17:00 (18:00); Fri: 8 am - 2 pm; Sun 22:00-06:00")
    assert week == {
        0: WorkHours(time(8), time(17), time(18)),
        1: WorkHours(time(8), time(17), time(18)),
        4: WorkHours(time(8), time(14), time(14)),
        6: WorkHours(time(22), time(6), time(6)),
    }


@pytest.mark.parametrize(
    "text",
    [
        "08:00-17:00",
        "Mon 08:00",
        "Mon 17:00-08:30 (18:00)",
        "Mon 8:00-17:00 (16:00)",
        "Mon 8:00-12:00; Mon 13:00-17:00",
        "Mon 17:00-09:30",
    ],
)
def test_hours_that_do_not_hold_together_are_refused(text):
    assert refused(read_hours, text)


def test_lunch_says_when_and_how_long():
    assert read_lunch("12:00-14:00 45 min") == LunchBreak(time(12), time(14), 2700)
    assert read_lunch("12:00 - 14:00 (1h)") == LunchBreak(time(12), time(14), 3600)
    for text in ("12:00-13:00", "14:00-12:00 45 min", "12:00-14:00 9 h", "noon"):
        assert refused(read_lunch, text)


def test_absences_are_whole_days():
    assert read_absences("2025-01-03..2025-01-10 annual leave; 2025-02-01: sick; 2025-03-01 to 2025-03-02") == (
        AbsenceRecord(date(2025, 1, 3), date(2025, 1, 10), "annual leave"),
        AbsenceRecord(date(2025, 2, 1), date(2025, 2, 1), "sick"),
        AbsenceRecord(date(2025, 3, 1), date(2025, 3, 2), ""),
    )
    for text in ("next week", "2025-01-10..2025-01-03 leave", "03/04/2025 sick"):
        assert refused(read_absences, text)


def test_windows_are_on_the_day_or_carry_their_own():
    day = date(2025, 7, 1)
    nine, noon, two, midnight = (datetime(2025, 7, 1, hour, tzinfo=UTC) for hour in (7, 10, 12, 22))
    assert read_windows("14:00-24:00; 9:00-12:00", BERLIN, day) == ((nine, noon), (two, midnight))
    assert read_windows("2025-07-01T09:00/2025-07-01T10:00Z", BERLIN) == ((nine, noon),)
    assert refused(read_windows, "9:00-12:00", BERLIN) == "09:00 has no date"
    assert refused(read_windows, "9:00-12:00; 11:00-13:00", BERLIN, day) == "two time windows overlap"
    assert "before it begins" in refused(read_windows, "12:00-9:00", BERLIN, day)
    assert "is not a time window" in refused(read_windows, "morning", BERLIN, day)


def test_windows_of_dates_are_whole_days():
    first, last = datetime(2025, 6, 30, 22, tzinfo=UTC), datetime(2025, 7, 3, 22, tzinfo=UTC)
    assert read_windows("2025-07-01/2025-07-03", BERLIN) == ((first, last),)
    assert make_window(datetime(2025, 7, 1), datetime(2025, 7, 3), BERLIN) == (first, last)
    one_day = first, datetime(2025, 7, 1, 22, tzinfo=UTC)
    assert make_window("2025-07-01", "2025-07-01", BERLIN) == one_day
    assert make_window(datetime(2025, 7, 1), datetime(2025, 7, 1), BERLIN, date(2025, 7, 1)) == one_day


def test_a_window_of_a_sheet_may_end_at_midnight():
    evening, midnight = datetime(2025, 7, 1, 16, tzinfo=UTC), datetime(2025, 7, 1, 22, tzinfo=UTC)
    assert make_window(datetime(2025, 7, 1, 18), datetime(2025, 7, 2), BERLIN) == (evening, midnight)


def test_priorities_are_numbers_or_words():
    assert [read_priority(word) for word in ("0", 100, "Hoch", "emergencia", "élevée")] == [0, 100, 60, 100, 60]
    assert "is not a priority" in refused(read_priority, "101")


def test_kinds_pace_and_addresses():
    assert [read_kind(word) for word in ("Full time", "Teilzeit", "sous-traitant", "prestado")] == [
        "employee",
        "part_time",
        "contractor",
        "borrowed",
    ]
    assert refused(read_kind, "robot")
    assert (read_percent("80 %"), read_percent(120)) == (80, 120)
    assert read_email("a.b@example.org") == "a.b@example.org"
    assert refused(read_email, "a@[") == "'a@[' is no e-mail address: '[' cannot be after the @"
