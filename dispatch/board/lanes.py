"""A row of the dispatcher's board: one technician's day with its travel, visits and breaks; JSON-ready."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from dispatch import clock
from dispatch.jobs.moving import stop_status
from dispatch.jobs.stop_times import stop_arrive_at, stop_end_at, stop_start_at
from dispatch.models import Job, PlanRoute, Stop, Technician
from dispatch.planning.shifts import find_absence, find_shift, find_territory, find_zone
from dispatch.reports.kpis import DayTotals, late_s

Json = dict[str, Any]


def person_of(one: Technician, on: date, zone: str) -> Json:
    """What a row of the board and its card show of a technician, whatever their route: who, when, what with."""
    own_zone, territory = find_zone(one, on, zone), find_territory(one, on)
    absence = find_absence(one, on)
    hours = find_shift(one, on, own_zone)
    return {
        "id": one.id,
        "code": one.code,
        "name": one.name,
        "initials": initials(one.name),
        "kind": one.kind,
        "territory": territory.name if territory else None,
        "skills": [{"name": skill.name, "level": skill.level} for skill in one.skills],
        "home": list(one.home.point) if one.home else None,
        "shift": {
            "start_at": clock.to_iso(hours.start_at),
            "end_at": clock.to_iso(hours.end_at),
            "latest_end_at": clock.to_iso(hours.latest_end_at),
        }
        if hours
        else None,
        "absence": {
            "reason": absence.reason,
            "from_at": clock.to_iso(clock.day_start(absence.from_on, own_zone)),
            "to_at": clock.to_iso(clock.day_end(absence.to_on, own_zone)),
        }
        if absence
        else None,
    }


def lane_of(person: Json, route: PlanRoute | None, totals: DayTotals | None) -> Json:
    """A technician's day: all that a row of the board and its card show."""
    return {
        **person,
        "utilization": totals.utilization if totals else 0.0,
        "busy_share": totals.busy_share if totals else 0.0,
        "leave_at": clock.find_iso(route.leave_at) if route else None,
        "home_at": clock.find_iso(route.home_at) if route else None,
        "items": list_items(route) if route else [],
    }


def list_items(route: PlanRoute) -> list[Json]:
    """What the technician does, in order of time."""
    breaks = [(rest.planned_start_at, rest.planned_end_at) for rest in route.rests]
    items: list[Json] = [{"type": "break", "start_at": clock.to_iso(a), "end_at": clock.to_iso(b)} for a, b in breaks]
    for stop in route.stops:
        items += _travel(stop_arrive_at(stop), stop.travel_s, stop.travel_m, breaks)
        items.append(_visit(stop))
    if route.home_at:
        items += _travel(route.home_at, route.travel_home_s, route.travel_home_m, breaks)
    return sorted(items, key=lambda item: (item["start_at"], item["end_at"]))


def _travel(
    arrive_at: datetime, travel_s: int, travel_m: int, breaks: Iterable[tuple[datetime, datetime]]
) -> list[Json]:
    """The bars of one leg, told backwards from the arrival: a break on the way cuts it in pieces."""
    pieces: list[Json] = []
    left_s, end_at = travel_s, arrive_at
    for rest_start_at, rest_end_at in sorted(breaks, reverse=True):
        if left_s and rest_start_at < end_at and rest_end_at > end_at - timedelta(seconds=left_s):
            after_s = max(0, clock.seconds_between(rest_end_at, end_at))
            pieces += _travel_piece(end_at, after_s, travel_s, travel_m)
            left_s, end_at = left_s - after_s, rest_start_at
    return pieces + _travel_piece(end_at, left_s, travel_s, travel_m)


def _travel_piece(end_at: datetime, piece_s: int, travel_s: int, travel_m: int) -> list[Json]:
    if not piece_s:
        return []
    return [
        {
            "type": "travel",
            "start_at": clock.to_iso(end_at - timedelta(seconds=piece_s)),
            "end_at": clock.to_iso(end_at),
            "travel_s": piece_s,
            "travel_m": round(travel_m * piece_s / travel_s),
        }
    ]


def _visit(stop: Stop) -> Json:
    return {
        "type": "visit",
        "stop_id": stop.id,
        "start_at": clock.to_iso(stop_start_at(stop)),
        "end_at": clock.to_iso(stop_end_at(stop)),
        "arrive_at": clock.to_iso(stop_arrive_at(stop)),
        "status": stop_status(stop),
        "pinned": stop.pinned,
        "late_s": late_s(stop),
        **job_facts(stop.job),
    }


def job_facts(job: Job) -> Json:
    """What the board shows of a job wherever it stands."""
    return {
        "job_id": job.id,
        "number": job.number,
        "title": job.title,
        "customer": job.customer.name,
        "address": job.location.address,
        "location": list(job.location.point),
        "territory": job.territory.name if job.territory else None,
        "priority": job.priority,
        "service_s": job.service_s,
        "skills": [{"name": skill.name, "level": skill.level} for skill in job.skills],
        "windows": [[clock.to_iso(one.opens_at), clock.to_iso(one.closes_at)] for one in job.windows],
        "due_at": clock.find_iso(job.due_at),
        "promise": promise_of(job),
    }


def promise_of(job: Job) -> Json | None:
    """The window promised to the customer, as screens show it; None without one."""
    promise = job.find_promise()
    if promise is None:
        return None
    return {
        "from_at": clock.to_iso(promise.promised_from_at),
        "until_at": clock.to_iso(promise.promised_until_at),
        "is_firm": promise.is_firm,
    }


def initials(name: str) -> str:
    """First letters of the first and the last name: "Ana María Soto" is AS; of no name there are none."""
    words = name.split()
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()
