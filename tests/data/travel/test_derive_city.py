"""The sample city is derived from its package as described."""

import io
import sqlite3
import zipfile
from contextlib import closing

import numpy as np
import pytest

from data.sample.derive_city import read_city
from data.travel.osm_tags import ROAD_CLASSES
from data.travel.road_network import CLOSED

A, B, C, D = (-71.25, -29.90), (-71.24, -29.90), (-71.24, -29.91), (-71.25, -29.91)


def spatialite_line(*points: tuple[float, float]) -> bytes:
    """A line of (lon, lat) as SpatiaLite stores it: mark, byte order, SRID, box, mark, type, count, points, mark."""
    lon, lat = zip(*points, strict=True)
    box = np.array([min(lon), min(lat), max(lon), max(lat)]).tobytes()
    head = b"\x00\x01" + (4326).to_bytes(4, "little") + box + b"\x7c" + (2).to_bytes(4, "little")
    return head + len(points).to_bytes(4, "little") + np.array(points).tobytes() + b"\xfe"


@pytest.fixture
def wheel(tmp_path):
    """A package whose city is a square: two two-way sides, a one-way side, a ramp, and a connector to leave out."""
    rows = [
        (1, 10, 20, 0, "residential", "Uno", None, None, spatialite_line(A, B)),
        (2, 20, 30, 1, "primary", "Dos", 50, None, spatialite_line(B, C)),
        (3, 40, 30, -1, "secondary", "Tres", None, 60, spatialite_line(D, C)),
        (4, 40, 10, 0, "trunk", None, None, None, spatialite_line(D, A)),
        (5, 10, 30, 0, "centroid_connector", "centroid", None, None, spatialite_line(A, C)),
    ]
    database = tmp_path / "project_database.sqlite"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "create table links (link_id, a_node, b_node, direction, link_type, name, speed_ab, speed_ba, geometry)"
        )
        connection.executemany("insert into links values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    project = io.BytesIO()
    with zipfile.ZipFile(project, "w") as archive:
        archive.write(database, "project_database.sqlite")
    path = tmp_path / "aequilibrae-0-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("aequilibrae/reference_files/coquimbo.zip", project.getvalue())
    return path


def test_streets_directions_names_classes_and_limits_are_kept(wheel):
    network = read_city(wheel)
    by_name = {network.names[network.name[s]]: s for s in range(network.street_count)}
    assert sorted(by_name) == ["", "Dos", "Tres", "Uno"]
    classes = {name: ROAD_CLASSES[network.road_class[s]] for name, s in by_name.items()}
    assert classes == {"Uno": "residential", "Dos": "primary", "Tres": "secondary", "": "trunk_link"}
    is_open = {name: (network.forward_ms[s] != CLOSED, network.backward_ms[s] != CLOSED) for name, s in by_name.items()}
    assert is_open == {"Uno": (True, True), "Dos": (True, False), "Tres": (False, True), "": (True, True)}
    dos, tres = by_name["Dos"], by_name["Tres"]
    assert network.length_dm[dos] * 360 / network.forward_ms[dos] == pytest.approx(0.8 * 50, rel=1e-3)
    assert network.length_dm[tres] * 360 / network.backward_ms[tres] == pytest.approx(0.8 * 60, rel=1e-3)
    assert network.attribution == "© OpenStreetMap contributors"
