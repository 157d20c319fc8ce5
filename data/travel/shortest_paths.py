"""Fastest paths between places along streets, by scipy's compiled Dijkstra.

One number carries a path's time and its length: milliseconds x 2**26 + decimetres. Sums of whole numbers below
2**53 are exact in the float64 that scipy searches with, so one search finds the fastest path, takes the shorter
of two equally fast ones, and yields the metres of that very path without walking it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from data.travel.closures import ClosedStretches
from data.travel.interface import TravelError
from data.travel.road_network import CLOSED, RoadNetwork
from data.travel.snapping import Snap

_DM_PARTS = float(2**26)
_EXACT = float(2**53)

ACCESS_KMH = 10.0
"""Between a point and the street it is snapped to a van crawls along a drive that the map does not show."""

_SOURCES_AT_ONCE = 64  # bounds memory: each source needs one float64 per junction


@dataclass(frozen=True)
class Piece:
    """A stretch of one street, from one share of its line to another (downwards: against the street's order)."""

    street: int
    from_fraction: float
    to_fraction: float


@dataclass(frozen=True)
class _Arcs:
    """Directed stretches of street between search nodes, at most one per pair of nodes: the fastest."""

    tail: np.ndarray
    head: np.ndarray
    weight: np.ndarray
    street: np.ndarray
    from_fraction: np.ndarray
    to_fraction: np.ndarray


_NAMES = tuple(field.name for field in fields(_Arcs))


class PathFinder:
    """Searches one network, where something is `closed` around it; every call places its points on the streets as
    extra nodes of the search."""

    def __init__(self, network: RoadNetwork, closed: ClosedStretches | None = None) -> None:
        self._network = network
        self._closed = closed
        street = np.arange(network.street_count)
        forward, backward = street[network.forward_ms != CLOSED], street[network.backward_ms != CLOSED]
        self._whole_streets = [
            self._arcs(network.tail[forward], network.head[forward], forward, 0.0, 1.0),
            self._arcs(network.head[backward], network.tail[backward], backward, 1.0, 0.0),
        ]

    def matrix(self, places: Snap) -> tuple[np.ndarray, np.ndarray]:
        """Seconds and metres, int64[K, K], of the fastest paths between K places; -1 where there is none."""
        count = len(places.street)
        first_origin = self._network.node_count
        first_target = first_origin + count
        graph = _graph(self._with_places(places), first_target + count)
        seconds, metres = np.empty((count, count), dtype=np.int64), np.empty((count, count), dtype=np.int64)
        for start in range(0, count, _SOURCES_AT_ONCE):
            rows = slice(start, min(start + _SOURCES_AT_ONCE, count))
            found = dijkstra(graph, indices=np.arange(first_origin + rows.start, first_origin + rows.stop))
            seconds[rows], metres[rows] = unpack(found[:, first_target:])
        np.fill_diagonal(seconds, 0)
        np.fill_diagonal(metres, 0)
        return seconds, metres

    def paths(self, places: Snap, legs: np.ndarray) -> Iterator[tuple[int, int, list[Piece]]]:
        """For each leg (from, to) of int[L, 2] its seconds, its metres and the stretches of street it drives.

        A leg without a way yields -1, -1 and no pieces.
        """
        first_origin = self._network.node_count
        first_target = first_origin + len(places.street)
        arcs = self._with_places(places)
        size = first_target + len(places.street)
        graph = _graph(arcs, size)
        key = arcs.tail * size + arcs.head
        origins = np.unique(legs[:, 0])
        before_of: dict[int, np.ndarray] = {}
        weight_of: dict[int, np.ndarray] = {}
        for start in range(0, len(origins), _SOURCES_AT_ONCE):
            batch = origins[start : start + _SOURCES_AT_ONCE]
            weights, before = dijkstra(graph, indices=first_origin + batch, return_predecessors=True)
            before_of |= dict(zip(batch.tolist(), before, strict=True))
            weight_of |= dict(zip(batch.tolist(), weights[:, first_target:], strict=True))
        for origin, target in legs.tolist():
            if origin == target:  # the search would leave and drive around the block
                yield 0, 0, []
                continue
            seconds, metres = unpack(weight_of[origin][target : target + 1])
            pieces: list[Piece] = []
            if seconds[0] >= 0:
                nodes = [first_target + target]
                while nodes[-1] != first_origin + origin:
                    nodes.append(int(before_of[origin][nodes[-1]]))
                nodes.reverse()
                walk = np.array(nodes, dtype=np.int64)
                rank = np.searchsorted(key, walk[:-1] * size + walk[1:])
                pieces = [
                    Piece(*piece)
                    for piece in zip(
                        arcs.street[rank].tolist(),
                        arcs.from_fraction[rank].tolist(),
                        arcs.to_fraction[rank].tolist(),
                        strict=True,
                    )
                ]
            yield int(seconds[0]), int(metres[0]), pieces

    def _arcs(
        self,
        tail: np.ndarray,
        head: np.ndarray,
        street: np.ndarray,
        from_fraction: np.ndarray | float,
        to_fraction: np.ndarray | float,
        access_m: np.ndarray | float = 0.0,
    ) -> _Arcs:
        """Drives along streets between fractions, with metres of access added; the direction must be open."""
        network = self._network
        share = np.abs(np.subtract(to_fraction, from_fraction))
        pace_ms = np.where(
            np.greater_equal(to_fraction, from_fraction), network.forward_ms[street], network.backward_ms[street]
        )
        milliseconds = np.rint(share * np.maximum(pace_ms, 0) + np.asarray(access_m) * 3600.0 / ACCESS_KMH)
        decimetres = np.rint(share * network.length_dm[street] + np.asarray(access_m) * 10.0)
        return _Arcs(
            tail=np.asarray(tail, dtype=np.int64),
            head=np.asarray(head, dtype=np.int64),
            # A weight of zero would read as "no arc" in a sparse matrix.
            weight=np.maximum(milliseconds * _DM_PARTS + decimetres, 1.0),
            street=np.asarray(street, dtype=np.int64),
            from_fraction=np.broadcast_to(np.asarray(from_fraction, dtype=float), street.shape),
            to_fraction=np.broadcast_to(np.asarray(to_fraction, dtype=float), street.shape),
        )

    def _with_places(self, places: Snap) -> _Arcs:
        """The network's arcs plus, for each place, an origin that only leaves and a target that only arrives."""
        network = self._network
        count = len(places.street)
        street, fraction, access = places.street, places.fraction, places.distance_m
        origin = network.node_count + np.arange(count)
        target = origin + count
        ahead = network.forward_ms[street] != CLOSED
        back = network.backward_ms[street] != CLOSED
        parts = [*self._whole_streets]
        for is_open, begin, end, start_at, end_at in (
            (ahead, network.tail, network.head, 0.0, 1.0),
            (back, network.head, network.tail, 1.0, 0.0),
        ):
            # At a junction one is on all its streets: no one-way sign forbids moving on or stopping there.
            may = is_open | (fraction == end_at)
            s, f, a = street[may], fraction[may], access[may]
            parts.append(self._arcs(origin[may], end[s], s, f, end_at, a))
            may = is_open | (fraction == start_at)
            s, f, a = street[may], fraction[may], access[may]
            parts.append(self._arcs(begin[s], target[may], s, start_at, f, a))
        one, other = _pairs_on_one_street(street)
        s = street[one]
        gain = fraction[other] - fraction[one]
        open_way = np.where(gain >= 0, network.forward_ms[s], network.backward_ms[s]) != CLOSED
        open_way |= gain == 0
        one, other = one[open_way], other[open_way]
        parts.append(
            self._arcs(
                origin[one], target[other], street[one], fraction[one], fraction[other], access[one] + access[other]
            )
        )
        return _fastest_of_parallel([self._without_closed(part) for part in parts])

    def _without_closed(self, arcs: _Arcs) -> _Arcs:
        if self._closed is None:
            return arcs
        is_open = ~self._closed.touch(arcs.street, arcs.from_fraction, arcs.to_fraction)
        return _Arcs(**{name: getattr(arcs, name)[is_open] for name in _NAMES})


def unpack(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whole seconds and metres of path weights, -1 where the weight is infinite: no path."""
    reached = np.isfinite(weight)
    finite = np.where(reached, weight, 0.0)
    if finite.size and finite.max() >= _EXACT:
        raise TravelError("a path takes longer than 37 hours: the region is too large for one road graph")
    milliseconds, decimetres = np.divmod(finite, _DM_PARTS)
    seconds = np.where(reached, np.rint(milliseconds / 1000.0), -1).astype(np.int64)
    metres = np.where(reached, np.rint(decimetres / 10.0), -1).astype(np.int64)
    return seconds, metres


def _pairs_on_one_street(street: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All ordered pairs of different places that lie on the same street."""
    order = np.argsort(street, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(street[order])) + 1)
    pairs = [(a, b) for group in groups if len(group) > 1 for a in group for b in group if a != b]
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _fastest_of_parallel(parts: list[_Arcs]) -> _Arcs:
    """One list of arcs by (tail, head); a sparse matrix would add parallel arcs up instead of choosing."""
    whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _NAMES}
    order = np.lexsort((whole["street"], whole["weight"], whole["head"], whole["tail"]))
    tail, head = whole["tail"][order], whole["head"][order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    kept = order[first]
    return _Arcs(**{name: values[kept] for name, values in whole.items()})


def _graph(arcs: _Arcs, size: int) -> csr_array:
    start = np.searchsorted(arcs.tail, np.arange(size + 1)).astype(np.int32)
    return csr_array((arcs.weight, arcs.head.astype(np.int32), start), shape=(size, size))
