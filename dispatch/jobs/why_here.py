"""Why a job is planned with this technician and not with that one: what each other would cost, and who cannot come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

import optimizer
from data.travel import TravelSource
from dispatch import clock, installation
from dispatch.errors import Conflict
from dispatch.jobs.moving import find_stop_in_force, get_job
from dispatch.jobs.statuses import BEGUN, OPEN, WAITING
from dispatch.models import Stop
from dispatch.planning.baseline import find_published_plan
from dispatch.planning.budget import ChangeBudget
from dispatch.planning.changes import COST_WORDS
from dispatch.planning.facts import DayFacts, read_day
from dispatch.planning.problem import DayProblem, build_problem
from dispatch.planning.running_late import lay_out_published
from dispatch.roads import get_travel_source
from optimizer.changes import Layouts, places_of
from optimizer.explain import Alternative, why_here
from optimizer.lengths import length_words

LEAST_S = 60
"""Parts of a difference that are smaller are not told in its sentence."""


@dataclass(frozen=True)
class Another:
    """Another technician who could have it, everything else staying as it is.

    `difference` is what the day would get dearer by, in seconds of travel, and `differences` are its parts by rule.
    """

    technician_id: int
    technician: str
    start_at: datetime
    difference: int
    differences: Mapping[str, int]
    sentence: str


@dataclass(frozen=True)
class Unable:
    """A technician who works that day and cannot have it: the rule that binds, and what it says of them."""

    technician_id: int
    technician: str
    rule: str
    sentence: str


@dataclass(frozen=True)
class WhyHere:
    """With whom the job is and since when in short, the next best technicians, and why each other cannot come."""

    on: date
    technician_id: int
    technician: str
    start_at: datetime
    sentence: str
    alternatives: tuple[Another, ...] = ()
    cannot: tuple[Unable, ...] = ()


def explain_place(
    session: Session, job_id: int, now: datetime, count: int = 3, travel_source: TravelSource | None = None
) -> WhyHere:
    """Says it of the published plan as it can be driven by now, with the `count` next best; nothing is searched.

    Raises NotFound; Conflict for a job that is on no published route of a day that goes on.
    """
    job, stop = get_job(session, job_id), find_stop_in_force(session, job_id)
    if stop is None or stop.status == "cancelled" or (stop.status in WAITING and job.status != OPEN):
        raise Conflict(f"Job {job.number} is on no published route, so it is with nobody.")
    technician = stop.route.technician
    here = WhyHere(stop.route.plan.on, technician.id, technician.name, stop.planned_start_at, "")
    if stop.status in BEGUN:
        return replace(here, sentence=f"{technician.name} has begun it, so nobody else can have it.")
    facts = read_day(session, here.on, now=now)
    assert facts.published is not None, "a stop in force is on a published route"
    day = build_problem(facts, travel_source or get_travel_source(session), facts.published.policy)
    plan = _lay_out(session, facts, day)
    if plan is None or job.number not in places_of(plan):
        reasons = [one.sentence for one in day.left_out if one.job.id == job.id]
        raise Conflict(" ".join([f"Job {job.number} cannot stay where it is published: plan the day again.", *reasons]))
    held = _why_held(stop) if day.problem.get_visit(job.number).pin is not None else ""
    visits = tuple(replace(one, pin=None) if one.id == job.number else one for one in day.problem.visits)
    found = why_here(replace(day.problem, visits=visits), plan, job.number, count)
    zone = installation.get_zone_at(session, job.territory)
    alternatives = tuple(_another(one, day, facts.day_start_at, zone) for one in found.alternatives)
    return replace(
        here,
        sentence=" ".join(filter(None, (held, _sum_up(alternatives) if alternatives else found.sentence))),
        alternatives=alternatives,
        cannot=tuple(_unable(one, day) for one in found.cannot),
    )


def _lay_out(session: Session, facts: DayFacts, day: DayProblem) -> optimizer.Plan | None:
    """The published day as it can be driven by now."""
    published = find_published_plan(facts)
    assert published is not None, "the day has a published version"
    tolerance_s = ChangeBudget.of(session.info["settings"]).tolerance_s
    return lay_out_published(Layouts(day.problem, tolerance_s), places_of(published))


def _why_held(stop: Stop) -> str:
    name = stop.route.technician.name
    if stop.status == "dispatched":
        return f"It was sent to the phone of {name}: plans leave it there."
    return f"It is pinned where somebody has put it: plans leave it with {name}."


def _sum_up(alternatives: Sequence[Another]) -> str:
    best = alternatives[0]
    if best.difference > 0:
        return f"Nobody else costs less; {best.technician} comes next."
    if best.difference == 0:
        return f"{best.technician} would cost as much."
    return f"As the day stands by now, {best.technician} would cost less: plan it again to see whether it moves."


def _another(one: Alternative, day: DayProblem, day_start_at: datetime, zone: str) -> Another:
    technician, start_at = day.technicians[one.shift], clock.after(day_start_at, one.start_s)
    most = sorted(one.differences.items(), key=lambda part: -abs(part[1]))
    parts = [f"{COST_WORDS.get(rule, rule)} {_signed(cost)}" for rule, cost in most if abs(cost) >= LEAST_S]
    for_what = f" ({', '.join(parts)})" if parts and set(one.differences) != {"travel"} else ""
    price = f"is {'dearer' if one.difference > 0 else 'cheaper'} by what {_length(one.difference)} of travel cost"
    costs = price if one.difference else "costs the same"
    return Another(
        technician_id=technician.id,
        technician=technician.name,
        start_at=start_at,
        difference=one.difference,
        differences=one.differences,
        sentence=f"{technician.name} could start at {clock.local_time(start_at, zone)}; that {costs}{for_what}.",
    )


def _unable(one: optimizer.ShiftReason, day: DayProblem) -> Unable:
    technician = day.technicians[one.shift]
    return Unable(technician.id, technician.name, one.rule, one.sentence)


def _signed(cost: int) -> str:
    return f"{'' if cost > 0 else '−'}{_length(cost)}"


def _length(cost: int) -> str:
    """A cost in seconds of travel, dearer or cheaper, to the minute."""
    return length_words(max(1, round(abs(cost) / 60)) * 60)
