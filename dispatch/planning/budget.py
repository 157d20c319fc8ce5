"""How much a new plan may change of the one that people know: hard caps, and prices for the rest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

import optimizer
from dispatch import clock
from dispatch.planning.baseline import find_published_plan
from dispatch.planning.facts import DayFacts
from dispatch.planning.problem import DayProblem
from dispatch.settings import Settings
from optimizer.changes import Layouts, places_of

FARTHEST_S = 7_200


@dataclass(frozen=True)
class ChangeBudget:
    """The caps hold for what could stay as it is; what cannot, because somebody is ill, moves all the same.

    most_moved          so many published jobs may move, or be left out; None: any number
    keep_technician_s   whoever starts within so many seconds keeps their technician
    change_technician   what giving a job to somebody else, or moving it in time, must save, in seconds of travel
    tolerance_s         a start that moves by no more than this is no change
    """

    most_moved: int | None = None
    keep_technician_s: int = 0
    change_technician: int = 0
    tolerance_s: int = 900

    @classmethod
    def of(cls, settings: Settings) -> ChangeBudget:
        """The installation's."""
        return cls(
            most_moved=settings.change_most_jobs,
            keep_technician_s=settings.change_keep_h * 3_600,
            change_technician=settings.change_price_min * 60,
            tolerance_s=settings.change_tolerance_min * 60,
        )

    @classmethod
    def of_day(cls, settings: Settings, on: date, today: date) -> ChangeBudget:
        """The installation's; the plan of a day that is still tentative may change wherever that pays."""
        return cls(tolerance_s=cls.of(settings).tolerance_s) if is_tentative(settings, on, today) else cls.of(settings)


def is_tentative(settings: Settings, on: date, today: date) -> bool:
    """Whether nobody counts on the day's plan yet: customers are told of it only what people have promised."""
    return on > today + timedelta(days=settings.firm_days)


def under_budget(day: DayProblem, facts: DayFacts, budget: ChangeBudget) -> DayProblem:
    """The day with the budget's prices, and with visits that start soon pinned to their technicians.

    Visits that do not fit any more where they are published are not held there. How many may move is for the search.
    """
    problem, published = day.problem, find_published_plan(facts)
    price = max(problem.policy.change_technician, budget.change_technician)
    problem = replace(problem, policy=replace(problem.policy, change_technician=price))
    if published is None or not budget.keep_technician_s:
        return replace(day, problem=problem)
    now_s = clock.seconds_between(facts.day_start_at, facts.not_before_at)
    places = places_of(published)
    free = set(Layouts(problem, budget.tolerance_s).list_misfits(places))
    visits = []
    for visit in problem.visits:
        place = places.get(visit.id)
        is_soon = place is not None and place.start_s <= now_s + budget.keep_technician_s
        if place is not None and is_soon and visit.pin is None and visit.id not in free:
            visit = replace(visit, pin=optimizer.Pin(place.shift))
        visits.append(visit)
    return replace(day, problem=replace(problem, visits=tuple(visits)))


def towards_few_changes(
    problem: optimizer.Problem, fitting: Collection[str], budget: ChangeBudget
) -> optimizer.Problem:
    """The problem with a price for every second that visits which fit where they are published start later.

    The engine knows no price for a change of the start as such, only such slopes: this one leads the search to plans
    with few of them, and is not what a plan is judged by. A start that is as much later as is just no change yet costs
    as much as a change; leaving the visit out costs as much more as starting `FARTHEST_S` later.
    """
    per_s = max(problem.policy.later_per_s, budget.change_technician // max(1, budget.tolerance_s))
    visits = tuple(
        replace(one, price=one.price + per_s * FARTHEST_S) if one.id in fitting else replace(one, planned=None)
        for one in problem.visits
    )
    return replace(problem, policy=replace(problem.policy, later_per_s=per_s), visits=visits)
