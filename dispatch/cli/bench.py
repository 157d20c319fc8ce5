"""`wrenchtime bench`: run published sets of instances, and write answers that anybody can check."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dispatch.cli.interrupt import first_interrupt_ends_search
from dispatch.cli.output import progress
from dispatch.cli.travel import open_source
from dispatch.published_sets import SETS

if TYPE_CHECKING:
    from data.travel import TravelSource
    from dispatch.published_sets import Loaded, PublishedSet
    from optimizer.plan import Plan
    from optimizer.problem import Problem

LOG = logging.getLogger(__name__)
WRONG_INPUT, STOPPED = 2, 130
"""The exit codes when a file makes no sense, and after Ctrl-C; 1 when planning one failed."""
UNKNOWN = "-"


@click.group(name="bench")
def command() -> None:
    """Measure the engine on published sets of instances.

    \b
    Examples:
      wrenchtime bench run --set solomon --from solomon/ --time-limit 10 --threads 2 --out answers/
    """


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one file. `gap_percent` is against the best known cost, where one stands beside and nothing is
    left out; `faults` say what is wrong with the file, `failure` why it could not be planned."""

    instance: str
    cost: float | None = None
    best: float | None = None
    gap_percent: float | None = None
    unassigned: int | None = None
    seconds: float | None = None
    faults: tuple[str, ...] = ()
    failure: str | None = None


@command.command()
@click.option("--set", "set_name", type=click.Choice(list(SETS)), required=True, help="Whose format the files have.")
@click.option(
    "--from",
    "source",
    required=True,
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the instances are.",
)
@click.option(
    "--out",
    required=True,
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the answers go, one JSON each; it is made where there is none.",
)
@click.option(
    "--time-limit",
    "time_limit_s",
    type=click.FloatRange(0, min_open=True),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to search, for each instance.",
)
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True, help="Threads to search with.")
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="The same seed searches the same way."
)
@click.option("--only", "pattern", default="*", metavar="GLOB", help="Only files whose name fits, such as 'R1*'.")
@click.option(
    "--travel",
    default="straight-line",
    show_default=True,
    metavar="SOURCE",
    help="For --set vroom: travel between coordinates where a file has no matrices, as in `wrenchtime optimize`.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line instead of a table.")
def run(
    set_name: str,
    source: Path,
    out: Path,
    time_limit_s: float,
    threads: int,
    seed: int,
    pattern: str,
    travel: str,
    as_json: bool,
) -> None:
    """Plan every instance of a published set in a folder, and write one answer for each.

    \b
    solomon  Solomon's text files, Gehring's and Homberger's too   *.txt
    vrplib   VRPTW and site-dependent SDVRPTW in VRPLIB's form     *.vrp
    trsp     technician routing of Pillac and others               *.txt
    hhcrsp   home health care, in JSON                             *.json
    vroom    documents of VROOM's API                              *.json

    An answer is {instance, seconds, cost, routes: [{resource, visits, starts}], unassigned}: ids as in the file, times
    and cost in the set's own unit. hhcrsp visits are called `patient/service`, a call at the depot in trsp `depot`,
    ends of a shipment in vroom `pickup/ID` and `delivery/ID`; names ending in _sol are solutions and are passed over.

    A file that is wrong does not stop the others: all its faults are listed, and the exit code is 2. It is 1 where an
    instance could not be planned, which is a fault of ours. Ctrl-C writes the best answer so far and stops there, with
    exit code 130; a second one ends at once.

    \b
    Examples:
      wrenchtime bench run --set solomon --from solomon/ --time-limit 10 --threads 2 --out answers/
      wrenchtime bench run --set hhcrsp --from hhcrsp/italian --only '*rome*' --time-limit 60 --out answers/
    """
    chosen = SETS[set_name]
    files = chosen.list_files(source, pattern)
    if not files:
        fitting = "" if pattern == "*" else f" whose name fits {pattern}"
        raise click.BadParameter(f"no file in {source} ends in {chosen.ending}{fitting}", param_hint="--from")
    if out.resolve() == source.resolve():
        raise click.BadParameter("answers would lie among the instances: name another folder", param_hint="--out")
    out.mkdir(parents=True, exist_ok=True)
    width = max(len(one.stem) for one in files)
    _warm_up()
    results: list[Result] = []
    with first_interrupt_ends_search() as stopped:
        for count, path in enumerate(files, 1):
            with progress(f"{path.stem}, {count} of {len(files)}") as tell:
                searching = _Searching(time_limit_s, threads, seed, tell, stopped)
                result = _run_one(chosen, path, out, searching, lambda: open_source(travel))
            results.append(result)
            _print_line(result, width, as_json, first=count == 1)
            if stopped():
                break
    if not as_json:
        _print_summary(results, len(files))
    if stopped():
        raise SystemExit(STOPPED)
    if any(result.failure for result in results):
        raise SystemExit(1)
    if any(result.faults for result in results):
        raise SystemExit(WRONG_INPUT)


class _Searching:
    """How to search one instance, and a bar that moves on meanwhile."""

    def __init__(
        self,
        time_limit_s: float,
        threads: int,
        seed: int,
        tell: Callable[[float | None, str], None],
        stopped: Callable[[], bool],
    ) -> None:
        self.time_limit_s, self.threads, self.seed = time_limit_s, threads, seed
        self.tell, self.stopped = tell, stopped

    def solve(self, problem: Problem) -> Plan:
        from optimizer import solve

        began = time.monotonic()

        def tick() -> bool:
            """The search asks every few milliseconds whether to stop, which is when the bar can move."""
            self.tell(min(1.0, (time.monotonic() - began) / self.time_limit_s), "searching")
            return self.stopped()

        return solve(problem, time_limit_s=self.time_limit_s, threads=self.threads, seed=self.seed, cancelled=tick)


def _warm_up() -> None:
    """Compiling the engine is no part of what is measured."""
    from optimizer import warm_up

    with progress("Making the engine ready") as tell:
        tell(None, "compiling it where that has not been done")
        warm_up()


def _run_one(
    chosen: PublishedSet, path: Path, out: Path, searching: _Searching, open_source: Callable[[], TravelSource]
) -> Result:
    """Plans one instance and writes its answer. What is wrong comes back in the result."""
    from optimizer import ProblemError

    try:
        loaded: Loaded = chosen.read(
            path.read_bytes(), open_source, lambda warning: click.echo(f"{path.stem}: {warning}", err=True)
        )
        best = chosen.find_best(path, loaded)
    except (ProblemError, OSError) as error:
        faults = error.faults if isinstance(error, ProblemError) else (error,)
        return Result(path.stem, faults=tuple(str(fault) for fault in faults))
    began = time.monotonic()
    try:
        plan = searching.solve(loaded.problem)
        seconds = time.monotonic() - began
        answer = loaded.write(plan, path.stem, seconds)
    except Exception as error:  # whatever an engine does, the other instances are still to be measured
        LOG.exception("Planning %s failed.", path.name)
        return Result(path.stem, best=best, failure=f"{type(error).__name__}: {error}")
    with click.open_file(str(out / f"{path.stem}.json"), "w", encoding="utf-8", atomic=True) as file:
        file.write(json.dumps(answer) + "\n")
    left_out = len(answer["unassigned"])
    gap = round(100 * (answer["cost"] / best - 1), 4) + 0.0 if best and not left_out else None
    return Result(path.stem, answer["cost"], best, gap, left_out, answer["seconds"])


def _print_line(result: Result, width: int, as_json: bool, first: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(result)))
        return
    if first:
        _print_row("instance", ("cost", "best known", "gap %", "left out", "seconds"), width)
    if result.faults:
        count = "1 problem" if len(result.faults) == 1 else f"{len(result.faults)} problems"
        click.echo(f"{result.instance:{width}}  the file has {count}:")
        for fault in result.faults:
            click.echo(f"  {fault}")
    elif result.failure:
        click.echo(f"{result.instance:{width}}  could not be planned, which is a fault of ours: {result.failure}")
    else:
        figures = (
            (result.cost, ".4f"),
            (result.best, ".4f"),
            (result.gap_percent, "+.2f"),
            (result.unassigned, "d"),
            (result.seconds, ".1f"),
        )
        words = (UNKNOWN if value is None else format(value, form) for value, form in figures)
        _print_row(result.instance, words, width)


def _print_row(name: str, figures: Iterable[str], width: int) -> None:
    cells = "  ".join(f"{figure:>{room}}" for figure, room in zip(figures, (14, 14, 7, 8, 8), strict=True))
    click.echo(f"{name:{width}}  {cells}")


def _print_summary(results: Sequence[Result], count: int) -> None:
    planned = [result for result in results if result.cost is not None]
    gaps = [result.gap_percent for result in planned if result.gap_percent is not None]
    mean = f"; mean gap to the best known {sum(gaps) / len(gaps):+.2f}% over {len(gaps)}" if gaps else ""
    click.echo(f"{len(planned)} of {count} planned{mean}.")
