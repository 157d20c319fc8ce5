"""OR-Tools routing: the model of record. It holds every hard rule, finds a first plan and re-reads any other.

Reference: the OR-Tools routing library (Furnon and Perron, Google). The wheel's traps are kept in here:
`SetAllowedVehiclesForIndex` does not take Python lists, so `VehicleVar` is restricted instead; a Python callback for
every arc would be slow, so all travel is registered as matrices; and a search holds Python's interpreter lock, so
a limit that is polled lets other threads run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from optimizer.engines.routing.costs import add_costs
from optimizer.engines.routing.links import add_links, add_worst_lateness
from optimizer.engines.routing.loads import add_calls, add_loads
from optimizer.engines.routing.skeleton import Skeleton
from optimizer.engines.routing.time import Clock, add_limits
from optimizer.primitives import KEEP, Primitives
from optimizer.timing import Times

Sequences = list[list[int]]

CHECKS_PER_ITERATION = 100
LONGEST_S = 10**7
"""A limit of OR-Tools' own when there is none: its clock does not go further than that by far."""
OWN_LIMIT_LATER_S = 0.1
POLL_EVERY = 500
"""How many checks of the limit go by before other threads get a turn: some milliseconds."""


class RoutingEngine(Skeleton):
    """A routing model of one problem. Build once, then `search`, or `accepts` as often as you like.

    Without `both_or_none`, either of two linked visits may be planned alone.
    """

    def __init__(self, primitives: Primitives, seed: int = 0, *, both_or_none: bool = True) -> None:
        super().__init__(primitives, seed)
        self.checks = 0
        """How often the last search asked whether to stop."""
        self.visit_at = {self.index(visit): visit for visit in range(primitives.visits)}
        self._restrict()
        self.clock = Clock(self)
        add_limits(self)
        add_costs(self)
        add_loads(self, add_calls(self))
        self._add_pairs()
        add_links(self, self.clock, both_or_none=both_or_none)
        add_worst_lateness(self, self.clock)

    def search(
        self,
        time_limit_s: float,
        *,
        iterations: int | None = None,
        start: Sequences | None = None,
        checks: int | None = None,
        keep_s: Callable[[], float] | None = None,
        on_better: Callable[[int, Callable[[], Sequences]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Sequences | None:
        """Returns the best sequences found by guided local search, or None if not even one plan was.

        It begins at `start` where the model has times for it. `iterations` bounds the search in hundreds of neighbours
        looked at; with it, and time to spare, the result is reproducible. `checks` repeats a search that asked so
        often whether to stop, whatever the clock says; afterwards `self.checks` has this number. `on_better` hears the
        cost of each better plan, and may ask for its sequences at once; `cancelled` is asked every few milliseconds,
        and `keep_s` how many seconds of the time limit are to be left over.
        """
        parameters = _search_parameters(time_limit_s)
        self.model.CloseModelWithParameters(parameters)
        limit = _Limit(time_limit_s, iterations, checks, keep_s, cancelled)

        def better() -> None:
            cost = self.model.CostVar().Max()
            if limit.best is None or cost < limit.best:
                limit.best = cost
                if on_better:
                    on_better(cost, lambda: self._read(lambda variable: int(variable.Value())))

        self.model.AddAtSolutionCallback(better)
        self.model.AddSearchMonitor(self.model.solver().CustomLimit(limit.is_reached))
        first = None if start is None else self.model.ReadAssignmentFromRoutes(self._routes(start), True)
        if first is None:
            found = self.model.SolveWithParameters(parameters)
        else:
            found = self.model.SolveFromAssignmentWithParameters(first, parameters)
        self.checks = limit.checks
        return None if found is None else self._read(found.Value)

    def accepts(self, sequences: Sequences, times: Sequence[Times | None] | None = None) -> bool:
        """Re-reads a plan: True if it keeps every hard rule of the model.

        `times` are those of each shift, None where it stays at home; without any, the model only asks itself whether
        there can be some without a call at a depot. They are checked, not searched for: where there are many breaks
        and pins, finding them anew can take the model longer than finding the plan.
        """
        self.model.CloseModel()
        plan = self.model.solver().Assignment()
        for shift, sequence in enumerate(sequences):
            timed = times[shift] if times else None
            places = [self.index(visit) for visit in sequence]
            if timed is not None and timed.call is not None:
                places.insert(timed.call[0], self.call_index(shift))
            elif shift in self.nodes.of_call:
                _fix(plan, self.model.NextVar(self.call_index(shift)), self.call_index(shift))
            for place, following in pairwise([self.model.Start(shift), *places, self.model.End(shift)]):
                _fix(plan, self.model.NextVar(place), following)
            if timed is not None:
                self.clock.fix_times(plan, shift, sequence, timed)
        for visit in set(range(self.primitives.visits)).difference(*sequences):
            _fix(plan, self.model.NextVar(self.index(visit)), self.index(visit))
        return bool(self.model.solver().CheckAssignment(plan))

    def price(self, sequences: Sequences, time_limit_s: float = LONGEST_S) -> int | None:
        """What a plan costs at the times that the model finds for it, or None if there are none.

        Raises TimeoutError if the model does not know after that time: for a few orders it looks at all times.
        """
        self.model.CloseModelWithParameters(_search_parameters(time_limit_s))
        began = time.monotonic()
        read = self.model.ReadAssignmentFromRoutes(self._routes(sequences), True)
        if read is None and time.monotonic() - began >= time_limit_s:
            raise TimeoutError(f"the model found no times for {sequences} within {time_limit_s} s")
        return None if read is None else int(read.ObjectiveValue())

    def _routes(self, sequences: Sequences) -> list[list[int]]:
        """Sequences as the model reads them: by node."""
        return [[self.nodes.of_visit[visit] for visit in sequence] for sequence in sequences]

    def _read(self, value_of: Callable[[Any], int]) -> Sequences:
        """The sequences that the model's variables have by this account."""
        sequences: Sequences = []
        for shift in range(self.primitives.shifts):
            index, sequence = value_of(self.model.NextVar(self.model.Start(shift))), []
            while not self.model.IsEnd(index):
                if index in self.visit_at:  # else it is a call
                    sequence.append(self.visit_at[index])
                index = value_of(self.model.NextVar(index))
            sequences.append(sequence)
        return sequences

    def _restrict(self) -> None:
        """Who may go where, what must stay, and what leaving out costs."""
        for visit in range(self.primitives.visits):
            index = self.index(visit)
            shifts = [int(shift) for shift in np.flatnonzero(self.primitives.allowed[visit])]
            drop_cost = int(self.primitives.drop_cost[visit])
            if drop_cost == KEEP:
                self.model.VehicleVar(index).SetValues(shifts)
            else:
                self.model.AddDisjunction([index], drop_cost)
                self.model.VehicleVar(index).SetValues([-1, *shifts])

    def _add_pairs(self) -> None:
        """Both or none, on one shift; that the first comes first, the model sees to by itself."""
        solver = self.model.solver()
        for first, second in self.primitives.pairs:
            start, end = self.index(first), self.index(second)
            self.model.AddPickupAndDelivery(start, end)
            solver.Add(self.model.ActiveVar(start) == self.model.ActiveVar(end))
            solver.Add(self.model.VehicleVar(start) == self.model.VehicleVar(end))


def _fix(plan: pywrapcp.Assignment, variable: pywrapcp.IntVar, value: int) -> None:
    plan.Add(variable)
    plan.SetValue(variable, value)


def _search_parameters(time_limit_s: float) -> object:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    # The limit that asks us stops it; its own comes later, so that what stopped it can be repeated.
    parameters.time_limit.FromNanoseconds(int((min(time_limit_s, LONGEST_S) + OWN_LIMIT_LATER_S) * 1e9))
    return parameters


class _Limit:
    """Stops a search when it is cancelled or has looked at enough, and gives other threads a turn now and then."""

    def __init__(
        self,
        time_limit_s: float,
        iterations: int | None,
        checks: int | None,
        keep_s: Callable[[], float] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.best: int | None = None
        self.checks = 0
        self._most_checks = None if iterations is None else iterations * CHECKS_PER_ITERATION
        self._repeated = checks
        self._deadline_s = time.monotonic() + time_limit_s
        self._keep_s, self._cancelled = keep_s, cancelled

    def is_reached(self) -> bool:
        """Asked by the search for every neighbour; a count is only heeded once there is a plan."""
        self.checks += 1
        if self._repeated is not None:
            return self.checks >= self._repeated
        if self._most_checks is not None and self.checks > self._most_checks and self.best is not None:
            return True
        if self.checks % POLL_EVERY:
            return False
        time.sleep(0)
        is_over = time.monotonic() > self._deadline_s - (self._keep_s() if self._keep_s else 0.0)
        return is_over or (self._cancelled is not None and self._cancelled())
