"""Open a travel source by the words of a setting: "sample", "straight-line" or the path of a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from data.travel.interface import TravelError, TravelSource
from data.travel.network_file import FORMAT
from data.travel.pbf import RULES_VERSION
from data.travel.road_graph import RoadGraph
from data.travel.straight_line import StraightLine

SAMPLE_CITY_FILE = Path(__file__).parent.parent / "sample" / "la_serena_coquimbo.npz"

_SPEC_HELP = 'give "sample", "straight-line", a .pbf file of OpenStreetMap or a saved road graph (.npz)'


def open_travel_source(
    spec: str,
    cache_dir: Path | None = None,
    *,
    on_progress: Callable[[float, str], None] | None = None,
) -> TravelSource:
    """The travel source that `spec` names; TravelError, saying how to mend, if there is none.

    A PBF file is built into a road graph once and kept in `cache_dir` under its content. `on_progress` hears
    the share done (0..1) and what is being done.
    """
    if spec == "straight-line":
        return StraightLine()
    if spec == "sample":
        return sample_road_graph(cache_dir=cache_dir)
    path = Path(spec).expanduser()
    if not path.is_file():
        raise TravelError(f'travel source "{spec}": there is no such file; {_SPEC_HELP}')
    if path.suffix == ".pbf":
        return _open_pbf(path, cache_dir, on_progress)
    if path.suffix == ".npz":
        return RoadGraph.load(path, cache_dir=cache_dir)
    raise TravelError(f'travel source "{spec}": files of this kind are not read; {_SPEC_HELP}')


def sample_road_graph(*, cache_dir: Path | None = None) -> RoadGraph:
    """The road graph of the sample city, La Serena-Coquimbo in Chile."""
    return RoadGraph.load(SAMPLE_CITY_FILE, cache_dir=cache_dir)


def _open_pbf(path: Path, cache_dir: Path | None, on_progress: Callable[[float, str], None] | None) -> RoadGraph:
    if cache_dir is None:
        return RoadGraph.from_pbf(path, on_progress=on_progress)
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    kept = cache_dir / f"roads-{FORMAT}-{RULES_VERSION}-{content}.npz"
    if kept.is_file():
        return RoadGraph.load(kept, cache_dir=cache_dir)
    graph = RoadGraph.from_pbf(path, cache_dir=cache_dir, on_progress=on_progress)
    graph.save(kept)
    return graph
