"""A town whose customers can be told: a real mail server, a real gateway for SMS, and a clock that tests set."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from dispatch.db import SessionFactory, make_session_factory
from dispatch.events import record_event
from dispatch.models import Customer, Notice
from dispatch.notices.delivery import deliver_notices
from dispatch.planning.facts import find_published
from tests.databases import settings_for
from tests.dispatch.mailbox import Mailbox, open_mailbox
from tests.dispatch.town import MONDAY, at, job, job_named, plan, settle, technician
from tests.dispatch.webhooks.receiver import Receiver

SUNDAY = MONDAY - timedelta(days=1)
EVENING = at(18, on=SUNDAY)
SETTLED = EVENING + timedelta(minutes=10)
SECRET = "a secret between us and the gateway"


class Town:
    """The database, what came into the mailbox, and what the gateway got."""

    def __init__(self, factory: SessionFactory, mailbox: Mailbox, gateway: Receiver) -> None:
        self.factory, self.mailbox, self.gateway = factory, mailbox, gateway

    def tell(self, now: datetime) -> int:
        """What the scheduler does every second."""
        return deliver_notices(self.factory, lambda: now)

    def mails(self) -> list[tuple[str, str]]:
        """Subject and text of what came since the last time."""
        found = [(str(one["Subject"]), one.get_content()) for one in self.mailbox.messages]
        self.mailbox.messages.clear()
        return found

    def texts(self) -> list[str]:
        """The SMS since the last time."""
        found = [message.json["text"] for message in self.gateway.messages]
        self.gateway.messages.clear()
        return found

    def notices(self) -> list[tuple[str, str, str]]:
        """Kind, channel and status of all, in their order."""
        with self.factory() as session:
            rows = session.scalars(select(Notice).order_by(Notice.id))
            return [(row.kind, row.channel, row.status) for row in rows]


@pytest.fixture
def town(home: Path) -> Iterator[Town]:
    """J1 in the morning and J2 after it on Monday; nothing is published yet, and what came before is told nobody."""
    with open_mailbox() as mailbox:
        gateway = Receiver()
        factory = make_session_factory(
            settings_for(
                home,
                SMTP_URL=f"smtp://127.0.0.1:{mailbox.server.port}",
                MAIL_FROM="Service <dispatch@example.org>",
                SMS_URL=gateway.url + "/sms",
                SMS_SECRET=SECRET,
                PUBLIC_URL="https://plan.example.org",
                REPLAN="publish",
            )
        )
        settle(factory, [technician()], [job("J1"), job("J2")])
        with factory.begin() as session:
            for customer in session.scalars(select(Customer)):
                customer.email, customer.phone = f"{customer.id}@example.org", f"+56 9 000{customer.id}"
        one = Town(factory, mailbox, gateway)
        one.tell(at(5))
        yield one
        factory.engine.dispose()
        gateway.close()


def shift(town, number, minutes):
    """The published stop of a job begins so much later, and its plan is published again as it then is."""
    with town.factory.begin() as session:
        published = find_published(session, MONDAY)
        for route in published.routes:
            for stop in route.stops:
                if stop.job.number == number:
                    for name in ("planned_arrive_at", "planned_start_at", "planned_end_at"):
                        setattr(stop, name, getattr(stop, name) + timedelta(minutes=minutes))
        record_event(session, "plan published", EVENING, None, published, after={})


def silence(town, number):
    """That customer has no e-mail and no telephone."""
    with town.factory.begin() as session:
        session.get(Customer, job_named(session, number).customer_id).email = None
        session.get(Customer, job_named(session, number).customer_id).phone = None


@pytest.fixture
def told(town):
    """J1's customer was told on the evening before; J2's cannot be reached."""
    silence(town, "J2")
    plan(town.factory, now=EVENING)
    town.tell(EVENING)
    town.tell(SETTLED)
    town.mails()
    return town
