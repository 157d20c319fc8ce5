"""Hands an SMS to a gateway over HTTP: a small JSON document, signed; docs/notices.md says what a gateway has to do."""

from __future__ import annotations

import base64
import json
from datetime import datetime

from dispatch.webhooks.message import sign
from dispatch.webhooks.sending import Answer, post

TRY_AGAIN = frozenset({408, 409, 425, 429})
"""Of the answers from 400 on those that another try may change."""
OF_ACCOUNT = frozenset({401, 402, 403, 407})
"""Answers that are about who asks, whatever the message is: a wrong secret, an account that is closed or empty."""

FORBIDDEN = 403
"""Of those, what gateways answer about one recipient as well, such as of a country where nothing may be sent to."""
OF_RECIPIENT = "It takes messages to others: check the number, and what our account there may send."


def send_sms(url: str, secret: str, notice_id: int, to: str, text: str, now: datetime) -> Answer:
    """The gateway's answer; the id is the same however often a message is sent, so that it can tell a repetition."""
    message_id, timestamp = f"notice_{notice_id}", str(int(now.timestamp()))
    body = json.dumps({"id": message_id, "to": to, "text": text}, ensure_ascii=False).encode()
    key = base64.b64encode(secret.encode()).decode("ascii")
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Wrenchtime",
        "Webhook-Id": message_id,
        "Webhook-Timestamp": timestamp,
        "Webhook-Signature": f"v1,{sign(key, message_id, timestamp, body)}",
    }
    return post(url, body, headers)


def is_refused(answer: Answer) -> bool:
    """Whether the gateway will not take this message, however often it is sent."""
    return answer.status is not None and 400 <= answer.status < 500 and answer.status not in TRY_AGAIN | OF_ACCOUNT


def is_of_gateway(answer: Answer) -> bool:
    """Whether it is the gateway's fault, or that of our account there, that it took nothing: it would take no other."""
    return answer.status is None or answer.status in OF_ACCOUNT


def may_be_of_recipient(answer: Answer) -> bool:
    """Whether only what becomes of other messages shows whose fault it is: the account's, or this recipient's."""
    return answer.status == FORBIDDEN
