"""Receivers that are closed at the end, and a clock that a test sets."""

import pytest

from tests.dispatch.webhooks.receiver import Receiver
from tests.dispatch.webhooks.telling import Clock


@pytest.fixture
def receive():
    """`receive(500, 200)`: a receiver that answers so."""
    opened: list[Receiver] = []

    def open_one(*answers: int | None) -> Receiver:
        opened.append(Receiver(*answers))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()
