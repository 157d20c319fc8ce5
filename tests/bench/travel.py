"""How fast travel is worked out on the sample city: `python -m tests.bench.travel [region.osm.pbf]`."""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from data.travel import RoadGraph, StraightLine, sample_road_graph
from data.travel.sources import SAMPLE_CITY_FILE

POINTS = 500
TEAM = 25
STOPS_A_DAY = 8
REPEATS = 3


def best_s(work: Callable[[], Any]) -> float:
    """Seconds of the fastest of a few runs: the machine's noise only ever adds."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def draw_team(points: list[tuple[float, float]]) -> None:
    """Route lines of a whole team on a graph that remembers none."""
    graph = sample_road_graph()
    for first in range(0, TEAM * (STOPS_A_DAY + 1), STOPS_A_DAY + 1):
        graph.routes_along(points[first : first + STOPS_A_DAY + 1])


def main() -> None:
    """Print one line per measurement."""
    parser = argparse.ArgumentParser(description="Measure the travel sources.")
    parser.add_argument("pbf", nargs="?", type=Path, help="also build the road graph of this PBF file")
    arguments = parser.parse_args()
    graph = sample_road_graph()
    points = [place[:2] for place in graph.random_addresses(POINTS, np.random.default_rng(1))]
    with tempfile.TemporaryDirectory() as folder:
        cached = RoadGraph(graph.network, cache_dir=Path(folder))
        cached.matrix(points)
        rows = [
            ("load the sample city", best_s(sample_road_graph)),
            (f"{POINTS} x {POINTS} along streets, computed", best_s(lambda: graph.matrix(points))),
            (f"{POINTS} x {POINTS} along streets, from disk", best_s(lambda: cached.matrix(points))),
            (f"{POINTS} x {POINTS} by straight line", best_s(lambda: StraightLine().matrix(points))),
            (f"lines of {TEAM} technicians, {STOPS_A_DAY} legs each", best_s(lambda: draw_team(points))),
            ("base map, drawn anew", best_s(lambda: sample_road_graph().base_map())),
        ]
    if arguments.pbf:
        rows.append((f"build {arguments.pbf.name}", best_s(lambda: RoadGraph.from_pbf(arguments.pbf))))
    for what, seconds in rows:
        print(f"{what:45} {seconds:8.3f} s")
    print(f"{'sample city on disk':45} {SAMPLE_CITY_FILE.stat().st_size:8,} bytes")
    print(f"{'base map as JSON':45} {len(json.dumps(graph.base_map(), separators=(',', ':'))):8,} bytes")


if __name__ == "__main__":
    main()
