"""Delivers events to webhooks: each is tried at once, then less and less often, then given up for people to see.

A message is counted as tried before it is sent: whatever happens meanwhile, it is sent at least once more, never
lost. Receivers tell repetitions by their id. Only the scheduler process that leads does this, see decision 0042.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.orm import Session, joinedload

from dispatch.db import SessionFactory
from dispatch.errors import Conflict, NotFound
from dispatch.events import list_events, record_event
from dispatch.models import Event, Webhook, WebhookDelivery
from dispatch.news import get_newest_seq
from dispatch.runs.execution import Clock
from dispatch.webhooks.message import write_body, write_headers
from dispatch.webhooks.sending import post

AGAIN_AFTER = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1_800, 2 * 3_600, 6 * 3_600, 12 * 3_600))
"""How long to wait after the first, the second ... failed try; after the last of these it is tried once more."""
PAUSE = timedelta(seconds=30)
"""Where nobody answers, nothing else is tried for so long."""
KEPT = {"delivered": timedelta(days=14), "dead": timedelta(days=90)}
AT_ONCE, EVENTS_AT_ONCE, RECEIVERS_AT_ONCE = 100, 500, 8


def deliver(session_factory: SessionFactory, now: Clock, must_stop: Callable[[], bool] = lambda: False) -> int:
    """Queue what has happened and send what is due; returns how many were tried.

    Each receiver gets its messages one after the other, several receivers theirs side by side.
    """
    _queue_new(session_factory, now())
    with session_factory() as session:
        due = session.execute(
            select(WebhookDelivery.webhook_id, WebhookDelivery.id)
            .join(Webhook)
            .where(WebhookDelivery.status == "waiting", WebhookDelivery.next_at <= now(), Webhook.active)
            .where(or_(Webhook.paused_until_at.is_(None), Webhook.paused_until_at <= now()))
            .order_by(WebhookDelivery.webhook_id, WebhookDelivery.event_seq)
            .limit(AT_ONCE)
        ).all()
    if not due:
        return 0
    groups = [[delivery_id for _, delivery_id in group] for _, group in groupby(due, key=lambda row: row[0])]

    def send_all(delivery_ids: Sequence[int]) -> int:
        for sent, delivery_id in enumerate(delivery_ids):
            if must_stop() or not _send_one(session_factory, delivery_id, now):
                return sent + 1
        return len(delivery_ids)

    with ThreadPoolExecutor(min(len(groups), RECEIVERS_AT_ONCE), "webhooks") as pool:
        return sum(pool.map(send_all, groups))


def list_dead(session: Session) -> list[WebhookDelivery]:
    """What was given up, the newest first, with its event and webhook."""
    query = select(WebhookDelivery).where(WebhookDelivery.status == "dead").order_by(WebhookDelivery.id.desc())
    with_all = joinedload(WebhookDelivery.webhook), joinedload(WebhookDelivery.event)
    return list(session.scalars(query.options(*with_all).limit(500)))


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


def _queue_new(session_factory: SessionFactory, now: datetime) -> None:
    """A delivery for each event that a webhook has not been told of; nothing is written while nothing happens."""
    with session_factory() as session:
        newest = get_newest_seq(session)
        behind = session.scalars(select(Webhook.id).where(Webhook.active, Webhook.told_seq < newest)).all()
    for webhook_id in behind:
        with session_factory.begin() as session:
            webhook = session.get_one(Webhook, webhook_id, with_for_update=True)
            events = list_events(session, webhook.told_seq, EVENTS_AT_ONCE)
            session.add_all(
                WebhookDelivery(webhook_id=webhook.id, event_seq=event.seq, next_at=now)
                for event in events
                if not webhook.kinds or event.kind in webhook.kinds
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
        if answer.is_good or is_last:
            values |= {"status": "delivered" if answer.is_good else "dead", "next_at": now()}
        session.execute(update(WebhookDelivery).where(WebhookDelivery.id == delivery_id).values(values))
        if answer.status is None:
            paused = update(Webhook).where(Webhook.id == row.webhook_id).values(paused_until_at=now() + PAUSE)
            session.execute(paused)
    return answer.status is not None
