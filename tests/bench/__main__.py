"""Our engine side by side with four others on the same days, equal time and threads: `make bench`."""

import argparse
import importlib
import statistics
import time

from tests.bench.instances import SIZES, Instance, make_instance
from tests.bench.judge import Verdict, judge

ENGINES = {
    "Wrenchtime": "ours",
    "OR-Tools GLS": "guided_local_search",
    "PyVRP": "pyvrp_engine",
    "VROOM": "vroom_engine",
    "vrp-cli": "vrp_cli_engine",
}
WARM_UP = make_instance(*SIZES[0], seed=0)


def measure(engine: str, instance: Instance, time_limit_s: float, seed: int) -> tuple[Verdict, float]:
    """One engine on one instance; compilation and imports happen before the clock starts."""
    run = importlib.import_module(f"tests.bench.engines.{ENGINES[engine]}").run
    run(WARM_UP, 1, seed)
    began = time.perf_counter()
    routes = run(instance, time_limit_s, seed)
    elapsed_s = time.perf_counter() - began
    return judge(instance, routes), elapsed_s


def main() -> None:
    """Print a row per instance and engine, then each engine's mean cost against the best of its instance."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the two smaller sizes, one instance, 3 seconds")
    parser.add_argument("--time-limit", type=float, help="seconds per engine and instance (default 20)")
    parser.add_argument("--instances", type=int, help="instances per size (default 3)")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sizes = SIZES[:2] if asked.quick else SIZES
    time_limit_s = asked.time_limit or (3 if asked.quick else 20)
    instances = asked.instances or (1 if asked.quick else 3)
    ratios: dict[tuple[str, str], list[float]] = {}
    print(f"One thread, {time_limit_s:g} s each. Cost = travel seconds + 7,200 per unit of priority left out.\n")
    print("| visits x technicians | engine | cost | travel s | left out | seconds | faults |")
    print("|---|---|--:|--:|--:|--:|--:|")
    for visits, shifts in sizes:
        for number in range(instances):
            instance = make_instance(visits, shifts, asked.seed + number)
            rows = {}
            for engine in ENGINES:
                verdict, elapsed_s = measure(engine, instance, time_limit_s, asked.seed)
                rows[engine] = verdict
                figures = f"{verdict.cost:,} | {verdict.travel_s:,} | {verdict.left_out} | {elapsed_s:.1f}"
                print(f"| {instance.name} | {engine} | {figures} | {len(verdict.faults)} |", flush=True)
            best = min(verdict.cost for verdict in rows.values() if not verdict.faults)
            for engine, verdict in rows.items():
                ratios.setdefault((f"{visits} x {shifts}", engine), []).append(verdict.cost / best)
    print("\nMean cost against the best plan without faults that any engine found:\n")
    print("| visits x technicians | " + " | ".join(ENGINES) + " |")
    print("|---" + "|--:" * len(ENGINES) + "|")
    for visits, shifts in sizes:
        size = f"{visits} x {shifts}"
        means = [f"{statistics.mean(ratios[size, engine]):.3f}" for engine in ENGINES]
        print(f"| {size} | " + " | ".join(means) + " |")


if __name__ == "__main__":
    main()
