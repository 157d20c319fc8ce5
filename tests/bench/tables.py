"""Tables out of measurements: one row a peer, means over instances."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from statistics import mean

from tests.bench.results import Row, order
from tests.bench.sets import OURS, PEERS, BenchSet

UNKNOWN = "-"


def newest(rows: Iterable[Row]) -> list[Row]:
    """One row for each instance and peer, in order: the one measured last, where there are several."""
    by_pair = {(row["instance"], row["peer"]): row for row in sorted(rows, key=lambda row: row["on"])}
    return sorted(by_pair.values(), key=order)


def at_limit(rows: Iterable[Row], limit_s: float) -> list[Row]:
    """Rows that had this time, or all the time they wanted."""
    return newest(row for row in rows if row["limit_s"] in (None, limit_s))


def cost_of(row: Row) -> float | None:
    """What the plan costs; None where there is no plan that keeps all rules."""
    return None if row.get("failure") or row["faults"] else float(row["cost"])


def is_plan(chosen: BenchSet, row: Row) -> bool:
    """Whether a measurement has a plan: one that breaks no rule, and on a published set leaves nothing out."""
    return cost_of(row) is not None and (chosen.size is not None or not row["unassigned"])


def gap_of(chosen: BenchSet, row: Row, rows: Iterable[Row]) -> float | None:
    """How much dearer, in percent: than the best known, or on our own days than the best any peer found there.

    None where there is no plan, or none to compare it with.
    """
    best = row["best"]
    if chosen.size:
        costs = [cost_of(one) for one in rows if one["instance"] == row["instance"]]
        best = min((one for one in costs if one is not None), default=None)
    return 100 * (row["cost"] / best - 1) if best and is_plan(chosen, row) else None


def line_of(row: Row) -> str:
    """One measurement as a line."""
    begin = f"  {row['instance']:32} {row['peer']:11}"
    if row.get("failure"):
        return f"{begin} no plan: {row['failure']}"
    faults = f"  {len(row['faults'])} faults: {row['faults'][0]}" if row["faults"] else ""
    return f"{begin} cost {row['cost']:14,.2f}  left out {row['unassigned']:4}  {row['seconds']:7.1f} s{faults}"


def table_of(chosen: BenchSet, rows: Sequence[Row]) -> str:
    """One row a peer: how many instances, and means over those that it has a plan for."""
    head = ["peer", "version", "threads", "instances", "no plan", "seconds", "cost", "gap %", "worst gap %", "left out"]
    head.append("MB at most")
    lines = [f"| {' | '.join(head)} |", "|---|---|" + "--:|" * (len(head) - 2)]
    for peer in PEERS:
        own = [row for row in rows if row["peer"] == peer]
        if own:
            lines.append(f"| {' | '.join(_summary(chosen, own, rows))} |")
    return "\n".join(lines)


def _summary(chosen: BenchSet, own: Sequence[Row], rows: Sequence[Row]) -> list[str]:
    planned = [row for row in own if is_plan(chosen, row)]
    gaps = [gap for row in own if (gap := gap_of(chosen, row, rows)) is not None]
    return [
        own[0]["peer"],
        ", ".join(sorted({row["version"] for row in own})),
        ", ".join(sorted({str(row["threads"]) for row in own})),
        str(len(own)),
        str(len(own) - len(planned)),
        _mean([row["seconds"] for row in planned], ".1f"),
        _mean([row["cost"] for row in planned], ",.1f"),
        _mean(gaps, ".2f"),
        format(max(gaps), ".2f") if gaps else UNKNOWN,
        _mean([row["unassigned"] for row in own if cost_of(row) is not None], ".1f"),
        str(max((row["memory_mb"] for row in own if "memory_mb" in row), default=UNKNOWN)),
    ]


def _mean(values: Sequence[float], form: str) -> str:
    return format(mean(values), form) if values else UNKNOWN


def details_of(chosen: BenchSet, rows: Sequence[Row]) -> str:
    """One row an instance, one column a peer: cost, and in brackets what is left out if anything is."""
    peers = [peer for peer in PEERS if any(row["peer"] == peer for row in rows)]
    bests = {row["instance"]: row["best"] for row in rows}
    cells = {(row["instance"], row["peer"]): _cell(row) for row in rows}
    with_best = any(best is not None for best in bests.values())
    head = ["instance", *(["best known"] if with_best else []), *peers]
    lines = [f"| {' | '.join(head)} |", "|---|" + "--:|" * (len(head) - 1)]
    for instance, best in bests.items():
        best_cell = [UNKNOWN if best is None else f"{best:,.1f}"] if with_best else []
        own = [cells.get((instance, peer), UNKNOWN) for peer in peers]
        lines.append(f"| {' | '.join([instance, *best_cell, *own])} |")
    return "\n".join(lines)


def _cell(row: Row) -> str:
    cost = cost_of(row)
    if cost is None:
        return "no plan"
    figure = f"{cost:,.0f}" if cost == int(cost) else f"{cost:,.1f}"
    return figure + (f" ({row['unassigned']})" if row["unassigned"] else "")


def ratios(rows: Iterable[Row], over: Collection[str]) -> list[float]:
    """For every instance on which all these peers were measured, our cost as a share of their least."""
    by_pair = {(row["instance"], row["peer"]): cost_of(row) for row in rows}
    shares = []
    for instance in dict.fromkeys(instance for instance, _ in by_pair):
        ours = by_pair.get((instance, OURS))
        theirs = [cost for peer in over if (cost := by_pair.get((instance, peer))) is not None]
        if ours is not None and theirs and all((instance, peer) in by_pair for peer in over):
            shares.append(ours / min(theirs))
    return shares


def times_sooner(rows: Iterable[Row], peer: str) -> list[float | None]:
    """For every instance: by how many times we reached a peer's last cost sooner than it; None where we did not."""
    by_pair = {(row["instance"], row["peer"]): row for row in rows}
    found: list[float | None] = []
    for (instance, name), row in by_pair.items():
        ours = by_pair.get((instance, OURS))
        cost = cost_of(row)
        if name == peer and ours is not None and cost is not None and "trace" in ours:
            reached = [moment for moment, ours_then in ours["trace"] if ours_then <= cost]
            found.append(row["seconds"] / max(0.01, reached[0]) if reached else None)
    return found
