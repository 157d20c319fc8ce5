"""Look up an address among the named streets of a road network, without asking anybody on the internet."""

import re
import unicodedata

import numpy as np

from data.records import Location
from data.travel.geo import great_circle_m
from data.travel.road_network import RoadNetwork

SAME_STREET_M = 1500
"""Pieces farther than this from a street's middle are taken for another street of the same name."""

_HOUSE_NUMBER = re.compile(r"\s*(?:\bn(?:ro|o|º|°)?\.?\s*|#\s*)?\d+\s?[a-z]?\s*$", re.IGNORECASE)


class StreetIndex:
    """Finds the middle of a street by its name; road networks do not know house numbers.

    So an answer is right to within SAME_STREET_M metres, and usually much nearer: good enough to plan a day,
    not to find the door.
    """

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        self._streets: dict[str, list[int]] = {}
        for street, name in enumerate(network.name.tolist()):
            if name:
                self._streets.setdefault(_fold(network.names[name]), []).append(street)

    def find(self, address: str) -> Location | None:
        """The middle of the street named in "street number, town", or None if unknown or not unique."""
        street = _fold(_HOUSE_NUMBER.sub("", address.split(",")[0]))
        # A street may have a number for its name, as in "Calle 12".
        pieces = self._streets.get(_fold(address.split(",")[0])) or self._streets.get(street)
        if not pieces:
            return None
        middles = np.array([[float(part.mean()) for part in self._network.line(piece)] for piece in pieces])
        middle = middles[np.argmin(np.abs(middles - np.median(middles, axis=0)).sum(axis=1))]
        away_m = great_circle_m(middle[0], middle[1], middles[:, 0], middles[:, 1])
        if float(np.max(away_m)) > SAME_STREET_M:
            return None
        return float(middle[0]), float(middle[1])


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
