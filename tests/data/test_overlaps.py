"""Hours that begin before those of the day before end are found; touching ones, and days without a shift, are none."""

from dataclasses import replace
from datetime import date, time

import pytest

from data.overlaps import list_new_overlaps
from data.records import AbsenceRecord, Loan, TechnicianRecord, WorkHours

NIGHT = WorkHours(time(22), time(6), time(6))
EARLY = WorkHours(time(5), time(13), time(13))
DAY = WorkHours(time(6), time(14), time(14))
LONG_NIGHT = WorkHours(time(20), time(5), time(7))
TUESDAY, WEDNESDAY = date(2026, 12, 1), date(2026, 12, 2)
ZONES = {"Town": "Europe/Madrid", "Far": "Pacific/Auckland", "West": "America/Santiago"}


def who(week=None, single=None, **facts):
    return TechnicianRecord("T1", "Ana", territory="Town", hours=week or {}, special_shifts=single, **facts)


def found(told, known=None, holidays=(), today=None):
    return [str(one) for one in list_new_overlaps(told, known, "UTC", ZONES, {"Town": holidays}, today)]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (who({0: NIGHT, 1: EARLY}), "Monday 22:00-06:00 ends after Tuesday 05:00-13:00 begins"),
        (who({6: NIGHT, 0: EARLY}), "Sunday 22:00-06:00 ends after Monday 05:00-13:00 begins"),
        (
            who({2: EARLY}, {TUESDAY: NIGHT}),
            "Tuesday 2026-12-01 22:00-06:00 ends after Wednesday 2026-12-02 05:00-13:00, of the weekly hours, begins",
        ),
        (
            who({1: NIGHT}, {WEDNESDAY: EARLY}),
            "Tuesday 2026-12-01 22:00-06:00, of the weekly hours, ends after Wednesday 2026-12-02 05:00-13:00 begins",
        ),
        (
            who(None, {TUESDAY: NIGHT, WEDNESDAY: EARLY}),
            "Tuesday 2026-12-01 22:00-06:00 ends after Wednesday 2026-12-02 05:00-13:00 begins",
        ),
        (
            who({1: DAY}, {WEDNESDAY: EARLY}, loans={TUESDAY: Loan("West"), WEDNESDAY: Loan("Far")}),
            "Tuesday 2026-12-01 06:00-14:00, of the weekly hours, ends after Wednesday 2026-12-02 05:00-13:00 begins",
        ),
    ],
    ids=["week", "over Sunday", "one night", "one morning", "two single days", "two zones on a day"],
)
def test_nobody_is_in_two_places_at_once(told, said):
    """Which hours, on which days."""
    assert found(told) == [said]


@pytest.mark.parametrize(
    "told",
    [
        who({0: NIGHT, 1: DAY}),
        who({0: NIGHT, 2: EARLY}),
        who({0: LONG_NIGHT, 1: EARLY}),
        who({2: EARLY}, {TUESDAY: NIGHT, WEDNESDAY: DAY}),
        who({2: EARLY}, {TUESDAY: NIGHT}, absences=(AbsenceRecord(WEDNESDAY, WEDNESDAY, "ill"),)),
        who({2: EARLY}, {TUESDAY: NIGHT}, kind="borrowed", loans={TUESDAY: Loan("Town")}),
        who(dict.fromkeys(range(7), DAY), {TUESDAY: EARLY}),
    ],
    ids=["touching", "a day between", "overtime", "other hours that day", "away", "not lent that day", "in place of"],
)
def test_hours_that_do_not_meet_are_no_overlap(told):
    """Hours of one day replace the week's, overtime gives way, and who is away has no shift."""
    assert found(told) == []


def test_a_holiday_has_no_shift_of_the_week():
    """On other days the same hours overlap."""
    told = who({2: EARLY}, {TUESDAY: NIGHT})
    assert found(told, holidays={WEDNESDAY}) == []
    assert len(found(told)) == 1


def test_what_is_stored_or_over_already_may_stay():
    """Not so what is changed and still overlaps."""
    stored = who({0: NIGHT, 1: EARLY, 2: EARLY}, {TUESDAY: NIGHT})
    assert found(replace(stored, name="Ana Soto"), stored) == []
    assert found(replace(stored, hours={**stored.hours, 0: LONG_NIGHT}), stored) == []
    later = WorkHours(time(23), time(7), time(7))
    assert len(found(replace(stored, hours={**stored.hours, 0: later}), stored)) == 1
    assert found(who({2: EARLY}, {TUESDAY: NIGHT}), today=WEDNESDAY) != []
    assert found(who({2: EARLY}, {TUESDAY: NIGHT}), today=date(2026, 12, 3)) == []


@pytest.mark.parametrize(
    ("week", "single"),
    [
        ({1: WorkHours(time(5), time(14), time(14))}, {}),
        ({1: WorkHours(time(5), time(13), time(15))}, {}),
        ({0: WorkHours(time(23), time(6), time(6))}, {}),
        ({0: WorkHours(time(22), time(5, 30), time(5, 30))}, {}),
        ({}, {TUESDAY: WorkHours(time(5, 30), time(12), time(12))}),
    ],
    ids=["ends later", "overtime", "begins later", "ends sooner", "one day better than the week"],
)
def test_days_that_overlap_already_may_change_as_long_as_they_overlap_no_longer(week, single):
    """A minute more is refused, and so is the same overlap on two other days."""
    stored = who({0: NIGHT, 1: EARLY})
    assert found(replace(stored, hours={**stored.hours, **week}, special_shifts=single), stored) == []
    worse = {0: NIGHT, 1: WorkHours(time(4, 59), time(13), time(13))}
    assert len(found(replace(stored, hours=worse), stored)) == 1
    assert len(found(replace(stored, hours={2: NIGHT, 3: EARLY}), stored)) == 1
    assert len(found(replace(stored, special_shifts={TUESDAY: WorkHours(time(4), time(9), time(9))}), stored)) == 1
