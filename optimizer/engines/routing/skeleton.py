"""What every part of the routing model builds on: the empty model, its nodes, and matrices registered once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp

from optimizer.engines.routing.nodes import Nodes
from optimizer.primitives import Primitives


class Skeleton:
    """An OR-Tools routing model without rules. A seed other than 0 shuffles the visits, which varies the search."""

    def __init__(self, primitives: Primitives, seed: int) -> None:
        self.primitives = primitives
        self.nodes = Nodes(primitives, seed)
        self.manager = pywrapcp.RoutingIndexManager(
            self.nodes.count, primitives.shifts, self.nodes.starts, self.nodes.ends
        )
        self.model = pywrapcp.RoutingModel(self.manager)
        self._registered: dict[bytes, int] = {}

    def index(self, visit: int) -> int:
        """The routing model's own number for a visit."""
        return int(self.manager.NodeToIndex(self.nodes.of_visit[visit]))

    def call_index(self, shift: int) -> int:
        """The routing model's own number for a shift's call at its depot; KeyError if it has none."""
        return int(self.manager.NodeToIndex(self.nodes.of_call[shift]))

    def register_matrix(self, matrix: NDArray[np.int64]) -> int:
        """Registers a node-to-node matrix once, however many shifts share it."""
        key = matrix.tobytes()
        if key not in self._registered:
            self._registered[key] = self.model.RegisterTransitMatrix(matrix.tolist())
        return self._registered[key]
