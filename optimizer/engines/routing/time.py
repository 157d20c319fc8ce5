"""Time in the routing model: travel, work, windows, lateness, shift hours, breaks, and limits of travel."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.engines.routing.skeleton import Skeleton
from optimizer.primitives import KEEP, Primitives
from optimizer.timing import FAR, Times
from optimizer.travel import UNREACHABLE


class Clock:
    """The time dimension. A visit's time is when its stop starts, set-up first and then service.

    Where two visits share a site, set-up is paid only on arriving there, so it belongs to the leg and the time is
    the moment after it; what is said about the start is then moved by the set-up that was paid.
    """

    def __init__(self, engine: Skeleton) -> None:
        self.engine, self.primitives = engine, engine.primitives
        self.origin_s, self.latest_start_s = _span(engine.primitives)
        self.shares_site = _shares_site(engine.primitives)
        self.on_leg_s = np.where(self.shares_site, engine.primitives.setup_s, 0)
        # A visit left out has a start, too, and set-up after it.
        self.horizon_s = self.latest_start_s + int(self.on_leg_s.max(initial=0))
        callbacks = self._register_legs()
        engine.model.AddDimensionWithVehicleTransits(callbacks, self.horizon_s, self.horizon_s, False, "time")
        self.dimension = engine.model.GetDimensionOrDie("time")
        self.starts = self._add_starts()
        self.copies: dict[int, Any] = {}
        self.breaks: list[list[Any]] = [[] for _ in range(engine.primitives.shifts)]
        for shift in range(engine.primitives.shifts):
            self._bound_shift(shift)
            self._add_breaks(shift)
        for visit in range(engine.primitives.visits):
            self._add_windows(visit)
            self._add_lateness(visit)

    def on_site_s(self, shift: int) -> NDArray[np.int64]:
        """Seconds from each visit's time to when it is done."""
        primitives = self.primitives
        return primitives.service_s[:, shift] + np.where(self.shares_site, 0, primitives.setup_s)

    def fix_times(self, plan: Any, shift: int, sequence: Sequence[int], times: Times) -> None:
        """Writes a shift's times into an assignment: leaving, every stop, home, and the breaks."""
        model, primitives = self.engine.model, self.primitives
        moments = {model.Start(shift): times.leave_s, model.End(shift): times.home_s}
        place = int(primitives.start_location[shift])
        for position, (visit, start_s) in enumerate(zip(sequence, times.starts_s, strict=True)):
            if times.call is not None and times.call[0] == position:
                moments[self.engine.call_index(shift)] = times.call[1]
                place = int(primitives.depot[shift])
            paid_s = int(self.on_leg_s[visit]) if primitives.visit_location[visit] != place else 0
            moments[self.engine.index(visit)] = start_s + paid_s
            place = int(primitives.visit_location[visit])
        for index, moment_s in moments.items():
            variable = self.dimension.CumulVar(index)
            plan.Add(variable)
            plan.SetValue(variable, moment_s - self.origin_s)
        for pause, start_s in times.rests:
            variable = self.breaks[shift][pause].StartExpr().Var()
            plan.Add(variable)
            plan.SetValue(variable, start_s - self.origin_s)

    def _register_legs(self) -> list[int]:
        """One matrix for each kind of shift: on site here, then the leg, then set-up there if it is paid there."""
        primitives, nodes = self.primitives, self.engine.nodes
        setup_s = self._setup_on_legs()
        too_long_s = 2 * self.horizon_s + 1
        known: dict[tuple[str, int, bytes], int] = {}
        callbacks = []
        for shift, profile in enumerate(primitives.profile):
            max_leg_s, on_site_s = int(primitives.max_leg_s[shift]), self.on_site_s(shift)
            key = (profile, max_leg_s, on_site_s.tobytes())
            if key not in known:
                legs_s = nodes.between(primitives.seconds[profile])
                forbidden = (legs_s == UNREACHABLE) | (legs_s > max_leg_s)
                matrix = legs_s + nodes.spread(on_site_s)[:, None] + setup_s
                matrix[forbidden] = too_long_s
                known[key] = self.engine.register_matrix(nodes.without_empty_routes(matrix))
            callbacks.append(known[key])
        return callbacks

    def _setup_on_legs(self) -> NDArray[np.int64]:
        """Set-up that is paid at the end of each leg, from node to node."""
        nodes = self.engine.nodes
        elsewhere = nodes.location[:, None] != nodes.location[None, :]
        return np.where(elsewhere, nodes.spread(self.on_leg_s)[None, :], 0)

    def _bound_shift(self, shift: int) -> None:
        primitives, model = self.primitives, self.engine.model
        first_s = int(np.clip(primitives.earliest_s[shift] - self.origin_s, 0, self.horizon_s))
        last_s = int(np.clip(primitives.hard_end_s[shift] - self.origin_s, first_s, self.horizon_s))
        self.dimension.CumulVar(model.Start(shift)).SetRange(first_s, last_s)
        self.dimension.CumulVar(model.End(shift)).SetRange(first_s, last_s)
        soft_end_s, rate = int(primitives.soft_end_s[shift]) - self.origin_s, int(primitives.overtime_per_s[shift])
        if rate and soft_end_s < last_s:
            self.dimension.SetCumulVarSoftUpperBound(model.End(shift), max(0, soft_end_s), rate)
        if primitives.max_duty_s[shift] < FAR:
            self.dimension.SetSpanUpperBoundForVehicle(int(primitives.max_duty_s[shift]), shift)
        if primitives.duty_per_s[shift]:
            self.dimension.SetSpanCostCoefficientForVehicle(int(primitives.duty_per_s[shift]), shift)

    def _add_breaks(self, shift: int) -> None:
        solver, model = self.engine.model.solver(), self.engine.model
        intervals = self.breaks[shift]
        for pause in self.primitives.breaks[shift]:
            windows = [(open_s - self.origin_s, close_s - self.origin_s) for open_s, close_s in pause.windows]
            interval = solver.FixedDurationIntervalVar(
                windows[0][0],
                max(windows[-1][0], min(windows[-1][1], 2 * self.horizon_s)),
                pause.length_s,
                False,
                pause.id,
            )
            for before, after in itertools.pairwise(windows):
                interval.StartExpr().Var().RemoveInterval(before[1] + 1, after[0] - 1)
            intervals.append(interval)
        for one, other in itertools.combinations(intervals, 2):
            # Nor two at once where the route has not begun, or is over: the model itself looks no further.
            first, second = one.EndExpr() <= other.StartExpr(), other.EndExpr() <= one.StartExpr()
            solver.Add(first + second >= model.ActiveVehicleVar(shift))
        if intervals:
            by_node = self.engine.nodes.spread(self.on_site_s(shift))
            unbroken = [int(by_node[self.engine.manager.IndexToNode(index)]) for index in range(model.Size())]
            self.dimension.SetBreakIntervalsOfVehicle(intervals, shift, unbroken)
        for visit in np.flatnonzero(self.on_leg_s).tolist() if intervals else ():
            self._keep_setup_whole(visit, shift, intervals)

    def _keep_setup_whole(self, visit: int, shift: int, intervals: list[Any]) -> None:
        """No break of the shift interrupts the visit's set-up, which the model takes for travel."""
        model, solver, index = self.engine.model, self.engine.model.solver(), self.engine.index(visit)
        start, done = self.start_of(visit), self.dimension.CumulVar(index)
        others = solver.IsDifferentCstVar(model.VehicleVar(index), shift)
        for interval in intervals:
            rested = solver.IsLessOrEqualVar(interval.EndExpr(), start)
            rests_later = solver.IsLessOrEqualVar(done, interval.StartExpr())
            solver.Add(others + rested + rests_later >= 1)

    def _add_windows(self, visit: int) -> None:
        """Restricts the start to its windows; a visit whose windows lie outside the plan cannot be planned."""
        index, windows = self.engine.index(visit), self.primitives.windows[visit]
        if not windows:
            return
        start = self.start_of(visit)
        inside = [
            (max(0, open_s - self.origin_s), min(self.latest_start_s, close_s - self.origin_s))
            for open_s, close_s in windows
        ]
        inside = [(open_s, close_s) for open_s, close_s in inside if open_s <= close_s]
        if not inside:
            assert self.primitives.drop_cost[visit] != KEEP, "a pinned visit always has a window inside the plan"
            self.engine.model.VehicleVar(index).SetValues([-1])
            return
        start.SetRange(inside[0][0], inside[-1][1])
        for before, after in itertools.pairwise(inside):
            start.RemoveInterval(before[1] + 1, after[0] - 1)

    def start_of(self, visit: int) -> Any:
        """The variable of a visit's start."""
        dimension = self.dimension if self.starts is None or not self.on_leg_s[visit] else self.starts
        return dimension.CumulVar(self.engine.index(visit))

    def _add_starts(self) -> Any:
        """A second clock, for visits whose set-up belongs to the leg: their time, less the set-up paid on the way."""
        if not self.on_leg_s.any():
            return None
        model, solver, primitives = self.engine.model, self.engine.model.solver(), self.primitives
        model.AddConstantDimensionWithSlack(0, self.horizon_s, self.horizon_s, False, "starts")
        starts = model.GetDimensionOrDie("starts")
        for visit in np.flatnonzero(self.on_leg_s).tolist():
            index, here = self.engine.index(visit), int(primitives.visit_location[visit])
            before = [
                self.engine.index(other)
                for other in np.flatnonzero(primitives.visit_location == here).tolist()
                if other != visit
            ]
            before += [model.Start(shift) for shift in np.flatnonzero(primitives.start_location == here).tolist()]
            before += [self.engine.call_index(shift) for shift in np.flatnonzero(primitives.depot == here).tolist()]
            stays = solver.Sum([solver.IsEqualCstVar(model.NextVar(other), index) for other in before])
            paid_s = (solver.IntConst(1) - stays) * int(self.on_leg_s[visit])
            solver.Add(starts.CumulVar(index) == self.dimension.CumulVar(index) - paid_s)
        return starts

    def _add_lateness(self, visit: int) -> None:
        """Charges for a late start."""
        costs = self.primitives.time_cost[visit]
        if not costs:
            return
        index = self.engine.index(visit)
        clock = self.starts if self.on_leg_s[visit] else self.dimension
        for number, (after_s, per_s) in enumerate(costs):
            bound_s = min(after_s - self.origin_s, self.horizon_s)
            copy = clock if number == 0 else self._copy_clock(number)
            if number > 0:
                self.engine.model.solver().Add(copy.CumulVar(index) == clock.CumulVar(index))
            copy.SetCumulVarSoftUpperBound(index, bound_s, per_s)

    def _copy_clock(self, number: int) -> Any:
        """One more clock, since a clock takes one slope of cost for each visit."""
        if number not in self.copies:
            model, name = self.engine.model, f"slope {number}"
            model.AddConstantDimensionWithSlack(0, self.horizon_s, self.horizon_s, False, name)
            self.copies[number] = model.GetDimensionOrDie(name)
        return self.copies[number]


def add_limits(engine: Skeleton) -> None:
    """Adds the limits of travel per shift, in seconds and in metres, where there are any."""
    primitives = engine.primitives
    for limits, tables, name in (
        (primitives.max_travel_s, primitives.seconds, "travel seconds"),
        (primitives.max_travel_m, primitives.metres, "travel metres"),
    ):
        if (limits >= FAR).all():
            continue
        by_profile = {}
        for profile in set(primitives.profile):
            legs = np.maximum(engine.nodes.between(tables[profile]), 0)
            by_profile[profile] = engine.register_matrix(engine.nodes.without_empty_routes(legs))
        callbacks = [by_profile[profile] for profile in primitives.profile]
        engine.model.AddDimensionWithVehicleTransitAndCapacity(callbacks, 0, limits.tolist(), True, name)


def _span(primitives: Primitives) -> tuple[int, int]:
    """The first moment of the plan and how long it can last.

    Where nothing says when shifts start or end, there is time to do everything one after the other before or after
    whatever has a time.
    """
    earliest_s = int(primitives.earliest_s.min()) if primitives.shifts else 0
    latest_s = int(primitives.hard_end_s.max()) if primitives.shifts else 0
    if earliest_s > -FAR and latest_s < FAR:
        return earliest_s, max(1, latest_s - earliest_s)
    longest_leg_s = max((int(matrix.max()) for matrix in primitives.seconds.values() if matrix.size), default=0)
    on_site_s = primitives.service_s.max(axis=1, initial=0) + primitives.setup_s
    busy_s = int((on_site_s + longest_leg_s).sum()) + longest_leg_s
    busy_s += longest_leg_s * len(primitives.depot)
    busy_s += sum(pause.length_s for pauses in primitives.breaks for pause in pauses)
    busy_s += sum(least_s for _, _, least_s, _, _ in primitives.links)
    moments = [bound for windows in primitives.windows for window in windows for bound in window if bound < FAR]
    moments += [bound for pauses in primitives.breaks for pause in pauses for one in pause.windows for bound in one]
    moments += [after_s for costs in primitives.time_cost for after_s, _ in costs]
    moments += [bound for bound in (*primitives.soft_end_s.tolist(), *primitives.hard_end_s.tolist()) if bound < FAR]
    if earliest_s <= -FAR:
        earliest_s = min([0, *moments]) - busy_s
    if latest_s >= FAR:
        latest_s = max([earliest_s, *moments]) + busy_s
    return earliest_s, max(1, latest_s - earliest_s)


def _shares_site(primitives: Primitives) -> NDArray[np.bool_]:
    """Which visits pay for set-up only sometimes: another stop, a shift's start or depot is at the same location."""
    locations, counts = np.unique(primitives.visit_location, return_counts=True)
    busy = {*locations[counts > 1].tolist(), *primitives.start_location.tolist(), *primitives.depot.tolist()}
    shared = np.array([int(location) in busy for location in primitives.visit_location], dtype=np.bool_)
    return shared & (primitives.setup_s > 0)
