"""The travel source of this installation, opened once per process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from data.geocode import StreetIndex
from data.records import Location
from data.travel import ByHour, RoadGraph, TravelError, TravelSource, open_travel_source
from dispatch import installation
from dispatch.errors import SettingsError
from dispatch.settings import Settings

_opened: dict[tuple[str, Path], TravelSource] = {}
_lock = threading.Lock()


def get_travel_source(session: Session, on_progress: Callable[[float, str], None] | None = None) -> TravelSource:
    """What TRAVEL_SOURCE or the database names, by the hours of TRAVEL_BY_HOUR if there are any; raises SettingsError
    if it cannot be opened."""
    settings: Settings = session.info["settings"]
    name = installation.get_travel_source_name(session, settings.travel_source)
    source = open_by_name(name, settings.home / "cache", on_progress)
    return ByHour(source, settings.travel_by_hour) if settings.travel_by_hour else source


def open_by_name(name: str, cache_dir: Path, on_progress: Callable[[float, str], None] | None = None) -> TravelSource:
    """Open once, then share: a road graph takes a second to load and many megabytes to hold."""
    with _lock:
        key = (name, cache_dir)
        if key not in _opened:
            try:
                _opened[key] = open_travel_source(name, cache_dir, on_progress=on_progress)
            except TravelError as error:
                raise SettingsError(f"The travel source cannot be opened: {error}.") from error
        return _opened[key]


def find_geocoder(session: Session) -> Callable[[str], Location | None] | None:
    """What finds the place of an address in the installation's road graph, opened when first asked; None without one.

    Asking raises SettingsError if the road graph cannot be opened.
    """
    settings: Settings = session.info["settings"]
    name = installation.get_travel_source_name(session, settings.travel_source)
    if name == installation.DEFAULT_TRAVEL_SOURCE:
        return None

    def find(address: str) -> Location | None:
        graph = open_by_name(name, settings.home / "cache")
        return _index_streets(graph).find(address) if isinstance(graph, RoadGraph) else None

    return find


def open_streets(session: Session) -> None:
    """Open what addresses are looked up in, which takes long the first time: not while others wait to write.

    What keeps it from being opened is told by whoever looks an address up.
    """
    settings: Settings = session.info["settings"]
    name = installation.get_travel_source_name(session, settings.travel_source)
    with suppress(SettingsError):
        graph = open_by_name(name, settings.home / "cache")
        if isinstance(graph, RoadGraph):
            _index_streets(graph)


@lru_cache(maxsize=1)
def _index_streets(graph: RoadGraph) -> StreetIndex:
    return StreetIndex(graph.network)
