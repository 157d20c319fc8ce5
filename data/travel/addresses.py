"""Draw places along real streets, for invented customers and technicians."""

from __future__ import annotations

import numpy as np

from data.travel.interface import TravelError
from data.travel.osm_tags import ROAD_CLASSES
from data.travel.road_network import RoadNetwork

# How likely a metre of street has a front door, by class; classes not named here have none.
_DOORS = {"residential": 1.0, "living_street": 1.0, "tertiary": 0.6, "secondary": 0.4, "primary": 0.1}
_DOORS_BY_CLASS = np.array([_DOORS.get(name, 0.0) for name in ROAD_CLASSES])


def random_addresses(network: RoadNetwork, n: int, rng: np.random.Generator) -> list[tuple[float, float, str]]:
    """`n` places (lat, lon, street name), longer streets drawn more often; TravelError if no street has a name."""
    weight = network.length_dm * _DOORS_BY_CLASS[network.road_class] * (network.name > 0)
    if n and not weight.any():
        raise TravelError(f"{network.place}: no street with a name to draw addresses from")
    if not n:
        return []
    drawn = rng.choice(network.street_count, size=n, p=weight / weight.sum())
    addresses = []
    for street, share in zip(drawn, rng.random(n), strict=True):
        lat, lon = network.line(int(street))
        along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(lat), np.diff(lon)))])
        at = float(share) * along[-1]
        spot = [round(float(np.interp(at, along, line)), 6) for line in (lat, lon)]
        addresses.append((spot[0], spot[1], network.names[int(network.name[street])]))
    return addresses
