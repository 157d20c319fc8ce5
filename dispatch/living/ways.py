"""The best few ways to serve an emergency now, each with what it displaces; choosing one publishes or proposes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

import optimizer
from data.travel import TravelSource
from dispatch import clock
from dispatch.db import SessionFactory
from dispatch.errors import Conflict
from dispatch.jobs.statuses import BEGUN
from dispatch.living.incidents import get_incident
from dispatch.living.laying_out import LaidOut, lay_out, only_about, store
from dispatch.living.predictions import late_s_of
from dispatch.living.scope import restrict
from dispatch.living.soonest import offers_by, with_soonest
from dispatch.models import Incident, PlanVersion, Stop
from dispatch.planning.facts import DayFacts, is_kept, read_day
from dispatch.roads import get_travel_source
from optimizer.changes import places_of
from optimizer.explain.remedies import Remedies
from optimizer.insert import Offer, Offers
from optimizer.rules import RULES, lower

MOST_WAYS = 4
TOLD_FROM_S = 300
"""Whoever starts later by less than this is not told of."""
_BEGUN = "They are with it, or on the way there."
_HELD = {
    **dict.fromkeys(BEGUN, _BEGUN),
    "dispatched": "It was sent to their phone: call it back, and who could come sooner is shown here.",
    "pinned": "It is pinned there: take the pin off, and who could come sooner is shown here.",
}
"""Why a job that is planned goes to nobody else."""


@dataclass(frozen=True)
class Way:
    """One way to serve the job. `price_s` is what the day gets dearer by, in seconds of travel; `displaces` are
    sentences about everybody who waits longer, moves, or is left out; `moved` is the number of the job that moves."""

    code: str
    technician: str
    phone: str
    arrive_at: datetime
    start_at: datetime
    late_s: int
    added_travel_s: int
    added_travel_m: int
    price_s: int
    displaces: tuple[str, ...]
    moved: str
    offer: Offer


@dataclass(frozen=True)
class Ways:
    """What can be done; `remedies` say what would have to change where nothing fits. `planned` says who has it already:
    the ways are to come sooner then."""

    ways: tuple[Way, ...]
    remedies: tuple[str, ...]
    planned: str = ""


def find_ways(
    session: Session, incident: Incident, now: datetime, travel_source: TravelSource | None = None
) -> tuple[Ways, LaidOut | None]:
    """The best ways, the cheapest first, and the day that they are for; nothing is stored.

    Raises Conflict for what is no emergency, or is closed, and for a day that is over.
    """
    if incident.kind != "emergency" or incident.status != "open":
        raise Conflict("Only an emergency that is open has ways to serve it; look at the day as it is now.")
    assert incident.job is not None, "an emergency has a job"
    number = incident.job.number
    facts = read_day(session, incident.on, now=now, restrict=lambda _, whole: restrict(session, whole, [incident]))
    if facts.published is None:
        return Ways((), ("This day is not planned yet; plan it, and the job is in it.",)), None
    stop = _find_stop(facts, incident)
    planned = ""
    if stop is not None:
        planned = f"{stop.route.technician.name} at {clock.local_time(stop.planned_start_at, facts.zone)}"
        if is_kept(stop):
            return Ways((), (_HELD["pinned" if stop.status == "planned" else stop.status],), planned), None
    source = travel_source or get_travel_source(session)
    laid_out = lay_out(facts, source, session.info["settings"], without="" if stop is None else number)
    out = next((one.sentence for one in laid_out.day.left_out if one.job.number == number), None)
    if out is not None:
        return Ways((), (out,), planned), laid_out
    visit = laid_out.day.problem.get_visit(number)
    offers = Offers(laid_out.day.problem, laid_out.plan)
    if stop is None:
        found = [*offers.direct(visit, MOST_WAYS), *offers.with_a_move(visit, MOST_WAYS)]
    else:
        before_s = clock.seconds_between(facts.day_start_at, stop.planned_start_at) - TOLD_FROM_S
        found = offers_by(offers, visit, before_s, MOST_WAYS)
    found = with_soonest(offers, visit, found, clock.seconds_between(facts.day_start_at, now))
    ways = tuple(_way(laid_out, one, stop) for one in _best(found))
    if ways:
        return Ways(ways, (), planned), laid_out
    remedies = ("Nobody can come sooner.",) if planned else tuple(_list_remedies(laid_out, visit))
    return Ways((), remedies, planned), laid_out


def _find_stop(facts: DayFacts, incident: Incident) -> Stop | None:
    """Where the published plan of the day has the job."""
    assert facts.published is not None, "only a planned day has stops"
    stops = [stop for route in facts.published.routes for stop in route.stops if stop.status != "cancelled"]
    return next((stop for stop in stops if stop.job_id == incident.job_id), None)


def choose_way(
    session_factory: SessionFactory,
    incident_id: int,
    code: str,
    moved: str,
    start_at: datetime,
    now: datetime,
    by_user_id: int | None,
    *,
    as_draft: bool,
    travel_source: TravelSource | None = None,
) -> PlanVersion:
    """Serve the job by the way that somebody has seen: this technician, at about that time, with that job moving.

    Routes that this way does not lead to stay as they are. Raises NotFound; Conflict when the way is no longer there
    as it was seen, or another draft waits.
    """
    with session_factory() as session:
        incident = get_incident(session, incident_id)
        found, laid_out = find_ways(session, incident, now, travel_source)
        source = travel_source or get_travel_source(session)
    tolerance_s = session_factory.settings.change_tolerance_min * 60
    alike = [one for one in found.ways if (one.code, one.moved) == (code, moved)]
    way = min(alike, key=lambda one: abs(clock.seconds_between(start_at, one.start_at)), default=None)
    if way is None or laid_out is None or abs(clock.seconds_between(start_at, way.start_at)) > tolerance_s:
        raise Conflict("The day has changed, and this way is not there as you saw it; look at the ways there are now.")
    plan = Offers(laid_out.day.problem, laid_out.plan).applied(way.offer)
    people, jobs = _touched(laid_out, incident, way.offer)
    near = only_about(laid_out.facts, people, jobs)
    assert incident.job is not None, "an emergency has a job"
    touched = lay_out(near, source, session_factory.settings, without=incident.job.number)
    places = {visit: one for visit, one in places_of(plan).items() if one.shift in touched.day.problem.shift_index}
    return store(session_factory, touched, places, [incident_id], now, by_user_id, as_draft=as_draft)


def _touched(laid_out: LaidOut, incident: Incident, offer: Offer) -> tuple[set[int], set[int]]:
    """The technicians whose routes a way changes, and the jobs that it is about, by id."""
    moved = [] if offer.move is None else [laid_out.day.jobs[offer.move.visit].id]
    people = {laid_out.day.technicians[route.shift].id for route in offer.routes}
    stop = _find_stop(laid_out.facts, incident)
    return people | ({stop.route.technician_id} if stop else set()), {laid_out.day.jobs[offer.visit].id, *moved}


def _best(offers: Sequence[Offer]) -> list[Offer]:
    """The cheapest few, and the soonest among them even if it is dear: who is stuck in a lift counts minutes.

    A way that moves a job for nothing, where the same technician comes as cheaply and as soon without, is none.
    """
    worth = [one for one in offers if not any(_beats(other, one) for other in offers)]
    by_price = sorted(worth, key=lambda one: (one.price, one.start_s))
    soonest = min(worth, key=lambda one: (one.start_s, one.price), default=None)
    if soonest is None or soonest in by_price[:MOST_WAYS]:
        return by_price[:MOST_WAYS]
    return [*by_price[: MOST_WAYS - 1], soonest]


def _beats(plain: Offer, other: Offer) -> bool:
    """Whether it sends the same technician as soon and as cheaply, and moves nobody's job where the other does."""
    moves_less = plain.move is None and other.move is not None and plain.shift == other.shift
    return moves_less and plain.price <= other.price and plain.start_s <= other.start_s


def _way(laid_out: LaidOut, offer: Offer, stop: Stop | None) -> Way:
    """`stop` is where the published plan has the job."""
    technician = laid_out.day.technicians[offer.shift]
    job = laid_out.day.jobs[offer.visit]
    start_at = laid_out.instant(offer.start_s)
    return Way(
        code=technician.code,
        technician=technician.name,
        phone=technician.phone or "",
        arrive_at=laid_out.instant(offer.arrive_s),
        start_at=start_at,
        late_s=late_s_of(job, start_at),
        added_travel_s=offer.added_travel_s,
        added_travel_m=offer.added_travel_m,
        price_s=offer.price,
        displaces=(*_displaced(laid_out, offer), *_dropped(laid_out, offer, stop)),
        moved=offer.move.visit if offer.move else "",
        offer=offer,
    )


def _displaced(laid_out: LaidOut, offer: Offer) -> Iterator[str]:
    """Who is moved, left out, or waits longer."""
    if offer.move is not None:
        job = laid_out.day.jobs[offer.move.visit]
        if offer.move.shift is None or offer.move.start_s is None:
            yield f"{job.number} ({job.customer.name}) is left out."
        else:
            name = laid_out.day.technicians[offer.move.shift].name
            at = clock.local_time(laid_out.instant(offer.move.start_s), laid_out.facts.zone)
            yield f"{job.number} ({job.customer.name}) goes to {name} at {at}."
    before = {stop.visit: stop.start_s for route in laid_out.plan.routes for stop in route.stops}
    for route in offer.routes:
        for stop in route.stops:
            if stop.visit == offer.visit or (offer.move and stop.visit == offer.move.visit):
                continue
            later_s = stop.start_s - before[stop.visit]
            if later_s < TOLD_FROM_S:
                continue
            job, start_at = laid_out.day.jobs[stop.visit], laid_out.instant(stop.start_s)
            late_s = late_s_of(job, start_at)
            at = clock.local_time(start_at, laid_out.facts.zone)
            late = f", {clock.length_words(late_s)} after what was agreed" if late_s else ""
            yield f"{job.number} ({job.customer.name}) starts {clock.length_words(later_s)} later, at {at}{late}."


def _dropped(laid_out: LaidOut, offer: Offer, stop: Stop | None) -> Iterator[str]:
    """Who is left out since it cannot be planned any more where it is published, of those whose routes change."""
    codes = {route.shift for route in offer.routes} | ({stop.route.technician.code} if stop else set())
    for one in laid_out.dropped:
        if one.route.technician.code in codes:
            at = clock.local_time(one.planned_start_at, laid_out.facts.zone)
            who = f"{one.job.number} ({one.job.customer.name}) of {at}"
            yield f"{who} can no longer be planned where it is, and is left out."


def _list_remedies(laid_out: LaidOut, visit: optimizer.Visit) -> Iterator[str]:
    problem = laid_out.day.problem
    plan = replace(laid_out.plan, unassigned=())
    for remedy in Remedies(problem, lower(problem), plan, RULES).for_visit(visit):
        yield f"{laid_out.day.technicians[remedy.shift].name} {remedy.sentence}."
