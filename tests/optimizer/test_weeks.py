"""Several days in one problem: a shift for everybody on each, and visits that may go on another day."""

from collections import Counter

import pytest

from optimizer import Pin, check, solve
from optimizer.engines import ruin
from optimizer.rules import lower
from tests.optimizer.town import shift, street, town, visit

DAY_S = 86_400
PEOPLE = ("Ana", "Ben")


def week(days, *, each=3, fixed=0):
    """Two people who have time for three visits of 2,000 s a day, asked for three each on every day; all on the first
    day if they could, but for `fixed` of them that can only be on the first."""
    shifts = [
        shift(f"{name} {day}", technician=name, start_s=day * DAY_S, end_s=day * DAY_S + 7_000)
        for day in range(days)
        for name in PEOPLE
    ]
    visits = [
        visit(
            f"v{number}",
            1 + number % 5,
            service_s=2_000,
            windows=[(0, DAY_S - 1 if number < fixed else days * DAY_S)],
            due_s=DAY_S,
        )
        for number in range(len(PEOPLE) * each * days)
    ]
    return town(visits, shifts, travel=street())


def days_of(plan):
    return Counter(route.shift.split()[1] for route in plan.routes for _ in route.stops)


@pytest.mark.parametrize("days", [5, 14])
def test_visits_move_to_other_days_when_a_day_is_full(days):
    """All are due on the first day; each day takes six at most, and nothing but time keeps any of them out."""
    problem = week(days)
    assert ruin.supports(lower(problem))
    plan = solve(problem, time_limit_s=120, iterations=2_000)
    assert check(problem, plan).is_valid
    assert not plan.unassigned
    assert days_of(plan) == {str(day): 6 for day in range(days)}


def test_what_can_only_be_on_the_first_day_has_the_room_there():
    plan = solve(week(5, fixed=6), time_limit_s=120, iterations=2_000)
    assert {stop.visit for route in plan.routes if route.shift.endswith(" 0") for stop in route.stops} == {
        f"v{number}" for number in range(6)
    }
    assert not plan.unassigned


def test_an_emergency_on_a_full_day_sends_a_visit_to_the_next():
    """Somebody pinned to Monday takes the room of one visit, which is then on Tuesday rather than left out."""
    shifts = [shift("Mon", technician="Ana", end_s=4_500), shift("Tue", technician="Ana", start_s=DAY_S, end_s=90_000)]
    visits = [visit(name, 1, service_s=2_000, windows=[(0, 2 * DAY_S)], due_s=5_000) for name in ("a", "b")]
    before = solve(town(visits, shifts), time_limit_s=60, iterations=200)
    assert [route.shift for route in before.routes] == ["Mon"]
    emergency = visit("emergency", 2, service_s=1_500, pin=Pin("Mon"))
    after = solve(town([*visits, emergency], shifts), time_limit_s=60, iterations=200, start=before)
    assert {route.shift: len(route.stops) for route in after.routes} == {"Mon": 2, "Tue": 1}
    assert not after.unassigned
