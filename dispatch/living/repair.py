"""Repairs a day after something happened: the least change that serves it, near where it happened, within seconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.db import SessionFactory
from dispatch.events import record_event
from dispatch.jobs.statuses import UNDER_WAY
from dispatch.living.incidents import close_repaired, get_incident
from dispatch.living.scope import restrict
from dispatch.models import Incident, Job, PlanRoute, PlanVersion, Stop, Technician
from dispatch.planning.answers import NOTHING
from dispatch.planning.day import PlanProgress, plan_day
from dispatch.planning.drafts import find_open_lines
from dispatch.planning.facts import DayFacts
from dispatch.planning.spent import find_spent

STAYS_OPEN = ("will_be_late", "emergency")
"""These are over when they are mended, not when no plan is better."""


def repair_day(
    session_factory: SessionFactory,
    incident_id: int,
    *,
    now: datetime,
    as_draft: bool,
    by_user_id: int | None = None,
    on_progress: Callable[[PlanProgress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    **options: Any,
) -> str:
    """Plan again what the incident touches, by the policy of the published plan; returns a sentence: what was done.

    What nobody has asked for (`by_user_id` is None) is proposed where programs have moved as many jobs of the day by
    themselves as they may. A draft also repairs what waits in the day's open draft, whose place it takes, and keeps
    what people have decided there. What nothing can be done about is
    closed with that sentence, but for what the watch sees, which stays until it is mended. `options` are those of
    `plan_day`, which says what is raised.
    """
    with session_factory() as session:
        incident = get_incident(session, incident_id)
        if incident.status != "open":
            return "It was closed before the repair began"
        is_published = PlanVersion.on == incident.on, PlanVersion.status == "published"
        policy = session.scalar(select(PlanVersion.policy).where(*is_published))
        if policy is None:
            return "The day is not planned; nothing can be repaired"
        spent = find_spent(session, incident.on, now) if not as_draft and by_user_id is None else None
    verdict = spent.verdict if spent is not None and spent.is_used_up else ""
    as_draft = as_draft or bool(verdict)
    version = plan_day(
        session_factory,
        incident.on,
        now=now,
        policy=policy,
        as_draft=as_draft,
        by_user_id=by_user_id,
        time_limit_s=session_factory.settings.repair_time_limit_s,
        on_progress=on_progress,
        cancelled=cancelled,
        restrict=lambda session, facts: _restrict(session, facts, incident, as_draft),
        answers=[incident_id],
        **options,
    )
    with session_factory.begin() as session:
        row = get_incident(session, incident_id)
        if row.plan_id != version.id:
            if row.status == "open" and row.kind in STAYS_OPEN:
                row.outcome = NOTHING
            elif row.status == "open":
                close_repaired(session, row, f"{_name_begun(session, row)} {NOTHING}".strip(), now, None)
            return NOTHING
        row.outcome = f"{_name_begun(session, row)} {row.outcome}".strip()
        if verdict:
            row.outcome = f"{verdict} {row.outcome}"
            record_event(session, "repair left to people", now, None, row, after={"kind": row.kind}, reason=verdict)
    what = "Proposed draft" if as_draft else "Published plan"
    return f"{verdict} {what} {version.version} of {version.on}; {len(version.changes)} change(s)".strip()


def _name_begun(session: Session, incident: Incident) -> str:
    """What somebody who is away has begun, and no plan takes from them, as a sentence; empty without any."""
    if incident.kind != "technician_ill":
        return ""
    of_them = PlanVersion.on == incident.on, PlanRoute.technician_id == incident.technician_id
    begun = (
        select(Job.number, Technician.name)
        .join(Stop, Stop.job_id == Job.id)
        .join(PlanRoute, Stop.route_id == PlanRoute.id)
        .join(PlanVersion, PlanRoute.plan_id == PlanVersion.id)
        .join(Technician, PlanRoute.technician_id == Technician.id)
        .where(*of_them, PlanVersion.status == "published", Stop.status.in_(UNDER_WAY))
    )
    return " ".join(
        f"{number} had been begun by {name} and stays theirs until it is reported otherwise."
        for number, name in session.execute(begun.order_by(Stop.position))
    )


def _restrict(session: Session, facts: DayFacts, incident: Incident, as_draft: bool) -> DayFacts:
    """To what the incident touches, and for a draft to what the open draft is for, which it replaces: other incidents,
    and whom the decisions of people are about."""
    draft = find_open_lines(session, incident.on) if as_draft else None
    if draft is None:
        return restrict(session, facts, [incident])
    waiting = Incident.plan_id == draft.id, Incident.id != incident.id
    return restrict(
        session,
        facts,
        [incident, *session.scalars(select(Incident).where(*waiting))],
        [line for line in draft.changes if line.decision != "open"],
    )
