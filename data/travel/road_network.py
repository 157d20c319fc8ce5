"""The streets of a region as plain arrays: who joins whom, how long it takes each way, and along which line."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from data.travel.geo import great_circle_m
from data.travel.osm_tags import ROAD_CLASSES

DEGREE_PARTS = 1_000_000
"""Lines are kept in whole millionths of a degree: 11 cm, finer than any survey behind the map."""

CLOSED = -1
"""In `forward_ms` and `backward_ms`: this street may not be driven in that direction."""


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """S streets between `node_count` junctions.

    Street s leads from node `tail[s]` to `head[s]` along the points `line_start[s]:line_start[s + 1]` of `lat`
    and `lon` (int32, millionths of a degree). It is `length_dm[s]` decimetres long and takes `forward_ms[s]`
    milliseconds to drive in that direction and `backward_ms[s]` against it (-1: closed). `road_class[s]` indexes
    ROAD_CLASSES and `name[s]` indexes `names`, in which 0 is "" (no name).
    """

    place: str
    attribution: str
    node_count: int
    tail: np.ndarray
    head: np.ndarray
    length_dm: np.ndarray
    forward_ms: np.ndarray
    backward_ms: np.ndarray
    road_class: np.ndarray
    name: np.ndarray
    names: tuple[str, ...]
    line_start: np.ndarray
    lat: np.ndarray
    lon: np.ndarray

    @property
    def street_count(self) -> int:
        return len(self.tail)

    @cached_property
    def digest(self) -> str:
        """A hash of everything that travel times depend on or that people see: equal networks, equal digests."""
        whole = hashlib.sha256()
        for field in fields(self):
            value = getattr(self, field.name)
            whole.update(field.name.encode())
            if isinstance(value, np.ndarray):
                whole.update(np.ascontiguousarray(value, dtype="<i8").tobytes())
            else:
                whole.update(repr(value).encode())
        return whole.hexdigest()

    def line(self, street: int) -> tuple[np.ndarray, np.ndarray]:
        """The street's points as latitudes and longitudes in degrees."""
        part = slice(self.line_start[street], self.line_start[street + 1])
        return self.lat[part] / DEGREE_PARTS, self.lon[part] / DEGREE_PARTS

    @cached_property
    def middle_lat(self) -> float:
        """The latitude, in degrees, at which flat metres are true for this network."""
        return float(self.lat.mean()) / DEGREE_PARTS if len(self.lat) else 0.0


def make_network(
    *,
    place: str,
    attribution: str,
    tail: Sequence[int] | np.ndarray,
    head: Sequence[int] | np.ndarray,
    lines: tuple[np.ndarray, np.ndarray, np.ndarray],
    forward_kmh: Sequence[float] | np.ndarray,
    backward_kmh: Sequence[float] | np.ndarray,
    road_class: Sequence[str],
    street_names: Sequence[str],
) -> RoadNetwork:
    """A network from streets with speeds: lengths are measured along `lines`, nodes are numbered anew.

    `tail` and `head` are any whole-number node ids; `lines` is (line_start, latitudes, longitudes) in degrees as
    RoadNetwork lays them out; a speed in km/h that is not positive closes that direction.
    """
    line_start, lat, lon = (np.asarray(part) for part in lines)
    nodes, ends = np.unique(np.concatenate([np.asarray(tail), np.asarray(head)]), return_inverse=True)
    length_m = _line_lengths_m(line_start.astype(np.int64), lat.astype(float), lon.astype(float))
    names = ("", *sorted({name for name in street_names if name}))
    name_index = {name: i for i, name in enumerate(names)}
    class_index = {name: i for i, name in enumerate(ROAD_CLASSES)}
    street_count = len(line_start) - 1
    return RoadNetwork(
        place=place,
        attribution=attribution,
        node_count=len(nodes),
        tail=ends[:street_count].astype(np.int32),
        head=ends[street_count:].astype(np.int32),
        # Nothing is free: a street of no length would let the search pass it at no cost.
        length_dm=np.maximum(np.rint(length_m * 10), 1).astype(np.int32),
        forward_ms=_drive_ms(length_m, np.asarray(forward_kmh, dtype=float)),
        backward_ms=_drive_ms(length_m, np.asarray(backward_kmh, dtype=float)),
        road_class=np.array([class_index[name] for name in road_class], dtype=np.uint8),
        name=np.array([name_index[name] for name in street_names], dtype=np.int32),
        names=names,
        line_start=line_start.astype(np.int64),
        lat=np.rint(lat * DEGREE_PARTS).astype(np.int32),
        lon=np.rint(lon * DEGREE_PARTS).astype(np.int32),
    )


def _line_lengths_m(line_start: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    hops = great_circle_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
    hops[line_start[1:-1] - 1] = 0.0  # the jump from the end of one line to the start of the next
    along = np.concatenate([[0.0], np.cumsum(hops)])
    lengths: np.ndarray = along[line_start[1:] - 1] - along[line_start[:-1]]
    return lengths


def _drive_ms(length_m: np.ndarray, kmh: np.ndarray) -> np.ndarray:
    is_open = kmh > 0
    milliseconds = np.rint(length_m * 3600.0 / np.where(is_open, kmh, 1.0))
    return np.where(is_open, np.maximum(milliseconds, 1), CLOSED).astype(np.int32)


def select_streets(network: RoadNetwork, streets: np.ndarray) -> RoadNetwork:
    """The network of only these street numbers, in this order; nodes and names that no street uses are dropped."""
    return chain_streets(network, [[(int(street), False)] for street in streets])


def chain_streets(network: RoadNetwork, chains: Sequence[Sequence[tuple[int, bool]]]) -> RoadNetwork:
    """The network whose streets are chains of the old ones, each (old street, is it driven against its order?).

    Lengths and times add up; class and name are those of a chain's first street.
    """
    street = np.array([s for chain in chains for s, _ in chain], dtype=np.int64)
    flipped = np.array([flip for chain in chains for _, flip in chain], dtype=bool)
    sizes = np.array([len(chain) for chain in chains], dtype=np.int64)
    start = np.concatenate([[0], np.cumsum(sizes)])[:-1].astype(np.int64)
    first, last = start, start + sizes - 1

    tails = np.where(flipped, network.head[street], network.tail[street])
    heads = np.where(flipped, network.tail[street], network.head[street])
    forward = np.where(flipped, network.backward_ms[street], network.forward_ms[street])
    backward = np.where(flipped, network.forward_ms[street], network.backward_ms[street])
    nodes, ends = np.unique(np.concatenate([tails[first], heads[last]]), return_inverse=True)
    used_names, name = np.unique(np.concatenate([[0], network.name[street[first]]]), return_inverse=True)
    line_start, lat, lon = _chain_lines(network, street, flipped, start)
    return RoadNetwork(
        place=network.place,
        attribution=network.attribution,
        node_count=len(nodes),
        tail=ends[: len(first)].astype(np.int32),
        head=ends[len(first) :].astype(np.int32),
        length_dm=_sum_runs(network.length_dm[street], start).astype(np.int32),
        forward_ms=_sum_open_runs(forward, start),
        backward_ms=_sum_open_runs(backward, start),
        road_class=network.road_class[street[first]],
        name=name[1:].astype(np.int32),
        names=tuple(network.names[i] for i in used_names),
        line_start=line_start,
        lat=lat,
        lon=lon,
    )


def _chain_lines(
    network: RoadNetwork, street: np.ndarray, flipped: np.ndarray, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The points of the chained lines; where one street follows another their shared point is kept once."""
    first_of_chain = np.zeros(len(street), dtype=bool)
    first_of_chain[start] = True
    from_point, to_point = network.line_start[street], network.line_start[street + 1]
    skipped = ~first_of_chain
    counts = to_point - from_point - skipped
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    step = np.arange(offsets[-1]) - np.repeat(offsets[:-1], counts) + np.repeat(skipped, counts)
    rank = np.where(
        np.repeat(flipped, counts), np.repeat(to_point - 1, counts) - step, np.repeat(from_point, counts) + step
    )
    line_start = np.append(offsets[start], offsets[-1])
    return line_start, network.lat[rank], network.lon[rank]


def _sum_runs(values: np.ndarray, start: np.ndarray) -> np.ndarray:
    return np.add.reduceat(values.astype(np.int64), start) if len(start) else np.zeros(0, dtype=np.int64)


def _sum_open_runs(milliseconds: np.ndarray, start: np.ndarray) -> np.ndarray:
    closed = _sum_runs(milliseconds == CLOSED, start) > 0
    return np.where(closed, CLOSED, _sum_runs(milliseconds, start)).astype(np.int32)
