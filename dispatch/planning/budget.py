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
    keep_promises       whoever is published to come when that was promised, comes then
    change_technician   what giving a job to somebody else, or moving it in time, must save, in seconds of travel
    tolerance_s         a start that moves by no more than this is no change
    """

    most_moved: int | None = None
    keep_technician_s: int = 0
    keep_promises: bool = False
    change_technician: int = 0
    tolerance_s: int = 900

    @classmethod
    def of(cls, settings: Settings) -> ChangeBudget:
        """The installation's."""
        return cls(
            most_moved=settings.change_most_jobs,
            keep_technician_s=settings.change_keep_h * 3_600,
            keep_promises=settings.change_promises == "keep",
            change_technician=settings.change_price_min * 60,
            tolerance_s=settings.change_tolerance_min * 60,
        )

    @classmethod
    def of_day(cls, settings: Settings, on: date, today: date) -> ChangeBudget:
        """The installation's; the plan of a day that is still tentative may change wherever that pays and nobody was
        promised anything."""
        own = cls.of(settings)
        is_free = is_tentative(settings, on, today)
        return cls(keep_promises=own.keep_promises, tolerance_s=own.tolerance_s) if is_free else own


def describe_caps(settings: Settings) -> str:
    """What no program changes of a firm day, in sentences; how many jobs may move is another matter."""
    kept = (
        "other promises are kept as long as they can be"
        if settings.change_promises == "keep"
        else ("being late for another promise has its price")
    )
    return (
        f"Who is to start within {settings.change_keep_h} h keeps the technician. No plan starts work outside a firm "
        f"promise; {kept}."
    )


def is_tentative(settings: Settings, on: date, today: date) -> bool:
    """Whether nobody counts on the day's plan yet: customers are told of it only what people have promised."""
    return on > today + timedelta(days=settings.firm_days)


def under_budget(day: DayProblem, facts: DayFacts, budget: ChangeBudget) -> DayProblem:
    """The day with the budget's prices, with promised windows closed, and with visits that start soon pinned to their
    technicians.

    Visits that do not fit any more where they are published are not held there. How many may move is for the search.
    """
    if budget.keep_promises:
        day = _keep_promises(day, facts, budget.tolerance_s)
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


def _keep_promises(day: DayProblem, facts: DayFacts, tolerance_s: int) -> DayProblem:
    """The day in which a visit that is published to start when that was promised, and still can, starts then.

    Those that can start then no more where they are published have the price that they have anyhow.
    """
    published = find_published_plan(facts)
    places = {} if published is None else places_of(published)
    promised = {}
    for number, job in day.jobs.items():
        promise = job.find_promise()
        if number in places and promise is not None and not promise.is_firm:  # a firm one is a wall already
            until_s = clock.seconds_between(facts.day_start_at, promise.promised_until_at)
            if places[number].start_s <= until_s:
                promised[number] = until_s
    if not promised:
        return day
    walled = replace(day.problem, visits=tuple(_walled(one, promised.get(one.id)) for one in day.problem.visits))
    late = set(Layouts(walled, tolerance_s).list_misfits(places)) & set(promised)
    visits = zip(day.problem.visits, walled.visits, strict=True)
    kept = tuple(free if free.id in late else held for free, held in visits)
    return replace(day, problem=replace(walled, visits=kept))


def list_promised(free: DayProblem, held: DayProblem) -> frozenset[str]:
    """The visits whose promise `under_budget` keeps: such a plan may not leave them out either."""
    visits = zip(free.problem.visits, held.problem.visits, strict=True)
    return frozenset(one.id for before, one in visits if before.windows != one.windows)


def _walled(visit: optimizer.Visit, until_s: int | None) -> optimizer.Visit:
    """The visit with windows that close by then, if they do not anyhow; what is pinned stays as it is."""
    if until_s is None or visit.pin is not None:
        return visit
    windows = tuple(replace(one, close_s=min(one.close_s, until_s)) for one in visit.windows if one.open_s <= until_s)
    return replace(visit, windows=windows) if windows else visit


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
