"""Webhooks are switched off and on: what they are told of then, and what not."""

from datetime import timedelta

import pytest

from dispatch.errors import Conflict
from dispatch.events import list_events
from dispatch.webhooks.delivery import slice_dead
from dispatch.webhooks.subscriptions import switch_webhook
from tests.dispatch.town import MORNING
from tests.dispatch.webhooks.telling import deliver, happen, subscribe, told


def test_a_webhook_that_is_switched_off_is_told_nothing_and_later_goes_on_from_there(session_factory, receive, clock):
    """What happened meanwhile was not for it."""
    receiver = receive()
    webhook = subscribe(session_factory, receiver.url, "a", "b", "c")
    happen(session_factory, "a")
    for active in (False, True):
        with session_factory.begin() as session:
            switch_webhook(session, webhook.id, active, MORNING, None)
        if not active:
            happen(session_factory, "b")
            assert deliver(session_factory, clock) == 0
    happen(session_factory, "c")
    deliver(session_factory, clock)
    assert told(receiver) == ["c"]


@pytest.mark.both_databases
def test_what_waited_when_a_webhook_was_switched_off_is_given_up(session_factory, receive, clock):
    """Nobody is told in March of what happened in November, unless somebody sends it again."""
    receiver = receive(500, 200)
    webhook = subscribe(session_factory, receiver.url, "a", "b")
    happen(session_factory, "a")
    deliver(session_factory, clock)
    for active in (False, True):
        with session_factory.begin() as session:
            switch_webhook(session, webhook.id, active, MORNING, None)
    clock.now += timedelta(days=120)
    happen(session_factory, "b")
    deliver(session_factory, clock)
    assert told(receiver) == ["a", "b"]
    with session_factory() as session:
        [dead] = slice_dead(session).rows
        off = next(one for one in list_events(session) if one.kind == "webhook switched off")
    assert (dead.fault, off.after["given_up"]) == ("It was switched off before this arrived.", 1)


def test_an_address_that_is_told_by_another_webhook_is_not_switched_on(session_factory, receive):
    """Else it would be told everything twice."""
    old = subscribe(session_factory, receive().url)
    with session_factory.begin() as session:
        switch_webhook(session, old.id, False, MORNING, None)
    subscribe(session_factory, old.url)
    with session_factory.begin() as session, pytest.raises(Conflict, match="told already"):
        switch_webhook(session, old.id, True, MORNING, None)
