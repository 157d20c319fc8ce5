"""What people do all day: phones report visit after visit, dispatchers look and change, and all follow the news."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from tests.bench.load.browser import Browser

NEXT = {"planned": "en_route", "dispatched": "en_route", "en_route": "on_site", "on_site": "done"}
CALM_S = 2.0
CALM_PER_READING = 5
SPREAD_S = 1.0
"""An open board reads what has changed at most this often, and more seldom where it takes long, and not in the
moment in which all boards hear of something, as the page does."""
BROKEN = 0


class Person(threading.Thread):
    """Acts at random moments, so many seconds apart on average, until everybody stops."""

    def __init__(self, browser: Browser, stopping: threading.Event, every_s: float, seed: int) -> None:
        super().__init__(daemon=True)
        self.browser, self.stopping, self.every_s, self.rng = browser, stopping, every_s, random.Random(seed)

    def run(self) -> None:
        while not self.stopping.wait(self.rng.expovariate(1 / self.every_s)):
            self.act()
            self.browser.rest()

    def act(self) -> None:
        raise NotImplementedError


class Phone(Person):
    """Reports the next step of the next visit, and reads the day again; what was accepted is remembered."""

    def __init__(self, *given: Any, on: date) -> None:
        super().__init__(*given)
        self.on = on
        self.day: dict[str, Any] | None = None
        self.accepted: list[tuple[int, str]] = []

    def read(self) -> None:
        status, day = self.browser.ask("phone reads its day", "GET", f"/phone/api/day?on={self.on}")
        if status == 200:
            self.day = day

    def act(self) -> None:
        if self.day is None:
            self.read()
        stops = self.day["stops"] if self.day else []
        stop = next((one for one in stops if one["status"] in NEXT), None)
        if stop is None:
            return self.read()
        wanted = NEXT[stop["status"]]
        path = f"/phone/api/stops/{stop['stop_id']}/status"
        status, _ = self.browser.ask("phone reports", "POST", path, {"status": wanted})
        if status == 200:
            self.accepted.append((stop["job_id"], wanted))
        return self.read()


class Dispatcher(Person):
    """Looks at jobs, changes some, and asks for new ones, with a token; refused changes are told, not lost."""

    def __init__(self, *given: Any, on: date) -> None:
        super().__init__(*given)
        self.on = on
        self.titles: dict[int, str] = {}
        self.added: list[str] = []

    def act(self) -> None:
        _, page = self.browser.ask("dispatcher lists jobs", "GET", "/api/v1/jobs?limit=20")
        items = page["items"] if page else []
        if not items:
            return
        job = self.rng.choice(items)
        status, _ = self.browser.ask("dispatcher opens a job", "GET", f"/api/v1/jobs/{job['id']}")
        seen = self.browser.etag
        if status == 200 and self.rng.random() < 0.5:
            title = f"{job['title'].split(' #')[0]} #{self.rng.randrange(10**6)}"
            path = f"/api/v1/jobs/{job['id']}"
            status, _ = self.browser.ask(
                "dispatcher changes a job", "PATCH", path, {"title": title}, **{"If-Match": seen}
            )
            if status == 200:
                self.titles[job["id"]] = title


class Board(threading.Thread):
    """An open board: reads what has changed whenever it heard of something."""

    def __init__(self, browser: Browser, stopping: threading.Event, on: date) -> None:
        super().__init__(daemon=True)
        self.browser, self.stopping, self.on = browser, stopping, on
        self.heard = threading.Event()
        self.board: dict[str, Any] | None = None

    def open(self) -> None:
        status, board = self.browser.ask("board is opened", "GET", f"/console/api/board?on={self.on}")
        self.browser.rest()
        if status == 200:
            self.board = board

    def run(self) -> None:
        while not self.stopping.is_set():
            if not self.heard.wait(0.5):
                continue
            self.stopping.wait(random.uniform(0, SPREAD_S))
            self.heard.clear()
            began = time.monotonic()
            self._refresh()
            took = time.monotonic() - began
            self.stopping.wait(max(CALM_S, CALM_PER_READING * took) - took)

    def _refresh(self) -> None:
        if self.board is None:
            return self.open()
        path = f"/console/api/board/news?on={self.on}&after={self.board['seq']}&version={self.board['plan']['version']}"
        status, answer = self.browser.ask("board is told", "GET", path)
        self.browser.rest()
        if status == BROKEN:
            self.heard.set()  # the server was not there: once more
        elif status == 200 and answer["news"] is None:
            return self.open()
        elif status == 200:
            self.board["seq"] = answer["news"]["seq"]
        return None


class Probe(threading.Thread):
    """Asks for the bare health of the installation, again and again."""

    def __init__(self, browser: Browser, stopping: threading.Event, every_s: float = 0.25) -> None:
        super().__init__(daemon=True)
        self.browser, self.stopping, self.every_s = browser, stopping, every_s

    def run(self) -> None:
        while not self.stopping.wait(self.every_s):
            self.browser.ask("health", "GET", "/healthz")
            self.browser.rest()


def in_turns(tasks: list[Callable[[], None]], at_once: int) -> float:
    """Do all, so many at once; the seconds it took."""
    began, left, lock = time.monotonic(), list(tasks), threading.Lock()

    def work() -> None:
        while True:
            with lock:
                if not left:
                    return
                task = left.pop()
            task()

    workers = [threading.Thread(target=work) for _ in range(at_once)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    return time.monotonic() - began
