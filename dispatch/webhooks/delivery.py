"""Delivers events to webhooks: each is tried at once, then less and less often, then given up for people to see.

A message is counted as tried before it is sent: whatever happens meanwhile, it is sent at least once more, never
lost. Receivers tell repetitions by their id. Only the scheduler process that leads does this, see decision 0042.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, delete, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from dispatch.db import DATABASE_IS_GONE, SessionFactory
from dispatch.errors import Conflict, NotFound, describe_fault
from dispatch.events import record_event
from dispatch.models import Event, Webhook, WebhookDelivery
from dispatch.news import get_newest_seq
from dispatch.runs.execution import Clock
from dispatch.slices import MOST, Cut, Slice, cut_newest_first
from dispatch.webhooks.message import write_body, write_headers
from dispatch.webhooks.sending import post

log = logging.getLogger(__name__)

AGAIN_AFTER = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1_800, 2 * 3_600, 6 * 3_600, 12 * 3_600))
"""How long to wait after the first, the second ... failed try; after the last of these it is tried once more."""
PAUSE = timedelta(seconds=30)
"""Where nobody answers, nothing else is tried for so long."""
KEPT = {"delivered": timedelta(days=14), "dead": timedelta(days=90)}
EVENTS_AT_ONCE = 500
RECEIVERS_AT_ONCE = 32
TURN, MOST_A_TURN = timedelta(seconds=10), 100
"""So long, and so many messages, before a receiver gives way to others that wait for a thread."""
FIRST = Cut()


class Deliveries:
    """Sends what is due: each receiver its messages one after the other, in a turn of its own.

    No receiver waits for another: a look begins turns and does not wait for them, however slow those are that go on.
    """

    def __init__(
        self, session_factory: SessionFactory, now: Clock, must_stop: Callable[[], bool] = lambda: False
    ) -> None:
        self._session_factory, self._now, self._must_stop = session_factory, now, must_stop
        self._pool = ThreadPoolExecutor(RECEIVERS_AT_ONCE, "webhooks")
        self._turns: dict[int, Future[int]] = {}

    def look(self) -> int:
        """Queue what has happened, and begin a turn for each receiver that has none and something due, who waited
        longest first; returns how many were tried in turns that have ended. Raises what has ended one, and what keeps
        events from being queued for one, after the others were seen to."""
        faults: list[Exception] = []
        tried = 0
        for webhook_id in [webhook_id for webhook_id, turn in self._turns.items() if turn.done()]:
            try:
                tried += self._turns.pop(webhook_id).result()
            except Exception as fault:
                faults.append(fault)
        faults += _queue_new(self._session_factory, self._now())
        for webhook_id in _list_due_receivers(self._session_factory, self._now()):
            if webhook_id not in self._turns:
                self._turns[webhook_id] = self._pool.submit(self._take_turn, webhook_id)
        for other in faults[1:]:
            log.error("More than one webhook is at fault", exc_info=other)
        if faults:
            raise faults[0]
        return tried

    def close(self) -> int:
        """Wait until all turns have ended; returns how many were tried in them. Raises what has ended one."""
        self._pool.shutdown(wait=True)
        return sum(turn.result() for turn in self._turns.values())

    def _take_turn(self, webhook_id: int) -> int:
        until_at = self._now() + TURN
        due = _list_due(self._session_factory, webhook_id, self._now())
        for sent, delivery_id in enumerate(due):
            if self._must_stop() or self._now() > until_at:
                return sent
            try:
                if not _send_one(self._session_factory, delivery_id, self._now):
                    return sent + 1
            except DATABASE_IS_GONE:
                raise
            except Exception as unexpected:  # of this message alone: the page of webhooks says what happened
                log.exception("webhook delivery %s is given up", delivery_id)
                _give_up(self._session_factory, delivery_id, describe_fault(unexpected), self._now())
        return len(due)


def _list_due_receivers(session_factory: SessionFactory, now: datetime) -> Sequence[int]:
    with session_factory() as session:
        due = select(WebhookDelivery.webhook_id).join(Webhook).where(*_is_due(now)).group_by(WebhookDelivery.webhook_id)
        return session.scalars(due.order_by(func.min(WebhookDelivery.next_at), WebhookDelivery.webhook_id)).all()


def _list_due(session_factory: SessionFactory, webhook_id: int, now: datetime) -> Sequence[int]:
    with session_factory() as session:
        due = select(WebhookDelivery.id).join(Webhook).where(*_is_due(now), WebhookDelivery.webhook_id == webhook_id)
        return session.scalars(due.order_by(WebhookDelivery.event_seq).limit(MOST_A_TURN)).all()


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        WebhookDelivery.status == "waiting",
        WebhookDelivery.next_at <= now,
        Webhook.active.is_(True),
        or_(Webhook.paused_until_at.is_(None), Webhook.paused_until_at <= now),
    )


def slice_dead(session: Session, cut: Cut = FIRST, most: int = MOST) -> Slice[WebhookDelivery]:
    """A part of what was given up, the newest first, with its webhook and of which event: what that says may be at
    fault."""
    of_event = joinedload(WebhookDelivery.event).load_only(Event.kind, Event.at)
    query = select(WebhookDelivery).options(joinedload(WebhookDelivery.webhook), of_event)
    return cut_newest_first(session, query.where(WebhookDelivery.status == "dead"), WebhookDelivery.id, cut, most)


def send_again(session: Session, delivery_id: int, now: datetime, by_user_id: int | None) -> None:
    """Try what was given up from the beginning. Raises NotFound, Conflict (it is not given up, or switched off)."""
    row = session.get(WebhookDelivery, delivery_id, with_for_update={"of": WebhookDelivery})
    if row is None:
        raise NotFound(f"There is no delivery with id {delivery_id}.")
    if row.status != "dead":
        raise Conflict("This message is not given up: it is on its way, or has arrived.")
    if not row.webhook.active:
        raise Conflict("This webhook is switched off; switch it on first.")
    row.status, row.tries, row.next_at, row.fault, row.answer = "waiting", 0, now, "", None
    row.webhook.paused_until_at = None
    record_event(session, "webhook message sent again", now, by_user_id, row.webhook, after={"event": row.event_seq})


def drop_old_deliveries(session: Session, now: datetime) -> None:
    """Forget what arrived a while ago, and what was given up long ago."""
    for status, keep in KEPT.items():
        about = WebhookDelivery.status == status, WebhookDelivery.next_at < now - keep
        session.execute(delete(WebhookDelivery).where(*about))


def _queue_new(session_factory: SessionFactory, now: datetime) -> list[Exception]:
    """A delivery for each event that a webhook has not been told of; nothing is written while nothing happens.

    What an event says is read when it is sent: one that cannot be read keeps no others. Returns what has kept a webhook
    from getting its own, and nobody else.
    """
    with session_factory() as session:
        newest = get_newest_seq(session)
        behind = session.scalars(select(Webhook.id).where(Webhook.active, Webhook.told_seq < newest)).all()
    faults: list[Exception] = []
    for webhook_id in behind:
        try:
            with session_factory.begin() as session:
                _queue_for(session, webhook_id, now)
        except Exception as fault:
            faults.append(fault)
    return faults


def _queue_for(session: Session, webhook_id: int, now: datetime) -> None:
    webhook = session.get_one(Webhook, webhook_id, with_for_update=True)
    after = select(Event.seq, Event.kind).where(Event.seq > webhook.told_seq).order_by(Event.seq)
    events = session.execute(after.limit(EVENTS_AT_ONCE)).all()
    session.add_all(
        WebhookDelivery(webhook_id=webhook.id, event_seq=seq, next_at=now)
        for seq, kind in events
        if not webhook.kinds or kind in webhook.kinds
    )
    if events:
        webhook.told_seq = events[-1].seq


def _send_one(session_factory: SessionFactory, delivery_id: int, now: Clock) -> bool:
    """Try a message; False when nobody answers there, so that the next ones can wait."""
    with session_factory() as session:
        row = session.get_one(
            WebhookDelivery,
            delivery_id,
            options=[joinedload(WebhookDelivery.webhook), joinedload(WebhookDelivery.event).joinedload(Event.user)],
        )
    tries = row.tries + 1
    started_at = now()
    is_last = tries > len(AGAIN_AFTER)
    next_at = started_at + AGAIN_AFTER[min(tries, len(AGAIN_AFTER)) - 1]
    with session_factory.begin() as session:
        claimed: CursorResult[Any] = session.execute(  # type: ignore[assignment]
            update(WebhookDelivery)
            .where(WebhookDelivery.id == delivery_id, WebhookDelivery.status == "waiting")
            .where(WebhookDelivery.tries == row.tries, WebhookDelivery.next_at <= started_at)
            .values(tries=tries, next_at=next_at)
        )
    if not claimed.rowcount:  # another process, in this instant
        return True
    body = write_body(row.event)
    answer = post(row.webhook.url, body, write_headers(row, body, started_at))
    with session_factory.begin() as session:
        values: dict[str, Any] = {"answer": answer.status, "fault": answer.fault}
        if answer.is_good or is_last or answer.is_final:
            values |= {"status": "delivered" if answer.is_good else "dead", "next_at": now()}
        session.execute(update(WebhookDelivery).where(WebhookDelivery.id == delivery_id).values(values))
        if answer.status is None and not answer.is_final:
            paused = update(Webhook).where(Webhook.id == row.webhook_id).values(paused_until_at=now() + PAUSE)
            session.execute(paused)
    return answer.status is not None or answer.is_final


def _give_up(session_factory: SessionFactory, delivery_id: int, fault: str, now: datetime) -> None:
    with session_factory.begin() as session:
        dead = update(WebhookDelivery).where(WebhookDelivery.id == delivery_id)
        session.execute(dead.values(status="dead", fault=fault, next_at=now))
