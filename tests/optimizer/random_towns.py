"""Seeded tiny problems that use every rule: times of a few dozen seconds, so that bounds are often met exactly."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from optimizer import (
    UNREACHABLE,
    Break,
    Link,
    Pair,
    Period,
    Pin,
    Planned,
    Policy,
    Problem,
    ProblemError,
    Shift,
    Travel,
    Visit,
    Window,
)
from tests.optimizer.oracle import Oracle
from tests.optimizer.random_pairs import with_pairs

SKILLS, TERRITORIES = ("gas", "lift"), ("north", "south")
TOOLS = ("ladder", "pump")


def random_problem(
    seed: int,
    rules: frozenset[str],
    *,
    most_visits: int = 4,
    most_shifts: int = 2,
    rare: float = 0.3,
    errands: bool = True,
    workdays: bool = False,
    linked: bool = False,
    traffic: bool = False,
    restful: bool = False,
    paired: bool = False,
) -> Problem:
    """A problem for these rules; `rare` is how likely a feature is where it may be. Pins come only with their rule,
    and are drawn again where equally good days with the pins alone would widen limits differently.

    Without `errands` there are no pairs. With `workdays` there are depots to call at, and
    duty costs and is limited; when `linked`, there are links, and the largest lateness may cost; when `restful`,
    shifts have up to three breaks with up to three windows each. With `traffic`, cars take another time in some
    periods of the day. When `paired`, there are as many pairs as visits allow.
    """
    for attempt in range(100):
        problem = Draw(random.Random(f"{seed}/{attempt}"), rare, errands).problem(most_visits, most_shifts)
        if workdays:
            problem = with_workdays(problem, random.Random(f"workday {seed}/{attempt}"))
        if linked:
            problem = with_links(problem, random.Random(f"links {seed}/{attempt}"))
        if traffic:
            problem = with_traffic(problem, random.Random(f"traffic {seed}/{attempt}"))
        if restful:
            problem = with_rests(problem, random.Random(f"rests {seed}/{attempt}"))
        if paired:
            problem = with_pairs(problem, random.Random(f"pairs {seed}/{attempt}"))
        problem = with_baseline(problem, random.Random(f"baseline {seed}/{attempt}"))
        if "pinned" not in rules:
            problem = replace(problem, visits=tuple(replace(visit, pin=None) for visit in problem.visits))
        if not any(needs.ambiguous for needs in Oracle(problem, rules).needs.values()):
            return problem
    raise AssertionError("pins are ambiguous a hundred times in a row")


def with_baseline(problem: Problem, source: random.Random) -> Problem:
    """The same problem where about half of the visits are published already, and changing that may cost."""

    def planned() -> Planned | None:
        return Planned(source.choice(problem.shifts).id, source.randint(0, 50)) if source.random() < 0.5 else None

    policy = replace(
        problem.policy,
        change_technician=source.choice([0, source.randint(1, 20)]),
        change_day=source.choice([0, source.randint(1, 20)]),
        later_per_s=source.choice([0, source.randint(1, 3)]),
    )
    visits = tuple(replace(visit, planned=planned()) for visit in problem.visits)
    return replace(problem, visits=visits, policy=policy)


def with_workdays(problem: Problem, source: random.Random) -> Problem:
    """The same problem where people need tools, may call at depots, and are paid or limited by their time on duty."""
    places = len(next(iter(problem.travel.seconds.values())))

    def tools(likely: float) -> frozenset[str]:
        return frozenset(tool for tool in TOOLS if source.random() < likely)

    def changed(shift: Shift) -> Shift:
        return replace(
            shift,
            tools=tools(0.4),
            depot=source.randrange(places) if source.random() < 0.6 else None,
            duty_cost_per_s=source.randint(1, 3) if source.random() < 0.5 else 0,
            max_duty_s=source.randint(10, 50) if source.random() < 0.3 else None,
        )

    visits = tuple(replace(visit, tools=tools(0.3)) for visit in problem.visits)
    return replace(problem, visits=visits, shifts=tuple(changed(shift) for shift in problem.shifts))


def with_links(problem: Problem, source: random.Random) -> Problem:
    """The same problem with one to three links between any visits, and perhaps a price of the largest lateness."""
    names = [visit.id for visit in problem.visits]
    links: list[Link] = []
    for _ in range(source.randint(1, 3) if len(names) > 1 else 0):
        least_s = source.choice([0, 0, source.randint(0, 15)])
        most_s = source.choice([least_s, least_s + source.randint(0, 20), None])
        link = Link(*source.sample(names, 2), least_s, most_s, source.choice(["any", "same", "different"]))
        try:
            replace(problem, links=(*links, link))
        except ProblemError:
            continue  # it asks for what nobody could do
        links.append(link)
    policy = replace(problem.policy, worst_lateness_per_s=source.choice([0, 0, 1, 5]))
    return replace(problem, links=tuple(links), policy=policy)


def with_traffic(problem: Problem, source: random.Random) -> Problem:
    """The same problem where cars take another time at other times of the day."""
    usual_s = problem.travel.seconds["car"]

    def busy() -> np.ndarray:
        slower_s = [[seconds + source.randint(-4, 20) for seconds in row] for row in usual_s.tolist()]
        return np.where(usual_s > 0, np.maximum(slower_s, 1), usual_s)

    moments = sorted(source.sample(range(0, 45), source.randint(2, 4)))
    periods = tuple(Period(from_s, source.choice([None, "rush", "school"])) for from_s in moments)
    travel = replace(problem.travel, traffic={"rush": busy(), "school": busy()}, periods={"car": periods})
    return replace(problem, travel=travel)


def with_rests(problem: Problem, source: random.Random) -> Problem:
    """The same problem with other breaks: up to three for everybody, each with up to three windows."""

    def windows(shift: Shift) -> tuple[Window, ...]:
        drawn, opens_s = [], shift.start_s + source.randint(-5, 25)
        for _ in range(source.randint(1, 3)):
            drawn.append(Window(opens_s, opens_s + source.randint(0, 12)))
            opens_s = drawn[-1].close_s + source.randint(1, 10)
        return tuple(drawn)

    def changed(shift: Shift) -> Shift:
        count = source.choice([0, 1, 2, 3, 3])
        breaks = tuple(Break(f"{shift.id}b{i}", source.randint(0, 6), windows(shift)) for i in range(count))
        return replace(shift, breaks=breaks)

    return replace(problem, shifts=tuple(changed(shift) for shift in problem.shifts))


class Draw:
    """One random problem."""

    def __init__(self, source: random.Random, rare: float, errands: bool) -> None:
        self.source, self.rare, self.errands = source, rare, errands
        self.places = source.randint(2, 5)

    def problem(self, most_visits: int, most_shifts: int) -> Problem:
        technicians = ["Ana", "Ben", "Cem"]
        shifts = tuple(self.shift(f"s{i}", technicians[i % 3]) for i in range(self.source.randint(1, most_shifts)))
        visits = tuple(self.visit(f"v{i}", technicians) for i in range(self.source.randint(1, most_visits)))
        pairs: tuple[Pair, ...] = ()
        if len(visits) > 1 and self.errands and self.sometimes():
            load = (self.upto(2),) if self.sometimes() else ()
            visits = (replace(visits[0], pickup=load), replace(visits[1], delivery=load), *visits[2:])
            pairs = (Pair("v0", "v1"),)
        travel = self.travel()
        pinnable = visits[2:] if pairs else visits
        for visit in pinnable:
            if self.sometimes():
                pin = Pin(self.source.choice(shifts).id, self.upto(60) if self.often() else None)
                pinned = tuple(replace(one, pin=pin) if one is visit else one for one in visits)
                if self.reachable(pinned, shifts, travel):
                    visits = pinned
        return Problem(visits, shifts, travel, self.policy(), pairs)

    def reachable(self, visits: tuple[Visit, ...], shifts: tuple[Shift, ...], travel: Travel) -> bool:
        """A town with broken roads pins at most one visit to a shift, and one that can be reached."""
        for shift in shifts:
            pinned = [visit for visit in visits if visit.pin and visit.pin.shift == shift.id]
            table = travel.seconds[shift.profile]
            broken = bool((table == UNREACHABLE).any())
            if broken and len(pinned) > 1:
                return False
            for visit in pinned:
                ends = [(shift.start_location, visit.location), (visit.location, shift.end_location)]
                if any(None not in leg and table[leg] == UNREACHABLE for leg in ends):
                    return False
        return True

    def travel(self) -> Travel:
        seconds, metres, tolls = {}, {}, {}
        for profile in ("car", "bike"):
            table = np.array([[0 if i == j else self.source.randint(0, 12) for i in range(self.places)]
                              for j in range(self.places)], dtype=np.int64)  # fmt: skip
            far = np.array(table * self.source.randint(1, 3))
            if self.sometimes():
                broken = self.source.sample(range(self.places), 2)
                table[broken[0], broken[1]] = far[broken[0], broken[1]] = UNREACHABLE
            seconds[profile], metres[profile] = table, far
            if self.sometimes():
                tolls[profile] = np.array(table > 9, dtype=np.int64) * 3
        return Travel(seconds, metres, tolls)

    def shift(self, name: str, technician: str) -> Shift:
        start_s = self.upto(10)
        end_s = start_s + 15 + self.upto(45)
        home = self.upto(self.places - 1)
        return Shift(
            id=name,
            technician=technician,
            start_location=None if self.sometimes() else home,
            end_location=None if self.sometimes() else home if self.often() else self.upto(self.places - 1),
            start_s=start_s,
            end_s=end_s,
            latest_end_s=end_s + self.upto(20) if self.often() else None,
            skills={skill: 1 + self.upto(2) for skill in SKILLS if self.often()},
            territories=frozenset(name for name in TERRITORIES if self.often()),
            secondary_territories=frozenset(name for name in TERRITORIES if self.often()),
            breaks=tuple(Break(f"{name}b{i}", self.upto(12), self.windows(60)) for i in range(2) if self.sometimes()),
            capacity=(self.upto(5), self.upto(5)),
            max_visits=self.upto(3) if self.sometimes() else None,
            max_travel_s=self.upto(40) if self.sometimes() else None,
            max_travel_m=self.upto(60) if self.sometimes() else None,
            max_leg_s=self.upto(12) if self.sometimes() else None,
            pace_percent=self.source.randint(50, 150) if self.sometimes() else 100,
            fixed_cost=self.upto(30) if self.sometimes() else 0,
            travel_cost_per_s=self.upto(3),
            travel_cost_per_m=self.upto(1),
            work_cost_per_s=self.upto(2) if self.sometimes() else 0,
            profile=self.source.choice(["car", "car", "bike"]),
        )

    def visit(self, name: str, technicians: list[str]) -> Visit:
        def people() -> frozenset[str]:
            return frozenset(self.source.sample(technicians, 1)) if self.sometimes() else frozenset()

        return Visit(
            id=name,
            location=self.upto(self.places - 1),
            service_s=self.upto(12),
            setup_s=self.upto(6) if self.often() else 0,
            skills={skill: 1 + self.upto(1) for skill in SKILLS if self.sometimes() and self.sometimes()},
            windows=self.windows(60) if self.often() else (),
            due_s=self.upto(50) if self.often() else None,
            priority=self.upto(20) if self.sometimes() else 0,
            price=self.upto(30) if self.sometimes() else 0,
            territory=self.source.choice(TERRITORIES) if self.sometimes() else None,
            required=people() if self.sometimes() else frozenset(),
            preferred=people(),
            excluded=people() if self.sometimes() else frozenset(),
            delivery=tuple(self.upto(2) for _ in range(2)) if self.sometimes() else (),
            pickup=tuple(self.upto(2) for _ in range(2)) if self.sometimes() else (),
        )

    def policy(self) -> Policy:
        return Policy(
            "random", travel=self.upto(2), unassigned=20 + self.upto(80), unassigned_per_priority=self.upto(3),
            lateness_per_s=self.upto(4), overtime_per_s=self.upto(4), open_shift=self.upto(10),
            secondary_territory=self.upto(20), not_preferred=self.upto(20),
        )  # fmt: skip

    def windows(self, last_s: int) -> tuple[Window, ...]:
        first = Window(opens := self.upto(last_s), opens + self.upto(15))
        if not self.sometimes():
            return (first,)
        opens = first.close_s + 1 + self.upto(10)
        return first, Window(opens, opens + self.upto(10))

    def upto(self, most: int) -> int:
        return self.source.randint(0, most)

    def sometimes(self) -> bool:
        return self.source.random() < self.rare

    def often(self) -> bool:
        return self.source.random() < 0.5
