"""Watches the day: says who will be late before the customer notices, and whose phone is silent.

Late is who comes after what was agreed (promise, time window, due time), and after what the customer was told in a
message, as long as no message has told them better.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.db import SessionFactory, lock_watch
from dispatch.jobs.statuses import WAITING
from dispatch.living.incidents import close_repaired, raise_incident
from dispatch.living.predictions import Prediction, find_late, list_routes, predict_routes
from dispatch.living.times import read_told
from dispatch.models import Incident, PlanRoute
from dispatch.planning.day_over import is_over
from dispatch.planning.far_east import list_begun_days

LATE, SILENT = "will_be_late", "phone_silent"
TOLD_AGAIN_S = 300
"""An alert is brought up to date when it has become worse or better by as much."""
SILENT_AFTER = timedelta(minutes=30)
"""So long after a visit was to begin, its technician should have been heard of."""
DAY_OVER = "The day is over."


def watch_today(session_factory: SessionFactory, now: datetime) -> str:
    """The task: look at the day that goes on, a night shift that reaches into it, and tomorrow's where that has begun;
    returns what it found. Alerts of days that are over are closed.

    It only reads, until there is something to tell about somebody.
    """
    raised = cleared = 0
    with session_factory() as session:
        over = _list_open_of_days_over(session, now)
        days = _list_days(session, now)
        affected = [
            (on, watched.technician_id)
            for on in days
            for watched in _look(session, on, now)
            if watched.to_raise or watched.to_clear
        ]
    for on, technician_id in affected:
        with session_factory.begin() as session:
            more, fewer = watch_technician(session, on, technician_id, now)
            raised, cleared = raised + more, cleared + fewer
    for on, technician_id in over:
        with session_factory.begin() as session:
            cleared += _close_of_day_over(session, on, technician_id, now)
    return f"Raised or changed {raised} alert(s), cleared {cleared}"


def watch_technician(session: Session, on: date, technician_id: int, now: datetime) -> tuple[int, int]:
    """Raise, change and clear the alerts about one route; how many, and how many cleared. Tasks and reports alike.

    Reports come late: of a day that is over alerts are only cleared.
    """
    hold_alerts(session, on, technician_id)
    raised = cleared = 0
    found = _look(session, on, now, technician_id)
    may_raise = any(watched.to_raise or watched.to_clear for watched in found) and not is_over(session, on, now)
    for watched in found:
        for kind, one, late_s in watched.to_raise if may_raise else ():
            _raise(session, kind, on, one, late_s, now)
            raised += 1
        for alert in watched.to_clear:
            late = find_late(session, on, alert.job_id, now) if alert.kind == LATE and alert.job_id else None
            if late is not None and may_raise:  # somebody else goes there by now, and comes too late as well
                _raise(session, LATE, on, late, late.late_s, now)
                raised += 1
                continue
            outcome = "It is in time again, or over." if alert.kind == LATE else "Something was heard of them."
            close_repaired(session, alert, outcome, now, None)
            cleared += 1
    return raised, cleared


def hold_alerts(session: Session, on: date, technician_id: int) -> None:
    """Let nobody else watch this technician's day or change its alerts until the transaction is over.

    To be called before anything is queued, as whoever stores a plan holds what it answers before it queues.
    """
    lock_watch(session, technician_id)
    alerts = _select_alerts(on, technician_id).with_only_columns(Incident.id).order_by(Incident.id)
    session.execute(alerts.with_for_update(of=Incident))


def _raise(session: Session, kind: str, on: date, one: Prediction, late_s: int, now: datetime) -> None:
    """Tell of a visit, or of what has become of it since it was told of."""
    raise_incident(
        session,
        kind,
        on,
        now,
        None,
        technician_id=one.technician_id,
        job_id=one.job.id,
        late_s=late_s,
        until_at=one.start_at,
    )


@dataclass(frozen=True)
class _Watched:
    """One technician, with what is to be told of them now."""

    technician_id: int
    to_raise: tuple[tuple[str, Prediction, int], ...]
    """Kind, visit, and by how many seconds it is late."""
    to_clear: tuple[Incident, ...]


def _look(session: Session, on: date, now: datetime, technician_id: int | None = None) -> list[_Watched]:
    told = read_told(session, on)
    alerts = _list_alerts(session, on, technician_id)
    routes = list_routes(session, on, technician_id)
    found = []
    for route, predictions in zip(routes, predict_routes(session, routes, told, now), strict=True):
        wanted = [(LATE, one, one.late_s) for one in predictions if one.will_be_late]
        silent = _find_silent(route, predictions, now)
        if silent is not None:
            wanted.append((SILENT, silent, clock.seconds_between(silent.stop.planned_start_at, now)))
        here = {one.job_id: one for one in alerts if one.technician_id == route.technician_id and one.kind == LATE}
        quiet = {one.job_id: one for one in alerts if one.technician_id == route.technician_id and one.kind == SILENT}
        known = {LATE: here, SILENT: quiet}
        to_raise = [
            (kind, one, late_s) for kind, one, late_s in wanted if _is_news(kind, known[kind].get(one.job.id), late_s)
        ]
        still = {(kind, one.job.id) for kind, one, _ in wanted}
        to_clear = [one for one in (*here.values(), *quiet.values()) if (one.kind, one.job_id) not in still]
        found.append(_Watched(route.technician_id, tuple(to_raise), tuple(to_clear)))
    for one in {alert.technician_id for alert in alerts} - {route.technician_id for route in routes}:
        if one is not None:  # off the plan by now
            found.append(_Watched(one, (), tuple(alert for alert in alerts if alert.technician_id == one)))
    return found


def _list_alerts(session: Session, on: date, technician_id: int | None) -> list[Incident]:
    """Those that are open, the newest first: of everybody, or of one technician."""
    query = _select_alerts(on, technician_id)
    return list(session.scalars(query.order_by(Incident.reported_at.desc(), Incident.id.desc())))


def _select_alerts(on: date, technician_id: int | None) -> Select[Incident]:
    query = select(Incident).where(Incident.on == on, Incident.status == "open", Incident.kind.in_((LATE, SILENT)))
    return query if technician_id is None else query.where(Incident.technician_id == technician_id)


def _list_open_of_days_over(session: Session, now: datetime) -> list[tuple[date, int]]:
    """Of whom alerts are open on days that are over: nothing that could still happen there would clear them."""
    alerts = Incident.status == "open", Incident.kind.in_((LATE, SILENT))
    found = session.execute(select(Incident.on, Incident.technician_id).where(*alerts).distinct()).all()
    over = {on for on in {on for on, _ in found} if is_over(session, on, now)}
    return [(on, who) for on, who in found if who is not None and on in over]


def _close_of_day_over(session: Session, on: date, technician_id: int, now: datetime) -> int:
    """Returns how many; they stay to be read, with what was seen."""
    lock_watch(session, technician_id)
    alerts = _list_alerts(session, on, technician_id)
    for alert in alerts:
        close_repaired(session, alert, DAY_OVER, now, None)
    return len(alerts)


def _is_news(kind: str, known: Incident | None, late_s: int) -> bool:
    return known is None or (kind == LATE and abs((known.late_s or 0) - late_s) >= TOLD_AGAIN_S)


def _list_days(session: Session, now: datetime) -> list[date]:
    return [on for on in list_begun_days(session, now) if not is_over(session, on, now)]


def _find_silent(route: PlanRoute, predictions: Iterable[Prediction], now: datetime) -> Prediction | None:
    """The visit that should have begun long ago, if whoever was to begin it has reported nothing since."""
    first = next(iter(predictions), None)
    if first is None or first.stop.status not in WAITING or now < first.stop.planned_start_at + SILENT_AFTER:
        return None
    heard = [stop.actual_end_at for stop in route.stops if stop.actual_end_at is not None]
    return None if heard and max(heard) + SILENT_AFTER > now else first
