"""Matrices are found again by content, whoever wrote them, and never take more room than allowed."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from data.travel import RoadGraph
from data.travel.matrix_cache import MatrixCache


@pytest.fixture
def points(town):
    """Three places on the ring and one far from it."""
    return [town.at(1, 0), town.at(2, 0), town.at(0, 0.5), town.at(50, 50)]


def test_a_cached_matrix_equals_the_computed_one(town, points, tmp_path, monkeypatch):
    computed = RoadGraph(town.ring()).matrix(points)
    first = RoadGraph(town.ring(), cache_dir=tmp_path).matrix(points)
    again = RoadGraph(town.ring(), cache_dir=tmp_path)
    monkeypatch.setattr(again, "_compute_matrix", lambda array: pytest.fail("computed although it was cached"))
    for one, other, third in zip(computed, first, again.matrix(points), strict=True):
        assert one.dtype == other.dtype == third.dtype == np.int64
        assert one.tolist() == other.tolist() == third.tolist()


def test_other_points_order_limit_or_roads_are_other_matrices(town, points, tmp_path):
    graphs = [
        (RoadGraph(town.ring(), cache_dir=tmp_path), points),
        (RoadGraph(town.ring(), cache_dir=tmp_path), points[::-1]),
        (RoadGraph(town.ring(), cache_dir=tmp_path, snap_limit_m=10_000), points),
        (RoadGraph(town.network(town.street((0, 0), (3, 0))), cache_dir=tmp_path), points),
    ]
    for graph, asked in graphs:
        graph.matrix(asked)
    assert len(list(tmp_path.iterdir())) == len(graphs)


def test_a_damaged_file_is_reported_and_computed_again(town, points, tmp_path, caplog):
    graph = RoadGraph(town.ring(), cache_dir=tmp_path)
    seconds, _ = graph.matrix(points)
    [file] = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:100])
    assert graph.matrix(points)[0].tolist() == seconds.tolist()
    assert "is damaged" in caplog.text
    caplog.clear()
    assert graph.matrix(points)[0].tolist() == seconds.tolist()
    assert caplog.text == ""


def test_the_least_recently_used_files_are_dropped_first(tmp_path):
    size = 20
    square = np.arange(size * size).reshape(size, size)
    roomy = MatrixCache(tmp_path)
    for age, key in [(30, "old"), (20, "used"), (10, "new")]:
        roomy.store(key, square, square)
        path = tmp_path / f"{key}.matrix.npz"
        os.utime(path, (path.stat().st_mtime - age, path.stat().st_mtime - age))
    one_file = path.stat().st_size
    assert roomy.find("old") is not None  # asked for, hence recently used
    MatrixCache(tmp_path, largest_bytes=3 * one_file + 10).store("newest", square, square)
    assert roomy.find("used") is None
    assert all(roomy.find(key) is not None for key in ("old", "new", "newest"))


def test_many_writers_and_readers_never_see_half_a_file(tmp_path, caplog):
    square = np.arange(10_000).reshape(100, 100)

    def work(_):
        cache = MatrixCache(tmp_path)
        cache.store("same", square, square)
        return cache.find("same")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(work, range(40)))
    assert all(one is not None and (one[0] == square).all() for one in found)
    assert [path.name for path in tmp_path.iterdir()] == ["same.matrix.npz"]
    assert caplog.text == ""
