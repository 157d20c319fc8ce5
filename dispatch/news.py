"""What open screens are told of events: that something happened, to what, on which day, and who may hear of it.

News carry no names and no facts: a screen that hears of its day reads it anew, where its rights are checked as always.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.models import Event, Incident, PlanRoute, PlanVersion, Stop, TaskRun

MOST_NEWS = 1_000
"""So many events are looked through to find what they touch; after more, everything is read anew."""
OF_SINGLE_VISITS = frozenset({"job", "incident", "plan_version", "task_run"})
"""What an event is about that changes no more of a day than some visits."""
SENT, SEEN = "visit sent to the phone", "visit seen on the phone"
QUIET_KINDS = frozenset({SENT, SEEN, "note added", "photo added", "part used", "notice sent again", "feedback given"})
QUIET_STATUSES = frozenset({"dispatched", "en_route", "on_site", "done"})
"""What happens to a visit without changing which jobs no route has."""
JOB_CHANGED = "job changed"
"""Changes no such thing either, of a job that a route of the day serves."""
OFFICE = frozenset({"dispatcher", "admin"})
HEARD_BY: dict[str, frozenset[str]] = {
    "plan_version": OFFICE | {"manager"},
    "user_account": frozenset({"admin"}),
    "webhook": frozenset({"admin"}),
}
"""By the table of what an event is about; the office hears of everything else. Technicians hear of their own only."""


@dataclass(frozen=True)
class News:
    """One event as a screen hears of it. `days` are those whose plans it touches; empty when that is not known."""

    seq: int
    kind: str
    at: str
    subject: str | None
    subject_id: int | None
    days: tuple[date, ...]
    roles: frozenset[str]
    technician_ids: frozenset[int]
    status: str | None = None
    """Where a job has come to stand, of news about that."""
    served_on: frozenset[date] = frozenset()
    """The days on which a published route still serves the job."""

    def is_quiet(self, on: date) -> bool:
        """Whether every job that a route of the day has is still on it, and what is said of all others holds."""
        if self.kind == "job status":
            return self.status in QUIET_STATUSES
        return self.kind in QUIET_KINDS or (self.kind == JOB_CHANGED and on in self.served_on)

    def is_for(self, role: str, technician_id: int | None) -> bool:
        """Whether somebody of that role may hear of it; a technician only of what is theirs."""
        return role in self.roles or (role == "technician" and technician_id in self.technician_ids)

    def as_json(self) -> dict[str, Any]:
        """What goes over the wire."""
        return {
            "seq": self.seq,
            "kind": self.kind,
            "at": self.at,
            "subject": self.subject,
            "subject_id": self.subject_id,
            "days": [on.isoformat() for on in self.days],
        }


def get_newest_seq(session: Session) -> int:
    """The number of the newest event; 0 before the first."""
    return session.scalar(select(func.max(Event.seq))) or 0


def list_news(session: Session, after_seq: int, limit: int) -> list[News]:
    """The next `limit` events after that number, oldest first, for whoever may hear of them."""
    events = session.scalars(select(Event).where(Event.seq > after_seq).order_by(Event.seq).limit(limit)).all()
    touched = _Touched(session, events)
    return [
        News(
            seq=event.seq,
            kind=event.kind,
            at=clock.to_iso(event.at),
            subject=event.subject_kind,
            subject_id=event.subject_id,
            days=tuple(sorted(touched.days[event.subject_kind, event.subject_id])),
            roles=HEARD_BY.get(event.subject_kind or "", OFFICE),
            technician_ids=frozenset(touched.technician_ids[event.subject_kind, event.subject_id]),
            status=event.after.get("status") if event.kind == "job status" else None,
            served_on=frozenset(touched.served_on[event.subject_kind, event.subject_id]),
        )
        for event in events
    ]


@dataclass(frozen=True)
class Touched:
    """On whose visits of a day something happened, with the last event of each."""

    technicians: dict[int, int]
    loud_seq: int
    """The last event that may have changed what is said of jobs that no route has; 0 without any."""
    aside_seq: int
    """The last that may have changed what is said beside the visits, as of incidents and drafts; 0 without any."""


def find_touched(session: Session, on: date, after_seq: int, newest_seq: int) -> Touched | None:
    """What has been touched of the day after that event; None when anything may have changed.

    What happens to incidents, drafts and runs changes nobody's visits: a plan that does is another version.
    """
    if not 0 <= after_seq <= newest_seq:
        return None
    if after_seq == newest_seq:
        return Touched({}, 0, 0)
    news = list_news(session, after_seq, MOST_NEWS)
    touching = [one for one in news if "dispatcher" in one.roles and (not one.days or on in one.days)]
    if len(news) == MOST_NEWS or any(one.subject not in OF_SINGLE_VISITS for one in touching):
        return None
    of_jobs = [one for one in touching if one.subject == "job"]
    last_seq = {technician_id: one.seq for one in of_jobs for technician_id in one.technician_ids}  # oldest first
    loud = [one.seq for one in of_jobs if not one.is_quiet(on)]
    aside = [one.seq for one in touching if one.subject != "job" or one.kind == JOB_CHANGED]  # which changes its title
    return Touched(last_seq, max(loud, default=0), max(loud + aside, default=0))


class _Touched:
    """The days and the technicians that events touch, read for a page of events at once."""

    def __init__(self, session: Session, events: Collection[Event]) -> None:
        self.days: defaultdict[tuple[str | None, int | None], set[date]] = defaultdict(set)
        self.technician_ids: defaultdict[tuple[str | None, int | None], set[int]] = defaultdict(set)
        self.served_on: defaultdict[tuple[str | None, int | None], set[date]] = defaultdict(set)
        about: defaultdict[str | None, set[int]] = defaultdict(set)
        for event in events:
            if event.subject_id is not None:
                about[event.subject_kind].add(event.subject_id)
        self._by_jobs(session, about["job"])
        self._by_plans(session, about["plan_version"])
        self._by_runs(session, about["task_run"])
        self._by_incidents(session, about["incident"])
        for technician_id in about["technician"]:
            self.technician_ids["technician", technician_id].add(technician_id)

    def _by_jobs(self, session: Session, job_ids: Collection[int]) -> None:
        """A job touches those who have it on a published route, also where the session finds it there no longer."""
        if not job_ids:
            return
        stop = Stop.__table__.c
        rows = session.execute(
            select(stop.job_id, PlanRoute.technician_id, PlanVersion.on, stop.status)
            .join(PlanRoute, stop.route_id == PlanRoute.id)
            .join(PlanVersion, stop.plan_id == PlanVersion.id)
            .where(stop.job_id.in_(job_ids), PlanVersion.status == "published")
        )
        for job_id, technician_id, on, status in rows:
            self.technician_ids["job", job_id].add(technician_id)
            self.days["job", job_id].add(on)
            if status != "cancelled":
                self.served_on["job", job_id].add(on)

    def _by_plans(self, session: Session, plan_ids: Collection[int]) -> None:
        """A version that people work by, now or before, touches everybody of its day: also who was taken off it."""
        if not plan_ids:
            return
        of_day: defaultdict[date, set[int]] = defaultdict(set)
        for plan_id, on, status in session.execute(
            select(PlanVersion.id, PlanVersion.on, PlanVersion.status).where(PlanVersion.id.in_(plan_ids))
        ):
            self.days["plan_version", plan_id].add(on)
            if status in ("published", "superseded"):
                of_day[on].add(plan_id)
        rows = session.execute(
            select(PlanVersion.on, PlanRoute.technician_id)
            .join(PlanRoute, PlanRoute.plan_id == PlanVersion.id)
            .where(PlanVersion.on.in_(of_day), PlanVersion.status.in_(("published", "superseded")))
            .distinct()
        )
        for on, technician_id in rows:
            for plan_id in of_day[on]:
                self.technician_ids["plan_version", plan_id].add(technician_id)

    def _by_incidents(self, session: Session, incident_ids: Collection[int]) -> None:
        """What happens on a day touches that day."""
        if incident_ids:
            rows = session.execute(select(Incident.id, Incident.on).where(Incident.id.in_(incident_ids)))
            for incident_id, on in rows:
                self.days["incident", incident_id].add(on)

    def _by_runs(self, session: Session, run_ids: Collection[int]) -> None:
        """A plan that somebody asked for touches the day that it is of."""
        if not run_ids:
            return
        for run_id, arguments in session.execute(select(TaskRun.id, TaskRun.arguments).where(TaskRun.id.in_(run_ids))):
            if "on" in arguments:
                self.days["task_run", run_id].add(date.fromisoformat(arguments["on"]))
