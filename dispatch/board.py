"""The dispatcher's board: one day, a lane per technician, what is left out and why; JSON-ready."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from dispatch import clock, installation
from dispatch.jobs import stop_status
from dispatch.kpis import DayTotals, add_up, late_s, route_totals
from dispatch.living.lines import list_alerts
from dispatch.map_layers import get_basemap, get_route_lines
from dispatch.models import Job, PlanRoute, PlanVersion, Stop, Technician, Territory
from dispatch.on_call import describe_duties
from dispatch.planning.facts import find_published, last_shift_end, select_technicians
from dispatch.planning.shifts import find_absence, find_shift, find_territory, find_zone
from dispatch.planning.wanted import list_wanted_jobs
from dispatch.replanning import list_notices
from dispatch.runs import find_active_run
from dispatch.statuses import STATUSES, list_actions
from dispatch.stop_times import stop_arrive_at, stop_end_at, stop_start_at

Json = dict[str, Any]

__all__ = ["get_basemap", "get_board", "get_route_lines", "initials"]


def get_board(session: Session, on: date, now: datetime) -> Json:
    """The whole board of a day; `plan` is null when the day is not planned, `run` when no plan is being made."""
    zone = installation.get_zone(session)
    plan = find_published(session, on)
    routes = {route.technician_id: route for route in plan.routes} if plan else {}
    technicians = list(session.scalars(select_technicians()))
    totals = {route.technician_id: route_totals(route) for route in routes.values()}
    over_at = last_shift_end(technicians, on, zone)
    wanted = list_wanted_jobs(session, on, now=now, zone=zone, until_at=over_at)
    unassigned = list_left_out(session, plan, wanted, is_over=over_at <= now)
    return {
        "on": on.isoformat(),
        "zone": zone,
        "day_start_at": clock.to_iso(clock.day_start(on, zone)),
        "day_end_at": clock.to_iso(clock.day_end(on, zone)),
        "now_at": clock.to_iso(now),
        "over_at": clock.to_iso(over_at),
        "notices": list_notices(session, plan, on, now),
        "draft": _find_draft(session, on),
        "on_call": describe_duties(session, clock.day_start(on, zone), clock.day_end(on, zone), now),
        "actions": {status: list_actions(status, "dispatcher") for status in STATUSES},
        "alerts": list_alerts(session, on),
        "plan": _plan(plan, totals.values(), len(unassigned)) if plan else None,
        "run": find_active_run(session, on),
        "territories": [
            {"id": row.id, "name": row.name} for row in session.scalars(select(Territory).order_by(Territory.name))
        ],
        "technicians": [_lane(one, on, zone, routes.get(one.id), totals.get(one.id)) for one in technicians],
        "unassigned": unassigned,
        "violations": _violations(session, plan) if plan else [],
    }


def _violations(session: Session, plan: PlanVersion) -> list[Json]:
    """What the plan breaks, of those technicians and jobs that the session finds."""
    of_jobs = [one.job_id for one in plan.violations if one.job_id is not None]
    jobs = {None, *session.scalars(select(Job.id).where(Job.id.in_(of_jobs)))}
    technicians = {None, *session.scalars(select(Technician.id))}
    return [
        {
            "rule": one.rule,
            "sentence": one.sentence,
            "job_id": one.job_id,
            "technician_id": one.technician_id,
            "kept_by": one.kept_by.name if one.kept_by else None,
            "kept_reason": one.kept_reason,
        }
        for one in plan.violations
        if one.job_id in jobs and one.technician_id in technicians
    ]


def _find_draft(session: Session, on: date) -> Json | None:
    """The draft that waits for decisions, in short."""
    is_open = PlanVersion.on == on, PlanVersion.status == "draft"
    draft = session.scalar(select(PlanVersion).where(*is_open).options(selectinload(PlanVersion.changes)))
    if draft is None:
        return None
    return {
        "id": draft.id,
        "version": draft.version,
        "revision": draft.revision,
        "made_at": clock.to_iso(draft.made_at),
        "changes": len(draft.changes),
    }


def _plan(plan: PlanVersion, routes: Iterable[DayTotals], unassigned: int) -> Json:
    return {
        "version": plan.version,
        "status": plan.status,
        "made_at": clock.to_iso(plan.made_at),
        "policy": plan.policy,
        "engine_seconds": plan.engine_seconds,
        "cost": plan.cost,
        "costs": plan.costs,
        "kpis": as_kpis(routes, unassigned),
        "travel_source": {
            "name": plan.travel_source,
            "is_estimate": plan.travel_is_estimate,
            "attribution": plan.travel_attribution,
        },
    }


def as_kpis(routes: Iterable[DayTotals], unassigned: int) -> Json:
    """The figures of a day from those of its routes."""
    total = add_up(routes)
    return {
        "visits": total.visits + unassigned,
        "assigned": total.visits,
        "unassigned": unassigned,
        "travel_s": total.travel_s,
        "travel_m": total.travel_m,
        "service_s": total.service_s,
        "wait_s": total.wait_s,
        "overtime_s": total.overtime_s,
        "late": total.late,
        "utilization": total.utilization,
        "busy_share": total.busy_share,
    }


def _lane(one: Technician, on: date, zone: str, route: PlanRoute | None, totals: DayTotals | None) -> Json:
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
        **_job(stop.job),
    }


def _job(job: Job) -> Json:
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
    }


def list_left_out(session: Session, plan: PlanVersion | None, jobs: Iterable[Job], *, is_over: bool) -> list[Json]:
    """What the plan left out, and what has come in since unless the day is over; most urgent first.

    Reasons and remedies are told of those technicians alone that the session finds.
    """
    names = set(session.scalars(select(Technician.name)))
    wanted = {job.id: job for job in jobs}
    rows = []
    for one in plan.unassigned if plan else []:
        job = wanted.pop(one.job_id, None)
        if job is not None:  # else it was cancelled, or another day serves it by now
            reasons = [why for why in one.technicians if why["name"] in names]
            remedies = [remedy for remedy in one.remedies if any(remedy.startswith(f"{name} ") for name in names)]
            rows.append(left_out_row(job, one.rule, one.sentence, reasons, remedies))
    stops = [stop for route in plan.routes for stop in route.stops] if plan else []
    planned = {stop.job_id for stop in stops if stop.status != "cancelled"}
    if is_over:  # what is still open waits on a day that can be planned
        sentence = "This day is over and was never planned; the job waits on the board of today or a later day."
        came_in = [] if plan else list(wanted.values())
    else:
        sentence = "Came in after this plan was made; plan the day again." if plan else "This day is not planned yet."
        came_in = [job for job in wanted.values() if job.id not in planned]
    rows += [left_out_row(job, "not planned", sentence, [], []) for job in came_in]
    return sorted(rows, key=lambda row: (-row["priority"], row["due_at"] or "9", row["number"]))


def left_out_row(job: Job, rule: str, sentence: str, technicians: list[Json], remedies: list[str]) -> Json:
    """A job that no route holds, and why."""
    return {**_job(job), "rule": rule, "sentence": sentence, "technicians": technicians, "remedies": remedies}


def initials(name: str) -> str:
    """First letters of the first and the last name: "Ana María Soto" is AS; of no name there are none."""
    words = name.split()
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()
