"""Verification: the routing model re-reads a whole plan of any size, in batches of shifts that depend on each other.

A model of everything would need a matrix of all places for every kind of shift. What is on different shifts is
independent unless a pair or a link joins it, so small models of a few shifts each say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from optimizer.assemble import find_all_times
from optimizer.engines.routing import RoutingEngine
from optimizer.link_windows import Bounds
from optimizer.part import take_part
from optimizer.primitives import KEEP, Primitives
from optimizer.timing import FAR

Sequences = list[list[int]]
STOPS_PER_BATCH = 40
"""Models of about this size cost the least per stop: smaller ones are many, larger ones have larger matrices."""


def list_refused(
    primitives: Primitives, sequences: Sequences, accepted: Sequences | None = None, bounds: Bounds | None = None
) -> list[list[int]]:
    """The groups of shifts whose routes the routing model refuses; none means that it accepts the plan.

    A group is a shift, with those that pairs or links tie it to in this plan. `accepted` is a plan that the model has
    accepted before: what is as it was there is not read again. `bounds` help to find times of linked visits. Raises
    ValueError when a visit is planned twice or a visit that must stay is left out: no group is to blame for that.
    """
    _check_roll_call(primitives, sequences)
    groups = list_groups(primitives, sequences)
    if accepted is not None:
        changed = _list_changed(primitives, sequences, accepted)
        groups = [group for group in groups if changed.intersection(group)]
    refused: list[list[int]] = []
    for batch in _batches(sequences, groups):
        if accepts(primitives, sequences, [shift for group in batch for shift in group], bounds):
            continue
        # Mostly nothing is refused; what is, is looked at again group by group.
        found = [group for group in batch if not accepts(primitives, sequences, group, bounds)]
        refused.extend(found or batch)
    return refused


def accepts(primitives: Primitives, sequences: Sequences, shifts: Sequence[int], bounds: Bounds | None = None) -> bool:
    """Whether the model of these shifts and their stops alone accepts their routes at their best times."""
    planned = [visit for shift in shifts for visit in sequences[shift]]
    pinned = [visit for shift in shifts for visit in primitives.pinned_order[shift]]
    visits = sorted({*planned, *pinned, *_partners(primitives, planned)})
    number = {visit: position for position, visit in enumerate(visits)}
    part = take_part(primitives, visits, shifts)
    routes = [[number[visit] for visit in sequences[shift]] for shift in shifts]
    times = find_all_times(part, routes, {number[one]: own for one, own in (bounds or {}).items() if one in number})
    if times is None:
        return False
    # Where nothing says when a shift may begin, its times lie before any model's calendar: that there are some is all.
    bounded = [timed if begins_s > -FAR else None for timed, begins_s in zip(times, part.earliest_s, strict=True)]
    return RoutingEngine(part).accepts(routes, bounded)


def list_groups(primitives: Primitives, sequences: Sequences) -> list[list[int]]:
    """The shifts with stops, in groups that pairs and links tie together in this plan; each group in order."""
    shift_of = {visit: shift for shift, sequence in enumerate(sequences) for visit in sequence}
    leader = list(range(len(sequences)))

    def lead(shift: int) -> int:
        while leader[shift] != shift:
            leader[shift] = shift = leader[leader[shift]]
        return shift

    for first, second in list_ties(primitives):
        if first in shift_of and second in shift_of:
            leader[lead(shift_of[second])] = lead(shift_of[first])
    groups: dict[int, list[int]] = {}
    for shift, sequence in enumerate(sequences):
        if sequence:
            groups.setdefault(lead(shift), []).append(shift)
    return list(groups.values())


def list_ties(primitives: Primitives) -> Iterator[tuple[int, int]]:
    """The two visits of every pair and link."""
    for first, second, *_ in (*primitives.pairs, *primitives.links):
        yield first, second


def _check_roll_call(primitives: Primitives, sequences: Sequences) -> None:
    counts = np.zeros(primitives.visits, dtype=np.int64)
    for sequence in sequences:
        np.add.at(counts, sequence, 1) if sequence else None
    if (counts > 1).any():
        raise ValueError(f"visits {np.flatnonzero(counts > 1).tolist()} are planned more than once")
    missing = np.flatnonzero((counts == 0) & (primitives.drop_cost == KEEP))
    if missing.size:
        raise ValueError(f"visits {missing.tolist()} must stay and are left out")


def _batches(sequences: Sequences, groups: Sequence[list[int]]) -> Iterator[list[list[int]]]:
    batch: list[list[int]] = []
    stops = 0
    for group in groups:
        batch.append(group)
        stops += sum(len(sequences[shift]) for shift in group)
        if stops >= STOPS_PER_BATCH:
            yield batch
            batch, stops = [], 0
    if batch:
        yield batch


def _list_changed(primitives: Primitives, sequences: Sequences, accepted: Sequences) -> set[int]:
    """The shifts whose stops are not what they were, and those that hold what was or is tied to such stops."""
    changed = {shift for shift, sequence in enumerate(sequences) if sequence != accepted[shift]}
    moved = [visit for shift in changed for visit in (*sequences[shift], *accepted[shift])]
    tied = _partners(primitives, moved)
    return changed | {shift for shift, sequence in enumerate(sequences) if tied and tied.intersection(sequence)}


def _partners(primitives: Primitives, planned: Iterable[int]) -> set[int]:
    """What is tied to these visits; planned or not, the model must see both ends."""
    here = set(planned)
    return {one for tie in list_ties(primitives) if here.intersection(tie) for one in tie}
