"""Incidents as screens show them: what happened, to whom, how it stands, and what to do; JSON-ready."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session, object_session

from dispatch import clock, installation
from dispatch.errors import SettingsError
from dispatch.events import list_events_of
from dispatch.living.incidents import get_incident, list_incidents, slice_incidents
from dispatch.living.kinds import get_kind
from dispatch.models import Incident
from dispatch.planning.answers import NOTHING, STAYS
from dispatch.roads import get_travel_source
from dispatch.slices import Cut, Slice
from dispatch.territories.scope import get_limits

Json = dict[str, Any]
_BY_PLAN = re.compile(r"(?:Proposed as draft|Published as plan) \d+")
_ALLOW = "Allow for the detour yourself."
STATUS_WORDS = {"open": "open", "repaired": "repaired", "dismissed": "dismissed"}


def list_alerts(session: Session, on: date) -> list[Json]:
    """What is open on the day, what is latest and most urgent first."""
    zone = installation.get_zone(session)
    rows = list_incidents(session, on, ["open"])
    rows.sort(key=lambda row: (row.kind != "emergency", -(row.late_s or 0), row.id))
    return [_line(row, zone) for row in rows]


def slice_day(session: Session, on: date, statuses: Iterable[str], cut: Cut) -> Slice[Json]:
    """A part of what has happened on the day and stands so, the newest first."""
    zone = installation.get_zone(session)
    return slice_incidents(session, on, statuses, cut).map(lambda row: _line(row, zone))


def get_line(session: Session, incident_id: int) -> Json:
    """One, with its history. Raises NotFound."""
    zone = installation.get_zone(session)
    row = get_incident(session, incident_id)
    history = [
        {
            "at": clock.local_moment(event.at, zone, row.on),
            "who": event.user.name if event.user else "Wrenchtime",
            "what": event.kind,
            "words": event.reason or str(event.after.get("outcome", "")),
            "brief": brief_outcome(event.reason or str(event.after.get("outcome", ""))),
        }
        for event in list_events_of(session, row)
    ]
    return _line(row, zone) | {"history": history}


def _line(row: Incident, zone: str) -> Json:
    kind = get_kind(row.kind)
    outcome = tell_outcome(row)
    is_proposed = row.status == "open" and row.plan is not None and row.plan.status == "draft"
    return {
        "id": row.id,
        "kind": row.kind,
        "on": row.on.isoformat(),
        "title": kind.words,
        "about": tell_about(row),
        "facts": _facts(row, zone),
        "phone": _phone(row),
        "advice": "Decide about the draft." if is_proposed else kind.advice,
        "is_repaired_by_plans": kind.is_repaired,
        "status": row.status,
        "outcome": outcome,
        "brief": brief_outcome(outcome),
        "verdict": row.outcome.partition("Proposed as draft")[0].strip() if is_proposed else "",
        "stays": _why_open(row.outcome) if row.status == "open" else "",
        "reason": row.reason,
        "words": row.words,
        "travel": describe_travel(row),
        "job_id": row.job_id,
        "technician_id": row.technician_id,
        "draft": is_proposed,
        "may_be_taken_back": row.status == "repaired"
        and row.plan is not None
        and row.plan.status in ("published", "superseded"),
        "plan_id": row.plan_id,
        "plan_version": row.plan.version if row.plan else None,
        "at": clock.local_moment(row.reported_at, zone, row.on),
        "by": row.reported_by.name if row.reported_by else "Wrenchtime",
        "closed_by": row.closed_by.name if row.closed_by else "Wrenchtime",
        "closed_at": clock.local_moment(row.closed_at, zone, row.on) if row.closed_at else None,
        "version": row.version,
    }


def tell_outcome(row: Incident) -> str:
    """What was done about it; for whoever sees some territories alone, without the jobs, which may lie in others."""
    session = object_session(row)
    by_plan = _BY_PLAN.search(row.outcome)
    if session is None or not get_limits(session) or not (by_plan or row.outcome.endswith(NOTHING)):
        return row.outcome
    return f"{by_plan[0]}. {_why_open(row.outcome)}".strip() if by_plan else NOTHING


def brief_outcome(outcome: str) -> str:
    """What was done, without the changes where several are listed: these stand one by one on the incident's page."""
    done, _, changes = outcome.partition(": ")
    return f"{done}. {_why_open(outcome)}".strip() if "; " in changes else outcome


def tell_in_words(row: Incident, zone: str) -> str:
    """By how much, what was said, what was done about it or why not, and how it stands."""
    facts = _facts(row, zone)
    stands = f"Dismissed: {row.reason}" if row.status == "dismissed" else STATUS_WORDS[row.status].capitalize()
    said = (facts[:1].upper() + facts[1:], row.words, brief_outcome(tell_outcome(row)), stands)
    return " ".join(f"{one.rstrip('.')}." for one in said if one)


def _why_open(outcome: str) -> str:
    """What a plan that answers it has left undone; empty where that is nothing."""
    return next((sentence for sentence in STAYS if outcome.endswith(sentence)), "")


def tell_about(row: Incident) -> str:
    """The job and its customer, the technician, or both."""
    parts = []
    if row.job is not None:
        parts.append(f"{row.job.number} {row.job.title} ({row.job.customer.name})")
    if row.technician is not None:
        parts.append(row.technician.name)
    if row.radius_m is not None:
        parts.append(f"within {row.radius_m:,} m of {row.lat:.4f}, {row.lon:.4f}")
    return ", ".join(parts)


def _facts(row: Incident, zone: str) -> str:
    """By how much, until when, which part."""
    parts = []
    if row.kind == "will_be_late" and row.late_s is not None and row.until_at is not None:
        expected = clock.local_moment(row.until_at, zone, row.on)
        parts.append(f"by {clock.length_words(row.late_s)}, expected at {expected}")
    elif row.kind == "phone_silent" and row.late_s is not None:
        parts.append(f"nothing heard for {clock.length_words(row.late_s)} after the planned start")
    elif row.kind == "report_refused":
        parts.append(f"of {clock.local_moment(row.from_at, zone, row.on)}")
    elif row.until_at is not None:
        parts.append(f"until {clock.local_moment(row.until_at, zone, row.on)}")
    elif row.kind == "road_closed":
        parts.append("for the day")
    if row.until_on is not None:
        parts.append(f"through {row.until_on}")
    if row.part is not None:
        parts.append(row.part)
    return ", ".join(parts)


def describe_travel(row: Incident) -> str:
    """What a closed road means for travel times, which is not the same for all their sources; empty for other kinds."""
    session = object_session(row)
    if row.kind != "road_closed" or session is None:
        return ""
    try:
        is_estimate = get_travel_source(session).is_estimate
    except SettingsError as error:
        return f"{error} Until that is mended, drives through the closed area keep their times. {_ALLOW}"
    if is_estimate:
        return (
            "Travel times here are straight-line estimates and know no roads: visits in the closed area wait, but "
            f"drives that lead through it keep their times. {_ALLOW}"
        )
    return "Whoever sets out while it is closed is timed, and drawn on the map, around it."


def _phone(row: Incident) -> str:
    """Whom to call about it: the customer who waits, or the technician who is not heard of."""
    if row.kind in ("phone_silent", "report_refused") or row.job is None:
        return (row.technician.phone or "") if row.technician else ""
    return row.job.customer.phone or ""
