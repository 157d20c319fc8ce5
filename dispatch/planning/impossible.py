"""Why a job is not even put to the optimizer: no road leads there, it is closed, or every window has passed."""

from __future__ import annotations

from collections.abc import Mapping

from data.travel import TravelSource
from dispatch import clock
from dispatch.models import Job
from dispatch.planning.agreed import why_never
from dispatch.planning.facts import DayFacts

Point = tuple[float, float]


def list_unreachable(facts: DayFacts, travel_source: TravelSource) -> dict[Point, str]:
    """By point: why no vehicle gets there."""
    points = [job.location.point for job in facts.jobs]
    points += [technician.home.point for technician in facts.technicians if technician.home]
    return {
        problem.point: f"the place is {problem.distance_m:,} m from the nearest road that can be driven "
        f"(at most {problem.limit_m:,} m are accepted)"
        for problem in travel_source.list_unreachable(points)
    }


def why_impossible(
    job: Job, facts: DayFacts, unreachable: Mapping[Point, str], is_pinned: bool
) -> tuple[str, str] | None:
    """The rule and a sentence, or None. What a person pins is planned whatever else is known."""
    if job.location.point in unreachable:
        return "travel", f"{unreachable[job.location.point].capitalize()}; correct the job's location."
    if is_pinned:
        return None
    closed = _why_closed(job, facts)
    if closed is not None:
        return "travel", closed
    never = why_never(job, facts.not_before_at, facts.zone)
    return None if never is None else ("time windows", never)


def _why_closed(job: Job, facts: DayFacts) -> str | None:
    """Why nobody gets there in time, where a road is closed; None where somebody does."""
    open_at = facts.hindrances.opens_at(job.location, facts.over_at)
    if open_at is None:
        return None
    if facts.hindrances.is_closed_for_the_day(job.location):
        return "The road there is closed for the day; agree on another day, or say when it is open again."
    at = clock.local_time(open_at, facts.zone)
    if open_at >= facts.over_at:
        until = f"{clock.local_day(open_at, facts.zone)} {at}"
        return f"The road there is closed until {until}, when the day's last shift is over; agree on another day."
    if why_never(job, open_at, facts.zone) is None:
        return None
    return f"The road there is closed until {at}, when it is too late; agree on a later time with the customer."
