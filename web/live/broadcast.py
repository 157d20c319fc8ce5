"""Tells every open stream of this process what happens: one thread, one look at the database for all of them.

Events are read a few times a second while somebody listens, and never otherwise; no stream holds a thread or a
connection to the database. See docs/decisions/0041.
"""

import logging
import select
import threading
import time
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from dispatch.accounts.sessions import list_session_keys, session_key
from dispatch.api.tokens import list_users_of
from dispatch.db import Session, SessionFactory
from dispatch.news import News, get_newest_seq, list_news
from web.live.stream import Stream

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.3
PULSE_EVERY_S = 15.0
PAGE = 200
"""So many events are read at once; who is far behind gets page after page."""


class Broadcast:
    """The streams of one process and the thread that feeds them, which ends when nobody listens any more."""

    def __init__(self, session_factory: SessionFactory, clock: Callable[[], datetime]) -> None:
        self._session_factory = session_factory
        self._clock = clock
        self._lock = threading.Lock()
        self._streams: list[Stream] = []
        self._thread: threading.Thread | None = None

    def count(self, user_id: int | None = None) -> int:
        """How many streams are open; with `user_id` those of that person."""
        with self._lock:
            return sum(user_id in (None, stream.user_id) for stream in self._streams)

    def add(self, stream: Stream) -> None:
        """Feed this stream from now on."""
        with self._lock:
            self._streams.append(stream)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        pulse_due = time.monotonic() + PULSE_EVERY_S
        while streams := self._list_or_end():
            try:
                if time.monotonic() >= pulse_due:
                    self._pulse(streams)
                    pulse_due = time.monotonic() + PULSE_EVERY_S
                _close_gone(streams)
                self._feed([stream for stream in streams if stream.is_open])
            except Exception:  # without the database nobody can be told anything: the browsers come back later
                log.exception("The event streams of this process were cut off")
                for stream in streams:
                    stream.close()
            time.sleep(LOOK_EVERY_S)

    def _list_or_end(self) -> list[Stream]:
        """The open streams; without any, the thread is said to have ended in the same moment."""
        with self._lock:
            self._streams = [stream for stream in self._streams if stream.is_open]
            if not self._streams:
                self._thread = None
            return list(self._streams)

    def _feed(self, streams: Collection[Stream]) -> None:
        """One page for each that took the last one."""
        behind: set[int] = set()
        for stream in streams:
            stream.flush()
        with self._session_factory() as session:
            newest = get_newest_seq(session)
            for stream in streams:
                if stream.seq > newest:
                    stream.restart(newest)
                elif stream.seq < newest and stream.is_drained:
                    behind.add(stream.seq)
            pages = _read_pages(session, behind)
        for stream in streams:
            if stream.is_open and stream.is_drained:
                stream.tell(pages.get(stream.seq, ()))

    def _pulse(self, streams: Collection[Stream]) -> None:
        """A sign of life to everybody but those who may not listen any more: they are cut off."""
        with self._session_factory() as session:
            of_sessions = list_session_keys(session, {one.session_id for one in streams}, self._clock())
            tokens = {stream.token_id for stream in streams if stream.token_id is not None}
            users = list_users_of(session, tokens, self._clock()).items()
            of_tokens = {token_id: session_key(user) for token_id, user in users}
        for stream in streams:
            key = of_sessions.get(stream.session_id) if stream.token_id is None else of_tokens.get(stream.token_id)
            if key != stream.session_key:
                stream.close()
            elif stream.is_open and stream.is_drained:
                stream.pulse()


def _read_pages(session: Session, behind: Iterable[int]) -> dict[int, list[News]]:
    """By the number of the event that somebody was told last, a page with what comes after it.

    Nearly all were told the same. After a restart hundreds come back from as many events: a page goes on for all who
    are told of something in it, so that no event is read for each of them.
    """
    pages: dict[int, list[News]] = {}
    page: list[News] = []
    for seq in sorted(behind):
        if not page or page[-1].seq <= seq:
            page = list_news(session, seq, PAGE)
        pages[seq] = page
    return pages


def _close_gone(streams: Iterable[Stream]) -> None:
    """Close those whose listeners have hung up. The system is asked once for all: each question of its own would let
    another thread go on first, and hundreds of them would hold up every request."""
    poll, by_number = select.poll(), {one.connection.fileno(): one for one in streams if one.is_open}
    for number in by_number:
        poll.register(number, select.POLLIN)
    for number, _ in poll.poll(0):
        by_number[number].hear()
