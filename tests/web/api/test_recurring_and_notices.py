"""Recurring work, and messages to customers, over the API."""

from dataclasses import replace

import pytest
from sqlalchemy import event

from dispatch.channel_trouble import note_trouble
from dispatch.db import make_session_factory
from dispatch.mail import MailServer
from dispatch.models import CustomerRequest, Feedback, Job, Notice
from tests.web.conftest import NOW, at
from web import context


def plan_of(dispatcher, **more):
    [place] = dispatcher.get("/customers/1/places").json["places"]
    return {"customer_id": 1, "location_id": place["id"], "title": "Boiler service", "service_s": 3600, "every": 12,
            "unit": "month", "first_due_on": "2027-03-01", "days_after": 14, "weekdays": [0, 1], **more}  # fmt: skip


def test_recurring_work_is_entered_changed_paused_and_skipped(dispatcher):
    """Each by the version that was seen; what is left out stays."""
    body = plan_of(dispatcher)
    made = dispatcher.post("/maintenance-plans", body, Idempotency_Key="p")
    assert made.status_code == 201, made.json
    assert body.items() <= made.json.items()
    path = made.headers["Location"].removeprefix("/api/v1")
    changed = dispatcher.patch(path, {"every": 6, "notes": "Key at the bar"}, If_Match=made.headers["ETag"])
    assert (changed.json["every"], changed.json["title"], changed.json["version"]) == (6, "Boiler service", 2)
    stale = {"paused": True, "reason": "They rebuild"}
    assert dispatcher.call("PUT", f"{path}/paused", stale, If_Match=made.headers["ETag"]).status_code == 412
    paused = dispatcher.call("PUT", f"{path}/paused", stale, If_Match=changed.headers["ETag"])
    assert paused.json["paused"] is True
    no_reason = dispatcher.call("PUT", f"{path}/paused", {"paused": True}, If_Match=paused.headers["ETag"])
    assert no_reason.status_code == 422
    on = dispatcher.call("PUT", f"{path}/paused", {"paused": False}, If_Match=paused.headers["ETag"])
    skipped = dispatcher.call("PUT", f"{path}/skipped", {"reason": "New boiler"}, If_Match=on.headers["ETag"])
    assert (skipped.status_code, skipped.json["version"] > on.json["version"]) == (200, True), skipped.json
    assert dispatcher.get("/maintenance-plans").json["items"] == [dispatcher.get(path).json]


def test_everything_wrong_with_recurring_work_is_said_at_once_by_field(dispatcher):
    """By the names that programs send."""
    wrong = dispatcher.post("/maintenance-plans", plan_of(dispatcher, title=" ", asset_id=7, ends_on="2026-01-01"))
    assert {one["pointer"] for one in wrong.json["errors"]} == {"#/title", "#/asset_id", "#/ends_on"}
    unread = dispatcher.post("/maintenance-plans", {"customer_id": 1, "unit": "moon"})
    assert {one["pointer"] for one in unread.json["errors"]} == {
        "#/unit", "#/title", "#/location_id", "#/every", "#/first_due_on"
    }  # fmt: skip


def test_messages_are_seen_sent_again_and_answered(app, dispatcher, make_caller):
    """What was given up, and what a customer asks for; once each."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add_all([
            Notice(job_id=1, kind="reminder", channel="SMS", about="day", status="given_up", queued_at=NOW, next_at=NOW,
                   useful_until_at=at(20), address="+56 1", subject="", body="We come.", fault="No gateway."),
            CustomerRequest(job_id=2, at=NOW, wants="another time", words="Not on Monday"),
        ])  # fmt: skip
    page = make_caller("manager").get("/notices").json
    [given_up], [asked] = page["given_up"], page["requests"]
    assert (given_up["job"]["number"], given_up["fault"]) == ("J-1", "No gateway.")
    assert (asked["wants"], asked["job"]["customer_id"]) == ("another time", 2)
    assert [one["id"] for one in dispatcher.get("/customers/1/notices").json["notices"]] == [given_up["id"]]
    for path in (f"/notices/{given_up['id']}/again", f"/notices/requests/{asked['id']}/answered"):
        assert [dispatcher.post(path, None).status_code for _ in range(2)] == [204, 409]


def test_what_a_customer_was_told_is_read_page_by_page(app, dispatcher):
    """The newest first, each message once."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        told = {"job_id": 1, "kind": "reminder", "channel": "SMS", "queued_at": NOW, "next_at": NOW}
        session.add_all(Notice(about=f"day {n}", useful_until_at=at(20), **told) for n in range(3))
    first = dispatcher.get("/customers/1/notices?limit=2").json
    last = dispatcher.get(f"/customers/1/notices?limit=2&cursor={first['next']}").json
    assert [[one["id"] for one in page["notices"]] for page in (first, last)] == [[3, 2], [1]]
    assert last["next"] is None


def test_messages_are_read_page_by_page_to_the_last(app, dispatcher):
    """What was given up and the newest of all, each with a cursor of its own, and each message once."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        told = {"job_id": 1, "kind": "reminder", "channel": "SMS", "queued_at": NOW, "next_at": NOW}
        states = ["given_up", "sent", "given_up", "given_up"]
        session.add_all(
            Notice(about=f"day {n}", useful_until_at=at(20), status=status, **told) for n, status in enumerate(states)
        )

    def read(asked=""):
        page = dispatcher.get(f"/notices?limit=2{asked}").json
        return [[one["id"] for one in page[name]] for name in ("given_up", "newest")], page

    ids, first = read()
    assert ids == [[4, 3], [4, 3]]
    ids, older = read(f"&cursor={first['next']}")
    assert (ids, older["next"]) == ([[4, 3], [2, 1]], None)
    ids, older = read(f"&given_up_cursor={first['next_given_up']}")
    assert (ids, older["next_given_up"]) == ([[1], [4, 3]], None)
    wrong = dispatcher.get("/notices?given_up_cursor=x&cursor=y")
    assert wrong.status_code == 422
    assert [one["parameter"] for one in wrong.json["errors"]] == ["given_up_cursor", "cursor"]
    assert not any("pointer" in one for one in wrong.json["errors"])


@pytest.mark.parametrize(
    ("channel", "name", "setting"), [("e-mail", "mail_trouble", "SMTP_URL"), ("SMS", "sms_trouble", "SMS_URL")]
)
def test_why_no_message_goes_out_is_read_with_the_messages(app, clock, make_caller, channel, name, setting):
    """Null where it does; a manager's program may watch it."""
    manager, factory = make_caller("manager"), app.extensions["wrenchtime"].session_factory
    assert manager.get("/notices").json[name] is None
    server = MailServer.from_url("smtp://mail.example.org", "me@example.org")
    settings = replace(factory.settings, mail_server=server, sms_url="https://sms.example.org")
    context.install(app, context.House(settings, make_session_factory(settings), clock))
    with factory.begin() as session:
        note_trouble(session, channel, "It takes nothing: Wrong password", NOW)
    told = manager.get("/notices").json[name]
    assert (told["fault"], told["waiting"]) == ("It takes nothing: Wrong password.", 0)
    assert told["since"] == told["tried"] == "2026-11-23 09:00"
    assert setting in told["mend"]
    app.extensions["wrenchtime"].session_factory.engine.dispose()


def test_how_a_customer_wants_to_be_told_is_stored_by_the_version_seen(dispatcher):
    """Version 0 until somebody says so."""
    path, wish = "/customers/1/contact-wish", {"language": "es", "no_email": False, "no_sms": True}
    assert dispatcher.get(path).headers["ETag"] == '"0"'
    stored = dispatcher.call("PUT", path, wish, If_Match='"0"')
    assert stored.json == {**wish, "version": 1}
    assert dispatcher.call("PUT", path, wish, If_Match='"0"').status_code == 412
    unread = dispatcher.call("PUT", path, {"language": "xx"}, If_Match='"1"')
    assert {one["pointer"] for one in unread.json["errors"]} == {"#/language", "#/no_email", "#/no_sms"}
    assert dispatcher.get("/customers/99/contact-wish").status_code == 404


def test_what_is_read_of_a_customer_costs_the_same_with_many_open_jobs_as_with_few(app, dispatcher):
    """A hospital has thousands, whose links nobody asked for here."""
    factory, asked = app.extensions["wrenchtime"].session_factory, []

    def count(path):
        asked.clear()
        assert dispatcher.get(path).status_code == 200
        return len(asked)

    event.listen(factory.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    paths = ["/customers/1/contact-wish", "/customers/1/notices"]
    before = [count(path) for path in [paths[0], *paths]][1:]  # the first use of a token is noted
    with factory.begin() as session:
        place = session.get_one(Job, 1).location_id
        more = {"customer_id": 1, "location_id": place, "service_s": 600, "title": "More"}
        session.add_all(Job(number=f"M{n}", **more) for n in range(5))
    assert [count(path) for path in paths] == before


def test_what_a_customer_said_of_visits_is_read_page_by_page(app, dispatcher):
    """The newest first, beside the messages, with a cursor of its own."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add_all(Feedback(job_id=n, at=at(n), score=n) for n in (1, 2, 3))
        for n in (2, 3):
            session.get_one(Job, n).customer_id = 1
    first = dispatcher.get("/customers/1/notices?limit=2").json
    last = dispatcher.get(f"/customers/1/notices?limit=2&feedback_cursor={first['next_feedback']}").json
    assert [[one["score"] for one in page["feedback"]] for page in (first, last)] == [[3, 2], [1]]
    assert last["next_feedback"] is None
