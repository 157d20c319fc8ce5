"""Errands of two stops for random problems."""

from __future__ import annotations

import random
from dataclasses import replace

from optimizer import Pair, Problem


def with_pairs(problem: Problem, source: random.Random) -> Problem:
    """The same problem where most visits that are not pinned are in a pair, and ask for little else."""
    visits = {visit.id: visit for visit in problem.visits}
    free = [visit.id for visit in problem.visits if visit.pin is None]
    source.shuffle(free)
    pairs = []
    for first, second in zip(free[::2], free[1::2], strict=False):
        load = tuple(source.randint(0, 2) for _ in range(source.randint(0, 2)))
        visits[first], visits[second] = (
            replace(one, skills={}, windows=source.choice([(), (), one.windows]))
            for one in (replace(visits[first], pickup=load), replace(visits[second], delivery=load))
        )
        if source.random() < 0.8:
            pairs.append(Pair(first, second))
    return replace(problem, visits=tuple(visits.values()), pairs=tuple(pairs))
