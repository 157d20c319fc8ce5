"""What becomes of the draft that waits when a newer plan of its day is stored: it gives way, and that is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.events import list_events_of, record_event
from dispatch.models import PlanVersion
from dispatch.planning.carry import has_decisions
from dispatch.runs.queue import request_plan

DISCARDED, REPLACED_BY = "draft discarded", "replaced_by"


def make_way(
    session: Session,
    on: date,
    number: int,
    *,
    as_draft: bool,
    decided: PlanVersion | None,
    now: datetime,
    by_user_id: int | None,
) -> list[PlanVersion]:
    """The day's open draft, in a list, after it has made way for the version with that number; an empty one without.

    `decided` is the draft that the version comes of. Any other is discarded, unless people have decided about it and a
    plan is published: then it waits for `make_again` on that.
    """
    drafts = list(session.scalars(select(PlanVersion).where(PlanVersion.on == on, PlanVersion.status == "draft")))
    for draft in drafts:
        if draft is decided:
            draft.status = "decided"
        elif as_draft:
            tell_discarded(session, draft, now, by_user_id, f"Draft {number} takes its place.", replaced_by=number)
        elif not has_decisions(draft):
            tell_discarded(session, draft, now, by_user_id, f"Plan {number} was published.")
    return drafts


def make_again(session: Session, drafts: Iterable[PlanVersion], now: datetime) -> None:
    """Queue those that still wait, once all that is changed with them is locked: the queue's lock is the last."""
    for draft in drafts:
        if draft.status == "draft":
            request_plan(session, draft.on, draft.policy, None, now, as_draft=True)


def tell_discarded(
    session: Session,
    draft: PlanVersion,
    now: datetime,
    by_user_id: int | None,
    reason: str = "",
    *,
    replaced_by: int | None = None,
) -> None:
    """Nobody can decide about the draft any more. What it answered is for the caller to see to.

    `replaced_by` is the number of the draft that took its place.
    """
    draft.status = "discarded"
    told = {"on": draft.on, "version": draft.version} | ({REPLACED_BY: replaced_by} if replaced_by is not None else {})
    record_event(session, DISCARDED, now, by_user_id, draft, after=told, reason=reason)


def was_replaced(session: Session, draft: PlanVersion) -> bool:
    """Whether another draft took its place before it was decided about: that is nobody's answer to what it proposed."""
    return any(event.kind == DISCARDED and REPLACED_BY in event.after for event in list_events_of(session, draft))
