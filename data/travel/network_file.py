"""Road networks as files: one compact archive of plain arrays, the same bytes for the same network.

The archive is a NumPy .npz without pickles. Points are kept as steps from the one before, which compresses to a
third; `about` holds the format number, the place and the attribution as JSON.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np

from data.travel.interface import TravelError
from data.travel.road_network import RoadNetwork
from data.travel.whole_file import whole_file

FORMAT = 1
_TIME_OF_ENTRIES = (1980, 1, 1, 0, 0, 0)  # a file says when it was made by its own date, not by its bytes
_ARRAYS = ("tail", "head", "length_dm", "forward_ms", "backward_ms", "road_class", "name")


class UnreadableNetwork(TravelError):
    """A file that is no saved road graph, or one of a format this version does not know."""


def save_network(network: RoadNetwork, path: Path) -> None:
    """Write the network to `path` (usually .npz), which appears whole and replaces what was there."""
    about = {
        "format": FORMAT,
        "place": network.place,
        "attribution": network.attribution,
        "node_count": network.node_count,
    }
    arrays = {name: getattr(network, name) for name in _ARRAYS}
    arrays["about"] = _text_array(json.dumps(about, ensure_ascii=False, sort_keys=True))
    arrays["names"] = _text_array("\n".join(network.names))
    arrays["line_sizes"] = np.diff(network.line_start).astype(np.int32)
    arrays["lat_steps"] = np.diff(network.lat, prepend=np.int32(0))
    arrays["lon_steps"] = np.diff(network.lon, prepend=np.int32(0))
    with whole_file(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(arrays):
            entry = zipfile.ZipInfo(f"{name}.npy", _TIME_OF_ENTRIES)
            entry.compress_type = zipfile.ZIP_DEFLATED
            content = io.BytesIO()
            np.lib.format.write_array(content, np.ascontiguousarray(arrays[name]), allow_pickle=False)
            archive.writestr(entry, content.getvalue(), compresslevel=9)


def load_network(path: Path) -> RoadNetwork:
    """The network of a file written by `save_network`; raises UnreadableNetwork saying how to mend."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        about = json.loads(_text(arrays["about"]))
        if about["format"] != FORMAT:
            raise UnreadableNetwork(
                f"{path} has road graph format {about['format']}, this version reads {FORMAT}: build it again "
                "from its PBF file"
            )
        sizes = arrays["line_sizes"]
        return RoadNetwork(
            place=about["place"],
            attribution=about["attribution"],
            node_count=about["node_count"],
            names=tuple(_text(arrays["names"]).split("\n")),
            line_start=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            lat=np.cumsum(arrays["lat_steps"]).astype(np.int32),
            lon=np.cumsum(arrays["lon_steps"]).astype(np.int32),
            **{name: arrays[name] for name in _ARRAYS},
        )
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise UnreadableNetwork(
            f"{path} is not a saved road graph ({error}): build one from an OpenStreetMap PBF file"
        ) from error


def _text_array(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _text(array: np.ndarray) -> str:
    return array.tobytes().decode()
