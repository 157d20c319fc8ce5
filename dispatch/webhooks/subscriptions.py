"""Who is told of events: admins add addresses and switch them off and on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from dispatch.errors import Conflict, InvalidInput, NotFound
from dispatch.events import record_event
from dispatch.models import Webhook, WebhookDelivery
from dispatch.news import get_newest_seq
from dispatch.webhooks.message import make_secret
from dispatch.webhooks.sending import list_faults_of_url

TOLD = "{} is told already; switch that webhook off first."
SWITCHED_OFF = "It was switched off before this arrived."


def add_webhook(session: Session, url: str, kinds: Sequence[str], now: datetime, by_user_id: int | None) -> Webhook:
    """Tell `url` of events of these kinds, or of all when none is named, from now on; its secret is in the row.

    Raises InvalidInput with all that is wrong.
    """
    url, kinds = url.strip(), sorted({kind.strip() for kind in kinds if kind.strip()})
    wrong = list_faults_of_url(url)
    if _is_told(session, url):
        wrong.append(TOLD.format(url))
    if wrong:
        raise InvalidInput(wrong)
    row = Webhook(url=url, secret=make_secret(), kinds=kinds, told_seq=get_newest_seq(session), added_at=now)
    session.add(row)
    # Where, not the whole address: some receivers hide a key in it.
    record_event(session, "webhook added", now, by_user_id, row, after={"to": urlsplit(url).netloc, "kinds": kinds})
    return row


def switch_webhook(session: Session, webhook_id: int, active: bool, now: datetime, by_user_id: int | None) -> Webhook:
    """Switch a webhook off, or on again: it is then told of what happens from now on.

    What was waiting for it is given up: it would be news of long ago. Whoever wants it sends it again. Raises NotFound,
    Conflict (another webhook tells that address).
    """
    row = session.get(Webhook, webhook_id, with_for_update=True)
    if row is None:
        raise NotFound(f"There is no webhook with id {webhook_id}.")
    if row.active != active:
        if active and _is_told(session, row.url):
            raise Conflict(TOLD.format(row.url))
        if active:
            row.told_seq, row.paused_until_at = get_newest_seq(session), None
        row.active = active
        kind = "webhook switched on" if active else "webhook switched off"
        after: dict[str, Any] = {"to": urlsplit(row.url).netloc}
        if given_up := _give_up_waiting(session, row, now):
            after["given_up"] = given_up
        record_event(session, kind, now, by_user_id, row, after=after)
    return row


def list_webhooks(session: Session) -> list[Webhook]:
    """All of them, the active first."""
    return list(session.scalars(select(Webhook).order_by(Webhook.active.desc(), Webhook.id)))


def _is_told(session: Session, url: str) -> bool:
    return session.scalar(select(Webhook.id).where(Webhook.url == url, Webhook.active)) is not None


def _give_up_waiting(session: Session, row: Webhook, now: datetime) -> int:
    """How many messages; when it is switched on, those that were queued in the instant when it was switched off."""
    waiting = WebhookDelivery.webhook_id == row.id, WebhookDelivery.status == "waiting"
    dead = update(WebhookDelivery).where(*waiting).values(status="dead", fault=SWITCHED_OFF, next_at=now)
    done: CursorResult[Any] = session.execute(dead)  # type: ignore[assignment]
    return done.rowcount
