"""One peer on one instance in a process of its own: `python -m tests.bench.child '{"set": ...}'`; answers in JSON."""

from __future__ import annotations

import ast
import importlib
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench.instances import Instance, make_instance
from tests.bench.judge import judge
from tests.bench.sets import OURS, PEERS, SETS, BenchSet

COARSE = 0.998
"""A better plan is noted in the trace where it costs at most this share of the one noted before."""


def main() -> None:
    """Read and import first, then start the clock; the last line of the output is the answer."""
    asked = json.loads(sys.argv[1])
    apply_changes(asked.get("changes", []))
    if asked.get("warm_up"):
        importlib.import_module("tests.bench.engines.ours").prepare()
    else:
        print(json.dumps(measure(SETS[asked["set"]], asked)))


def apply_changes(changes: list[str]) -> None:
    """Sets constants of modules before anything is compiled: `optimizer.engines.ruin.search:BLINK=0.0`.

    A dot in the name leads into a named tuple. A constant that other modules have imported is set there as well.
    """
    for change in changes:
        where, value = change.split("=", 1)
        module_name, name = where.split(":")
        name, _, inner = name.partition(".")
        module = importlib.import_module(module_name)
        before = getattr(module, name)
        after = before._replace(**{inner: ast.literal_eval(value)}) if inner else ast.literal_eval(value)
        package = module_name.split(".", 1)[0]
        for other in [one for key, one in sys.modules.items() if key.split(".", 1)[0] == package]:
            if getattr(other, name, None) is before or other is module:
                setattr(other, name, after)


def measure(chosen: BenchSet, asked: dict[str, Any]) -> dict[str, Any]:
    """Seconds, cost, what is left out and what is wrong, as the judge says; memory at its most."""
    path = chosen.path(Path(asked["source"]), asked["instance"])
    if chosen.size:
        answered = plan_day(make_instance(*chosen.size, int(asked["instance"])), asked)
    elif asked["peer"] == OURS:
        answered = plan_file(chosen.kind, path, asked)
    else:
        answered = plan_fleet(chosen.kind, path, asked)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1 if sys.platform == "darwin" else 1024)
    return answered | {"memory_mb": megabytes}


def plan_day(instance: Instance, asked: dict[str, Any]) -> dict[str, Any]:
    """A day of our generator, judged by the bench's own judge."""
    found, seconds, cpu_s = run(instance, asked)
    verdict = judge(instance, found.routes)
    trace: list[tuple[float, int]] = []
    for moment, cost in found.trace:
        if not trace or cost < COARSE * trace[-1][1]:
            trace.append((round(moment, 2), cost))
    return _answer(seconds, verdict) | {"cpu_s": round(cpu_s, 2)} | ({"trace": trace} if trace else {})


def plan_fleet(kind: str, path: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """A published file, by a peer; judged by the set's checker."""
    from tests.bench.published import as_answer, as_instance, check, read_fleet

    fleet = read_fleet(kind, path)
    found, seconds, _ = run(as_instance(fleet, path.stem), asked)
    return _answer(seconds, check(kind, path, as_answer(fleet, path.stem, found.routes, seconds)))


def plan_file(kind: str, path: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """A published file, by us, through the product's own reader and writer; judged by the set's checker."""
    from dispatch.published_sets import SETS as FORMATS
    from optimizer import solve, warm_up
    from tests.bench.published import check

    warm_up()
    loaded = FORMATS[kind].read(path.read_bytes(), _no_travel, print)
    began = time.perf_counter()
    plan = solve(loaded.problem, time_limit_s=asked["limit_s"], threads=asked["threads"], seed=asked["seed"])
    seconds = time.perf_counter() - began
    return _answer(seconds, check(kind, path, loaded.write(plan, path.stem, seconds)))


def run(instance: Instance, asked: dict[str, Any]) -> tuple[Any, float, float]:
    """What a peer found, and the seconds it took, by the clock and of the processor."""
    peer = importlib.import_module(f"tests.bench.engines.{PEERS[asked['peer']].module}")
    peer.prepare()
    began, cpu_before_s = time.perf_counter(), time.process_time()
    given = {"iterations": asked["iterations"]} if "iterations" in asked else {}  # of ours alone
    found = peer.run(instance, asked["limit_s"], asked["threads"], asked["seed"], **given)
    return found, time.perf_counter() - began, time.process_time() - cpu_before_s


def _answer(seconds: float, verdict: Any) -> dict[str, Any]:
    return {
        "seconds": round(seconds, 2),
        "cost": verdict.cost,
        "unassigned": verdict.left_out,
        "faults": list(verdict.faults),
    }


def _no_travel() -> Any:
    raise AssertionError("published files say how far it is between their points")


if __name__ == "__main__":
    main()
