"""Look up an address among the named streets of a road network, without asking anybody on the internet."""

import re
import unicodedata
from functools import cached_property

import numpy as np

from data.records import Location
from data.travel.geo import great_circle_m
from data.travel.road_network import RoadNetwork

SAME_STREET_M = 1500
"""Pieces farther than this from a street's middle are taken for another street of the same name."""
MOST_PLACES = 12

_HOUSE_NUMBER = re.compile(r"\s*(?:\bn(?:ro|o|º|°)?\.?\s*|#\s*)?\d+\s?[a-z]?\s*$", re.IGNORECASE)
_NEAR = re.compile(
    r"\s*(?:near|corner(?: of)?|cerca de|esquina(?: con)?|esq\.?|bei|ecke|près de|angle)\s+(.+)", re.IGNORECASE
)


class SeveralPlaces(LookupError):
    """A street of that name is in several places, or too long. `choices` are addresses of which each is in one."""

    def __init__(self, address: str, choices: tuple[str, ...]) -> None:
        self.choices = choices
        super().__init__(f"{address!r} may be in {len(choices)} places")

    @property
    def mend(self) -> str:
        """What to write, in words."""
        return f"Choose or write which is meant: {'; '.join(map(repr, self.choices))}. Or add latitude and longitude"


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
        lines = (network.line(piece) for piece in range(network.street_count))
        self._middles = np.array([(float(lat.mean()), float(lon.mean())) for lat, lon in lines]).reshape(-1, 2)
        """(lat, lon) of every piece of a street."""

    def find(self, address: str) -> Location | None:
        """The middle of the street named in "street number, town", or where "street number, near street" says; None if
        the street is unknown. Raises SeveralPlaces."""
        parts = address.split(",")
        pieces = self._pieces_of(parts[0])
        if not pieces:
            return None
        for part in parts[1:]:
            near = _NEAR.fullmatch(part)
            if near is not None and (others := self._pieces_of(near[1])):
                return self._location(self._nearest(pieces, others))
        middles = self._middles[pieces]
        middle = _middle(middles)
        if float(np.max(_away_m(middles[middle], middles))) > SAME_STREET_M:
            choices = self._list_choices(parts[0].strip(), ",".join(parts[1:]), pieces)
            if len(choices) > 1:
                raise SeveralPlaces(address, choices)
            return None
        return self._location(pieces[middle])

    def _pieces_of(self, street: str) -> list[int]:
        # A street may have a number for its name, as in "Calle 12".
        return self._streets.get(_fold(street)) or self._streets.get(_fold(_HOUSE_NUMBER.sub("", street))) or []

    @cached_property
    def _named(self) -> np.ndarray:
        """The pieces whose street has a name."""
        return np.flatnonzero(self._network.name)

    def _location(self, piece: int) -> Location:
        lat, lon = self._middles[piece]
        return float(lat), float(lon)

    def _nearest(self, pieces: list[int], others: list[int]) -> int:
        """The piece that is nearest to any of the others."""
        there = self._middles[others]
        away_m = [float(np.min(_away_m(self._middles[piece], there))) for piece in pieces]
        return pieces[int(np.argmin(away_m))]

    def _list_choices(self, street: str, rest: str, pieces: list[int]) -> tuple[str, ...]:
        """An address for each place, the most of the street first, by a street near it that leads back to it."""
        places = sorted(self._list_places(pieces), key=len, reverse=True)[:MOST_PLACES]
        found = [(place, self._find_landmark(place, pieces)) for place in places]
        return tuple(f"{street}, near {name}{',' + rest if rest else ''}" for _, name in found if name)

    def _list_places(self, pieces: list[int]) -> list[list[int]]:
        """The pieces, put together with those about them."""
        left, places = list(pieces), []
        while left:
            middles = self._middles[left]
            centre = middles[_middle(middles)]
            is_here = _away_m(centre, middles) <= SAME_STREET_M / 2
            places.append([piece for piece, here in zip(left, is_here, strict=True) if here])
            left = [piece for piece, here in zip(left, is_here, strict=True) if not here]
        return places

    def _find_landmark(self, place: list[int], pieces: list[int]) -> str | None:
        """The name of the nearest other street from which the nearest piece is one of this place; None if none is."""
        middles = self._middles[place]
        own = self._network.name[place[0]]
        away_m = _away_m(middles[_middle(middles)], self._middles[self._named])
        tried = {int(own)}
        for piece in self._named[np.argsort(away_m, kind="stable")[:200]].tolist():
            name = int(self._network.name[piece])
            if name in tried:
                continue
            tried.add(name)
            text = self._network.names[name]
            if "," not in text and self._nearest(pieces, self._pieces_of(text)) in place:
                return text
        return None


def _middle(middles: np.ndarray) -> int:
    """Which of the points is nearest to the middle of all."""
    return int(np.argmin(np.abs(middles - np.median(middles, axis=0)).sum(axis=1)))


def _away_m(point: np.ndarray, others: np.ndarray) -> np.ndarray:
    return great_circle_m(point[0], point[1], others[:, 0], others[:, 1])


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
