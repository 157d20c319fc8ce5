"""No receiver of webhooks waits for another: neither for one that hangs, nor for one that has a backlog."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from dispatch.events import record_event
from dispatch.webhooks import delivery
from dispatch.webhooks.delivery import Deliveries, slice_dead
from tests.dispatch.town import MORNING
from tests.dispatch.webhooks.telling import deliver, happen, subscribe, told, wait_until


@pytest.mark.both_databases
def test_one_that_hangs_holds_up_nobody_else_however_often_that_is_looked_at(session_factory, receive, clock):
    """The first takes the connection and says nothing; the second is told of all that happens meanwhile."""
    hanging, there = receive(), receive()
    hanging.may_answer.clear()
    subscribe(session_factory, hanging.url, "a", "b")
    subscribe(session_factory, there.url, "a", "b")
    deliveries = Deliveries(session_factory, clock)
    happen(session_factory, "a", "a")
    deliveries.look()
    wait_until(lambda: told(there) == ["a", "a"] and told(hanging) == ["a"])
    happen(session_factory, "b")
    wait_until(lambda: deliveries.look() or told(there) == ["a", "a", "b"])
    wait_until(lambda: deliveries.look() or len(told(there)) == 3)
    assert told(hanging) == ["a"], "its turn goes on"
    hanging.may_answer.set()
    deliveries.close()
    assert told(hanging)[:2] == ["a", "a"]


def test_a_backlog_of_one_receiver_is_no_backlog_of_another(session_factory, receive, clock):
    """More than a hundred wait for the first, which refuses them all."""
    refusing, there = receive(500), receive()
    subscribe(session_factory, refusing.url, "a")
    subscribe(session_factory, there.url, "b")
    with session_factory.begin() as session:
        for _ in range(150):
            record_event(session, "a", MORNING, None)
        record_event(session, "b", MORNING, None)
    deliver(session_factory, clock)
    assert told(there) == ["b"]
    assert len(told(refusing)) == 100


def test_a_slow_receiver_gives_way_after_a_while(session_factory, receive, clock):
    """Each answer takes it six seconds by the clock; what is left comes with its next turn."""
    slow = receive()
    subscribe(session_factory, slow.url, "a")
    happen(session_factory, *["a"] * 5)
    real_wait = slow.may_answer.wait

    def wait(timeout: float) -> bool:
        clock.now += timedelta(seconds=6)
        return real_wait(timeout)

    slow.may_answer.wait = wait
    assert deliver(session_factory, clock) == 2
    assert deliver(session_factory, clock) == 2
    assert deliver(session_factory, clock) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_an_event_that_cannot_be_read_is_given_up_and_those_after_it_are_told(session_factory, receive, clock):
    """A row that somebody has damaged; the page of webhooks shows which. PostgreSQL takes no JSON that is none."""
    there = receive()
    subscribe(session_factory, there.url)
    happen(session_factory, "a")
    with session_factory.begin() as session:
        into = 'INSERT INTO event (seq, at, kind, "before", "after", reason)'
        session.execute(text(f"{into} SELECT max(seq) + 1, max(at), 'damaged', '{{}}', '{{', '' FROM event"))
    happen(session_factory, "b")
    deliver(session_factory, clock)
    assert [kind for kind in told(there) if kind != "webhook added"] == ["a", "b"]
    with session_factory() as session:
        (dead,) = slice_dead(session).rows
    assert (dead.event.kind, dead.fault[:16]) == ("damaged", "Unexpected fault")


def test_one_for_which_nothing_can_be_queued_keeps_no_other_from_being_told(
    session_factory, receive, clock, monkeypatch
):
    """The look tells its fault once the others were seen to."""
    first, second = receive(), receive()
    bad = subscribe(session_factory, first.url, "a").id
    subscribe(session_factory, second.url, "a")
    happen(session_factory, "a")
    queue_for = delivery._queue_for

    def break_down(session, webhook_id, now):
        if webhook_id == bad:
            raise OSError("something is wrong")
        queue_for(session, webhook_id, now)

    monkeypatch.setattr(delivery, "_queue_for", break_down)
    deliveries = Deliveries(session_factory, clock)
    with pytest.raises(OSError, match="something is wrong"):
        deliveries.look()
    deliveries.close()
    assert told(second) == ["a"]
