"""The dispatcher's board: one day, a lane per technician, what is left out and why; JSON-ready."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from dispatch import clock, installation
from dispatch.board.day_lanes import find_touched_since, list_lanes, list_touched_lanes
from dispatch.board.known_lanes import KnownLanes
from dispatch.board.lanes import initials, job_facts
from dispatch.board.map_layers import get_basemap, get_route_lines
from dispatch.jobs.statuses import STATUSES, list_actions
from dispatch.living.illness import list_away
from dispatch.living.lines import list_alerts
from dispatch.models import Appointment, Job, PlanRoute, PlanVersion, Stop, Technician, Territory
from dispatch.news import get_newest_seq
from dispatch.planning.cut_shifts import list_cut_shifts
from dispatch.planning.day_over import find_end_of
from dispatch.planning.wanted import list_wanted_jobs
from dispatch.replanning import list_notices
from dispatch.reports.kpis import DayTotals, add_up
from dispatch.runs.queue import find_active_run
from dispatch.team.on_call import describe_duties
from dispatch.territories.scope import get_limits, is_here_on

Json = dict[str, Any]
LEFT_OUT_HOLDS_FOR = timedelta(minutes=1)
"""What no route has depends on the time of day as well: of jobs of yesterday, and when the day is over."""
ASIDE_HOLDS_FOR = timedelta(seconds=5)
"""So does who on call can come now, and when a plan that failed is tried again."""

__all__ = ["find_board_news", "get_basemap", "get_board", "get_route_lines", "initials"]


class _As(NamedTuple):
    """What is shown of that day and plan, as somebody sees it who is limited to these territories."""

    what: str
    on: date
    plan_id: int | None
    territory_ids: frozenset[int]


def get_board(session: Session, on: date, now: datetime, known: KnownLanes | None = None) -> Json:
    """The whole board of a day; `plan` is null when the day is not planned, `run` when no plan is being made.

    `seq` is the newest event that it knows of, for `find_board_news`. Rows that are `known` are not read again.
    """
    known = known or KnownLanes()
    seq = known.follow(lambda: get_newest_seq(session))
    zone = installation.get_zone(session)
    plan = session.scalar(_select_plan(on))
    lanes = list_lanes(session, plan, on, zone, seq, known)
    over_at = find_end_of(session, plan.id if plan else None, on, zone)
    unassigned = _list_unassigned(session, plan, on, now, zone, over_at)
    known.lately.keep(_as_seen(session, "left out", on, plan), seq, now, unassigned)
    totals = [lane.totals for lane in lanes if lane.totals is not None]
    return {
        **_read_shown_once(session, plan, on, now, seq, known),
        "seq": seq,
        "zone": zone,
        "day_start_at": clock.to_iso(_start_at(plan, on, zone)),
        "day_end_at": clock.to_iso(clock.day_end(on, zone)),
        "over_at": clock.to_iso(over_at),
        "actions": {status: list_actions(status, "dispatcher") for status in STATUSES},
        "plan": _plan(plan, totals, len(unassigned)) if plan else None,
        "territories": [
            {"id": row.id, "name": row.name} for row in session.scalars(select(Territory).order_by(Territory.name))
        ],
        "technicians": [lane.row for lane in lanes],
        "unassigned": unassigned,
    }


def find_board_news(
    session: Session, on: date, now: datetime, after_seq: int, version: int | None, known: KnownLanes
) -> Json | None:
    """What a board that knows the events up to `after_seq` and that published version must show anew.

    The keys are those of `get_board`, but `technicians` are those alone on whose visits something happened, `kpis` take
    the place of `plan`, and `unassigned` is there only where it may have changed. None when anything may have. On a
    day of thousands of jobs this is what lets twenty boards follow every report.
    """
    seq = known.follow(lambda: get_newest_seq(session))
    touched = find_touched_since(session, on, after_seq, seq, known)
    plan = session.scalar(_select_plan(on))
    if touched is None or (plan.version if plan else None) != version:
        return None
    zone = installation.get_zone(session)
    told = list_touched_lanes(session, plan, on, zone, touched.technicians, seq, known) if plan else []
    changed: Json = {}
    if touched.loud_seq:
        of = _as_seen(session, "left out", on, plan)
        unassigned = known.lately.find(of, touched.loud_seq, seq, now, LEFT_OUT_HOLDS_FOR)
        if unassigned is None:
            unassigned = _list_unassigned(
                session, plan, on, now, zone, find_end_of(session, plan.id if plan else None, on, zone)
            )
            known.lately.keep(of, seq, now, unassigned)
        changed["unassigned"] = unassigned
    of = _as_seen(session, "aside", on, plan)
    aside = known.lately.find(of, max(after_seq, touched.aside_seq), seq, now, ASIDE_HOLDS_FOR)
    return {
        **(_shown_once(aside, session, on, now) if aside else _read_shown_once(session, plan, on, now, seq, known)),
        **changed,
        "seq": seq,
        "kpis": _kpis_anew(session, plan, zone, changed.get("unassigned"), seq, known) if plan else None,
        "technicians": [lane.row for lane in told],
    }


def _read_shown_once(
    session: Session, plan: PlanVersion | None, on: date, now: datetime, seq: int, known: KnownLanes
) -> Json:
    """What the board shows but once, however many technicians and jobs there are."""
    zone = installation.get_zone(session)
    aside = {
        "notices": installation.list_unsaid(session, zone)
        + list_notices(session, plan, on, now)
        + _find_cut_shifts(session, on, seq, known),
        "draft": _find_draft(session, on),
        "on_call": describe_duties(session, clock.day_start(on, zone), clock.day_end(on, zone), now),
        "alerts": list_alerts(session, on),
        "away": list_away(session, on),
        "violations": _violations(session, plan) if plan else [],
    }
    known.lately.keep(_as_seen(session, "aside", on, plan), seq, now, aside)
    return _shown_once(aside, session, on, now)


def _shown_once(aside: Json, session: Session, on: date, now: datetime) -> Json:
    """With how far planning is, which no event tells."""
    return {"on": on.isoformat(), "now_at": clock.to_iso(now), "run": find_active_run(session, on), **aside}


def _find_cut_shifts(session: Session, on: date, seq: int, known: KnownLanes) -> list[str]:
    """Read once for all who see as much, until something happens to more than single visits."""
    what = "cut shifts", get_limits(session)
    notices: list[str] | None = known.still.find(on, what, seq)
    if notices is None:
        notices = list_cut_shifts(session, on)
        known.still.keep(on, what, seq, notices)
    return notices


def _select_plan(on: date) -> Select[PlanVersion]:
    """The published plan of the day, without its routes and what it left out."""
    return select(PlanVersion).where(PlanVersion.on == on, PlanVersion.status == "published")


def _as_seen(session: Session, what: str, on: date, plan: PlanVersion | None) -> _As:
    return _As(what, on, None if plan is None else plan.id, get_limits(session))


def _list_unassigned(
    session: Session, plan: PlanVersion | None, on: date, now: datetime, zone: str, over_at: datetime
) -> list[Json]:
    planned = None if plan is None else plan.id
    wanted = list_wanted_jobs(session, on, now=now, zone=zone, until_at=over_at, not_of_plan=planned)
    return list_left_out(session, plan, wanted, is_over=over_at <= now)


def _start_at(plan: PlanVersion | None, on: date, zone: str) -> datetime:
    """The head office's midnight, or when the plan's first shift begins far east of it."""
    start_at = clock.day_start(on, zone)
    return start_at if plan is None else min(start_at, plan.day_start_at)


def _kpis_anew(
    session: Session, plan: PlanVersion, zone: str, unassigned: list[Json] | None, seq: int, known: KnownLanes
) -> Json:
    """Those of `as_kpis` that may have changed while the plan stays the same, of the lanes that the session finds: what
    changes what is left out may be a visit that was cancelled, and then all have; a report changes who is late."""
    if unassigned is not None:
        lanes = list_lanes(session, plan, plan.on, zone, seq, known)
        return as_kpis([lane.totals for lane in lanes if lane.totals is not None], len(unassigned))
    starts_at = func.coalesce(Stop.actual_start_at, Stop.planned_start_at)
    is_late = or_(starts_at > Job.due_at, starts_at > Appointment.promised_until_at)
    of_plan = (
        select(func.count().filter(is_late, Stop.status != "cancelled"))
        .select_from(Stop)
        .join(Stop.job)
        .outerjoin(Job.appointments.and_(Appointment.withdrawn_at.is_(None)))  # one is in force at most
        .join(Stop.route)
        .join(PlanRoute.technician)
        .where(Stop.plan_id == plan.id, Technician.active, is_here_on(session, plan.on))
    )
    return {"late": session.scalar(of_plan)}


def _violations(session: Session, plan: PlanVersion) -> list[Json]:
    """What the plan breaks, of those technicians and jobs that the session finds."""
    if not plan.violations:
        return []
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


def list_left_out(session: Session, plan: PlanVersion | None, jobs: Iterable[Job], *, is_over: bool) -> list[Json]:
    """Of jobs that no route has: what the plan left out, and what has come in since unless the day is over; most
    urgent first.

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
    if is_over:  # what is still open waits on a day that can be planned
        sentence = "This day is over and was never planned; the job waits on the board of today or a later day."
        came_in = [] if plan else list(wanted.values())
    else:
        sentence = "Came in after this plan was made; plan the day again." if plan else "This day is not planned yet."
        came_in = list(wanted.values())
    rows += [left_out_row(job, "not planned", sentence, [], []) for job in came_in]
    return sorted(rows, key=lambda row: (-row["priority"], _wanted_by(row), row["number"]))


def _wanted_by(row: Json) -> str:
    """What is due first, by contract or as promised, is shown first of what is as urgent."""
    return min(row["due_at"] or "9", row["promise"]["until_at"] if row["promise"] else "9")


def left_out_row(job: Job, rule: str, sentence: str, technicians: list[Json], remedies: list[str]) -> Json:
    """A job that no route holds, and why."""
    return {**job_facts(job), "rule": rule, "sentence": sentence, "technicians": technicians, "remedies": remedies}
