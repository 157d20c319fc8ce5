"""`python -m tests.bench.load`: a company of hundreds at once, over real HTTP on loopback; its server restarts once.

Phones report and read, boards are told of every report, dispatchers change jobs, and everybody has a stream of events.
The scheduler is not started: it plans, and solving is not what is measured here.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import click
from sqlalchemy import select

from dispatch.cli.serve import _allow_many_connections, _web_command
from dispatch.db import SessionFactory, make_session_factory
from dispatch.models import User
from dispatch.news import get_newest_seq
from dispatch.settings import Settings
from tests.bench.databases import KINDS, open_databases
from tests.bench.load.browser import Answer, Book, Browser
from tests.bench.load.check import list_lost, list_unheard
from tests.bench.load.people import Board, Dispatcher, Phone, Probe, in_turns
from tests.bench.load.processor import Processor
from tests.bench.load.streams import Hearing, Streams
from tests.bench.load.town import PASSWORD, Town, make_town
from tests.web.live.test_real_server import _answers, free_port

AT_ONCE = 8
"""So many sign in at once: hashing passwords is what the processor is for then."""


class Server:
    """The web server as `wrenchtime serve` starts it."""

    def __init__(self, settings: Settings, workers: int, threads: int) -> None:
        self.port = free_port()
        environment = {**os.environ, "WRENCHTIME_HOME": str(settings.home), "SECRET_KEY": "only for tests " * 3}
        environment |= {"DATABASE_URL": settings.database_url, "API_REQUESTS_PER_MIN": "6000"}
        self._environment, self._command = environment, _web_command(f"127.0.0.1:{self.port}", workers, threads)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, env=self._environment, start_new_session=True)
        deadline = time.monotonic() + 90
        while not _answers(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the server has not started")
            time.sleep(0.1)

    def stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)  # its own session: nobody else's processes
            self._process.wait()


@click.command()
@click.option("--phones", default=500, show_default=True)
@click.option("--dispatchers", default=20, show_default=True)
@click.option("--jobs", default=5_000, show_default=True)
@click.option("--seconds", default=120, show_default=True, help="The server restarts after half of them.")
@click.option("--phone-every", default=60.0, show_default=True, help="Seconds from one act of a phone to the next.")
@click.option("--plan-for", default=20.0, show_default=True, help="Seconds for planning the day beforehand.")
@click.option("--settle", default=15.0, show_default=True, help="Seconds for what was told last to be heard.")
@click.option("--workers", default=1, show_default=True)
@click.option("--threads", default=8, show_default=True)
@click.option("--database", type=click.Choice(KINDS), default="postgresql", show_default=True)
def main(
    phones: int, dispatchers: int, jobs: int, seconds: int, phone_every: float, plan_for: float, settle: float,
    workers: int, threads: int, database: str,
) -> None:  # fmt: skip
    """Ends with 1 when something was lost, heard wrongly, or answered by 5xx."""
    _allow_many_connections()
    with (
        tempfile.TemporaryDirectory(prefix="wrenchtime-load-") as folder,
        open_databases(database, Path(folder)) as make_installation,
    ):
        settings = make_installation()
        town = make_town(settings, phones, dispatchers, jobs, plan_for)
        server, factory = Server(settings, workers, threads), make_session_factory(settings)
        print(f"{len(town.phones)} phones, {len(town.dispatchers)} dispatchers, {jobs:,} jobs, {database}")
        server.start()
        try:
            faults = under_load(server, factory, town, seconds, phone_every, settle)
        finally:
            server.stop()
            factory.engine.dispose()
    if faults:
        print(f"{len(faults)} faults:", *faults[:20], sep="\n  ")
        sys.exit(1)


def under_load(
    server: Server, factory: SessionFactory, town: Town, seconds: int, phone_every: float, settle: float
) -> list[str]:
    """Let everybody work; returns what went wrong."""
    book, stopping = Book(), threading.Event()
    phones = [
        Phone(Browser(server.port, book), stopping, phone_every, seed, on=town.on) for seed, _ in enumerate(town.phones)
    ]
    boards = [Board(Browser(server.port, book), stopping, town.on) for _ in town.dispatchers]
    office = [
        Dispatcher(Browser(server.port, book, token), stopping, 10.0, seed, on=town.on)
        for seed, token in enumerate(town.tokens)
    ]
    everybody = list(zip([*town.phones, *town.dispatchers], [*phones, *boards], strict=True))
    took = in_turns([lambda one=one: one[1].browser.sign_in(one[0], PASSWORD) for one in everybody], AT_ONCE)
    print(f"{len(everybody)} signed in within {took:.0f} s")
    with factory() as session:
        after, by_email = get_newest_seq(session), {one.email: one for one in session.scalars(select(User))}
    hearings = [
        Hearing(one.browser.cookie, isinstance(one, Board), by_email[email].technician_id, after)
        for email, one in everybody
    ]
    for board, hearing in zip(boards, hearings[len(phones) :], strict=True):
        hearing.on_news = board.heard.set
    took = in_turns([board.open for board in boards], AT_ONCE)
    print(f"{len(boards)} boards opened within {took:.0f} s")
    streams = Streams(server.port, hearings)
    streams.start()
    while streams.count_open() < len(hearings):
        time.sleep(0.1)
    book.answers.clear()
    processor, began_at = Processor(factory), time.monotonic()
    working = [*phones, *boards, *office, Probe(Browser(server.port, book), stopping)]
    for one in working:
        one.start()
    time.sleep(seconds / 2)
    gone_at, used_before = time.monotonic(), processor.tell()
    server.stop()
    server.start()
    while streams.count_open() < len(hearings):
        time.sleep(0.1)
    back_at, used_until_back = time.monotonic(), processor.tell()
    time.sleep(seconds / 2)
    used = processor.tell()
    stopping.set()
    for one in working:
        one.join()
    time.sleep(settle)
    streams.stop()
    print(f"the server was gone and all streams were back within {back_at - gone_at:.1f} s")
    heard = sum(len(one.heard) for one in hearings)
    print(f"{heard:,} events heard on {len(hearings)} streams, opened {streams.opened:,} times")
    print(f"the processor meanwhile: {tell_seconds(used_until_back, used_before)}")
    for when, answers, seconds_used in (
        ("before the restart", [one for one in book.answers if one.asked_at + one.seconds < gone_at],
         f"{tell_seconds(used_before)} within {gone_at - began_at:.1f} s"),
        ("after it", [one for one in book.answers if one.asked_at > back_at],
         f"{tell_seconds(used, used_until_back)} within {seconds / 2:.1f} s"),
    ):  # fmt: skip
        print(f"\n{when}:")
        tell_times(answers)
        print(f"the processor: {seconds_used}")
    broken = Counter(one.status for one in book.answers if one.status >= 500 and one.what != "health")
    faults = [f"{count} answers {status}" for status, count in broken.items()]
    return faults + list_lost(factory, phones, office) + list_unheard(factory, hearings, after)


def tell_seconds(used: dict[str, float], before: dict[str, float] | None = None) -> str:
    """The seconds of the processor between two moments, by who had them."""
    return ", ".join(f"{who} {seconds - (before or {}).get(who, 0.0):.1f} s" for who, seconds in used.items())


def tell_times(answers: list[Answer]) -> None:
    """By what was asked, and all together against the bare health."""
    names = sorted({one.what for one in answers})
    for what in names:
        of_kind = [one for one in answers if one.what == what]
        times = sorted(one.seconds for one in of_kind)
        counts = sorted(Counter(one.status for one in of_kind).items())
        codes = ", ".join(f"{count} x {status}" for status, count in counts)
        slow, longest = times[int(len(times) * 0.95)], times[-1]
        print(
            f"{what:24} {codes:28} median {statistics.median(times) * 1e3:7.1f} ms   "
            f"95% within {slow * 1e3:7.1f} ms   longest {longest * 1e3:7.1f} ms"
        )
    bare = statistics.median(one.seconds for one in answers if one.what == "health")
    times = sorted(one.seconds for one in answers if one.what != "health")
    slow = times[int(len(times) * 0.95)]
    print(f"all {len(times):,} answers: 95% within {slow * 1e3:.1f} ms, {slow / bare:.1f} times the median of health")


if __name__ == "__main__":
    main()
