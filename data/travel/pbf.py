"""Build a road network from an OpenStreetMap PBF file, with pyrosm and geopandas.

Kept are the ways open to any car, service roads included (customers live on them); pyrosm leaves out ways closed by
access tags. Turn restrictions, ferries and conditional limits are not read.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from data.travel.interface import TravelError
from data.travel.osm_tags import UnreadableSpeed, directions, parse_maxspeed, road_class, working_kmh
from data.travel.refine import refine
from data.travel.road_network import RoadNetwork, make_network

logger = logging.getLogger(__name__)

ATTRIBUTION = "© OpenStreetMap contributors"

RULES_VERSION = 1
"""Raise it when the same file yields another network, so that kept networks are built anew."""

MUCH_LOST = 0.05
"""Leaving out more than this share of road length is worth a warning: the extract may be cut badly."""

_NETWORK = "driving+service"
_TAGS = (
    "highway",
    "oneway",
    "oneway:motor_vehicle",
    "oneway:motorcar",
    "junction",
    "maxspeed",
    "maxspeed:forward",
    "maxspeed:backward",
)
# Ways reserved for some vehicles, unless they name cars as allowed.
_RESERVED_ACCESS = frozenset({"psv", "bus", "forestry", "agricultural", "emergency", "military"})
_RESERVED_SERVICE = frozenset({"bus", "busbay"})
_CARS_ALLOWED = frozenset({"yes", "permissive", "destination", "designated", "customers", "delivery"})


def read_pbf(path: Path, *, on_progress: Callable[[float, str], None] | None = None) -> RoadNetwork:
    """The refined road network of the PBF file at `path`; `on_progress` hears (share done, what is being done).

    Raises TravelError if the file is missing, is no PBF file or holds no roads. Speed limits that follow no known
    form are logged with their counts and treated as missing.
    """
    tell = on_progress or (lambda share, what: None)
    if not path.is_file():
        raise TravelError(f"{path}: there is no such file; download an extract of your region as .osm.pbf")
    tell(0.0, f"reading roads of {path.name}")
    edges = _read_edges(path)
    tell(0.6, f"working out speeds of {len(edges):,} stretches of road")
    raw = network_of_edges(edges, path.name.removesuffix(".pbf").removesuffix(".osm"))
    tell(0.8, "joining streets and keeping the connected part")
    network = refine(raw)
    lost = 1 - network.length_dm.sum() / raw.length_dm.sum()
    level = logging.WARNING if lost > MUCH_LOST else logging.INFO
    logger.log(level, "%s: %.1f %% of road length cannot be reached and left again; left out", path, lost * 100)
    tell(1.0, f"{network.street_count:,} streets, {network.node_count:,} junctions")
    return network


def _read_edges(path: Path) -> Any:
    """A GeoDataFrame with one row per stretch between neighbouring nodes of a way, open to cars."""
    try:
        from pyrosm import OSM  # an extra: only those who build a graph of their own need it
    except ImportError as error:
        raise TravelError('reading PBF files needs pyrosm: pip install -e ".[roads]" where setup.cfg is') from error
    try:
        network = OSM(str(path)).get_network(network_type=_NETWORK, nodes=True, extra_attributes=list(_TAGS))
    except Exception as error:  # pyrosm raises whatever its compiled parser raises; the cause is kept
        raise TravelError(f"{path} cannot be read as an OpenStreetMap PBF file ({error})") from error
    edges = None if network is None else network[1]
    if edges is not None:
        edges = edges.assign(**{tag: None for tag in ("name", "service", *_TAGS) if tag not in edges})
        edges = edges[~_is_reserved(edges)]
    if edges is None or edges.empty:
        raise TravelError(f"{path} holds no roads for cars: choose an extract that covers your region")
    return edges


def _is_reserved(edges: Any) -> np.ndarray:
    reserved: np.ndarray = edges["service"].isin(_RESERVED_SERVICE).to_numpy()
    if "access" in edges:
        reserved = reserved | edges["access"].isin(_RESERVED_ACCESS).to_numpy()
    for tag in ("motor_vehicle", "motorcar"):
        if tag in edges:
            reserved = reserved | edges[tag].isin(_RESERVED_ACCESS).to_numpy()
            reserved = reserved & ~edges[tag].isin(_CARS_ALLOWED).to_numpy()
    return reserved


def network_of_edges(edges: Any, place: str) -> RoadNetwork:
    """The raw network of stretches of road: a GeoDataFrame with the columns u, v, geometry, name and _TAGS."""
    texts = {tag: [v if isinstance(v, str) else None for v in edges[tag]] for tag in ("name", *_TAGS)}
    # Few combinations of tags occur, each on many stretches: work each one out once.
    combinations = list(zip(*(texts[tag] for tag in _TAGS), strict=True))
    unreadable: Counter[str] = Counter()
    known = {
        combination: _drive(dict(zip(_TAGS, combination, strict=True)), unreadable)
        for combination in dict.fromkeys(combinations)
    }
    if unreadable:
        listed = ", ".join(repr(value) for value in sorted(unreadable))
        logger.warning("%s: speed limits not understood, usual speeds taken: %s", place, listed)
    drives = [known[combination] for combination in combinations]
    coordinates, sizes = _coordinates(edges)
    return make_network(
        place=place,
        attribution=ATTRIBUTION,
        tail=edges["u"].to_numpy(),
        head=edges["v"].to_numpy(),
        lines=(np.concatenate([[0], np.cumsum(sizes)]), coordinates[:, 1], coordinates[:, 0]),
        forward_kmh=[drive[1] for drive in drives],
        backward_kmh=[drive[2] for drive in drives],
        road_class=[drive[0] for drive in drives],
        street_names=[name or "" for name in texts["name"]],
    )


def _coordinates(edges: Any) -> tuple[np.ndarray, np.ndarray]:
    return edges.geometry.get_coordinates().to_numpy(), edges.geometry.count_coordinates().to_numpy()


def _drive(tags: dict[str, str | None], unreadable: Counter[str]) -> tuple[str, float, float]:
    """The road class and the working speeds along and against a way, in km/h; 0 where it is closed."""
    highway = tags["highway"] or ""
    kind = road_class(highway)
    oneway = tags["oneway:motorcar"] or tags["oneway:motor_vehicle"] or tags["oneway"]
    speeds = []
    for is_open, sided in zip(
        directions(oneway, tags["junction"], highway), ("maxspeed:forward", "maxspeed:backward"), strict=True
    ):
        limit = None
        for value in (tags[sided], tags["maxspeed"]):
            try:
                limit = parse_maxspeed(value)
            except UnreadableSpeed as error:
                unreadable[str(error)] += 1
            if limit is not None:
                break
        speeds.append(working_kmh(kind, limit) if is_open else 0.0)
    return kind, speeds[0], speeds[1]
