"""Who is told of events: admins add addresses and switch them off and on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.errors import InvalidInput, NotFound
from dispatch.events import record_event
from dispatch.models import Webhook
from dispatch.news import get_newest_seq
from dispatch.webhooks.message import make_secret
from dispatch.webhooks.sending import list_faults_of_url


def add_webhook(session: Session, url: str, kinds: Sequence[str], now: datetime, by_user_id: int | None) -> Webhook:
    """Tell `url` of events of these kinds, or of all when none is named, from now on; its secret is in the row.

    Raises InvalidInput with all that is wrong.
    """
    url, kinds = url.strip(), sorted({kind.strip() for kind in kinds if kind.strip()})
    wrong = list_faults_of_url(url)
    if session.scalar(select(Webhook.id).where(Webhook.url == url, Webhook.active)):
        wrong.append(f"{url} is told already; switch that webhook off first.")
    if wrong:
        raise InvalidInput(wrong)
    row = Webhook(url=url, secret=make_secret(), kinds=kinds, told_seq=get_newest_seq(session), added_at=now)
    session.add(row)
    # Where, not the whole address: some receivers hide a key in it.
    record_event(session, "webhook added", now, by_user_id, row, after={"to": urlsplit(url).netloc, "kinds": kinds})
    return row


def switch_webhook(session: Session, webhook_id: int, active: bool, now: datetime, by_user_id: int | None) -> Webhook:
    """Switch a webhook off, or on again: it is then told of what happens from now on. Raises NotFound."""
    row = session.get(Webhook, webhook_id, with_for_update=True)
    if row is None:
        raise NotFound(f"There is no webhook with id {webhook_id}.")
    if row.active != active:
        if active:
            row.told_seq, row.paused_until_at = get_newest_seq(session), None
        row.active = active
        kind = "webhook switched on" if active else "webhook switched off"
        record_event(session, kind, now, by_user_id, row, after={"to": urlsplit(row.url).netloc})
    return row


def list_webhooks(session: Session) -> list[Webhook]:
    """All of them, the active first."""
    return list(session.scalars(select(Webhook).order_by(Webhook.active.desc(), Webhook.id)))
