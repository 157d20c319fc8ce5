"""The routing model's nodes: one for each visit, one for each call at a depot that a shift may make, and one for each
location where shifts begin or end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.primitives import OPEN, Primitives


class Nodes:
    """Numbers visits, calls and ends as nodes. A seed other than 0 shuffles the visits, which varies the search."""

    def __init__(self, primitives: Primitives, seed: int) -> None:
        order = np.arange(primitives.visits)
        if seed:
            order = np.random.default_rng(seed).permutation(order)
        self.visit_of = order
        self.of_visit = [int(node) for node in np.argsort(order)]
        calling = np.flatnonzero(primitives.depot != OPEN).tolist()
        self.of_call = {shift: primitives.visits + position for position, shift in enumerate(calling)}
        self.first_end = primitives.visits + len(calling)
        ends = sorted({*map(int, primitives.start_location), *map(int, primitives.end_location)})
        node_of = {location: self.first_end + position for position, location in enumerate(ends)}
        self.starts = [node_of[int(location)] for location in primitives.start_location]
        self.ends = [node_of[int(location)] for location in primitives.end_location]
        places = [*primitives.visit_location[order], *primitives.depot[calling], *ends]
        self.location = np.array(places, dtype=np.int64)
        self.count = len(self.location)

    def spread(self, by_visit: NDArray[np.int64]) -> NDArray[np.int64]:
        """Values by visit as values by node; all other nodes have 0."""
        by_node = np.zeros(self.count, dtype=np.int64)
        by_node[: len(self.visit_of)] = by_visit[self.visit_of]
        return by_node

    def between(self, by_location: NDArray[np.int64]) -> NDArray[np.int64]:
        """A matrix by location as one by node; legs from or to an open end are 0."""
        matrix = by_location[np.ix_(self.location, self.location)].astype(np.int64, copy=True)
        matrix[self.location == OPEN, :] = 0
        matrix[:, self.location == OPEN] = 0
        return matrix

    def without_empty_routes(self, matrix: NDArray[np.int64]) -> NDArray[np.int64]:
        """The same matrix with legs between ends at 0: a shift that goes nowhere travels and costs nothing."""
        matrix[self.first_end :, self.first_end :] = 0
        return matrix
