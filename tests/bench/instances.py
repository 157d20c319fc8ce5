"""Seeded field-service days on the sample city's streets, in the few words that every engine here understands."""

from dataclasses import dataclass

import numpy as np

from data.travel import sample_road_graph

LEFT_OUT_S = 7_200
"""What leaving out one unit of priority costs, in seconds of travel."""

DAY = (8 * 3_600, 17 * 3_600)
SKILLS = ("gas", "electricity", "lifts", "internet", "cleaning")
SIZES = ((60, 8), (200, 25), (500, 60))


@dataclass(frozen=True)
class Visit:
    """Work of `service_s` that may start in [open_s, close_s], by someone with the skill."""

    service_s: int
    open_s: int
    close_s: int
    skill: str
    priority: int


@dataclass(frozen=True)
class Shift:
    """A technician from `start_s` at home until home again by `end_s`."""

    start_s: int
    end_s: int
    skills: frozenset[str]


@dataclass(frozen=True)
class Instance:
    """Location v is visit v; location len(visits) + s is the home of shift s. `travel_s` is int64[N, N]."""

    name: str
    visits: tuple[Visit, ...]
    shifts: tuple[Shift, ...]
    travel_s: np.ndarray

    def home(self, shift: int) -> int:
        """The location of a shift's home."""
        return len(self.visits) + shift

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
