"""Which visits that have not begun a plan holds where they are published, and which people may move by hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch import clock
from dispatch.jobs.statuses import BEGUN
from dispatch.models import PlanRoute, Stop
from dispatch.planning.facts import DayFacts, is_kept
from optimizer import Pin


@dataclass(frozen=True)
class Staying:
    """A stop where it is published, and waits to be begun."""

    route: PlanRoute
    stop: Stop


def list_pins(facts: DayFacts, codes: Mapping[int, str], staying: Collection[int] = ()) -> dict[int, Pin]:
    """By job id: what is pinned, or was sent to a phone, or is among the `staying`. `codes` are those who work, by id:
    a stop that is held to somebody who has no shift any more is free again.

    Who has said when they can go on again comes to what is held then, and no sooner.
    """
    pins = {}
    for route in facts.routes:
        late_at = facts.hindrances.held_up.get(route.technician_id)
        for stop in route.stops:
            is_held, is_staying = is_kept(stop) and stop.status not in BEGUN, stop.job_id in staying
            is_away = facts.is_gone(route.technician_id, stop.planned_start_at)
            if not (is_held or is_staying) or route.technician_id not in codes or is_away:
                continue
            start_at = stop.planned_start_at
            if is_held and late_at is not None:
                start_at = max(start_at, late_at + timedelta(seconds=stop.travel_s))
                is_late = start_at > stop.planned_start_at
                late_at = start_at + (stop.planned_end_at - stop.planned_start_at) if is_late else None
            pins[stop.job_id] = Pin(codes[route.technician_id], clock.seconds_between(facts.day_start_at, start_at))
    return pins


def list_movable(facts: DayFacts, pinned: Collection[int]) -> frozenset[str]:
    """The numbers of those among the `pinned` jobs that a person has put where they are, and that no phone knows."""
    stops = [stop for route in facts.routes for stop in route.stops if stop.job_id in pinned]
    return frozenset(stop.job.number for stop in stops if stop.status == "planned")


def list_first_starts(facts: DayFacts, pinned: Mapping[int, Pin]) -> dict[str, datetime]:
    """By technician's code: when they are to be at the first visit that is held to them."""
    found: dict[str, datetime] = {}
    for pin in pinned.values():
        assert pin.start_s is not None, "what is held has a start"
        start_at = clock.after(facts.day_start_at, pin.start_s)
        found[pin.shift] = min(start_at, found.get(pin.shift, start_at))
    return found
