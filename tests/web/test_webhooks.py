"""Admins say who is told of events; managers too see what could not be delivered, and send it again."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from dispatch.events import list_events, record_event
from dispatch.models import Webhook, WebhookDelivery
from dispatch.webhooks.subscriptions import add_webhook
from tests.web.conftest import NOW

URL = "https://example.org/hooks?key=hidden"


@pytest.fixture
def dead(app: Flask) -> int:
    """The id of a delivery that was given up."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        webhook = add_webhook(session, URL, [], NOW, None)
        record_event(session, "job <b>status</b>", NOW, None)
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        row = WebhookDelivery(webhook_id=webhook.id, event_seq=2, status="dead", tries=8, next_at=NOW,
                              answer=500, fault="example.org answered 500.")  # fmt: skip
        session.add(row)
    return row.id


def test_an_admin_adds_an_address_and_sees_its_secret_once(signed_in, database):
    """Who gets it can check that messages are ours; the event names neither the secret nor the whole address."""
    admin = signed_in("admin")
    added = admin.post("/webhooks", url=URL, kinds="job status, plan published")
    row = database.scalars(select(Webhook)).one()
    assert row.secret in added.text
    assert row.kinds == ["job status", "plan published"]
    assert row.secret not in admin.get("/webhooks").text
    [event] = list_events(database)
    assert (event.kind, event.user.role) == ("webhook added", "admin")
    assert event.after == {"to": "example.org", "kinds": row.kinds}


def test_what_is_wrong_with_an_address_is_said_and_kept_in_the_form(signed_in, database):
    """400, nothing stored."""
    answer = signed_in("admin").post("/webhooks", url="ftp://example.org", kinds="a")
    assert answer.status_code == 400
    assert "ftp://example.org is no address" in answer.text
    assert 'value="ftp://example.org"' in answer.text
    assert database.scalars(select(Webhook)).all() == []


def test_a_manager_sees_what_was_given_up_and_sends_it_again(signed_in, dead, database):
    """With what, to whom and why; what others have written stays text."""
    manager = signed_in("manager")
    page = manager.get("/webhooks").text
    assert re.search(r"job &lt;b&gt;status.*example\.org/hooks.*example\.org answered 500", page, re.S)
    assert "Add an address" not in page
    assert "Switch off" not in page
    assert manager.post(f"/webhooks/deliveries/{dead}/again").location == "/webhooks"
    assert database.get_one(WebhookDelivery, dead).status == "waiting"
    assert "Every message has arrived" in manager.get("/webhooks").text
    assert manager.post(f"/webhooks/deliveries/{dead}/again").status_code == 409


def test_an_admin_switches_an_address_off_and_on(signed_in, dead, app):
    """Nothing is sent again to one that is off."""
    admin = signed_in("admin")
    for to, active in (("off", False), ("on", True)):
        assert admin.post("/webhooks/1/switch", to=to).status_code == 302
        with app.extensions["wrenchtime"].session_factory() as session:
            assert session.get_one(Webhook, 1).active == active
        if not active:
            assert admin.post(f"/webhooks/deliveries/{dead}/again").status_code == 409
    assert admin.post("/webhooks/99/switch", to="off").status_code == 404
