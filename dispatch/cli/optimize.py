"""`wrenchtime optimize`: solve a problem in a file, no database needed."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from dispatch.cli.interrupt import first_interrupt_ends_search
from dispatch.cli.output import progress
from dispatch.cli.travel import open_source

if TYPE_CHECKING:
    from optimizer.formats.vroom import VroomProblem
    from optimizer.plan import Plan
    from optimizer.problem import Problem

WRONG_INPUT = 2
"""The exit code for input that makes no sense."""
USUAL_TIME_LIMIT_S = 10.0
ITERATIONS_TIME_LIMIT_S = 600.0
"""Where only iterations are given: some small problems run out of things to try, and would search for ever."""
SHOW_PROGRESS_FROM_S = 2.0


@click.command(name="optimize")
@click.argument("input_file", metavar="INPUT.json", type=click.File("rb"))
@click.option(
    "-o",
    "--output",
    default="-",
    metavar="OUTPUT.json",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="Where the answer goes.  [default: standard output]",
)
@click.option(
    "--time-limit",
    "time_limit_s",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="How long to search.  [default: 10, with --iterations 600]",
)
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True, help="Threads to search with.")
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="The same seed searches the same way."
)
@click.option(
    "--iterations", type=click.IntRange(1), help="Stop after so many steps: the answer is then the same byte for byte."
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["vroom"]),
    default="vroom",
    show_default=True,
    help="The format of both files.",
)
@click.option(
    "--travel",
    default="straight-line",
    show_default=True,
    metavar="SOURCE",
    help="Travel between coordinates where the input has no matrices: straight-line (an estimate), sample, "
    "an OpenStreetMap .pbf file, or a saved road graph (.npz).",
)
@click.option(
    "--record",
    "record_path",
    metavar="RECORD.json.gz",
    type=click.Path(dir_okay=False),
    help="Write a record of the search here, from which `wrenchtime replay` finds the same plan again.",
)
@click.option("--json", "as_json", is_flag=True, help="Say problems and warnings as JSON, one object a line.")
def command(
    input_file: BinaryIO,
    output: str,
    time_limit_s: float | None,
    threads: int,
    seed: int,
    iterations: int | None,
    format_name: str,
    travel: str,
    record_path: str | None,
    as_json: bool,
) -> None:
    """Plan the routes of a problem in VROOM's JSON, from INPUT.json (- for standard input).

    Ctrl-C ends the search and answers with the best plan so far; pressed twice, it gives up. Ends with exit code 2
    when the input is wrong: every problem is then listed on standard error with its JSON path, what is wrong, and what
    would be right. docs/vroom-format.md says what is understood.

    \b
    Examples:
      wrenchtime optimize problem.json -o answer.json --time-limit 30 --threads 2
      wrenchtime optimize problem.json --iterations 1000 --seed 7 > answer.json
      wrenchtime optimize places.json --travel city.osm.pbf -o answer.json
    """
    from dispatch.vroom_documents import read_problem
    from optimizer import ProblemError
    from optimizer.formats import vroom as vroom_format

    say = _Voice(as_json)
    for path, option in ((output, "-o"), (record_path, "--record")):
        if path not in (None, "-") and not Path(path).absolute().parent.is_dir():
            raise click.BadParameter(f"the folder of {path} does not exist", param_hint=option)
    began = time.monotonic()
    try:
        document = vroom_format.parse(input_file.read())
        routing_began = time.monotonic()
        vroom = read_problem(document, lambda: open_source(travel), say.warning)
        solving_began = time.monotonic()
        plan = _solve(vroom, time_limit_s, threads, seed, iterations, say)
    except ProblemError as error:
        say.faults(error.faults)
        raise SystemExit(WRONG_INPUT) from error
    except RuntimeError as error:  # the pipeline refuses to hand out a plan that does not keep the rules
        raise click.ClickException(f"no plan can be handed out, which is a fault of ours: {error}") from error
    computing_ms = None
    if iterations is None:
        times = {
            "loading": (began, routing_began),
            "solving": (solving_began, time.monotonic()),
            "routing": (routing_began, solving_began),
        }
        computing_ms = {key: round(1000 * (end - start)) for key, (start, end) in times.items()}
    _write(output, vroom_format.write(vroom, plan, computing_ms))
    if record_path is not None:
        _write_record(record_path, vroom.problem, plan)


class _Voice:
    """What is said on standard error: sentences for people, or JSON for machines."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def warning(self, sentence: str) -> None:
        click.echo(json.dumps({"warning": sentence}) if self.as_json else f"Warning: {sentence}", err=True)

    def faults(self, faults: Sequence[Any]) -> None:
        if not self.as_json:
            count = "1 problem" if len(faults) == 1 else f"{len(faults)} problems"
            click.echo(f"The input has {count}:", err=True)
        for fault in faults:
            told = {"where": fault.where, "what": fault.what, "mend": fault.mend}
            # a lone surrogate from the input cannot be printed as it is
            line = str(fault).encode("utf-8", "backslashreplace").decode()
            click.echo(json.dumps(told) if self.as_json else f"  {line}", err=True)


def _solve(
    vroom: VroomProblem, time_limit_s: float | None, threads: int, seed: int, iterations: int | None, say: _Voice
) -> Plan:
    from optimizer import solve

    limit_s = time_limit_s or (USUAL_TIME_LIMIT_S if iterations is None else ITERATIONS_TIME_LIMIT_S)
    began = time.monotonic()
    known = time_limit_s is not None or iterations is None
    with _progress(limit_s, known) as tick, first_interrupt_ends_search() as interrupted:
        plan = solve(
            vroom.problem,
            time_limit_s=limit_s,
            threads=threads,
            seed=seed,
            iterations=iterations,
            cancelled=lambda: tick() or interrupted(),
        )
    if iterations is not None and time.monotonic() - began >= limit_s:
        say.warning(
            "the time limit came first: only as many iterations were made as fitted, and another run may "
            "give another answer"
        )
    return plan


@contextmanager
def _progress(limit_s: float, known: bool) -> Iterator[Callable[[], bool]]:
    """Gives a function for the search to ask every few milliseconds whether it is cancelled: it never is, but the bar
    moves on. Short searches, and those that nobody watches, have none. `known`: it is the time that ends the search."""
    if limit_s <= SHOW_PROGRESS_FROM_S or not sys.stderr.isatty():
        yield lambda: False
        return
    began = time.monotonic()
    with progress("Optimizing") as tell:

        def tick() -> bool:
            share = (time.monotonic() - began) / limit_s
            tell(min(1.0, share) if known else None, "searching")
            return False

        yield tick


def _write(output: str, answer: dict[str, Any]) -> None:
    """Writes the answer; a file appears whole or not at all."""
    with click.open_file(output, "w", encoding="utf-8", atomic=output != "-") as file:
        file.write(json.dumps(answer) + "\n")


def _write_record(path: str, problem: Problem, plan: Plan) -> None:
    """Writes how the plan was found; a file appears whole or not at all."""
    from dispatch.planning.records import made_by
    from optimizer.record import Record, dump

    with click.open_file(path, "wb", atomic=True) as file:
        file.write(dump(Record(problem, plan, made_by())))
