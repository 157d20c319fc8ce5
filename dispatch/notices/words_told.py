"""Which message an event of telling was about, and its words without the link that opens the customer's own page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.models import Event, Notice

TELLING = {"customer told": "sent", "customer not reached": "given_up"}
"""By kind of event: how its message ended."""
_MOMENT = timedelta(seconds=30)
"""A message is over, and its event is recorded, in one transaction."""
_LINK = re.compile(r"(/c/)[\w=-]{20,}")


def read_told(session: Session, events: Iterable[Event]) -> dict[int, Notice]:
    """By the number of the event: the message, as it went out; none where it was sent again since and is another."""
    telling = [event for event in events if event.kind in TELLING]
    job_ids = {event.subject_id for event in telling if event.subject_id is not None}
    if not job_ids:
        return {}
    over = select(Notice).where(Notice.job_id.in_(job_ids), Notice.status.in_(TELLING.values()))
    by_facts: dict[tuple[object, ...], list[Notice]] = {}
    for row in session.scalars(over.order_by(Notice.id)):
        by_facts.setdefault((row.job_id, row.kind, row.channel, row.status), []).append(row)
    found = {}
    for event in telling:
        facts = event.subject_id, event.after["notice"], event.after["channel"], TELLING[event.kind]
        near = [row for row in by_facts.get(facts, []) if abs(row.next_at - event.at) <= _MOMENT]
        if near:
            found[event.seq] = min(near, key=lambda row: abs(row.next_at - event.at))
    return found


def without_link(words: str) -> str:
    """Whoever has the link may ask for another time in the customer's name: a history shows that there was one."""
    return _LINK.sub(r"\1…", words)
