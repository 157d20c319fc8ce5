"""A first plan of linked visits: OR-Tools moves one at a time, so it never plans both of two that belong together.

Here it may plan either alone, and so comes by both; whatever is alone in the end is left out again.
"""

from __future__ import annotations

from collections.abc import Callable

from optimizer.engines.routing.engine import RoutingEngine, Sequences
from optimizer.primitives import KEEP, Primitives


def search_loosely(
    primitives: Primitives,
    time_limit_s: float,
    *,
    iterations: int,
    seed: int = 0,
    start: Sequences | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Sequences | None:
    """Returns the cheapest sequences found once linked visits that are alone have been left out; None if none were.

    `time_limit_s` is an emergency brake: within it, the same `iterations` and seed give the same sequences.
    """
    best: Sequences | None = None
    least = 0

    def hear(cost: int, found: Callable[[], Sequences]) -> None:
        nonlocal best, least
        sequences, price = without_halves(primitives, found())
        if best is None or cost + price < least:
            best, least = sequences, cost + price

    engine = RoutingEngine(primitives, seed, both_or_none=False)
    engine.search(time_limit_s, iterations=iterations, start=start, on_better=hear, cancelled=cancelled)
    return best


def without_halves(primitives: Primitives, sequences: Sequences) -> tuple[Sequences, int]:
    """The sequences without linked visits whose partner is left out, and what leaving them out costs."""
    planned = {visit for sequence in sequences for visit in sequence}
    gone: set[int] = set()
    for first, second, *_ in primitives.links:
        for visit, other in ((first, second), (second, first)):
            if visit in planned and other not in planned and primitives.drop_cost[other] != KEEP:
                gone |= {one for one in primitives.together(visit) if primitives.drop_cost[one] != KEEP}
    kept = [[visit for visit in sequence if visit not in gone] for sequence in sequences]
    return kept, sum(int(primitives.drop_cost[visit]) for visit in gone & planned)
