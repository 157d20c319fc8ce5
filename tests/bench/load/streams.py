"""Hundreds of open event streams, read by one thread; each remembers what it heard, and comes back when cut off."""

from __future__ import annotations

import json
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

OPENERS = 8
"""Whoever waits for a stream to begin holds up nobody who reads."""


@dataclass
class Hearing:
    """What one person has heard: the numbers of the events, in the order in which they came."""

    cookie: str
    is_office: bool
    technician_id: int | None
    after: int
    heard: list[int] = field(default_factory=list)
    on_news: Callable[[], None] = lambda: None
    _text: str = ""
    _last_id: int = 0
    """As a line said it; it counts once its event has ended, as in browsers, also where that told nothing."""
    _socket: socket.socket | None = None
    _back_after_s: float = 3.0
    """As the server last said; before that, what browsers take by themselves."""
    _back_at: float = 0.0

    def take(self, data: bytes) -> None:
        """Bytes as they come; the lengths of HTTP's chunks are no part of any line that we look for."""
        self._text += data.decode()
        *lines, self._text = self._text.split("\n")
        for line in lines:
            if line.startswith("data: {"):
                self.heard.append(json.loads(line[6:])["seq"])
                self.on_news()
            elif line.startswith("id: "):
                self._last_id = int(line[4:])
            elif not line:
                self.after = self._last_id
            elif line.startswith("retry: "):
                self._back_after_s = int(line[7:]) / 1000

    def come_back(self) -> None:
        """Later, each after a time of their own."""
        self._socket, self._back_at = None, time.monotonic() + self._back_after_s


class Streams:
    """Opens and reads them all until stopped."""

    def __init__(self, port: int, hearings: list[Hearing]) -> None:
        self._port, self._hearings = port, hearings
        self._selector = selectors.DefaultSelector()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._opened: deque[tuple[Hearing, socket.socket, bytes]] = deque()
        self.opened = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        for one in self._hearings:
            if one._socket is not None:
                one._socket.close()

    def count_open(self) -> int:
        """How many have been answered and not been cut off."""
        return sum(one._socket is not None for one in self._hearings)

    def _run(self) -> None:
        with ThreadPoolExecutor(OPENERS) as openers:
            while not self._stopping.is_set():
                now = time.monotonic()
                for one in self._hearings:
                    if one._socket is None and now >= one._back_at:
                        one._back_at = float("inf")  # until it is open, or has been refused
                        openers.submit(self._open, one)
                while self._opened:
                    self._listen(*self._opened.popleft())
                for key, _ in self._selector.select(0.05):
                    self._read(key.data)

    def _listen(self, one: Hearing, connection: socket.socket, first: bytes) -> None:
        connection.setblocking(False)
        one._socket = connection
        self.opened += 1
        self._selector.register(connection, selectors.EVENT_READ, one)
        one.take(first)

    def _open(self, one: Hearing) -> None:
        one._text, one._last_id = "", one.after
        try:
            connection = socket.create_connection(("127.0.0.1", self._port), timeout=30)
            connection.sendall(
                f"GET /live/api/events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {one.cookie}\r\n"
                f"Last-Event-ID: {one.after}\r\n\r\n".encode()
            )
            first = connection.recv(4_096)
            if b" 200 " not in first.split(b"\r\n", 1)[0]:
                raise OSError("no stream")
        except OSError:
            one.come_back()
            return
        self._opened.append((one, connection, first))

    def _read(self, one: Hearing) -> None:
        assert one._socket is not None
        try:
            data = one._socket.recv(65_536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            one.take(data)
            return
        self._selector.unregister(one._socket)
        one._socket.close()
        one.come_back()
