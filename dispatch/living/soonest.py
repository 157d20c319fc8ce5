"""The soonest way to come to a visit, whatever it costs: the best offers alone are the cheapest of each route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optimizer import Visit
from optimizer.insert import Offer, Offers
from optimizer.problem import Window

WORTH_S = 300
"""Coming sooner by no more than this is not worth another way."""


def offers_by(offers: Offers, visit: Visit, close_s: int, count: int) -> list[Offer]:
    """The best offers, without and with a move, of those that start by a second of the plan."""
    windows = visit.windows or (Window(0, close_s),)
    closed = tuple(Window(one.open_s, min(one.close_s, close_s)) for one in windows if one.open_s <= close_s)
    if not closed:
        return []
    sooner = replace(visit, windows=closed)
    return [*offers.direct(sooner, count), *offers.with_a_move(sooner, count)]


def with_soonest(offers: Offers, visit: Visit, found: Sequence[Offer], from_s: int) -> list[Offer]:
    """What was found and, where somebody can come clearly sooner than by any of it, the cheapest way to do so.

    Nobody comes before `from_s`. Halves the time that remains until nothing sooner is worth it: ten questions a day.
    """
    first = soonest = min(found, key=lambda one: (one.start_s, one.price), default=None)
    if first is None or soonest is None:
        return []
    low_s = from_s
    while soonest.start_s - low_s > WORTH_S:
        by_s = (low_s + soonest.start_s) // 2
        sooner = min(offers_by(offers, visit, by_s, 1), key=lambda one: one.price, default=None)
        if sooner is None:
            low_s = by_s
        else:
            soonest = sooner
    return [*found, soonest] if first.start_s - soonest.start_s > WORTH_S else list(found)
