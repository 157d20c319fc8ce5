"""Make a raw network fit for searching: one connected part, streets from junction to junction, plain lines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from data.travel.geo import flat_m
from data.travel.interface import TravelError
from data.travel.road_network import CLOSED, DEGREE_PARTS, RoadNetwork, chain_streets, select_streets

SAME_PACE = 0.1
"""Streets are joined only if their paces differ by less than this share: a point half way is half the time."""

LINE_TOLERANCE_M = 2.0
"""How far a simplified line may stray from the surveyed one: half a lane."""


def refine(network: RoadNetwork, tolerance_m: float = LINE_TOLERANCE_M) -> RoadNetwork:
    """The largest strongly connected part, joined into streets from junction to junction, lines simplified."""
    return simplify_lines(join_streets(keep_largest_strong_part(network)), tolerance_m)


def keep_largest_strong_part(network: RoadNetwork) -> RoadNetwork:
    """Only the streets among which every place can be reached from every other, and left again.

    Raises TravelError if the network has no such street: there is nothing to drive on.
    """
    forward, backward = network.forward_ms != CLOSED, network.backward_ms != CLOSED
    tails = np.concatenate([network.tail[forward], network.head[backward]])
    heads = np.concatenate([network.head[forward], network.tail[backward]])
    links = coo_matrix((np.ones(len(tails)), (tails, heads)), shape=(network.node_count, network.node_count))
    _, part = connected_components(links, directed=True, connection="strong")
    drivable = (part[network.tail] == part[network.head]) & (forward | backward)
    if not drivable.any():
        raise TravelError(f"{network.place}: no road here leads anywhere and back; choose a larger extract")
    # The part with most metres of street, not most nodes: a car park has many nodes.
    metres = np.bincount(part[network.tail[drivable]], weights=network.length_dm[drivable])
    return select_streets(network, np.flatnonzero(drivable & (part[network.tail] == metres.argmax())))


def join_streets(network: RoadNetwork) -> RoadNetwork:
    """Join streets at nodes where nothing can be decided: two streets of one name, class, direction and pace."""
    through = _joinable_nodes(network)
    at_node: dict[int, list[int]] = {int(node): [] for node in np.flatnonzero(through)}
    tail, head = network.tail.tolist(), network.head.tolist()
    for street, (a, b) in enumerate(zip(tail, head, strict=True)):
        for node in (a, b):
            if node in at_node:
                at_node[node].append(street)

    done = np.zeros(network.street_count, dtype=bool)
    chains: list[list[tuple[int, bool]]] = []

    def follow(street: int, flipped: bool) -> None:
        chain = []
        while not done[street]:
            done[street] = True
            chain.append((street, flipped))
            node = tail[street] if flipped else head[street]
            if node not in at_node:
                break
            a, b = at_node[node]
            street = b if street == a else a
            flipped = head[street] == node
        chains.append(chain)

    for street in range(network.street_count):
        if not done[street] and tail[street] not in at_node:
            follow(street, False)
        elif not done[street] and head[street] not in at_node:
            follow(street, True)
    for street in range(network.street_count):
        if not done[street]:  # what is left are rings without a junction: cut them anywhere
            follow(street, False)
    return chain_streets(network, chains)


def _joinable_nodes(network: RoadNetwork) -> np.ndarray:
    """bool[node]: exactly two ends of two different, alike streets meet here, and one continues the other."""
    streets = np.arange(network.street_count)
    node = np.concatenate([network.tail, network.head])
    street = np.concatenate([streets, streets])
    arrives = np.concatenate([network.backward_ms, network.forward_ms]) != CLOSED
    departs = np.concatenate([network.forward_ms, network.backward_ms]) != CLOSED
    pace = np.maximum(network.forward_ms, network.backward_ms) / network.length_dm

    order = np.argsort(node, kind="stable")
    counts = np.bincount(node, minlength=network.node_count)
    first_end = (np.cumsum(counts) - counts)[counts == 2]
    one, two = order[first_end], order[first_end + 1]
    s, t = street[one], street[two]
    alike = (
        (s != t)
        & (network.name[s] == network.name[t])
        & (network.road_class[s] == network.road_class[t])
        & (arrives[one] == departs[two])
        & (arrives[two] == departs[one])
        & (np.abs(pace[s] - pace[t]) < SAME_PACE * np.minimum(pace[s], pace[t]))
    )
    through = np.zeros(network.node_count, dtype=bool)
    through[np.flatnonzero(counts == 2)[alike]] = True
    return through


def simplify_lines(network: RoadNetwork, tolerance_m: float) -> RoadNetwork:
    """Drop points that a line can spare within `tolerance_m` metres; lengths and times stay as surveyed."""
    x, y = flat_m(network.lat / DEGREE_PARTS, network.lon / DEGREE_PARTS, network.middle_lat)
    owner = np.repeat(np.arange(network.street_count), np.diff(network.line_start))
    # The simplified line is a subsequence of the points: carry each point's number along as its height.
    numbered = shapely.linestrings(np.column_stack([x, y, np.arange(len(x), dtype=float)]), indices=owner)
    kept = shapely.get_coordinates(shapely.simplify(numbered, tolerance_m, preserve_topology=False), include_z=True)[
        :, 2
    ].astype(np.int64)
    sizes = np.bincount(owner[kept], minlength=network.street_count)
    return replace(
        network,
        line_start=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        lat=network.lat[kept],
        lon=network.lon[kept],
    )
