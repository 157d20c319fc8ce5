"""Fit the straight line's numbers to a road graph and measure how wrong they stay.

    python -m data.travel.fit_straight_line                    # the sample city
    python -m data.travel.fit_straight_line region.osm.pbf     # measure today's numbers on another region

Points are drawn along streets where people live; the numbers are fitted on one half of them and judged on the trips
among the other half.
"""

from __future__ import annotations

import argparse

import numpy as np
from scipy.optimize import linprog

from data.travel.geo import great_circle_m
from data.travel.road_graph import RoadGraph
from data.travel.sources import open_travel_source
from data.travel.straight_line import BANDS, ROAD_FACTOR, drive_s

POINTS = 400
SEED = 20_240_601
_FIT_TRIPS = 1_500
BAND_STARTS_M = (0.0, 1_000.0, 3_000.0, 8_000.0)


def trips(graph: RoadGraph, points: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Straight metres, road seconds and road metres of all trips between `points` random addresses."""
    places = [(lat, lon) for lat, lon, _ in graph.random_addresses(points, rng)]
    seconds, metres = graph.matrix(places)
    lat, lon = np.array(places).T
    straight_m = great_circle_m(lat[:, None], lon[:, None], lat[None, :], lon[None, :])
    is_trip = (seconds > 0) & (straight_m > 0)
    return straight_m[is_trip], seconds[is_trip], metres[is_trip]


def fit(straight_m: np.ndarray, seconds: np.ndarray, metres: np.ndarray) -> tuple[float, np.ndarray]:
    """The median road factor and the km/h of each band with the least mean relative error in time."""
    factor = round(float(np.median(metres / straight_m)), 2)
    ends = (*BAND_STARTS_M[1:], np.inf)
    in_band = np.column_stack(
        [np.clip(factor * straight_m - start, 0.0, end - start) for start, end in zip(BAND_STARTS_M, ends, strict=True)]
    )
    relative = in_band / seconds[:, None]
    trip_count, bands = relative.shape
    # Least absolute deviations as a linear program: paces, then one error per trip.
    identity = -np.eye(trip_count)
    slower_first = np.hstack([np.diff(np.eye(bands), axis=0), np.zeros((bands - 1, trip_count))])
    solution = linprog(
        np.concatenate([np.zeros(bands), np.ones(trip_count)]),
        A_ub=np.vstack([np.hstack([relative, identity]), np.hstack([-relative, identity]), slower_first]),
        b_ub=np.concatenate([np.ones(trip_count), -np.ones(trip_count), np.zeros(bands - 1)]),
    )
    if not solution.success:
        raise RuntimeError(f"the bands could not be fitted: {solution.message}")
    return factor, 3.6 / solution.x[:bands]


def relative_errors(straight_m: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """The error of the numbers in force, as a share of the road graph's seconds."""
    errors: np.ndarray = np.abs(drive_s(ROAD_FACTOR * straight_m, BANDS) - seconds) / seconds
    return errors


def main() -> None:
    """Print the fitted numbers beside those in force, and the error of the latter."""
    parser = argparse.ArgumentParser(description="Measure the straight line's error against a road graph.")
    parser.add_argument("roads", nargs="?", default="sample", help="a .pbf file or saved road graph")
    graph = open_travel_source(parser.parse_args().roads)
    if not isinstance(graph, RoadGraph):
        parser.error("the error is measured against roads: give a .pbf file or a saved road graph")
    rng = np.random.default_rng(SEED)
    straight_m, seconds, metres = trips(graph, POINTS // 2, rng)
    chosen = rng.choice(len(seconds), size=min(_FIT_TRIPS, len(seconds)), replace=False)
    factor, kmh = fit(straight_m[chosen], seconds[chosen], metres[chosen])
    fitted = ", ".join(f"from {start:,.0f} m {speed:.1f} km/h" for start, speed in zip(BAND_STARTS_M, kmh, strict=True))
    print(f"best fit here: road factor {factor}, {fitted}")
    print(f"in force:      road factor {ROAD_FACTOR}, {', '.join(f'from {s:,.0f} m {v} km/h' for s, v in BANDS)}")
    straight_m, seconds, metres = trips(graph, POINTS // 2, rng)
    error = relative_errors(straight_m, seconds)
    print(
        f"error in time of the numbers in force on {graph.name}, {len(seconds):,} trips: "
        f"median {np.median(error):.1%}, 90th percentile {np.quantile(error, 0.9):.1%}"
    )


if __name__ == "__main__":
    main()
