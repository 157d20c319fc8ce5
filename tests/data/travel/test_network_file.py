"""A road network survives its file unchanged, and files that are none are refused."""

import json
import zipfile

import numpy as np
import pytest

from data.travel.network_file import UnreadableNetwork, load_network, save_network
from data.travel.refine import refine


@pytest.fixture
def network(town):
    """Two crossing streets with names beyond ASCII."""
    return refine(
        town.network(
            town.street((0, 0), (1, 0), (2, 0), name="Avenida Pacífico"),
            town.street((2, 0), (2, 5), one_way=True, kind="primary"),
            town.street((2, 5), (0, 0), kind="primary_link"),
        )
    )


def test_a_saved_network_loads_as_it_was(network, tmp_path):
    save_network(network, tmp_path / "town.npz")
    loaded = load_network(tmp_path / "town.npz")
    assert loaded.digest == network.digest
    assert loaded.names == ("", "Avenida Pacífico")


def test_the_same_network_gives_the_same_bytes(network, tmp_path):
    save_network(network, tmp_path / "one.npz")
    save_network(load_network(tmp_path / "one.npz"), tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_any_change_changes_the_digest(town):
    slow, fast = (town.network(town.street((0, 0), (1, 0), kmh=kmh)) for kmh in (36, 37))
    assert slow.digest != fast.digest


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 torn"])
def test_a_file_that_is_no_road_graph_is_refused_in_words(content, tmp_path):
    path = tmp_path / "broken.npz"
    path.write_bytes(content)
    with pytest.raises(UnreadableNetwork, match="not a saved road graph"):
        load_network(path)


def test_an_archive_of_other_arrays_is_refused(tmp_path):
    np.savez(tmp_path / "other.npz", answer=np.array([42]))
    with pytest.raises(UnreadableNetwork, match="not a saved road graph"):
        load_network(tmp_path / "other.npz")


def test_a_format_of_another_time_is_refused_with_what_to_do(network, tmp_path):
    path = tmp_path / "future.npz"
    save_network(network, path)
    with np.load(path) as archive:
        arrays = dict(archive)
    about = json.loads(arrays["about"].tobytes()) | {"format": 99}
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    np.savez(path, **arrays)
    with pytest.raises(UnreadableNetwork, match=r"format 99.*build it again"):
        load_network(path)


def test_no_pickle_is_ever_read(tmp_path):
    path = tmp_path / "pickle.npz"
    np.savez(path, about=np.array([{"format": 1}], dtype=object))
    assert zipfile.is_zipfile(path)
    with pytest.raises(UnreadableNetwork):
        load_network(path)
