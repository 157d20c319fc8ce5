"""Distances on the globe: great circles, and the flat local metres that suffice inside one region."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

EARTH_RADIUS_M = 6_371_008.8
METRES_PER_DEGREE = math.pi * EARTH_RADIUS_M / 180.0


def great_circle_m(lat_a: np.ndarray, lon_a: np.ndarray, lat_b: np.ndarray, lon_b: np.ndarray) -> np.ndarray:
    """Metres along the globe between points in degrees; the arrays broadcast against each other."""
    lat_a, lon_a, lat_b, lon_b = (np.radians(angle) for angle in (lat_a, lon_a, lat_b, lon_b))
    half_chord = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    # Rounding can push the half chord of antipodes a hair above one.
    angle: np.ndarray = 2 * np.arcsin(np.sqrt(np.clip(half_chord, 0.0, 1.0)))
    return EARTH_RADIUS_M * angle


def flat_m(lat: np.ndarray, lon: np.ndarray, reference_lat: float) -> tuple[np.ndarray, np.ndarray]:
    """Project degrees to metres (x east, y north) on a plane that is true at `reference_lat`."""
    return lon * (METRES_PER_DEGREE * math.cos(math.radians(reference_lat))), lat * METRES_PER_DEGREE


def as_points(points: Sequence[tuple[float, float]]) -> np.ndarray:
    """Points as float64[N, 2] of (lat, lon) in degrees; ValueError lists every point that is no place on Earth."""
    array = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    wrong = ~(np.isfinite(array).all(axis=1) & (np.abs(array[:, 0]) <= 90) & (np.abs(array[:, 1]) <= 180))
    if wrong.any():
        listed = "; ".join(f"point {i}: ({array[i, 0]}, {array[i, 1]})" for i in np.flatnonzero(wrong))
        raise ValueError(
            f"not a place on Earth: {listed}. Give (latitude, longitude) in degrees, latitude first, "
            "within -90..90 and -180..180."
        )
    return array
