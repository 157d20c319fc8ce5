"""A real installation for the browser tests: own home, sample city, today's plan, production server."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dispatch.demo.company import SAMPLE_ZONE

ROOT = Path(__file__).parents[2]
READY_WITHIN_S = 300
"""Much longer than it takes: other work beside the tests must not fail all of them."""
ENDS_WITHIN_S = 60
PLAN_TIME_LIMIT_S = 2
STEPS = ["--iterations", "500", "--time-limit", "600"]
"""The same plan however slow the machine is: what tests find in it must not depend on that."""


def free_port() -> int:
    """A port that nobody serves at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wrenchtime(*arguments: str) -> list[str]:
    """The command line of one of our commands."""
    return [sys.executable, "-m", "dispatch.cli", *arguments]


def make_installation(home: Path) -> dict[str, str]:
    """The environment of a fresh installation with the sample city and a plan for today.

    What runs by the clock stays away while the tests go on: a test would find other plans than its own.
    """
    just_over = f"{datetime.now(ZoneInfo(SAMPLE_ZONE)) - timedelta(hours=1):%H:%M}"
    ours = {
        "WRENCHTIME_HOME": str(home),
        "PLAN_TIME_LIMIT_S": str(PLAN_TIME_LIMIT_S),
        "NIGHTLY_PLAN_AT": just_over,
        "REMIND_AT": just_over,
        "BACKUP_AT": just_over,
        "REPLAN_EVERY_S": "86400",
        "REPLAN": "warn",  # at midnight of UTC
    }
    env = {**os.environ, **ours}
    for name in ("DATABASE_URL", "SECRET_KEY", "TRAVEL_SOURCE", "MAP_TILE_URL"):
        env.pop(name, None)
    for command in (["demo"], ["plan", *STEPS]):
        done = subprocess.run(wrenchtime(*command), cwd=ROOT, env=env, capture_output=True, text=True)
        assert done.returncode == 0, f"wrenchtime {' '.join(command)}:\n{done.stdout}\n{done.stderr}"
    return env


@contextmanager
def serving(env: dict[str, str], log: Path) -> Iterator[str]:
    """Serve that installation and give its address once `/healthz` says that all is well."""
    port = free_port()
    with log.open("w") as out:
        command = wrenchtime("serve", "--port", str(port))
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True)
        address = f"http://127.0.0.1:{port}"
        try:
            wait_until_healthy(server, address, log)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, 9)  # its own session: nobody else's processes
                server.wait()
                raise


def wait_until_healthy(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Return when `/healthz` answers 200; fail with the server's own words when it ends or takes too long."""
    deadline, answer = time.monotonic() + READY_WITHIN_S, "no answer yet"
    while time.monotonic() < deadline:
        assert server.poll() is None, f"the server ended:\n{log.read_text()}"
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=10) as response:
                json.load(response)
                return
        except urllib.error.HTTPError as refused:
            with refused:
                answer = refused.read().decode()
        except OSError as error:
            answer = str(error)
        threading.Event().wait(0.2)
    raise AssertionError(f"not healthy after {READY_WITHIN_S} s: {answer}\n{log.read_text()}")
