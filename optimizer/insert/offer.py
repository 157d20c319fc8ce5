"""What is offered: a place for a visit, what it costs, and what else changes."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.plan import Route


@dataclass(frozen=True, slots=True)
class Move:
    """A visit that makes room: where it goes instead, or is left out with `shift` and `start_s` None.

    `price` is what its new place, or leaving it out, adds to the cost.
    """

    visit: str
    from_shift: str
    shift: str | None
    start_s: int | None
    price: int


@dataclass(frozen=True, slots=True)
class Partner:
    """A visit that was left out, too, and comes along since neither can be planned without the other."""

    visit: str
    shift: str
    start_s: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One place for a visit: after so many stops of a shift, with what changes for everybody on the routes touched.

    `price` is what the plan gets dearer by, in the rules' own cost, a move included; `spared` is the price of leaving
    the visit and its partner out, which is not in it. Seconds and metres are added over all routes touched; `routes`
    are those as they would be.
    """

    visit: str
    shift: str
    technician: str
    position: int
    start_s: int
    arrive_s: int
    added_travel_s: int
    added_travel_m: int
    added_late_s: int
    price: int
    spared: int
    move: Move | None
    routes: tuple[Route, ...]
    partner: Partner | None = None

    @property
    def pays(self) -> bool:
        """Whether the policy would rather have it than leave the visit out."""
        return self.price < self.spared
