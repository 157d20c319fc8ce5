"""Messages reach a real receiver signed and in order, are tried again when it fails, and are given up visibly."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch import scheduler as scheduler_module
from dispatch.accounts.users import add_user
from dispatch.db import SessionFactory
from dispatch.errors import Conflict, NotFound
from dispatch.events import record_event
from dispatch.models import Job, Webhook, WebhookDelivery
from dispatch.runs.execution import utc_now
from dispatch.scheduler import Scheduler
from dispatch.webhooks.delivery import AGAIN_AFTER, PAUSE, drop_old_deliveries, send_again, slice_dead
from dispatch.webhooks.sending import post
from tests.dispatch.town import MORNING, job, settle, technician
from tests.dispatch.webhooks.telling import deliver, happen, subscribe, told


def get_delivery(factory: SessionFactory) -> WebhookDelivery:
    with factory() as session:
        return session.scalars(select(WebhookDelivery)).one()


@pytest.mark.both_databases
def test_a_message_says_what_happened_and_proves_who_sent_it(session_factory, receive, clock):
    """The signature is checked by code of the receiver's own."""
    settle(session_factory, [technician()], [job()])
    receiver = receive()
    webhook = subscribe(session_factory, f"{receiver.url}/hooks?from=here", "job changed")
    with session_factory.begin() as session:
        user = add_user(session, email="eve@example.org", name="Eve", role="dispatcher", password="x" * 12)
        session.flush()
        subject = session.scalars(select(Job)).one()
        record_event(session, "job changed", MORNING, user.id, subject, before={"priority": 0}, after={"priority": 9},
                     reason="señora called")  # fmt: skip
    assert deliver(session_factory, clock) == 1
    [message] = receiver.messages
    assert message.path == "/hooks?from=here"
    assert message.json == {
        "type": "job changed",
        "timestamp": "2026-11-23T09:00:00Z",
        "data": {"seq": 2, "subject": "job", "subject_id": 1, "before": {"priority": 0}, "after": {"priority": 9},
                 "reason": "señora called", "by": "Eve"},
    }  # fmt: skip
    assert message.headers["webhook-id"] == "msg_1"
    assert message.headers["webhook-timestamp"] == str(int(MORNING.timestamp()))
    assert message.is_signed_with(webhook.secret)
    assert not message.is_signed_with("whsec_c29tZWJvZHkgZWxzZQ==")
    assert deliver(session_factory, clock) == 0
    assert get_delivery(session_factory).status == "delivered"


def test_a_webhook_is_told_in_order_of_what_happens_after_it_was_added(session_factory, receive, clock):
    """Of all kinds, when none is named."""
    happen(session_factory, "before")
    receiver = receive()
    subscribe(session_factory, receiver.url)
    happen(session_factory, "a", "b", "c")
    deliver(session_factory, clock)
    assert told(receiver) == ["webhook added", "a", "b", "c"]


def test_each_webhook_gets_the_kinds_that_it_asked_for(session_factory, receive, clock):
    """And nothing else."""
    first, second = receive(), receive()
    subscribe(session_factory, first.url, "a", "c")
    subscribe(session_factory, second.url, "b")
    happen(session_factory, "a", "b", "c", "d")
    deliver(session_factory, clock)
    assert (told(first), told(second)) == (["a", "c"], ["b"])


@pytest.mark.both_databases
def test_what_fails_is_tried_again_less_and_less_often_and_then_given_up(session_factory, receive, clock):
    """Always with the same id, so that the receiver can tell; and others are not held up."""
    receiver = receive(500)
    subscribe(session_factory, receiver.url, "a")
    happen(session_factory, "a")
    for wait in AGAIN_AFTER:
        assert deliver(session_factory, clock) == 1
        assert get_delivery(session_factory).status == "waiting"
        clock.now += wait - timedelta(seconds=1)
        assert deliver(session_factory, clock) == 0
        clock.now += timedelta(seconds=1)
    assert deliver(session_factory, clock) == 1
    clock.now += timedelta(days=30)
    assert deliver(session_factory, clock) == 0
    dead = get_delivery(session_factory)
    assert (dead.status, dead.tries, dead.answer) == ("dead", len(AGAIN_AFTER) + 1, 500)
    assert dead.fault.endswith("answered 500 Internal Server Error.")
    assert {message.headers["webhook-id"] for message in receiver.messages} == {"msg_1"}


def test_what_was_given_up_can_be_sent_again(session_factory, receive, clock):
    """From the beginning; that is told, and only what is given up is sent again."""
    receiver = receive(*([500] * 8), 200)
    subscribe(session_factory, receiver.url, "a")
    happen(session_factory, "a")
    for wait in (*AGAIN_AFTER, timedelta()):
        deliver(session_factory, clock)
        clock.now += wait
    with session_factory.begin() as session:
        [dead] = slice_dead(session).rows
        assert (dead.event.kind, dead.webhook.url) == ("a", receiver.url)
        send_again(session, dead.id, clock.now, None)
    assert deliver(session_factory, clock) == 1
    assert get_delivery(session_factory).status == "delivered"
    with session_factory.begin() as session:
        assert slice_dead(session).rows == []
        with pytest.raises(Conflict, match="not given up"):
            send_again(session, dead.id, clock.now, None)
        with pytest.raises(NotFound):
            send_again(session, 99, clock.now, None)


def test_an_address_that_nothing_can_be_sent_to_is_given_up_at_once(session_factory, receive, clock):
    """Stored before such were refused; nobody else is held up."""
    other = receive()
    webhook = subscribe(session_factory, "https://example.org", "a")
    subscribe(session_factory, other.url, "a")
    with session_factory.begin() as session:
        session.get_one(Webhook, webhook.id).url = "https://hooks..example.org/x"
    happen(session_factory, "a", "a")
    assert deliver(session_factory, clock) == 4
    with session_factory() as session:
        assert [one.fault.partition(" (")[0] for one in slice_dead(session).rows] == [
            "Nothing can be sent to hooks..example.org"
        ] * 2
    assert told(other) == ["a", "a"]


def test_a_path_of_any_letters_is_called(session_factory, receive, clock):
    """As bytes written with %, like every browser; what is written so already stays."""
    receiver = receive()
    subscribe(session_factory, f"{receiver.url}/se\u00f1al/%20?q=a b", "a")
    happen(session_factory, "a")
    deliver(session_factory, clock)
    assert [message.path for message in receiver.messages] == ["/se%C3%B1al/%20?q=a%20b"]


def test_a_fault_that_nobody_foresaw_ends_one_message_and_no_other(
    session_factory, receive, clock, monkeypatch, caplog
):
    """People see it, and the log says where it was."""
    calls = []

    def break_once(*arguments):
        calls.append(arguments)
        return 1 / (len(calls) - 1) and post(*arguments)

    monkeypatch.setattr("dispatch.webhooks.delivery.post", break_once)
    receiver = receive()
    subscribe(session_factory, receiver.url, "a", "b")
    happen(session_factory, "a", "b")
    assert deliver(session_factory, clock) == 2
    with session_factory() as session:
        [dead] = slice_dead(session).rows
    assert dead.fault.startswith("Unexpected fault (ZeroDivisionError")
    assert f"webhook delivery {dead.id} is given up" in caplog.text
    assert told(receiver) == ["b"]


def test_a_bad_message_does_not_hold_up_the_next_ones(session_factory, receive, clock):
    """The receiver refuses the first and takes the others."""
    receiver = receive(400, 200)
    subscribe(session_factory, receiver.url, "a", "b")
    happen(session_factory, "a", "b", "b")
    assert deliver(session_factory, clock) == 3
    clock.now += AGAIN_AFTER[0]
    assert deliver(session_factory, clock) == 1
    assert told(receiver) == ["a", "b", "b", "a"]


def test_where_nobody_answers_nothing_else_is_tried_for_a_while(session_factory, receive, clock):
    """Nor does it hold up anybody else."""
    gone, there = receive(), receive()
    subscribe(session_factory, gone.url, "a")
    subscribe(session_factory, there.url, "a")
    gone.close()
    gone.close = lambda: None
    happen(session_factory, "a", "a", "a")
    assert deliver(session_factory, clock) == 4
    assert told(there) == ["a", "a", "a"]
    assert deliver(session_factory, clock) == 0
    clock.now += PAUSE
    assert deliver(session_factory, clock) == 1


@pytest.mark.parametrize("answer", [301, 302, 307, 404, 503, None])
def test_only_an_answer_that_says_so_means_that_it_arrived(session_factory, receive, clock, answer):
    """Redirects are not followed: they could lead anywhere."""
    receiver = receive(answer)
    subscribe(session_factory, receiver.url, "a")
    happen(session_factory, "a")
    deliver(session_factory, clock)
    delivery = get_delivery(session_factory)
    assert (delivery.status, delivery.answer) == ("waiting", answer)
    assert "127.0.0.1" in delivery.fault
    assert len(receiver.messages) == 1


@pytest.mark.both_databases
def test_two_processes_send_each_message_once(session_factory, receive, clock):
    """A leader that has lost the lead without noticing, and the new one."""
    receiver = receive()
    subscribe(session_factory, receiver.url, "a")
    happen(session_factory, *["a"] * 10)
    threads = [threading.Thread(target=deliver, args=(session_factory, clock)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while deliver(session_factory, clock):
        pass
    assert len({message.headers["webhook-id"] for message in receiver.messages}) == len(receiver.messages) == 10


def test_a_process_that_dies_while_sending_has_lost_nothing(session_factory, receive, clock, monkeypatch):
    """The message is sent again later."""
    receiver = receive()
    subscribe(session_factory, receiver.url, "a")
    happen(session_factory, "a")

    def die(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("dispatch.webhooks.delivery.post", die)
        with pytest.raises(KeyboardInterrupt):
            deliver(session_factory, clock)
    assert deliver(session_factory, clock) == 0
    clock.now += AGAIN_AFTER[0]
    assert deliver(session_factory, clock) == 1
    assert told(receiver) == ["a"]


def test_nothing_is_written_while_nothing_happens(session_factory, receive, clock, monkeypatch):
    """Every second a look, and no more."""
    receiver = receive()
    subscribe(session_factory, receiver.url)
    deliver(session_factory, clock)

    def refuse():
        raise AssertionError("a transaction that writes")

    monkeypatch.setattr(session_factory, "begin", refuse)
    assert deliver(session_factory, clock) == 0


def test_old_deliveries_are_dropped(session_factory, receive, clock):
    """What arrived after two weeks, what did not after three months."""
    receiver = receive()
    subscribe(session_factory, receiver.url, "a")
    happen(session_factory, "a")
    deliver(session_factory, clock)
    for days, left in ((13, 1), (15, 0)):
        with session_factory.begin() as session:
            drop_old_deliveries(session, MORNING + timedelta(days=days))
            assert len(session.scalars(select(WebhookDelivery)).all()) == left


def test_the_scheduler_delivers_by_itself_and_stops_in_time(session_factory, receive, monkeypatch):
    """Within a second or so of the event."""
    for name in ("RENEW_EVERY_S", "LOOK_EVERY_S", "DELIVER_EVERY_S"):
        monkeypatch.setattr(scheduler_module, name, 0.05)
    receiver = receive()
    subscribe(session_factory, receiver.url, "a")
    one = Scheduler(session_factory, utc_now)
    thread = threading.Thread(target=one.run)
    thread.start()
    try:
        happen(session_factory, "a")
        for _ in range(400):
            if receiver.messages:
                break
            threading.Event().wait(0.05)
    finally:
        one.stop()
        thread.join(30)
    assert told(receiver) == ["a"]
    assert not thread.is_alive()
