"""Listeners who come to the application as through gunicorn, and events for them to hear."""

import socket
from collections.abc import Callable

import pytest
from flask import Flask

from dispatch.events import record_event
from dispatch.models import Job, PlanVersion, User
from tests.web.conftest import NOW, Visitor
from tests.web.live.listener import Listener
from web.live import broadcast

PATIENCE_S = 30
SUBJECTS = {"job": Job, "plan_version": PlanVersion, "user_account": User}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often, and give signs of life at once."""
    monkeypatch.setattr(broadcast, "LOOK_EVERY_S", 0.02)
    monkeypatch.setattr(broadcast, "PULSE_EVERY_S", 0.1)


@pytest.fixture
def tell(app: Flask) -> Callable[..., None]:
    """`tell("job status", "job", 1)`: one more event, about that row."""

    def record(kind: str, subject: str | None = None, subject_id: int = 1, times: int = 1) -> None:
        with app.extensions["wrenchtime"].session_factory.begin() as session:
            row = session.get_one(SUBJECTS[subject], subject_id) if subject else None
            for _ in range(times):
                record_event(session, kind, NOW, None, row)

    return record


@pytest.fixture
def listen(app: Flask):
    """`listen(visitor)`: that visitor's stream, or a program's with None, over a connection that is taken over."""
    opened: list[Listener] = []

    def open_stream(visitor: Visitor | None, path: str = "/live/api/events", **headers: str) -> Listener:
        theirs, servers = socket.socketpair()
        client = visitor.client if visitor else app.test_client(use_cookies=False)
        answer = client.get(path, headers=headers, environ_overrides={"gunicorn.socket": servers}, buffered=True)
        servers.close()  # as the web server does when it believes that the answer is over
        assert answer.status_code == 200, answer.text
        assert answer.mimetype == "text/event-stream"
        opened.append(Listener(theirs))
        return opened[-1]

    yield open_stream
    for one in opened:
        one.close()
    live = app.extensions["wrenchtime_live"]
    while (thread := live._thread) is not None:  # it would open another connection to a database that goes now
        thread.join(PATIENCE_S)
        assert not thread.is_alive(), "nobody listens any more, and it still looks"
