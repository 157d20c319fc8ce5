"""Runs peers on instances, one after the other, each in a process of its own that can be ended from here."""

from __future__ import annotations

import datetime
import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from tests.bench.published import find_best
from tests.bench.results import Results, Row
from tests.bench.sets import OURS, ROOT, BenchSet, Peer

PATIENCE = 3
"""A peer that has not ended after so many times its limit, and `START_S`, is ended and has no result."""
START_S = 240
OWN_END_S = 3_600
"""How long a peer without a limit may take to end by itself."""
WHAT_COUNTS = ("optimizer", ":!optimizer/changes", "data/sample", "data/travel")
"""What our measurements depend on: a change elsewhere leaves them as they are. Nothing is published on a day that is
planned for the first time, so no change of a published plan is undone."""


@dataclass(frozen=True)
class Asked:
    """How to measure."""

    source: Path
    threads: int
    seed: int
    time_limit_s: float | None = None


def ask(chosen: BenchSet, instance: str, peer: Peer, asked: Asked) -> Row:
    """Everything about a measurement but its outcome."""
    limit_s = asked.time_limit_s or chosen.time_limit_s
    return {
        "set": chosen.name,
        "instance": instance,
        "peer": peer.name,
        "version": version_of(peer),
        "threads": min(asked.threads, peer.most_threads or asked.threads),
        "limit_s": None if peer.own_end and chosen.size else limit_s,
        "seed": asked.seed,
        "machine": machine(),
    }


def measure(chosen: BenchSet, row: Row, source: Path, environment: dict[str, str] | None = None) -> Row:
    """The measurement, with the best known cost and the date. What a peer does wrong is its result, not an error."""
    if row["peer"] == OURS:
        _compile(tuple(row.get("changes", ())), tuple((environment or {}).items()))
    wait_s = OWN_END_S if row["limit_s"] is None else START_S + PATIENCE * row["limit_s"]
    request = json.dumps(row | {"source": str(source)})
    command = [sys.executable, "-m", "tests.bench.child", request]
    try:
        ended = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=wait_s, env=os.environ | (environment or {})
        )
    except subprocess.TimeoutExpired:
        outcome: Row = {"failure": f"did not end within {wait_s:g} s"}
    else:
        said = (ended.stderr.strip().splitlines() or ["nothing"])[-1]
        failure = {"failure": f"ended with {ended.returncode} and said: {said}"[:300]}
        outcome = failure if ended.returncode else json.loads(ended.stdout.splitlines()[-1])
    best = None if chosen.size else find_best(chosen.path(source, row["instance"]), *chosen.best)
    return row | outcome | {"best": best, "on": datetime.datetime.now(datetime.UTC).date().isoformat()}


@cache
def _compile(changes: tuple[str, ...], environment: tuple[tuple[str, str], ...]) -> None:
    """Compiles our engine before the first measurement of a run, so that no process's patience has to bear it."""
    request = json.dumps({"warm_up": True, "changes": changes})
    command = [sys.executable, "-m", "tests.bench.child", request]
    subprocess.run(command, cwd=ROOT, env=os.environ | dict(environment), check=True)


def find_or_measure(chosen: BenchSet, row: Row, source: Path, results: Results, resume: bool) -> tuple[Row, bool]:
    """The row with its outcome, and whether it was measured now."""
    found = results.find(row) if resume else None
    if found is not None:
        return found, False
    measured = measure(chosen, row, source)
    results.store(measured)
    return measured, True


def version_of(peer: Peer) -> str:
    """The installed version; ours with the last change of the engine."""
    number = version(peer.package)
    if peer.name != OURS:
        return number
    commit = _git("log", "-1", "--format=%h", "--", *WHAT_COUNTS)
    changed = "+changes" if _git("status", "--porcelain", "--", *WHAT_COUNTS) else ""
    return f"{number} {commit}{changed}" if commit else number


def machine() -> str:
    """Cores, processor and Python, as far as they can be told."""
    return f"{os.cpu_count()} x {_processor()}, Python {platform.python_version()}"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _git(*command: str) -> str:
    return subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True).stdout.strip()
