"""The sample company's 25 technicians: skills, shifts, homes, vans, and who is away today."""

from dataclasses import dataclass
from datetime import date, time, timedelta

import numpy as np

from data.records import AbsenceRecord, LunchBreak, TechnicianRecord, TerritoryRecord, WorkHours
from data.sample.catalogue import VAN_STOCK
from data.sample.customers import Addresses
from data.sample.districts import CENTRE, NEIGHBOURS, NORTH, PAMPA, PORT, SOUTH
from data.sample.names import draw_person, draw_phone, make_email
from data.territories import assign

_SHIFTS = {
    "early": WorkHours(time(7, 30), time(16, 0), time(17, 30)),
    "day": WorkHours(time(8, 30), time(17, 30), time(18, 30)),
    "late": WorkHours(time(11, 30), time(20, 0), time(21, 0)),
    "mornings": WorkHours(time(8, 30), time(13, 30), time(14, 0)),
    "afternoons": WorkHours(time(14, 0), time(19, 0), time(19, 30)),
    "contract": WorkHours(time(8, 0), time(18, 0), time(18, 0)),
}
_LUNCHES = {
    "early": LunchBreak(time(11, 30), time(13, 30), 45 * 60),
    "day": LunchBreak(time(12, 0), time(14, 30), 45 * 60),
    "late": LunchBreak(time(15, 0), time(17, 0), 45 * 60),
    "contract": LunchBreak(time(12, 0), time(14, 30), 60 * 60),
}


@dataclass(frozen=True)
class _Post:
    """A place in the team, before somebody is found for it."""

    skills: dict[str, int]
    shift: str
    district: str
    kind: str = "employee"
    everywhere: bool = False
    max_visits: int | None = None
    pace: int = 100
    away: tuple[int, int, str] | None = None  # from and to, in days after today, and why


# fmt: off
_POSTS = (
    _Post({"gas": 5, "electricity": 1}, "day", CENTRE, everywhere=True, away=(0, 1, "Sick")),
    _Post({"gas": 3}, "early", NORTH, pace=90),
    _Post({"gas": 3, "electricity": 2}, "day", PAMPA),
    _Post({"gas": 2}, "early", PORT),
    _Post({"gas": 2, "cleaning": 1}, "late", SOUTH),
    _Post({"gas": 1}, "mornings", CENTRE, kind="part_time", pace=120),
    _Post({"gas": 3, "electricity": 2}, "contract", PAMPA, kind="contractor", everywhere=True, max_visits=9),
    _Post({"electricity": 4}, "early", CENTRE, pace=90),
    _Post({"electricity": 3, "gas": 1}, "day", SOUTH),
    _Post({"electricity": 3, "lifts": 1}, "day", PORT),
    _Post({"electricity": 2}, "late", PAMPA),
    _Post({"electricity": 2, "fibre": 1}, "early", PAMPA, away=(-4, 9, "Annual leave")),
    _Post({"electricity": 1}, "afternoons", NORTH, kind="part_time"),
    _Post({"lifts": 4, "electricity": 3}, "early", CENTRE, everywhere=True),
    _Post({"lifts": 3, "electricity": 2}, "day", PORT, everywhere=True, pace=95),
    _Post({"lifts": 2, "electricity": 1}, "late", PAMPA, everywhere=True),
    _Post({"fibre": 3}, "early", PAMPA, pace=90),
    _Post({"fibre": 3, "electricity": 1}, "day", CENTRE),
    _Post({"fibre": 2}, "day", SOUTH),
    _Post({"fibre": 2}, "late", PORT),
    _Post({"fibre": 2}, "early", NORTH, kind="borrowed", pace=110, away=(3, 30, "Back at the Ovalle branch")),
    _Post({"fibre": 3}, "contract", PAMPA, kind="contractor", everywhere=True, max_visits=10),
    _Post({"cleaning": 2, "confined space": 1}, "early", SOUTH, everywhere=True),
    _Post({"cleaning": 3, "confined space": 2}, "day", CENTRE, everywhere=True),
    _Post({"cleaning": 1}, "mornings", PAMPA, kind="part_time", everywhere=True, away=(4, 5, "Family leave")),
)
# fmt: on
_COSTS = {
    "employee": (14_000, 0),
    "part_time": (13_000, 0),
    "contractor": (24_000, 60_000),
    "borrowed": (16_000, 20_000),
}
"""What an hour of work and a day cost the company, in Chilean pesos."""

SICK_TODAY = "T01"
"""The master of gas, whose absence today leaves one kind of job without anybody."""

ON_LEAVE = "T12"
"""On annual leave all week."""


def make_team(
    today: date, territories: tuple[TerritoryRecord, ...], addresses: Addresses, rng: np.random.Generator
) -> tuple[TechnicianRecord, ...]:
    """The team, all of whom are on the rota today unless they are away."""
    homes = _draw_homes(territories, addresses, rng)
    team = []
    for number, (post, (latitude, longitude, street)) in enumerate(zip(_POSTS, homes, strict=True), start=1):
        name = draw_person(rng)
        hourly_cost, day_cost = _COSTS[post.kind]
        others = tuple(t.name for t in territories if t.name != post.district)
        team.append(
            TechnicianRecord(
                code=f"T{number:02}",
                name=name,
                kind=post.kind,
                email=make_email(" ".join(name.split()[:2])),
                phone=draw_phone(rng),
                skills=post.skills,
                territory=post.district,
                secondary_territories=others if post.everywhere else NEIGHBOURS[post.district],
                home=(latitude, longitude),
                home_address=f"{street} {rng.integers(10, 3000)}",
                hours=dict.fromkeys(_list_working_days(number, today), _SHIFTS[post.shift]),
                lunch=_LUNCHES.get(post.shift),
                capacity={part: n for skill in post.skills for part, n in VAN_STOCK.get(skill, {}).items()},
                max_visits=post.max_visits,
                hourly_cost=hourly_cost,
                day_cost=day_cost,
                pace_percent=post.pace,
                absences=_absences(post, today),
            )
        )
    return tuple(team)


def _draw_homes(
    territories: tuple[TerritoryRecord, ...], addresses: Addresses, rng: np.random.Generator
) -> list[tuple[float, float, str]]:
    """A home for each post: in its own district where one of the places drawn is, else anywhere."""
    places = addresses(8 * len(_POSTS), rng)
    found_in = assign([(latitude, longitude) for latitude, longitude, _ in places], territories)
    homes = []
    for post in _POSTS:
        chosen = found_in.index(post.district) if post.district in found_in else 0
        homes.append(places.pop(chosen))
        found_in.pop(chosen)
    return homes


def _list_working_days(number: int, today: date) -> list[int]:
    """Five days of a seven-day rota.

    Days off fall on the six days after today, so that the company's first day looks the same whichever weekday
    it is; neighbours in the list, who have the same trade, are never off together.
    """
    off = {(today + timedelta(days=1 + 2 * number % 6 + day)).weekday() for day in (0, 1)}
    return [day for day in range(7) if day not in off]


def _absences(post: _Post, today: date) -> tuple[AbsenceRecord, ...]:
    if post.away is None:
        return ()
    first, last, reason = post.away
    return (AbsenceRecord(today + timedelta(days=first), today + timedelta(days=last), reason),)
