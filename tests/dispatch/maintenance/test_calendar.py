"""On which days recurring work falls due and may be done."""

from datetime import date
from itertools import islice

import pytest

from dispatch.maintenance.calendar import Rhythm, list_spans


def first(rhythm, count=4):
    return [str(due_on) for _, due_on in islice(rhythm.list_turns(-1, None), count)]


def test_the_last_of_a_month_does_not_drift():
    """After February it is the 31st again."""
    assert first(Rhythm(1, "month", date(2026, 12, 31))) == ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]


def test_leap_days_come_back():
    """Twelve months after 29 February is the 28th; in the next leap year it is the 29th."""
    assert first(Rhythm(12, "month", date(2028, 2, 29)), 5)[-1] == "2032-02-29"


def test_weeks_are_weeks():
    """Over the end of a year."""
    assert first(Rhythm(2, "week", date(2026, 12, 21)), 3) == ["2026-12-21", "2027-01-04", "2027-01-18"]


def test_what_falls_due_out_of_season_waits_for_its_first_day_and_comes_once():
    """A lawn mown every two weeks from April to September rests in winter, and is not mown thirteen times then."""
    mowing = Rhythm(2, "week", date(2026, 9, 14), months=range(4, 10))
    assert first(mowing, 4) == ["2026-09-14", "2026-09-28", "2027-04-01", "2027-04-12"]


def test_after_the_work_was_done_it_is_due_in_season():
    """Done in January, a boiler is due again when the next heating season begins."""
    assert Rhythm(12, "month", date(2026, 9, 1), (9, 10)).due_after(date(2027, 1, 20)) == date(2028, 9, 1)


@pytest.mark.parametrize(
    ("weekdays", "holidays", "expected"),
    [
        ((), (), [(23, 29)]),
        ((), (25,), [(23, 24), (26, 29)]),
        ((0, 1), (), [(23, 24)]),
        ((0, 4), (23,), [(27, 27)]),
    ],
)
def test_only_days_that_are_allowed_are_offered(weekdays, holidays, expected):
    """The last week of November 2026 begins on Monday the 23rd."""
    spans = list_spans(date(2026, 11, 23), date(2026, 11, 29), weekdays, {date(2026, 11, day) for day in holidays})
    assert [(a.day, b.day) for a, b in spans] == expected


def test_where_no_day_is_allowed_the_next_one_is():
    """A holiday on the only Monday moves the work to the next Monday, and no farther."""
    assert list_spans(date(2026, 11, 23), date(2026, 11, 27), (0,), {date(2026, 11, 23)}) == [
        (date(2026, 11, 30), date(2026, 11, 30))
    ]


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [
        (Rhythm(3, "month", date(2024, 1, 10)), "2026-10-10"),
        (Rhythm(1, "month", date(2026, 12, 1)), "2026-12-01"),
        (Rhythm(1, "week", date(2024, 1, 10)), "2026-07-15"),
    ],
)
def test_after_a_change_of_the_rhythm_the_next_turn_is_the_next_day_of_the_new_one(rhythm, expected):
    """The thirty-first turn of a plan that was monthly since 10 January 2024 has been."""
    number, due_on = next(rhythm.list_turns(30, date(2026, 7, 10)))
    assert (number, str(due_on)) == (31, expected)
