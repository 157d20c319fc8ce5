"""No receiver of webhooks waits for another: neither for one that hangs, nor for one that has a backlog."""

from datetime import timedelta

from dispatch.events import record_event
from dispatch.webhooks.delivery import Deliveries
from tests.dispatch.town import MORNING
from tests.dispatch.webhooks.telling import deliver, happen, subscribe, told, wait_until


def test_one_that_hangs_holds_up_nobody_else_however_often_that_is_looked_at(either_database, receive, clock):
    """The first takes the connection and says nothing; the second is told of all that happens meanwhile."""
    hanging, there = receive(), receive()
    hanging.may_answer.clear()
    subscribe(either_database, hanging.url, "a", "b")
    subscribe(either_database, there.url, "a", "b")
    deliveries = Deliveries(either_database, clock)
    happen(either_database, "a", "a")
    deliveries.look()
    wait_until(lambda: told(there) == ["a", "a"] and told(hanging) == ["a"])
    happen(either_database, "b")
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
