"""What tests of webhooks do: subscribe, let something happen, deliver, and look what was told."""

import threading
from datetime import datetime

from dispatch.db import SessionFactory
from dispatch.events import record_event
from dispatch.models import Webhook
from dispatch.webhooks.delivery import Deliveries
from dispatch.webhooks.subscriptions import add_webhook
from tests.dispatch.town import MORNING
from tests.dispatch.webhooks.receiver import Receiver


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now


def subscribe(factory: SessionFactory, url: str, *kinds: str) -> Webhook:
    with factory.begin() as session:
        return add_webhook(session, url, kinds, MORNING, None)


def happen(factory: SessionFactory, *kinds: str) -> None:
    for kind in kinds:
        with factory.begin() as session:
            record_event(session, kind, MORNING, None)


def deliver(factory: SessionFactory, clock) -> int:
    """One look, and all that comes of it; how many were tried."""
    deliveries = Deliveries(factory, clock)
    deliveries.look()
    return deliveries.close()


def told(receiver: Receiver) -> list[str]:
    return [message.json["type"] for message in receiver.messages]


def wait_until(holds) -> None:
    for _ in range(600):
        if holds():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it never came")
