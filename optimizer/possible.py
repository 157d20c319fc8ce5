"""What of an engine's sequences is possible: all but the visits for which there are no times after all."""

from __future__ import annotations

import logging
from collections.abc import Callable

from optimizer.assemble import find_all_times, find_times
from optimizer.primitives import KEEP, Primitives
from optimizer.verify import Sequences

LOG = logging.getLogger(__name__)


def possible(primitives: Primitives, sequences: Sequences, tell: Callable[[int], None]) -> Sequences:
    """The same sequences without the visits for which there are no times; `tell` hears of each.

    The routing model lets a break fall around work that takes no time; we do not.
    """
    kept = [list(sequence) for sequence in sequences]
    for shift, sequence in enumerate(kept):
        while sequence and find_times(primitives, shift, sequence) is None:
            late = next(
                count
                for count in range(1, len(sequence) + 1)
                if find_times(primitives, shift, sequence[:count]) is None
            )
            movable = [one for one in sequence[:late] if primitives.drop_cost[one] != KEEP]
            if not movable:  # nothing but pins so far: their own order always has times
                LOG.error("The routing model's order of the pinned visits has no times; they are put in their own.")
                sequence[:] = primitives.pinned_order[shift]
                break
            _leave_out(primitives, kept, movable[-1], tell)
    while find_all_times(primitives, kept) is None:  # routes that wait for one another in vain
        planned = {visit for sequence in kept for visit in sequence}
        linked = [visit for link in primitives.links if planned.issuperset(link[:2]) for visit in link[:2]]
        movable = [visit for visit in linked if primitives.drop_cost[visit] != KEEP]
        if not movable:
            break  # verification says what is wrong
        _leave_out(primitives, kept, movable[-1], tell)
    return kept


def _leave_out(primitives: Primitives, sequences: Sequences, visit: int, tell: Callable[[int], None]) -> None:
    """Takes a visit out, with all that is only planned together with it."""
    tell(visit)
    gone = {one for one in primitives.together(visit) if primitives.drop_cost[one] != KEEP}
    for sequence in sequences:
        sequence[:] = [one for one in sequence if one not in gone]
