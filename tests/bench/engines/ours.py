"""Wrenchtime's own engine."""

from optimizer import Plan, Policy, Problem, Shift, Travel, Visit, Window, solve, warm_up
from tests.bench.engines.peer import Found
from tests.bench.instances import LEFT_OUT_S, Instance
from tests.bench.judge import Routes

POLICY = Policy("bench", travel=1, unassigned=0, unassigned_per_priority=LEFT_OUT_S)

prepare = warm_up


def run(
    instance: Instance, time_limit_s: float | None, threads: int, seed: int, iterations: int | None = None
) -> Found:
    """Field-service days; published sets are read by the product's own readers instead, in `measure_published`.

    With iterations, as many of each island however long they take.
    """
    trace: list[tuple[float, int]] = []
    plan = solve(
        as_problem(instance),
        time_limit_s=float("inf") if time_limit_s is None else time_limit_s,
        threads=threads,
        seed=seed,
        iterations=iterations,
        on_progress=lambda progress: trace.append((progress.elapsed_s, progress.cost)),
    )
    return Found(as_routes(instance, plan), trace)


def as_problem(instance: Instance) -> Problem:
    """The instance in our own words."""
    visits = tuple(
        Visit(
            id=str(index),
            location=index,
            service_s=visit.service_s,
            skills={visit.skill: 1},
            windows=(Window(visit.open_s, visit.close_s),),
            priority=visit.priority,
        )
        for index, visit in enumerate(instance.visits)
    )
    shifts = tuple(
        Shift(
            id=str(index),
            technician=str(index),
            start_location=instance.home(index),
            end_location=instance.home(index),
            start_s=shift.start_s,
            end_s=shift.end_s,
            skills=dict.fromkeys(shift.skills, 1),
        )
        for index, shift in enumerate(instance.shifts)
    )
    travel = Travel({"car": instance.travel_s}, {"car": instance.travel_s})
    return Problem(visits, shifts, travel, POLICY)


def as_routes(instance: Instance, plan: Plan) -> Routes:
    """The plan in the words that all peers share."""
    by_shift = {route.shift: [int(stop.visit) for stop in route.stops] for route in plan.routes}
    return [by_shift.get(str(shift), []) for shift in range(len(instance.shifts))]
