"""One open stream: a connection, the person behind it, and how far they have been told."""

import contextlib
import json
import random
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field

from dispatch.news import News

RECONNECT_MS = (1_000, 5_000)
"""Browsers come back after a time of this range: not all in one moment after a restart."""


def opening() -> bytes:
    """What a stream begins with, so that the browser knows at once that it is open."""
    return f"retry: {random.randint(*RECONNECT_MS)}\n\n".encode()


@dataclass(eq=False)
class Stream:
    """A connection that was taken over. `seq` is the number of the last event looked at for this person.

    `session_key` says who they are: with another password or role, the stream is nobody's any more. A program has a
    token in place of a session.
    """

    user_id: int
    connection: socket.socket
    session_id: str
    session_key: str
    token_id: int | None
    role: str
    technician_id: int | None
    seq: int
    is_chunked: bool
    is_open: bool = True
    _unsent: bytearray = field(default_factory=bytearray)

    @property
    def is_drained(self) -> bool:
        """Whether the connection took all so far; else it gets no more, so that a slow one fills no memory."""
        return not self._unsent

    def tell(self, page: Iterable[News]) -> None:
        """Tell what this person may hear of, and send as much as the connection takes."""
        for news in page:
            if news.seq <= self.seq:
                continue
            self.seq = news.seq
            if news.is_for(self.role, self.technician_id):
                self._add(f"id: {news.seq}\ndata: {json.dumps(news.as_json())}\n\n")
        self.flush()

    def pulse(self) -> None:
        """A sign of life, which also tells how far the person has been told: they need not ask for it again."""
        self._add(f"id: {self.seq}\nevent: pulse\ndata: {self.seq}\n\n")
        self.flush()

    def restart(self, seq: int) -> None:
        """Go on at another number: the events that this person knows of are not ours, as after a restore."""
        self.seq = seq
        self._add(f"id: {seq}\nevent: restart\ndata: {seq}\n\n")

    def flush(self) -> None:
        """Send what the connection takes; one that is gone is closed."""
        try:
            while self._unsent:
                sent = self.connection.send(self._unsent)
                del self._unsent[:sent]
        except BlockingIOError:
            return
        except OSError:
            self.close()

    def hear(self) -> None:
        """The connection has something to say, which can only be that it is gone: then it is closed."""
        try:
            if self.connection.recv(1024) == b"":
                self.close()
        except BlockingIOError:
            return
        except OSError:
            self.close()

    def close(self) -> None:
        """End the stream; the browser comes back and goes on where it was."""
        self.is_open = False
        if self.is_chunked and self.is_drained:
            with contextlib.suppress(OSError):  # it may be what has gone
                self.connection.send(b"0\r\n\r\n")
        self.connection.close()

    def _add(self, text: str) -> None:
        data = text.encode()
        self._unsent += b"%X\r\n%b\r\n" % (len(data), data) if self.is_chunked else data
