"""Builds the smallest towns that show a point: two territories at most, a few technicians, a few jobs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from sqlalchemy import select

import optimizer
from data.records import AbsenceRecord, JobRecord, LunchBreak, TechnicianRecord, TerritoryRecord, WorkHours
from data.travel import ClosedArea, Point, RouteLine, UnreachablePoint
from dispatch import intake
from dispatch.db import SessionFactory
from dispatch.events import begin_recording
from dispatch.jobs.intake import store_jobs
from dispatch.jobs.moving import report_status
from dispatch.models import Appointment, Job, PlanVersion, Stop, Technician, User
from dispatch.planning.budget import ChangeBudget
from dispatch.planning.day import plan_day
from dispatch.planning.facts import find_published

MONDAY = date(2026, 11, 23)
SANTIAGO = "America/Santiago"
BERLIN = "Europe/Berlin"
CENTRE = (-29.9, -71.25)
FREE = ChangeBudget()
MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # six o'clock in Chile, before anybody's shift


class Grid:
    """Travel on a plane: 0.01 degrees are 1,000 m and 100 s; places north of `shore` cannot be reached."""

    name = "grid"
    is_estimate = False
    error_note = ""
    attribution = "the town's surveyor"

    def __init__(self, shore: float = 90.0) -> None:
        self.shore = shore

    def matrix(self, points: Sequence[Point], depart_at: datetime | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Manhattan distances."""
        places = np.array(points, dtype=float).reshape(-1, 2)
        degrees = np.abs(places[:, None, :] - places[None, :, :]).sum(axis=2)
        return np.rint(degrees * 10_000).astype(np.int64), np.rint(degrees * 100_000).astype(np.int64)

    def route(self, a: Point, b: Point) -> RouteLine:
        """Around the corner."""
        seconds, metres = self.matrix([a, b])
        return RouteLine((a, (a[0], b[1]), b), int(seconds[0, 1]), int(metres[0, 1]))

    def routes_along(self, points: Sequence[Point]) -> list[RouteLine]:
        """Leg by leg."""
        return [self.route(a, b) for a, b in pairwise(points)]

    def around(self, areas: Sequence[ClosedArea]) -> None:
        """Nobody knows a way around."""

    def list_unreachable(self, points: Sequence[Point]) -> list[UnreachablePoint]:
        """What lies north of the shore."""
        return [UnreachablePoint(i, p, 9_000, 500) for i, p in enumerate(points) if p[0] > self.shore]


def territory(name: str = "Town", zone: str = SANTIAGO) -> TerritoryRecord:
    """A territory without an outline."""
    return TerritoryRecord(name, zone)


def technician(code: str = "T1", **changes: Any) -> TechnicianRecord:
    """Works every day from 8 to 17, overtime until 18; can do gas."""
    facts: dict[str, Any] = {
        "name": f"Technician {code}",
        "territory": "Town",
        "home": CENTRE,
        "home_address": "Home",
        "skills": {"gas": 2},
        "hours": hours("08:00", "17:00", "18:00"),
    }
    return TechnicianRecord(code, **{**facts, **changes})


def hours(start: str, end: str, latest_end: str | None = None) -> Mapping[int, WorkHours]:
    """The same hours on every day of the week."""
    day = WorkHours(time.fromisoformat(start), time.fromisoformat(end), time.fromisoformat(latest_end or end))
    return dict.fromkeys(range(7), day)


def lunch(earliest: str, latest: str, minutes: int) -> LunchBreak:
    """A lunch break."""
    return LunchBreak(time.fromisoformat(earliest), time.fromisoformat(latest), minutes * 60)


def absent(from_on: date, to_on: date) -> AbsenceRecord:
    """Away."""
    return AbsenceRecord(from_on, to_on, "Holiday")


def job(number: str = "J1", **changes: Any) -> JobRecord:
    """An hour of work on Monday, one kilometre from everybody's home."""
    facts: dict[str, Any] = {
        "title": f"Work {number}",
        "service_s": 3600,
        "location": (CENTRE[0], CENTRE[1] - 0.01),
        "customer_name": f"Customer {number}",
        "address": f"Street of {number}",
        "territory": "Town",
        "on": MONDAY,
    }
    return JobRecord(number, **{**facts, **changes})


def window(start: datetime, minutes: int) -> tuple[datetime, datetime]:
    """A time window of so many minutes."""
    return start, start + timedelta(minutes=minutes)


def at(hour: int, minute: int = 0, on: date = MONDAY) -> datetime:
    """That wall clock in Chile in summer, as an instant."""
    return datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(hours=hour + 3, minutes=minute)


def settle(
    session_factory: SessionFactory,
    technicians: Sequence[TechnicianRecord] = (),
    jobs: Sequence[JobRecord] = (),
    territories: Sequence[TerritoryRecord] = (TerritoryRecord("Town", SANTIAGO),),
) -> None:
    """Store a town."""
    with session_factory.begin() as session:
        intake.store_territories(session, territories, MORNING)
        intake.store_technicians(session, technicians)
        store_jobs(session, jobs, MORNING)
        begin_recording(session)  # what a test is about begins after this


def plan(session_factory: SessionFactory, on: date = MONDAY, now: datetime = MORNING, **options: Any) -> PlanVersion:
    """Plan the day on the grid, changing whatever pays unless told; small towns need no long search."""
    options = {"travel_source": Grid(), "time_limit_s": 3, "iterations": 200, "budget": FREE, **options}
    return plan_day(session_factory, on, now=now, **options)


def stops_of(session_factory: SessionFactory, on: date = MONDAY) -> dict[str, tuple[str, Stop]]:
    """By job number: the technician's code and the stop, in the published plan."""
    with session_factory() as session:
        published = find_published(session, on)
        assert published is not None, f"{on} has no published plan"
        return {stop.job.number: (route.technician.code, stop) for route in published.routes for stop in route.stops}


def left_out(version: PlanVersion) -> dict[str, tuple[str, str]]:
    """By job number: rule and sentence."""
    return {one.job.number: (one.rule, one.sentence) for one in version.unassigned}


def user_of(session: Any, code: str, role: str = "technician") -> User:
    """Somebody who signs in, as that technician if the role is; made on first use."""
    email = f"{role}-{code.lower()}@example.org"
    known: User | None = session.scalar(select(User).where(User.email == email))
    if known is not None:
        return known
    who = session.scalars(select(Technician).where(Technician.code == code)).one() if role == "technician" else None
    user = User(email=email, name="Somebody", role=role, technician=who, password_hash="-")
    session.add(user)
    session.flush()
    return user


def job_named(session: Any, number: str) -> Job:
    """The job with that number."""
    found: Job = session.scalars(select(Job).where(Job.number == number)).one()
    return found


def report(session_factory: SessionFactory, number: str, status: str, now: datetime, on: date = MONDAY) -> None:
    """The technician of that job reports."""
    with session_factory.begin() as session:
        published = find_published(session, on)
        stop = next(s for route in published.routes for s in route.stops if s.job.number == number)
        code = stop.route.technician.code
        report_status(session, stop.id, status, user_of(session, code), now)


def promise(
    session_factory: SessionFactory, number: str, from_at: datetime, until_at: datetime, is_firm: bool = True
) -> None:
    """The customer was told so."""
    with session_factory.begin() as session:
        found = job_named(session, number)
        found.appointments.append(
            Appointment(promised_from_at=from_at, promised_until_at=until_at, is_firm=is_firm, promised_at=MORNING)
        )


def while_solving(monkeypatch: Any, act: Callable[[], None], every_time: bool = False) -> list[int]:
    """Let something happen between reading the facts and storing the plan; returns the list of calls so far."""
    solve = optimizer.solve
    calls: list[int] = []

    def solve_and_act(*args: Any, **options: Any) -> optimizer.Plan:
        calls.append(1)
        found = solve(*args, **options)
        if every_time or len(calls) == 1:
            act()
        return found

    monkeypatch.setattr(optimizer, "solve", solve_and_act, raising=False)
    return calls
