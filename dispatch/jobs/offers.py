"""Where a job that nobody has stored yet would fit into a published day: for whoever answers a customer's call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.travel import TravelSource
from dispatch import clock
from dispatch.errors import Conflict, InvalidInput
from dispatch.jobs.request import Span
from dispatch.living.predictions import list_predictions
from dispatch.models import Job, JobPart, JobSkill, JobWindow, JobWish, Location, Technician
from dispatch.planning.baseline import find_published_plan
from dispatch.planning.budget import ChangeBudget
from dispatch.planning.facts import read_day
from dispatch.planning.problem import build_problem
from dispatch.planning.running_late import lay_out_published, list_stuck
from dispatch.roads import get_travel_source
from dispatch.territories.coverage import find_territories
from optimizer.changes import Layouts, narrow, places_of
from optimizer.insert import Offers

ASKED = "what is asked about"
"""Stands for the job's number; no number of a stored job has spaces around a word like this one."""


@dataclass(frozen=True)
class SlotRequest:
    """What somebody would need on a day, at a point. No windows means at any time."""

    on: date
    lat: float
    lon: float
    service_s: int
    skills: Mapping[str, int] = field(default_factory=dict)
    windows: tuple[Span, ...] = ()
    priority: int = 0
    parts: Mapping[str, int] = field(default_factory=dict)
    wishes: Mapping[int, str] = field(default_factory=dict)
    """By technician's id: whether they must, should or must not come."""


@dataclass(frozen=True)
class SlotOffer:
    """One place for it. `price` is what the day gets dearer by, in the policy's unit; `moves` is the number of the
    job that would have to make room, if any; `pays` says whether the policy would rather have it than leave it out."""

    on: date
    technician_id: int
    technician: str
    arrive_at: datetime
    start_at: datetime
    end_at: datetime
    added_travel_s: int
    added_travel_m: int
    added_late_s: int
    price: int
    pays: bool
    moves: str | None


def list_slot_offers(
    session: Session, request: SlotRequest, now: datetime, count: int = 5, travel_source: TravelSource | None = None
) -> list[SlotOffer]:
    """The best place with each of the `count` best technicians, the cheapest first; nothing is stored or held.

    Raises Conflict for a day that is over or not planned yet, InvalidInput with all that is wrong.
    """
    people = find_wished(session, request)
    facts = read_day(session, request.on, now=now)
    if facts.published is None:
        raise Conflict(f"{request.on} is not planned yet; plan it, then ask where something would fit.")
    to_come = [(max(opens_at, now), closes_at) for opens_at, closes_at in request.windows if closes_at >= now]
    if request.windows and not to_come:
        raise InvalidInput(["windows: all of them have passed; ask for a later time."])
    if not request.windows and facts.not_before_at < now:  # whole days are planned, and nobody comes in the past
        to_come = [(now, facts.over_at)]
    location = Location(id=0, address="", lat=request.lat, lon=request.lon)
    [territory] = find_territories(session, [location])
    asked = Job(
        id=0,
        number=ASKED,
        title=ASKED,
        status="open",
        location=location,
        territory_id=territory.id if territory else None,
        requested_on=request.on,
        service_s=request.service_s,
        setup_s=0,
        priority=request.priority,
        skills=[JobSkill(name=name, level=level) for name, level in request.skills.items()],
        windows=[JobWindow(opens_at=opens_at, closes_at=closes_at) for opens_at, closes_at in to_come],
        parts=[JobPart(part=part, count=count) for part, count in request.parts.items()],
        wishes=[JobWish(technician=people[one], wish=wish) for one, wish in request.wishes.items()],
    )
    with session.no_autoflush:
        asked.territory = territory
        day = build_problem(
            replace(facts, jobs=(*facts.jobs, asked)),
            travel_source or get_travel_source(session),
            facts.published.policy,
        )
    impossible = [one.sentence for one in day.left_out if one.job is asked]
    if impossible:
        raise InvalidInput(impossible)
    published = find_published_plan(facts)
    assert published is not None, "the day has a published version"
    tolerance_s = ChangeBudget.of(session.info["settings"]).tolerance_s
    places = places_of(published)
    plan = lay_out_published(Layouts(day.problem, tolerance_s), places)
    if plan is None:
        raise Conflict(f"The plan of {request.on} does not hold any more; plan the day again, then ask.")
    placed = places_of(plan)
    late = {number: one for number, one in placed.items() if abs(one.start_s - places[number].start_s) > tolerance_s}
    held = narrow(day.problem, places | late, tolerance_s)
    delayed = {one.job.id for one in list_predictions(session, request.on, now) if one.delay_s > tolerance_s}
    # They go there all the same, whatever planning says.
    stuck = {stop.route.technician.code for stop in list_stuck(facts, plan) if stop.job_id in delayed}
    free = {shift.id for shift in held.shifts} - stuck
    offers = Offers(held, plan).best(held.get_visit(ASKED), count, shifts=free)
    start_at = facts.day_start_at
    return [
        SlotOffer(
            on=request.on,
            technician_id=day.technicians[one.shift].id,
            technician=day.technicians[one.shift].name,
            arrive_at=clock.after(start_at, one.arrive_s),
            start_at=clock.after(start_at, one.start_s),
            end_at=clock.after(
                start_at, one.start_s + request.service_s * day.technicians[one.shift].pace_percent // 100
            ),
            added_travel_s=one.added_travel_s,
            added_travel_m=one.added_travel_m,
            added_late_s=one.added_late_s,
            price=one.price,
            pays=one.pays,
            moves=one.move.visit if one.move else None,
        )
        for one in offers
    ]


def find_wished(session: Session, request: SlotRequest) -> Mapping[int, Technician]:
    """Whom the request names, by id. Raises InvalidInput with all that is wrong with it on any day."""
    wrong = [
        f"windows[{n}]: it closes before it opens." for n, (start, end) in enumerate(request.windows) if end < start
    ]
    people = {one.id: one for one in session.scalars(select(Technician).where(Technician.id.in_(list(request.wishes))))}
    wrong += [f"wishes: there is no technician with id {one}." for one in request.wishes if one not in people]
    if wrong:
        raise InvalidInput(wrong)
    return people
