"""Queues notices past an event of which none can be queued: that one is left out, for people to see, and no other."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import select

from dispatch import installation
from dispatch.db import DATABASE_IS_GONE, SessionFactory
from dispatch.errors import DispatchError, describe_fault
from dispatch.models import Event, StoredSetting
from dispatch.notices.queueing import EVENTS_AT_ONCE, TOLD_SEQ, queue_from_events
from dispatch.runs.faults import NOTICES, note_fault

log = logging.getLogger(__name__)


class EventLeftOut(DispatchError):
    """Customers are told nothing of an event; the sentence says which and why, and is stored among the runs."""


def queue_past_faults(session_factory: SessionFactory, now: datetime) -> int:
    """`queue_from_events`; where that has a fault, one event after the other, to find out in which. Returns how many.

    Raises EventLeftOut for the first at fault, so that the next look waits: the next time it is gone by.
    """
    try:
        return queue_from_events(session_factory, now)
    except DATABASE_IS_GONE:
        raise
    except Exception:  # raised again below, of the one event that it is of
        log.warning("The notices of the newest events are queued one by one, to find the one at fault")
    queued = 0
    for _ in range(EVENTS_AT_ONCE):
        try:
            queued += queue_from_events(session_factory, now, at_once=1)
        except DATABASE_IS_GONE:
            raise
        except Exception as fault:
            raise EventLeftOut(_leave_out_next(session_factory, describe_fault(fault), now)) from fault
    return queued


def _leave_out_next(session_factory: SessionFactory, why: str, now: datetime) -> str:
    """Go by the first event of which notices were not queued yet, and store that; returns the sentence."""
    with session_factory.begin() as session:
        stored = session.get_one(StoredSetting, TOLD_SEQ, with_for_update=True)
        seq = int(stored.value) + 1  # without a gap
        which = select(Event.kind, Event.subject_kind, Event.subject_id).where(Event.seq == seq)
        kind, subject, subject_id = session.execute(which).one()  # what it says may be what cannot be read
        about = "" if subject is None else f" of {subject} {subject_id}"
        sentence = f"Customers are told nothing of event {seq}, {kind}{about}. {why}"
        note_fault(session, NOTICES, sentence, now)
        installation.store_setting(session, TOLD_SEQ, str(seq))
    return sentence
