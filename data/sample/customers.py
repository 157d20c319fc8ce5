"""The sample company's customers: organisations with a fixed address, and households."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from data.records import Location
from data.sample.names import draw_organisations, draw_person, draw_phone, make_email

Addresses = Callable[[int, np.random.Generator], list[tuple[float, float, str]]]
"""Draws n places along real streets: (lat, lon, street name) each."""


@dataclass(frozen=True)
class Customer:
    """Somebody who asks for work at one place; `sort` is "home" or a sort of organisation."""

    name: str
    sort: str
    phone: str
    email: str
    address: str
    location: Location


class CustomerBook:
    """Draws who asks for work: organisations come back, households are mostly new."""

    def __init__(self, addresses: Addresses, rng: np.random.Generator) -> None:
        self._addresses, self._rng = addresses, rng
        self._by_sort: dict[str, list[Customer]] = {}
        self._places: list[tuple[float, float, str]] = []  # drawn in one go, which is much quicker
        organisations = draw_organisations(rng)
        places = addresses(len(organisations), rng)
        for (sort, name), place in zip(organisations, places, strict=True):
            self._by_sort.setdefault(sort, []).append(self._at(name, sort, place))

    def draw(self, sort: str) -> Customer:
        """A customer of that sort."""
        if sort != "home":
            known = self._by_sort[sort]
            return known[int(self._rng.integers(len(known)))]
        if not self._places:
            self._places = self._addresses(200, self._rng)
        return self._at(draw_person(self._rng), sort, self._places.pop())

    def _at(self, name: str, sort: str, place: tuple[float, float, str]) -> Customer:
        latitude, longitude, street = place
        address = f"{street} {self._rng.integers(1, 300) * 10 + self._rng.integers(10)}"
        return Customer(name, sort, draw_phone(self._rng), make_email(name), address, (latitude, longitude))
