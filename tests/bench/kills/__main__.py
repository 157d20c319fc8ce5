"""`python -m tests.bench.kills --kills 200 --database postgresql`: what holds after each kill, on a real database.

Each kill ends a real process with SIGKILL before or after one of its calls to the database, which the seed chooses;
then the next leader starts, everything is checked, and another process goes on with the same town.
"""

import json
import os
import random
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

import click

from dispatch.db import make_session_factory
from dispatch.settings import Settings
from tests.bench.databases import KINDS, open_databases
from tests.bench.kills.check import list_faults, recover
from tests.bench.kills.work import make_town, work_until_killed

LATEST_STATEMENT = 600
KILLS_A_TOWN = 40
"""Then the day's work is done, and another town begins."""


def kill_once(settings: Settings, turn: int, seed: str) -> list[dict[str, Any]]:
    """Fork a process, let it work until it kills itself, and return what it told."""
    rng = random.Random(seed)
    statement, before = rng.randrange(1, LATEST_STATEMENT), rng.random() < 0.5
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        try:
            work_until_killed(settings, turn, seed, statement, before, writes)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(writes)
    with os.fdopen(reads) as lines:
        told = [json.loads(line) for line in lines if line.endswith("\n")]
    _, status = os.waitpid(child, 0)
    if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
        raise SystemExit(f"the process of seed {seed} was not killed but ended by itself ({status})")
    return told


def begin(settings: Settings) -> None:
    """The town on its first morning; no connection stays open, which forked processes would share."""
    session_factory = make_session_factory(settings)
    make_town(session_factory)
    session_factory.engine.dispose()


@click.command()
@click.option("--kills", default=200, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--database", type=click.Choice(KINDS), default="sqlite", show_default=True)
def main(kills: int, seed: int, database: str) -> None:
    """Kill so many times; ends with 1 and the faults when anything was lost, doubled or half done."""
    told_count, interrupted = 0, 0
    with (
        tempfile.TemporaryDirectory(prefix="wrenchtime-kills-") as folder,
        open_databases(database, Path(folder)) as make_installation,
    ):
        for town in range(-(-kills // KILLS_A_TOWN)):
            settings = make_installation()
            begin(settings)
            told: list[dict[str, Any]] = []
            for turn in range(min(KILLS_A_TOWN, kills - town * KILLS_A_TOWN)):
                told += kill_once(settings, turn, f"{seed}-{town}-{turn}")
                session_factory = make_session_factory(settings)
                interrupted += recover(session_factory)
                faults = list_faults(session_factory, told)
                session_factory.engine.dispose()
                if faults:
                    print(f"seed {seed}, town {town}, kill {turn}:", *faults, sep="\n  ")
                    sys.exit(1)
            told_count += len(told)
    print(f"{kills} kills on {database}: {told_count} changes acknowledged, {interrupted} runs interrupted, none lost")


if __name__ == "__main__":
    main()
