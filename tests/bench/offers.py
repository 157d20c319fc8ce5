"""How long one slot offer takes against planning the week again: `python -m tests.bench.offers`.

200 technicians work five days in the sample city and have 2,000 visits; each visit is planned at its best place,
then customers call. VROOM gets the same week with one visit more and plans it at its lowest exploration.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np

from optimizer import Plan, Problem, Shift, Travel, Unassigned, Visit, Window, check
from optimizer.insert import Offer, Offers
from optimizer.rules import lower
from tests.bench.instances import SKILLS, draw_travel

DAY_S = 86_400


def make_week(technicians: int, visits: int, days: int, callers: int, seed: int) -> tuple[Problem, list[Visit]]:
    """A week of long visits, some with a day or half a day of their own, and the visits of those who call later."""
    rng = np.random.default_rng([technicians, visits, days, seed])
    total = visits + callers
    seconds = draw_travel(rng, total + technicians).astype(np.int64)
    travel = Travel({"car": seconds}, {"car": seconds * 8})
    held = [rng.choice(SKILLS, size=int(rng.integers(2, 4)), replace=False) for _ in range(technicians)]
    begins = [3_600 * int(rng.integers(7, 10)) for _ in range(technicians)]
    shifts = tuple(
        Shift(
            f"T{one}/{day}", f"T{one}", total + one, total + one,
            day * DAY_S + begins[one], day * DAY_S + begins[one] + 8 * 3_600,
            skills={str(skill): 1 for skill in held[one]},
        )
        for day in range(days)
        for one in range(technicians)
    )  # fmt: skip
    wanted = [_draw_visit(rng, f"V{one}", one, days) for one in range(total)]
    return Problem(tuple(wanted[:visits]), shifts, travel), wanted[visits:]


def _draw_visit(rng: np.random.Generator, name: str, location: int, days: int) -> Visit:
    """Work of one to six hours; half of the visits may start only in the morning or afternoon of two days."""
    skill = str(rng.choice(SKILLS, p=(0.15, 0.3, 0.1, 0.25, 0.2)))
    windows: tuple[Window, ...] = ()
    if rng.random() < 0.5:
        open_s = int(rng.choice((8, 13))) * 3_600
        on = sorted(rng.choice(days, size=min(2, days), replace=False))
        windows = tuple(Window(int(day) * DAY_S + open_s, int(day) * DAY_S + open_s + 4 * 3_600) for day in on)
    priority = int(rng.choice((1, 2, 3), p=(0.6, 0.3, 0.1)))
    return Visit(
        name, location, 300 * int(rng.triangular(12, 36, 72)), skills={skill: 1}, windows=windows, priority=priority
    )


def plan_greedily(problem: Problem, step: int) -> Plan:
    """One visit after the other at its best place; what the offers know of the plan is renewed every `step` visits."""
    primitives = lower(problem)
    plan = check(problem, Plan((), tuple(Unassigned(one.id, "", "") for one in problem.visits)))
    for first in range(0, len(problem.visits), step):
        offers = Offers(problem, plan, primitives=primitives)
        touched: set[str] = set()
        for one in problem.visits[first : first + step]:
            offer = next((some for some in offers.direct(one, 10) if some.shift not in touched), None)
            if offer is not None:  # on a route that none of the others has touched, so they do not meet
                touched.add(offer.shift)
                plan = _accept(plan, offer)
    return check(problem, plan)


def _accept(plan: Plan, offer: Offer) -> Plan:
    routes = {route.shift: route for route in (*plan.routes, *offer.routes)}
    return Plan(tuple(routes.values()), tuple(one for one in plan.unassigned if one.visit != offer.visit))


def time_offers(offers: Offers, callers: list[Visit]) -> list[float]:
    """Milliseconds of each answer, of the processor's time: other work on the machine does not count."""
    taken = []
    for one in callers:
        began = time.process_time()
        offers.best(one)
        taken.append(1_000 * (time.process_time() - began))
    return taken


def time_vroom(problem: Problem, caller: Visit) -> tuple[float, int]:
    """Milliseconds of the processor's time for planning the week with one visit more, and how many it leaves out."""
    import vroom

    week = vroom.Input()
    week.set_durations_matrix("car", problem.travel.seconds["car"].astype("uint32"))
    for index, one in enumerate((*problem.visits, caller)):
        windows = [vroom.TimeWindow(each.open_s, each.close_s) for each in one.windows]
        skills = {SKILLS.index(skill) for skill in one.skills}
        job = {"id": index, "location": one.location, "default_service": one.service_s, "priority": 30 * one.priority}
        week.add_job(vroom.Job(**job, skills=skills, **({"time_windows": windows} if windows else {})))
    for index, shift in enumerate(problem.shifts):
        skills = {SKILLS.index(skill) for skill in shift.skills}
        hours = vroom.TimeWindow(shift.start_s, shift.end_s)
        ends = {"start": shift.start_location, "end": shift.end_location}
        week.add_vehicle(vroom.Vehicle(id=index, **ends, skills=skills, time_window=hours))
    began = time.process_time()
    solution = week.solve(0, nb_threads=1)
    return 1_000 * (time.process_time() - began), len(solution.unassigned)


def main() -> None:
    """Print how long offers take, and VROOM, and how many of one go into the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.offers", description=__doc__)
    parser.add_argument("--technicians", type=int, default=200)
    parser.add_argument("--visits", type=int, default=2_000)
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--callers", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    problem, callers = make_week(asked.technicians, asked.visits, asked.days, asked.callers, asked.seed)
    plan = plan_greedily(problem, 50)
    print(f"{asked.technicians} technicians x {asked.visits:,} visits x {asked.days} days, one thread, processor time")
    print(f"the plan: {len(plan.routes)} routes, {len(plan.unassigned)} visits left out")
    primitives = lower(problem)
    began = time.process_time()
    offers = Offers(problem, plan, primitives=primitives)
    print(f"ready for questions after {1_000 * (time.process_time() - began):.0f} ms")
    taken = sorted(time_offers(offers, callers))
    median = statistics.median(taken)
    within = taken[len(taken) * 9 // 10]
    print(f"one question: median {median:.1f} ms, 90% within {within:.1f} ms, most {taken[-1]:.1f} ms")
    vroom_ms, left_out = time_vroom(problem, callers[0])
    print(f"VROOM, exploration 0: {vroom_ms:,.0f} ms, {left_out} visits left out")
    print(f"an offer is {vroom_ms / median:,.0f} times faster")


if __name__ == "__main__":
    main()
