"""Derive the sample city's road graph from the AequilibraE wheel of the Python package registry.

    pip download --no-deps --only-binary=:all: --dest wheels aequilibrae==1.7.2
    python -m data.sample.derive_city wheels/aequilibrae-1.7.2-*.whl

The wheel carries an OpenStreetMap extract of La Serena and Coquimbo, Chile, as a demonstration project. Streets,
directions, names, classes and speed limits are kept; centroid connectors, which are no streets, are not.
"""

from __future__ import annotations

import argparse
import io
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

import numpy as np

from data.travel.network_file import save_network
from data.travel.osm_tags import ROAD_CLASSES, working_kmh
from data.travel.refine import refine
from data.travel.road_network import RoadNetwork, make_network
from data.travel.sources import SAMPLE_CITY_FILE

PLACE = "La Serena-Coquimbo, Chile"
ATTRIBUTION = "© OpenStreetMap contributors"

_PROJECT = "aequilibrae/reference_files/coquimbo.zip"
_DATABASE = "project_database.sqlite"
_LINKS = """
    select a_node, b_node, direction, link_type, coalesce(name, ''), speed_ab, speed_ba, geometry
    from links where link_type != 'centroid_connector' order by link_id
"""
_SPATIALITE_HEADER = 43  # bytes before the number of points: mark, byte order, SRID, box, mark, geometry type
_LINESTRING = 2


def read_city(wheel: Path) -> RoadNetwork:
    """The sample city's network, refined, from the wheel at `wheel`."""
    with zipfile.ZipFile(wheel) as outer, tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(io.BytesIO(outer.read(_PROJECT))) as project:
            database = project.extract(_DATABASE, folder)
        with closing(sqlite3.connect(database)) as connection:
            rows = connection.execute(_LINKS).fetchall()
    tail, head, direction, link_type, names, limit_ahead, limit_back, shapes = zip(*rows, strict=True)
    lines = [_points_of(shape) for shape in shapes]
    classes = [
        _class_of(kind, name, ahead or back)
        for kind, name, ahead, back in zip(link_type, names, limit_ahead, limit_back, strict=True)
    ]
    # A limit noted for one direction holds for the other unless that has its own.
    ahead_kmh = [working_kmh(c, a or b) for c, a, b in zip(classes, limit_ahead, limit_back, strict=True)]
    back_kmh = [working_kmh(c, b or a) for c, a, b in zip(classes, limit_ahead, limit_back, strict=True)]
    points = np.concatenate(lines)
    return refine(
        make_network(
            place=PLACE,
            attribution=ATTRIBUTION,
            tail=tail,
            head=head,
            lines=(np.cumsum([0, *map(len, lines)]), points[:, 1], points[:, 0]),
            forward_kmh=np.where(np.array(direction) >= 0, ahead_kmh, 0.0),
            backward_kmh=np.where(np.array(direction) <= 0, back_kmh, 0.0),
            road_class=classes,
            street_names=names,
        )
    )


def _class_of(link_type: str, name: str, limit: float | None) -> str:
    """The extract calls ramps by the class they lead to; a nameless main road without a limit is one."""
    ramp = f"{link_type}_link"
    return ramp if ramp in ROAD_CLASSES and not name and not limit else link_type


def _points_of(shape: bytes) -> np.ndarray:
    """float64[N, 2] of (lon, lat) from a SpatiaLite line in little-endian byte order."""
    kind = int.from_bytes(shape[39:43], "little")
    if shape[1] != 1 or kind != _LINESTRING:
        raise ValueError(f"expected a little-endian LINESTRING, got byte order {shape[1]} and type {kind}")
    count = int.from_bytes(shape[_SPATIALITE_HEADER : _SPATIALITE_HEADER + 4], "little")
    return np.frombuffer(shape, dtype="<f8", count=2 * count, offset=_SPATIALITE_HEADER + 4).reshape(-1, 2)


def main() -> None:
    """Write the sample city's road graph beside this script and say how large it is."""
    parser = argparse.ArgumentParser(description="Derive the sample city's road graph.")
    parser.add_argument("wheel", type=Path, help="the downloaded aequilibrae wheel")
    parser.add_argument("--output", type=Path, default=SAMPLE_CITY_FILE)
    arguments = parser.parse_args()
    network = read_city(arguments.wheel)
    save_network(network, arguments.output)
    print(
        f"{arguments.output}: {network.street_count:,} streets, {network.node_count:,} junctions, "
        f"{network.length_dm.sum() / 10_000:,.0f} km, {len(network.names) - 1:,} names, "
        f"{arguments.output.stat().st_size:,} bytes"
    )


if __name__ == "__main__":
    main()
