"""Keeps incidents in step with the plans that answer them: a draft waits, a published version is the repair."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.events import record_event
from dispatch.jobs.statuses import OPEN
from dispatch.living.predictions import find_late
from dispatch.models import Incident, PlanVersion, Stop
from dispatch.planning.carry import has_decisions
from dispatch.planning.day_over import is_over
from dispatch.planning.facts import DayFacts
from dispatch.planning.held import Staying
from dispatch.planning.hindrances import HELD_UP
from dispatch.planning.making_way import tell_discarded
from dispatch.runs.queue import request_plan, request_repair

MOST_TOLD = 6
"""So many changes are told one by one."""
NOTHING = "Nothing needs to move: the plan as it is serves it best."
UNSERVED = "Nobody serves it by that: it stays open."
STILL_LATE = "It will be late all the same: it stays open."
STAYS = (UNSERVED, STILL_LATE)
MENDED_BY_PLANNING = ("technician_ill", "technician_late", "overrun", "cancellation", "part_missing", "road_closed")
"""What a whole plan of the day reckons with, so that nothing is left to do about it."""


def list_mended(
    session: Session, version: PlanVersion, told: Collection[int], staying: Mapping[str, Staying]
) -> list[int]:
    """The open incidents of the day that a whole plan of it answers, among those that were `told` when its facts were
    read; an emergency if it serves that. Who is late is late still where what waits for them is `staying`."""
    late = {one.route.technician_id for one in staying.values()}
    served = {stop.job_id for route in version.routes for stop in route.stops}
    open_ones = session.scalars(select(Incident).where(Incident.on == version.on, Incident.status == "open"))
    return [
        one.id
        for one in open_ones
        if one.id in told
        and (one.kind in MENDED_BY_PLANNING or (one.kind == "emergency" and one.job_id in served))
        and not (one.kind in HELD_UP and one.technician_id in late)
    ]


def answer_incidents(
    session: Session,
    version: PlanVersion,
    incident_ids: Collection[int],
    replaced: Collection[PlanVersion],
    told: Collection[int],
    now: datetime,
    by_user_id: int | None,
    outcome: str,
) -> None:
    """The version answers these incidents, and those of the draft that it was decided from, or takes the place of.

    A draft leaves them open until people have decided about it; a published version has repaired them, but for
    emergencies that nobody serves by it, and visits that will be late all the same. What waited in a draft that nobody
    has decided about is proposed anew when something else is published, and when a draft takes its place whose facts
    were read before that was `told`.
    """
    carried = [draft.id for draft in replaced if version.status == "draft" or draft.status == "decided"]
    waited_in = [draft.id for draft in replaced]
    rows = _lock_open(session, incident_ids, waited_in)
    for row in rows:
        if row.id not in incident_ids and not (row.plan_id in carried and row.id in told):
            continue
        row.plan_id, row.outcome = version.id, outcome
        what = "incident repaired" if version.status == "published" else "repair proposed"
        stays = _why_it_stays(session, version, row, now) if version.status == "published" else ""
        if stays:
            row.outcome, what = f"{outcome} {stays}", "incident changed"
        elif version.status == "published":
            row.status, row.closed_at, row.closed_by_user_id = "repaired", now, by_user_id
        answer = {"kind": row.kind, "version": version.version, "outcome": row.outcome}
        record_event(session, what, now, by_user_id, row, after=answer)
    anew = [row for row in rows if row.status == "open" and row.plan_id in waited_in]
    for row in anew:
        row.plan_id, row.outcome = None, f"{_what_came(version)} meanwhile; proposed anew."
    session.flush()
    for row in anew:
        request_repair(session, version.on, row.id, True, by_user_id, now, by_policy=True)


def _lock_open(session: Session, incident_ids: Collection[int], draft_ids: Collection[int]) -> Sequence[Incident]:
    """Those that are open and wanted, or wait in one of the drafts, as they are now: all before the queue's lock and by
    their ids, as whoever watches the day takes them."""
    meant = Incident.id.in_(incident_ids) | Incident.plan_id.in_(draft_ids)
    rows = select(Incident).where(Incident.status == "open", meant).order_by(Incident.id).with_for_update(of=Incident)
    return session.scalars(rows.execution_options(populate_existing=True)).all()


def _what_came(version: PlanVersion) -> str:
    if version.status == "draft":
        return f"Draft {version.version}, begun before this was told, took its repair's place"
    return f"Plan {version.version} was published"


def _why_it_stays(session: Session, version: PlanVersion, row: Incident, now: datetime) -> str:
    """What the published version has not repaired, of STAYS; empty where it has."""
    if _is_unserved(session, version, row):
        return UNSERVED
    late = find_late(session, version.on, row.job_id, now) if row.kind == "will_be_late" and row.job_id else None
    if late is None:
        return ""
    row.technician_id, row.late_s, row.until_at = late.technician_id, late.late_s, late.start_at
    return STILL_LATE


def _is_unserved(session: Session, version: PlanVersion, row: Incident) -> bool:
    """Whether it is an emergency whose job is on none of the version's routes, whatever else that does."""
    if row.kind != "emergency" or row.job is None or row.job.status != OPEN:
        return False
    served = select(Stop.id).where(Stop.plan_id == version.id, Stop.job_id == row.job_id, Stop.status != "cancelled")
    return session.scalar(served.limit(1)) is None


def leave_unanswered(session: Session, draft: PlanVersion, now: datetime, by_user_id: int | None) -> None:
    """Nobody wants the draft: what it answered is open as before, and is seen again."""
    for row in _list_waiting(session, draft):
        row.plan_id, row.outcome = None, f"Draft {draft.version}, which was to repair it, was discarded."
        record_event(session, "repair discarded", now, by_user_id, row, after={"kind": row.kind})


def withdraw_from_draft(session: Session, row: Incident, now: datetime, by_user_id: int | None) -> None:
    """The incident is no fact any more: the draft that was to answer it, if it waits still, makes way.

    What else waits in the draft is proposed anew. Where people have decided about lines it stays until it is made anew.
    """
    if row.plan_id is None:
        return
    draft = session.get_one(PlanVersion, row.plan_id, with_for_update={"of": PlanVersion}, populate_existing=True)
    if draft.status != "draft":
        return
    others = [one for one in _list_waiting(session, draft) if one.id != row.id]
    row.plan_id = None
    if not has_decisions(draft):
        tell_discarded(session, draft, now, by_user_id, "What it was to repair was dismissed.")
        for one in others:
            one.plan_id = None
            one.outcome = f"Another event that draft {draft.version} was for was dismissed; proposed anew."
    if is_over(session, draft.on, now):
        return
    if draft.status == "draft" and not others:
        request_plan(session, draft.on, draft.policy, None, now, as_draft=True)
    for one in others:
        request_repair(session, draft.on, one.id, True, by_user_id, now, by_policy=True)


def _list_waiting(session: Session, draft: PlanVersion) -> list[Incident]:
    return list(session.scalars(select(Incident).where(Incident.status == "open", Incident.plan_id == draft.id)))


def describe(version: PlanVersion, facts: DayFacts) -> str:
    """What a version changes, as one sentence for the list of incidents."""
    names = {one.id: one.name for one in facts.technicians}
    numbers = {job.id: job.number for job in facts.jobs}
    for route in facts.published.routes if facts.published else []:
        names[route.technician_id] = route.technician.name
        numbers |= {stop.job_id: stop.job.number for stop in route.stops}
    lines = []
    for line in version.changes:
        number, to = numbers[line.job_id], names.get(line.to_technician_id or 0, "")
        at = "" if line.to_start_at is None else clock.local_time(line.to_start_at, version.zone)
        lines.append(
            {
                "added": f"{number} goes to {to} at {at}",
                "moved": f"{number} moves from {names.get(line.from_technician_id or 0, '')} to {to} at {at}",
                "retimed": f"{number} of {to} starts at {at}",
                "left out": f"{number} is left out",
                "gone": f"{number} need not be served",
            }[line.kind]
        )
    more = f"; and {len(lines) - MOST_TOLD} more" if len(lines) > MOST_TOLD else ""
    return "; ".join(lines[:MOST_TOLD]) + more + "." if lines else "Nothing moves."
