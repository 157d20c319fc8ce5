"""Seeded field-service days on the sample city's streets, in the few words that every peer here understands."""

from dataclasses import dataclass

import numpy as np

from data.travel import sample_road_graph

LEFT_OUT_S = 7_200
"""What leaving out one unit of priority costs, in seconds of travel."""

DAY = (8 * 3_600, 17 * 3_600)
SKILLS = ("gas", "electricity", "lifts", "internet", "cleaning")
TUNING_SEEDS = range(101, 111)
"""Days to try things on. What is reported is measured on other days: seeds from 1."""


@dataclass(frozen=True)
class Visit:
    """Work of `service_s` that may start in [open_s, close_s], by someone with the skill."""

    service_s: int
    open_s: int
    close_s: int
    skill: str
    priority: int
    demand: int = 0


@dataclass(frozen=True)
class Shift:
    """A technician from `start_s` at home until home again by `end_s`, on the way for `longest_s` at most."""

    start_s: int
    end_s: int
    skills: frozenset[str]
    capacity: int = 0
    longest_s: int | None = None


@dataclass(frozen=True)
class Instance:
    """Location v is visit v; the home of all shifts is `depot`, or that of shift s is location len(visits) + s.

    `travel_s` is int64[N, N]. `left_out_s` is what a visit left out costs for each unit of its priority; None where
    everything must be served.
    """

    name: str
    visits: tuple[Visit, ...]
    shifts: tuple[Shift, ...]
    travel_s: np.ndarray
    depot: int | None = None
    left_out_s: int | None = LEFT_OUT_S

    def home(self, shift: int) -> int:
        """The location of a shift's home."""
        return len(self.visits) + shift if self.depot is None else self.depot

    def price(self, visit: int) -> int:
        """What leaving a visit out costs; where it may not be, more than any route."""
        if self.left_out_s is None:
            return 100 * int(self.travel_s.max())
        return self.left_out_s * self.visits[visit].priority

    def list_skills(self) -> list[str]:
        """Every skill that a visit needs or a shift has."""
        return sorted({visit.skill for visit in self.visits}.union(*(shift.skills for shift in self.shifts)))

    def can(self, shift: int, visit: int) -> bool:
        """Whether the technician has the skill."""
        return self.visits[visit].skill in self.shifts[shift].skills


def make_instance(visits: int, shifts: int, seed: int) -> Instance:
    """A day in the sample city: half of the visits have a window of two hours, some skills are rare."""
    rng = np.random.default_rng([visits, shifts, seed])
    return Instance(
        name=f"{visits} x {shifts} #{seed}",
        visits=tuple(draw_visit(rng) for _ in range(visits)),
        shifts=tuple(draw_shift(rng) for _ in range(shifts)),
        travel_s=draw_travel(rng, visits + shifts),
    )


def draw_visit(rng: np.random.Generator) -> Visit:
    """Work of 20 minutes to two hours, short ones more often."""
    open_s, close_s = DAY
    if rng.random() < 0.5:
        open_s = DAY[0] + 1_800 * int(rng.integers(0, 14))
        close_s = open_s + 7_200
    skill = str(rng.choice(SKILLS, p=(0.15, 0.3, 0.1, 0.25, 0.2)))
    service_s = 300 * int(rng.triangular(4, 8, 24))
    return Visit(service_s, open_s, close_s, skill, int(rng.choice((1, 2, 3), p=(0.6, 0.3, 0.1))))


def draw_shift(rng: np.random.Generator) -> Shift:
    """Eight hours from seven, eight or nine, and two or three skills."""
    start_s = 3_600 * int(rng.integers(7, 10))
    held = rng.choice(SKILLS, size=int(rng.integers(2, 4)), replace=False)
    return Shift(start_s, start_s + 8 * 3_600, frozenset(map(str, held)))


def draw_travel(rng: np.random.Generator, points: int) -> np.ndarray:
    """Seconds along the streets between random addresses of the sample city."""
    graph = sample_road_graph()
    addresses = graph.random_addresses(points, rng)
    seconds, _ = graph.matrix([(lat, lon) for lat, lon, _ in addresses])
    assert seconds.min() >= 0, "the sample city's streets are strongly connected"
    return seconds
