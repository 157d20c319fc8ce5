"""What publishing a draft would change, in one sentence: who moves, whose promise, and how much more people drive."""

from __future__ import annotations

from datetime import datetime

from dispatch.jobs.statuses import OPEN
from dispatch.models import Job, PlanChange, Stop
from dispatch.planning.draft_routes import list_decided_routes
from dispatch.planning.drafts import LaidOut
from dispatch.reports.kpis import add_up, route_totals

SLIGHT_S = 60
"""A difference in driving of less than this is none."""


def summarize_draft(laid_out: LaidOut) -> str:
    """Such as "7 jobs move (3 to somebody else), 2 come in; no promise moves; saves 48 min of driving." """
    draft, published = laid_out.draft, laid_out.facts.published
    totals = add_up(route_totals(route) for route in list_decided_routes(laid_out))
    if published is None:
        return f"Plans {_count(totals.visits, 'visit')}; {_count(len(draft.unassigned), 'job')} left out."
    lines = [line for line in draft.changes if line.decision != "refused" and not stays(line)]
    before = add_up(route_totals(route) for route in published.routes)
    parts = [
        _moves(lines),
        _promises(lines),
        _late(totals.late - before.late),
        driving_words(totals.travel_s - before.travel_s),
    ]
    sentence = "; ".join(part for part in parts if part)
    return f"{sentence[0].upper()}{sentence[1:]}."


def stays(line: PlanChange) -> bool:
    """Whether the job is to begin in the minute in which it is published, with the same technician: put there by hand
    it is only kept from moving."""
    if line.from_start_at is None or line.to_start_at is None:
        return False
    minutes = {at.replace(second=0, microsecond=0) for at in (line.from_start_at, line.to_start_at)}
    return line.from_technician is line.to_technician and len(minutes) == 1


def breaks_promise(line: PlanChange) -> bool:
    """Whether a customer who was promised a time, and was to be served in it, no longer would be."""
    is_wanted = line.job.status == OPEN  # nobody waits for what is closed
    return is_wanted and _keeps(line.job, line.from_start_at) and not _keeps(line.job, line.to_start_at)


def keeps_promise(stop: Stop) -> bool:
    """Whether a customer who was promised a time is to be served in it."""
    return _keeps(stop.job, stop.planned_start_at)


def _keeps(job: Job, start_at: datetime | None) -> bool:
    promise = job.find_promise()
    return (
        promise is not None
        and start_at is not None
        and promise.promised_from_at <= start_at <= promise.promised_until_at
    )


def _moves(lines: list[PlanChange]) -> str:
    elsewhere = sum(_is_elsewhere(line) for line in lines)
    moving = elsewhere + sum(line.kind in ("moved", "retimed") and not _is_elsewhere(line) for line in lines)
    parts = []
    if moving:
        to_others = f" ({elsewhere} to somebody else)" if elsewhere else ""
        parts.append(f"{_count(moving, 'job')} {'moves' if moving == 1 else 'move'}{to_others}")
    for kind, one, many in (("added", "comes", "come"), ("left out", "falls", "fall"), ("gone", "is", "are")):
        number = sum(line.kind == kind for line in lines)
        ending = {"added": "in", "left out": "out", "gone": "no longer needed"}[kind]
        if number:
            parts.append(f"{_count(number, 'job')} {one if number == 1 else many} {ending}")
    return ", ".join(parts) or "no job moves"


def _is_elsewhere(line: PlanChange) -> bool:
    """Whether somebody else is to come; read from the row, since what was moved by hand may be of either kind."""
    both = line.from_technician is not None and line.to_technician is not None
    return both and line.from_technician is not line.to_technician


def _promises(lines: list[PlanChange]) -> str:
    broken = sum(breaks_promise(line) for line in lines)
    return f"{_count(broken, 'promise')} would be broken" if broken else "no promise moves"


def _late(more: int) -> str:
    if not more:
        return ""
    return f"{_count(abs(more), 'visit')} {'more' if more > 0 else 'fewer'} late"


def driving_words(more_s: int) -> str:
    """So much more driving, or less."""
    if abs(more_s) < SLIGHT_S:
        return "as much driving as before"
    hours, minutes = divmod(round(abs(more_s) / 60), 60)
    words = f"{hours} h {minutes:02d}" if hours else f"{minutes} min"
    return f"costs {words} more driving" if more_s > 0 else f"saves {words} of driving"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
