"""What a webhook is sent: an event as JSON, and the headers that prove who sent it and when.

The form is that of Standard Webhooks (https://www.standardwebhooks.com), for which receivers find libraries in
most languages: HMAC-SHA256 over id, time and body, with a secret of the webhook's own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from datetime import datetime

from dispatch import clock
from dispatch.models import Event, WebhookDelivery

_PREFIX = "whsec_"


def make_secret() -> str:
    """A new secret, as receivers are given it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def write_body(event: Event) -> bytes:
    """The event as JSON: what happened, to what, by whom, what it was before and is after."""
    return json.dumps(
        {
            "type": event.kind,
            "timestamp": clock.to_iso(event.at),
            "data": {
                "seq": event.seq,
                "subject": event.subject_kind,
                "subject_id": event.subject_id,
                "before": event.before,
                "after": event.after,
                "reason": event.reason,
                "by": event.user.name if event.user else None,
            },
        },
        ensure_ascii=False,
    ).encode()


def write_headers(delivery: WebhookDelivery, body: bytes, now: datetime) -> dict[str, str]:
    """The id stays the same however often it is sent, so that receivers can tell a repetition.

    It is not made of the event's number, which comes a second time after a backup was restored.
    """
    message_id = f"msg_{delivery.id}"
    timestamp = str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "Wrenchtime",
        "Webhook-Id": message_id,
        "Webhook-Timestamp": timestamp,
        "Webhook-Signature": f"v1,{sign(delivery.webhook.secret, message_id, timestamp, body)}",
    }


def sign(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """The signature of a message, in base64."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode("ascii")
