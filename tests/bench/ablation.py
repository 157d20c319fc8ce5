"""What each part of our search buys: `python -m tests.bench.ablation`, on tuning days, never on reported ones.

A variant is our engine with constants of its modules set to something else, which switches a part off. Each is compiled
apart and gets the same days, seeds and time as the engine as it is; or the same iterations, and then whatever else the
machine does has no say in what comes out.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from collections.abc import Sequence
from itertools import product
from math import sqrt
from pathlib import Path
from statistics import mean, stdev

from tests.bench.instances import TUNING_SEEDS
from tests.bench.measure import Asked, ask, measure
from tests.bench.results import Results, Row
from tests.bench.sets import OURS, PEERS, ROOT, SETS
from tests.bench.tables import cost_of

AS_IT_IS = "as it is"
STORED = ROOT / "docs" / "benchmarks"
RUIN = "optimizer.engines.ruin"
VARIANTS: dict[str, list[str]] = {
    "without blinks": [f"{RUIN}.insert:BLINK_ONE_IN=0"],
    "without hopeful rounds": [f"{RUIN}.search:HOPEFUL=0.0"],
    "islands that share nothing": [f"{RUIN}.turns:SHARES=1"],
    "islands that always search apart": [f"{RUIN}.islands:VISITS_TOGETHER=1000000"],
    "never recombining": [f"{RUIN}.recombine:RIPE=1000000"],
    "half as many removed": [f"{RUIN}.remove:MEAN_REMOVED=5.0"],
    "twice as many removed": [f"{RUIN}.remove:MEAN_REMOVED=20.0"],
    "trying every shift": [f"{RUIN}.insert:FEW_SHIFTS=1000000"],
    "neighbours whoever may serve them": [f"{RUIN}.near:STRANGE=0.0"],
    "cooling down once": [f"{RUIN}.turns:EARLY=0.0"],
    "hardly any annealing": [f"{RUIN}.islands:HOT=0.04", f"{RUIN}.islands:HOT_BY_PRICE=0.005"],
}
"""The parts by name. A part that is added to the search gets its line here; one that buys nothing is deleted."""
SAME = {
    "field-200": {"islands that always search apart", "trying every shift", "never recombining"},
    "field-500": {"islands that share nothing", "trying every shift", "never recombining"},
}
"""Variants that are the engine as it is there, with two threads: islands that search apart do so only below 300 visits
and do not share above, every shift is tried up to 80 of them, and 200 visits are first recombined after 800,000 rounds.
What their cells show at equal time is chance, and so is as much in other cells."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the engine as it is and every variant on the same days; print and store a table."""
    asked = parse(arguments)
    variants = {AS_IT_IS: []} | ({name: VARIANTS[name] for name in asked.variant} if asked.variant else VARIANTS)
    variants |= {change: change.split() for change in asked.change}
    results, rows = Results(asked.out, "ablation"), []
    limits = {"limit_s": None, "iterations": asked.iterations} if asked.iterations else {}
    for set_name, seed, day in product(asked.set, asked.seed, list(TUNING_SEEDS)[: asked.days]):
        how = Asked(Path(), asked.threads, seed, asked.time_limit)
        for name, changes in variants.items():
            row = ask(SETS[set_name], str(day), PEERS[OURS], how) | {"changes": changes} | limits
            wanted = row | {"peer": name, "instance": f"{set_name}/{day}"}
            found = results.find(wanted) if asked.resume else None
            if found is None:
                found = measure(SETS[set_name], row, Path(), {"NUMBA_CACHE_DIR": cache_of(row)})
                found |= {"peer": name, "instance": wanted["instance"]}
                results.store(found)
            rows.append(found)
            print(f"  {found['instance']:16} {name:40} {said_of(found)}", flush=True)
    print("\n" + table_of(rows))


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What to measure, and how."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ablation", description=__doc__)
    fields = [name for name, one in SETS.items() if one.size]
    parser.add_argument("--set", nargs="+", choices=fields, default=["field-200", "field-500"])
    parser.add_argument("--variant", action="append", choices=list(VARIANTS), help="one part (again for more)")
    parser.add_argument("--change", action="append", default=[], metavar="MODULE:NAME=VALUE", help="one of your own")
    parser.add_argument("--days", type=int, default=4, help=f"how many of the {len(TUNING_SEEDS)} tuning days")
    parser.add_argument("--time-limit", type=float, default=5.0, metavar="S")
    parser.add_argument("--iterations", type=int, metavar="N", help="so many of each island, in place of a time limit")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--out", type=Path, default=STORED, help="where the measurements are kept")
    parser.add_argument("--resume", action="store_true", help="keep what this version of the engine has done before")
    return parser.parse_args(arguments)


def cache_of(row: Row) -> str:
    """Where what is compiled for a variant is kept: constants are part of compiled code, but not of its name."""
    name = hashlib.sha256(f"{row['version']} {row['changes']}".encode()).hexdigest()[:16]
    return str(Path(tempfile.gettempdir()) / f"wrenchtime-ablation-{name}")


def said_of(row: Row) -> str:
    """The cost, or why there is none."""
    cost = cost_of(row)
    return f"no plan: {row.get('failure') or row['faults'][0]}" if cost is None else f"{cost:12,.0f}"


def table_of(rows: Sequence[Row]) -> str:
    """For each variant and set, by how much it is dearer than the engine as it is, in percent, and how sure that is.

    Means over days and seeds, with the standard error of what each differs on its own; where iterations are given,
    also what share of the processor time it took.
    """
    sets = list(dict.fromkeys(row["set"] for row in rows))
    found = {(row["peer"], row["set"], row["instance"], row["seed"]): row for row in rows}
    counted = all(row.get("iterations") for row in rows)
    heads = [f"{name}, {unit}" for name in sets for unit in (("%", "time") if counted else ("%",))]
    lines = [f"| variant | {' | '.join(heads)} |", "|---|" + "--:|" * len(heads)]
    for name in dict.fromkeys([AS_IT_IS, *(row["peer"] for row in rows)]):
        cells = []
        for set_name in sets:
            pairs = [
                (row, found[AS_IT_IS, *where])
                for (peer, *where), row in found.items()
                if peer == name and where[0] == set_name and (AS_IT_IS, *where) in found
            ]
            chance = " = chance" if name in SAME.get(set_name, ()) and not counted else ""
            cells += [_dearer(pairs), _share_of_time(pairs)] if counted else [_dearer(pairs) + chance]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _dearer(pairs: Sequence[tuple[Row, Row]]) -> str:
    """Mean, standard error, and of how many runs."""
    costs = [(cost_of(row), cost_of(base)) for row, base in pairs]
    dearer = [100 * (cost / base - 1) for cost, base in costs if cost is not None and base]
    if not dearer:
        return "no plan" if pairs else "-"
    error = f" ± {stdev(dearer) / sqrt(len(dearer)):.2f}" if len(dearer) > 1 else ""
    return f"{mean(dearer):+.2f}{error} ({len(dearer)} runs)"


def _share_of_time(pairs: Sequence[tuple[Row, Row]]) -> str:
    """How much processor time all runs took, of what the engine as it is took."""
    took = [(row["cpu_s"], base["cpu_s"]) for row, base in pairs if row.get("cpu_s") and base.get("cpu_s")]
    return f"{sum(ours for ours, _ in took) / sum(base for _, base in took):.2f}" if took else "-"


if __name__ == "__main__":
    main()
