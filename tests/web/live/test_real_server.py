"""Streams on the web server that `wrenchtime serve` starts: they occupy nobody's thread, and outlive its restart."""

import http.client
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatch.db import make_session_factory
from dispatch.events import record_event
from tests.databases import environment_of, settings_for
from tests.web.conftest import NOW, Clock
from tests.web.live.listener import Listener

pytestmark = pytest.mark.both_databases

ROOT = Path(__file__).parents[3]
THREADS = 2
STREAMS = 60
START_WITHIN_S = 90


@contextmanager
def serving(home: Path, port: int) -> Iterator[None]:
    """gunicorn as `wrenchtime serve` calls it, with few threads; stopped by SIGTERM within a second or two."""
    from dispatch.cli.serve import _web_command

    environment = {**os.environ, **environment_of(home), "SECRET_KEY": settings_for(home).secret_key}
    command = _web_command(f"127.0.0.1:{port}", workers=1, threads=THREADS)
    server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        deadline = time.monotonic() + START_WITHIN_S
        while not _answers(port):
            assert server.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server has not started"
            threading.Event().wait(0.1)
        yield
        server.terminate()
        server.wait(8)  # less than the time it gives to requests that do not end
    finally:
        if server.poll() is None:
            os.killpg(server.pid, 9)  # its own session: nobody else's processes
            server.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get_status(port: int, path: str, cookie: str) -> int:
    """The status of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def listen(port: int, cookie: str, after: int | None = None, version: str = "1.1") -> Listener:
    """One more stream."""
    connection = socket.create_connection(("127.0.0.1", port))
    last = "" if after is None else f"Last-Event-ID: {after}\r\n"
    head = f"GET /live/api/events HTTP/{version}\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n{last}\r\n"
    connection.sendall(head.encode())
    listener = Listener(connection)
    status, headers = listener.read_head()
    assert (status, headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    return listener


def test_streams_need_no_threads_and_go_on_after_a_restart(home: Path, signed_in, clock: Clock):
    """Sixty streams on two threads, pages between them; after a restart everybody has heard everything once."""
    clock.now = datetime.now(UTC)  # as the server's own, for which a session of another day is over
    factory, port = make_session_factory(settings_for(home)), free_port()
    cookie = f"wrenchtime={signed_in('dispatcher').client.get_cookie('wrenchtime').value}"

    def happen(count: int) -> None:
        for _ in range(count):
            with factory.begin() as session:
                record_event(session, "imported", NOW, None)

    with serving(home, port):
        listeners = [listen(port, cookie) for _ in range(STREAMS)] + [listen(port, cookie, version="1.0")]
        happen(3)
        assert get_status(port, "/console/api/board", cookie) == 200
        for listener in listeners:
            assert [news["seq"] for news in listener.read_news(3)] == [1, 2, 3]
    for listener in listeners:
        assert listener.has_ended()
        listener.close()
    happen(2)
    with serving(home, port):
        listeners = [listen(port, cookie, after=3) for _ in range(STREAMS)]
        happen(1)
        for listener in listeners:
            assert [news["seq"] for news in listener.read_news(3)] == [4, 5, 6]
            listener.close()
    factory.engine.dispose()
