"""Writes docs/benchmarks.md out of the measurements that are stored: `python -m tests.bench --write-only`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import mean, median

from tests.bench import ablation
from tests.bench.results import Results, Row
from tests.bench.sets import OURS, SETS, BenchSet
from tests.bench.tables import at_limit, details_of, ratios, table_of, times_sooner

LONG_S = 600
PARTLY = "not on all days"
HEAD = """# Benchmarks

What plans cost when each engine that a user could install makes them: equal time, one after the other on the same
machine, every engine with as many threads as it can use, at most two. Written by `python -m tests.bench` from the
measurements in [benchmarks](benchmarks), one line for each instance and engine.

- **Days of our own generator** (`tests/bench/instances.py`): addresses on the sample city's streets, five skills,
  windows of two hours for half of the visits, priorities 1 to 3. A cost is the travel in seconds and 7,200 for each
  unit of priority left out. Every engine gets the same day in its own terms (`tests/bench/engines/`); plain code that
  shares nothing with any engine prices the routes (`tests/bench/judge.py`). A gap is against the best plan that any
  engine found that day.
- **Published sets**: a gap is against the best known cost. Every answer, ours and theirs, is judged by the set's
  checker (`tests/bench/checkers/`). The files are not ours to give: `--from` says where they are.
- **Tuning and reporting are apart.** Reported days have the seeds 1 to 10. The constants of our search are chosen on
  days with seeds from 101 (`tests/bench/ablation.py`), which are never reported.
- **Time**: reading, importing and compiling come before the clock starts. VROOM runs at its highest exploration, on our
  days to its own end without a limit. PyVRP and OR-Tools' routing library have one thread. An engine that has not ended
  after three times its limit and four minutes is ended. A plan that breaks a rule is none, nor is one of a published
  set that leaves something out.
- **Who plans what**: VROOM knows no longest time of a route, and vrp-cli counts the wait before the first visit into
  it, so neither plans the site-dependent set. Crews, tools and calls at a depot are planned by us alone.

Commands:

    make bench                                                # every set: many hours
    make bench-quick                                          # a few small instances, 10 minutes
    .venv/bin/python -m tests.bench --set field-200 --resume  # one set; what is measured already stays
    .venv/bin/python -m tests.bench --set field-200 --peer Wrenchtime --time-limit 600
    .venv/bin/python -m tests.bench.ablation --resume         # what each part of the search buys
    .venv/bin/python -m tests.bench.ablation --set field-200 --iterations 150000 --days 10 --resume
    .venv/bin/python -m tests.bench --write-only              # this page anew

"""

ABLATION = """Our engine with one part switched off or changed, on tuning days: by how much plans are dearer in the mean
and the standard error of that. Some variants are the same engine at a size (`SAME` in `tests/bench/ablation.py`): what
they show is chance.
"""


def write_document(path: Path, folder: Path) -> None:
    """The whole page; a set without measurements is not on it."""
    stored = {name: list(Results(folder, name)) for name in SETS}
    parts = [HEAD, _machines(stored), _field(stored)]
    for name, rows in stored.items():
        chosen = SETS[name]
        shown = at_limit(rows, chosen.time_limit_s)
        if shown:
            parts.append(_section(chosen, shown))
    parts.append(_ablation(list(Results(folder, "ablation"))))
    path.write_text("".join(parts).rstrip() + "\n", encoding="utf-8")


def _machines(stored: dict[str, list[Row]]) -> str:
    rows = [row for rows in stored.values() for row in rows]
    if not rows:
        return "Nothing has been measured yet.\n"
    days = sorted({row["on"] for row in rows})
    span = days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    return f"Measured {span} on: {'; '.join(sorted({row['machine'] for row in rows}))}.\n"


def _section(chosen: BenchSet, rows: list[Row]) -> str:
    limit = f"{chosen.time_limit_s:g} s for engines with a limit; costs count {chosen.unit}."
    every = f"<details><summary>Every instance (in brackets: left out)</summary>\n\n{details_of(chosen, rows)}"
    return f"\n## {chosen.title}\n\n{limit}\n\n{table_of(chosen, rows)}\n\n{every}\n\n</details>\n"


def _ablation(rows: list[Row]) -> str:
    """What switching off each part of our search costs: at equal time, and at equal iterations."""
    by_limit: dict[str, list[Row]] = {}
    for row in rows:
        by_limit.setdefault(_limit_of(row), []).append(row)
    tables = [
        f"{limit[0].upper()}{limit[1:]}:\n\n{ablation.table_of(some)}\n" for limit, some in sorted(by_limit.items())
    ]
    return "\n## What each part of the search buys\n\n" + ABLATION + "\n".join(["", *tables]) if tables else ""


def _limit_of(row: Row) -> str:
    return f"{row['iterations']:,} rounds of each thread" if row.get("iterations") else f"{row['limit_s']:g} s"


def _field(stored: dict[str, list[Row]]) -> str:
    """Our cost as a share of others' on our own days, and how much sooner we reach VROOM's."""
    head = (
        "| visits | days | of VROOM's cost | worst day | VROOM's cost reached, times sooner | slowest day | "
        "of the best of PyVRP, vrp-cli, OR-Tools | worst day | above 10 minutes of ours, % |\n|--:|" + "--:|" * 8
    )
    lines = [line for name, rows in stored.items() if SETS[name].size for line in _field_line(SETS[name], rows)]
    return f"\n## Field service: our cost as a share of others'\n\n{head}\n" + "".join(lines) if lines else ""


def _field_line(chosen: BenchSet, stored: list[Row]) -> Iterator[str]:
    rows = at_limit(stored, chosen.time_limit_s)
    assert chosen.size
    vroom, others = ratios(rows, ["VROOM"]), ratios(rows, ["PyVRP", "vrp-cli", "OR-Tools"])
    if not vroom and not others:
        return
    sooner = times_sooner(rows, "VROOM")
    reached = [times for times in sooner if times is not None]
    days = len({row["instance"] for row in rows})
    cells = [
        f"{chosen.size[0]:,}",
        str(days),
        _mean_of(vroom, days),
        f"{max(vroom):.3f}" if vroom else "-",
        f"{median(reached):.0f}" if reached else "-",
        PARTLY if len(reached) < len(sooner) else f"{min(reached):.1f}" if reached else "-",
        _mean_of(others, days),
        f"{max(others):.3f}" if others else "-",
        _above_long(rows, stored, days),
    ]
    yield f"| {' | '.join(cells)} |\n"


def _mean_of(shares: list[float], days: int) -> str:
    """The mean, with the number of days that it is of where not all were measured."""
    if not shares:
        return "-"
    return f"{mean(shares):.3f}" + (f" ({len(shares)} of {days})" if len(shares) < days else "")


def _above_long(rows: list[Row], stored: list[Row], days: int) -> str:
    """Our mean cost above that of our own long run, in percent, where there is one."""
    long = {row["instance"]: row["cost"] for row in stored if row["peer"] == OURS and row["limit_s"] == LONG_S}
    above = [
        100 * (row["cost"] / long[row["instance"]] - 1)
        for row in rows
        if row["peer"] == OURS and row["instance"] in long
    ]
    return f"{mean(above):.2f} ({len(above)} of {days})" if above else "-"
