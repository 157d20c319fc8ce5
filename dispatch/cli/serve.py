"""`wrenchtime serve`: the web application and a scheduler process beside it, started and stopped together."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from types import FrameType

import click

from dispatch.cli.output import says_errors

STOP_WITHIN_S = 20
START_WITHIN_S = 600
"""Nobody is let in before the server has looked at today. That takes seconds; but with a road closed today it opens the
travel source, and to read the roads of a whole country for the first time takes minutes."""
RESTART_AFTER_S = 5
OPEN_FILES = 8_192
MOST_WORKERS = 4
"""So many web processes unless somebody asks for more; each takes some 200 MB."""


@click.command(name="serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 serves other machines too.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    envvar="PORT",
    default=8000,
    show_default=True,
    show_envvar=True,
    help="Where to listen.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 32),
    help=f"Web processes; one on SQLite, on PostgreSQL one for each processor core up to {MOST_WORKERS}.",
)
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True, help="Threads of each.")
@click.option("--no-scheduler", is_flag=True, help="Only the web application; run `wrenchtime scheduler` elsewhere.")
@says_errors
def command(host: str, port: int, workers: int | None, threads: int, no_scheduler: bool) -> None:
    """Serve Wrenchtime until stopped with Ctrl-C or SIGTERM.

    A production server (gunicorn), and the scheduler beside it. The database is brought up to date first.

    \b
    Examples:
      wrenchtime serve
      wrenchtime serve --port 8080 --threads 16
      PORT=9000 wrenchtime serve --host 0.0.0.0 --no-scheduler
    """
    from dispatch.db import make_session_factory
    from dispatch.migrations import upgrade
    from dispatch.settings import Settings

    _refuse_taken_port(host, port)
    _allow_many_connections()
    settings = Settings.from_env()
    workers = workers or count_workers(settings.database_url, os.cpu_count() or 1)
    session_factory = make_session_factory(settings)
    upgrade(session_factory.engine)
    session_factory.engine.dispose()
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    scheduler = None if no_scheduler else [sys.executable, "-m", "dispatch.cli", "scheduler"]
    raise SystemExit(_Pair(_web_command(address, workers, threads), scheduler, address).run(host, port))


def count_workers(database_url: str, cores: int) -> int:
    """How many web processes serve best: Python computes on one core in each, and SQLite has one writer anyway."""
    return 1 if database_url.startswith("sqlite") else min(cores, MOST_WORKERS)


def _web_command(address: str, workers: int, threads: int) -> list[str]:
    """`web` is named, never imported: dispatch must not depend on it."""
    return [
        sys.executable, "-m", "gunicorn", "--config", "python:web.server", "--bind", address,
        "--workers", str(workers), "--threads", str(threads),
        "--timeout", "90", "--graceful-timeout", "10", "--log-level", "warning",
        "--no-control-socket",  # it lies in the user's home and would be shared by all installations of that user
        "web:create_app()",
    ]  # fmt: skip


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Cannot listen at {host}:{port} ({error.strerror}). Stop the other program, "
                f"or choose another port: `wrenchtime serve --port {port + 1 if port < 65535 else port - 1}`."
            ) from error


def _allow_many_connections() -> None:
    """Every open screen is an open file; the usual limit of 1,024 is far below what the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class _Pair:
    """The two processes: when one is asked to stop both stop; when the web application ends all ends."""

    def __init__(self, web: list[str], scheduler: list[str] | None, address: str) -> None:
        self._web_command = web
        self._scheduler_command = scheduler
        self._address = address
        self._stopping = threading.Event()

    def run(self, host: str, port: int) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        web = subprocess.Popen(self._web_command)
        scheduler = self._start_scheduler()
        scheduler_started = time.monotonic()
        told = False
        waited_since = time.monotonic()
        try:
            while not self._stopping.wait(0.2) and web.poll() is None:
                if not told and _answers(host, port):
                    told = True
                    click.echo(f"Wrenchtime is at http://{self._address} (Ctrl-C stops it).")
                elif not told and time.monotonic() - waited_since > START_WITHIN_S:
                    raise click.ClickException(f"The web application has not started within {START_WITHIN_S} s.")
                ended = scheduler is not None and scheduler.poll() is not None
                if ended and time.monotonic() - scheduler_started > RESTART_AFTER_S:
                    click.echo("The scheduler process has ended; starting it again.", err=True)
                    scheduler, scheduler_started = self._start_scheduler(), time.monotonic()
        finally:
            _end([process for process in (web, scheduler) if process is not None])
        if self._stopping.is_set():
            click.echo("Stopped.")
            return 0
        click.echo(f"The web application has ended with exit code {web.returncode}; see above.", err=True)
        return web.returncode or 1

    def _start_scheduler(self) -> subprocess.Popen[bytes] | None:
        return subprocess.Popen(self._scheduler_command) if self._scheduler_command else None

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping.set()


def _answers(host: str, port: int) -> bool:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    try:
        with socket.create_connection((reachable, port), timeout=1):
            return True
    except OSError:
        return False


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask all to end, and wait; one that does not end in time is killed, and that is said."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + STOP_WITHIN_S
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            click.echo(f"Process {process.pid} did not stop within {STOP_WITHIN_S} s; killed.", err=True)
            process.kill()
            process.wait()
