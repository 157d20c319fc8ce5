"""The published day as it can still be driven: who runs late keeps their visits, in their order, as late as need be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import optimizer
from dispatch.jobs.statuses import WAITING
from dispatch.models import Stop
from dispatch.planning.facts import DayFacts
from optimizer.assemble import find_route
from optimizer.changes import Layouts, Place, Places, places_of
from optimizer.primitives import Primitives
from optimizer.timing import FAR


def lay_out_published(layouts: Layouts, published: Places) -> optimizer.Plan | None:
    """Every visit where it is published: about then, or with the same technician as soon afterwards as it goes.

    Who runs late goes on in the published order, and nobody comes sooner than published. Left out is what cannot be
    started any more where it is published. None where what fits shift by shift does not fit together.
    """
    misfits = set(layouts.list_misfits(published))
    places = {visit: place for visit, place in published.items() if visit not in misfits}
    plan = layouts.find_plan(places)
    known = layouts.problem.visit_index
    late = sorted((published[visit].start_s, visit) for visit in misfits if visit in known)
    if plan is None or not late:
        return plan
    starts = _starting_no_sooner(layouts, published)
    for _, visit in late:
        if layouts.problem.get_visit(visit).pin is None:  # what is pinned is there already
            places = _put_back(layouts, starts, places, visit, published)
    return layouts.find_plan(places)


def list_stuck(facts: DayFacts, plan: optimizer.Plan) -> list[Stop]:
    """The published stops that wait and are not in the plan though the day wants them: too late, or impossible."""
    placed = places_of(plan)
    wanted = {job.id for job in facts.jobs if job.number not in placed}
    stops = [stop for route in facts.routes for stop in route.stops if stop.status in WAITING]
    return [stop for stop in stops if stop.job_id in wanted]


def _put_back(layouts: Layouts, starts: Primitives, places: Places, visit: str, published: Places) -> dict[str, Place]:
    """The places with this visit after those that are published before it, or later; the same where it goes nowhere."""
    problem, shift_id = layouts.problem, published[visit].shift
    shift, row = problem.shift_index.get(shift_id), problem.visit_index[visit]
    if shift is None or not layouts.primitives.allowed[row, shift]:
        return dict(places)
    others = {other: place for other, place in places.items() if place.shift != shift_id}
    here = layouts.find_part(places, {shift_id}, ())
    order = [stop.visit for route in here.routes if route.shift == shift_id for stop in route.stops] if here else []
    before = sum(published[one].start_s <= published[visit].start_s for one in order if one in published)
    for position in range(before, len(order) + 1):
        found = _drive(layouts, starts, shift, [*order[:position], visit, *order[position:]])
        if found and layouts.find_part(others | found, {shift_id}, ()) is not None:
            return others | found
    return dict(places)


def _drive(layouts: Layouts, starts: Primitives, shift: int, order: Sequence[str]) -> dict[str, Place]:
    """When each of these begins, one after the other; empty where that does not work out."""
    rows = [layouts.problem.visit_index[visit] for visit in order]
    route = find_route(layouts.problem, starts, shift, rows)
    return {} if route is None else {stop.visit: Place(route.shift, stop.start_s) for stop in route.stops}


def _starting_no_sooner(layouts: Layouts, published: Places) -> Primitives:
    """The primitives in which nothing begins before it is published, but for what is pinned."""
    windows = list(layouts.primitives.windows)
    for visit in layouts.problem.visits:
        if visit.pin is None and visit.id in published:
            row, start_s = layouts.problem.visit_index[visit.id], published[visit.id].start_s
            own = windows[row] or ((start_s, FAR),)
            windows[row] = tuple((max(open_s, start_s), end_s) for open_s, end_s in own if end_s >= start_s) or own
    return replace(layouts.primitives, windows=windows)
