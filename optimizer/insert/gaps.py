"""Every place in every route at once: what one more visit costs there at least, in a few array operations.

The bound is exact but for breaks, which only ever make a route later and dearer: they are known to take their time
before the end of the day, but not when. So places are looked at in the order of their bounds, and none need be looked
at whose bound is above what has been found. Limits and loads are exact where a shift has no depot to call at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizer.insert.moments import IMPOSSIBLE, Moments, padded
from optimizer.primitives import OPEN, Primitives
from optimizer.problem import UNREACHABLE
from optimizer.timing import FAR

Ints = NDArray[np.int64]
ANYTHING = -(2**60)
"""The bound of a place about which only the exact answer says anything: a call at the depot may save travel."""


class Line(NamedTuple):
    """A sequence of visits on a shift into which one more may go, and what the route it replaces costs now."""

    shift: int
    visits: tuple[int, ...]
    costs_now: int
    gone: int = -1
    """The visit that left the route to make room, -1 if none had to."""


class Place(NamedTuple):
    """A shift's sequence with the visit in it, and what the plan gets dearer by at least; `gone` as in its line.

    `is_legal` says that its limits and loads are known to be kept.
    """

    bound: int
    shift: int
    sequence: tuple[int, ...]
    gone: int
    is_legal: bool


class Gaps:
    """All places in some lines of one travel profile. L lines, G places: place `at[G]` of line `line[G]`, `shift[G]`.

    Where `is_exact[G]`, a place that has a bound is possible for certain.
    """

    def __init__(self, primitives: Primitives, moments: Moments, lines: Sequence[Line]) -> None:
        self.lines = lines
        self._primitives, self._moments = primitives, moments
        self._profile = primitives.profile[lines[0].shift]
        self._shift = np.array([one.shift for one in lines], dtype=np.int64)
        self._count = np.array([len(one.visits) for one in lines], dtype=np.int64)
        self._costs_now = np.array([one.costs_now for one in lines], dtype=np.int64)
        self._visits = padded([list(one.visits) for one in lines], -1)
        self.line = np.repeat(np.arange(len(lines)), self._count + 1)
        self.at = np.concatenate([np.arange(count + 1) for count in self._count])
        self.shift = self._shift[self.line]
        self.on_depot = primitives.depot[self._shift] != OPEN
        restless = np.array([not primitives.breaks[one.shift] for one in lines], dtype=np.bool_)
        unbound = restless & ~self.on_depot & (primitives.max_duty_s[self._shift] >= FAR)
        self.is_exact = unbound[self.line] & (not primitives.links and self._profile not in primitives.by_time)
        self._rest_s = padded([[rest.length_s for rest in primitives.breaks[one.shift]] for one in lines], 0)
        self._rest_by_s = padded([[rest.windows[-1][1] for rest in primitives.breaks[one.shift]] for one in lines], FAR)
        self._lay_out()
        self._run_forward()
        self._run_backward()
        self._weigh()

    @property
    def _seconds(self) -> Ints:  # these may know of one more location by the next question
        return self._primitives.seconds[self._profile]

    @property
    def _metres(self) -> Ints:
        return self._primitives.metres[self._profile]

    def _lay_out(self) -> None:
        """Where each line leads, the legs between, and what of its price one more visit does not change."""
        primitives, shift = self._primitives, self._shift
        stops = np.where(self._visits >= 0, primitives.visit_location[self._visits], OPEN)
        places = np.column_stack([primitives.start_location[shift], stops, np.full(len(shift), OPEN)])
        places[np.arange(len(shift)), self._count + 1] = primitives.end_location[shift]
        steps = np.arange(places.shape[1] - 1)
        used = (steps <= self._count[:, None]) & (self._count[:, None] > 0)
        self._place = places
        self._leg_s = np.where(used, _legs(self._seconds, places[:, :-1], places[:, 1:]), 0)
        leg_m = np.where(used, _legs(self._metres, places[:, :-1], places[:, 1:]), 0)
        impassable = used & ((self._leg_s == UNREACHABLE) | (self._leg_s > primitives.max_leg_s[shift][:, None]))
        prices = np.where(used, self._price(shift[:, None], places[:, :-1], places[:, 1:]), 0)
        stopped = self._visits >= 0
        service_s = np.where(stopped, primitives.service_s[self._visits, shift[:, None]], 0)
        setup_s = np.where(places[:, :-2] != stops, primitives.setup_s[self._visits], 0)
        self._on_site_s = service_s + setup_s
        assigned = np.where(stopped, primitives.assignment_cost[self._visits, shift[:, None]], 0)
        self._settled = prices.sum(axis=1) + assigned.sum(axis=1) + primitives.open_cost[shift]
        self._service_s, self._travel_s, self._travel_m = service_s.sum(axis=1), self._leg_s.sum(axis=1), leg_m.sum(1)
        self._gap_s, self._gap_m = self._leg_s[self.line, self.at], leg_m[self.line, self.at]
        self._gap_price = prices[self.line, self.at]
        self._elsewhere_open = impassable.sum(axis=1)[self.line] == impassable[self.line, self.at]
        self._before, self._after = places[self.line, self.at], places[self.line, self.at + 1]

    def _run_forward(self) -> None:
        """When each line is free after every stop, and what its lateness has cost until then; without breaks."""
        free = [self._primitives.earliest_s[self._shift]]
        late = [np.zeros(len(self._shift), dtype=np.int64)]
        for stop in range(self._visits.shape[1]):
            visits = self._visits[:, stop]
            starts = self._moments.starts(visits, free[-1] + self._leg_s[:, stop])
            late.append(late[-1] + self._moments.costs(visits, np.minimum(starts, FAR)))
            free.append(np.minimum(starts + self._on_site_s[:, stop], IMPOSSIBLE))
        self._free = np.column_stack(free)[self.line, self.at]
        self._late = np.column_stack(late)[self.line, self.at]

    def _run_backward(self) -> None:
        """When whoever comes from each place must arrive at what follows, for all of it to be in time; no earlier than
        that, and without set-up there, which depends on where they come from."""
        stops = self._visits.shape[1]
        ends_s = self._primitives.hard_end_s[self._shift]
        by_s, latest = ends_s, np.full((len(self._shift), stops + 1), -IMPOSSIBLE, dtype=np.int64)
        latest[:, stops] = ends_s
        for stop in range(stops - 1, -1, -1):
            visits, before_s = self._visits[:, stop], by_s - self._leg_s[:, stop + 1]
            service_s = self._primitives.service_s[visits, self._shift]
            latest[:, stop] = np.where(visits < 0, ends_s, self._moments.latest(visits, before_s - service_s))
            by_s = np.where(visits < 0, ends_s, self._moments.latest(visits, before_s - self._on_site_s[:, stop]))
        self._latest = latest[self.line, self.at]

    def _weigh(self) -> None:
        """The most that is on the van up to each place, and from there on."""
        primitives = self._primitives
        ahead, behind = [], []
        seconds = {second for _, second in primitives.pairs}
        for one in self.lines if primitives.capacity.shape[1] else ():
            visits = np.array(one.visits, dtype=np.int64)
            out = primitives.delivery[[visit for visit in one.visits if visit not in seconds]].sum(axis=0)
            change = primitives.pickup[visits] - primitives.delivery[visits]
            load = out + np.vstack([np.zeros_like(out), np.cumsum(change, axis=0)])
            ahead.append(np.maximum.accumulate(load))
            behind.append(np.maximum.accumulate(load[::-1])[::-1])
        empty = np.zeros((len(self.line), 0), dtype=np.int64)
        self._load_ahead = np.vstack(ahead) if ahead else empty
        self._load_behind = np.vstack(behind) if behind else empty

    def bounds(self, visit: int, *, at_any_time: bool = False) -> Ints:
        """For every place what the whole plan gets dearer by at least, IMPOSSIBLE where the visit cannot go; [G].

        `at_any_time`: without its windows.
        """
        primitives, here = self._primitives, int(self._primitives.visit_location[visit])
        some = np.flatnonzero(primitives.allowed[visit, self.shift])
        line, before, after = self.line[some], self._before[some], self._after[some]
        shift = self._shift[line]
        to_s, from_s = _legs(self._seconds, before, here), _legs(self._seconds, here, after)
        travel_s = self._travel_s[line] - self._gap_s[some] + to_s + from_s
        metres = _legs(self._metres, before, here) + _legs(self._metres, here, after) - self._gap_m[some]
        open_road = (to_s >= 0) & (from_s >= 0)
        possible = open_road & (np.maximum(to_s, from_s) <= primitives.max_leg_s[shift])
        possible &= travel_s <= primitives.max_travel_s[shift]
        possible &= self._travel_m[line] + metres <= primitives.max_travel_m[shift]
        possible &= self._elsewhere_open[some] & self._carries(visit, some, shift)
        starts = np.full(len(some), IMPOSSIBLE, dtype=np.int64)
        arrive_s = self._free[some] + to_s
        windows = () if at_any_time else primitives.windows[visit]
        for open_s, close_s in reversed(windows or ((-FAR, FAR),)):
            starts = np.where(arrive_s <= close_s, np.maximum(arrive_s, open_s), starts)
        service_s = primitives.service_s[visit, shift]
        free = starts + service_s + np.where(before == here, 0, primitives.setup_s[visit])
        possible &= free + from_s <= self._latest[some]
        bounds = np.full(len(self.line), IMPOSSIBLE, dtype=np.int64)
        going = np.flatnonzero(possible)
        if len(going):
            line, before, after, shift = line[going], before[going], after[going], shift[going]
            busy_s = travel_s[going] + self._service_s[line] + service_s[going]
            price = self._settled[line] - self._costs_now[line] + (self._late - self._gap_price)[some[going]]
            price += primitives.assignment_cost[visit, shift] + primitives.duty_per_s[shift] * busy_s
            price += self._price(shift, before, here) + self._price(shift, here, after)
            for after_s, per_s in primitives.time_cost[visit]:
                price += per_s * np.maximum(0, starts[going] - after_s)
            bounds[some[going]] = self._follow(some[going], here, free[going] + from_s[going], price, busy_s)
        bounds[some[open_road & self.on_depot[self.line[some]]]] = ANYTHING
        return bounds

    def _follow(self, places: Ints, here: int, arrive_s: Ints, price: Ints, busy_s: Ints) -> Ints:
        """Prices with the lateness and overtime of what comes after the new visit; IMPOSSIBLE where it is not in time.

        For each of `places`: when they arrive at what comes next, and how long they are busy all in all.
        """
        primitives, moments = self._primitives, self._moments
        result = np.full(len(places), IMPOSSIBLE, dtype=np.int64)
        line, at, going = self.line[places], self.at[places], np.arange(len(places))
        for step in range(self._visits.shape[1] + 1):
            home = at == self._count[line]
            if home.any():
                home_s, shift = self._rested(line[home], arrive_s[home], busy_s[going[home]])
                over_s = np.maximum(0, home_s - primitives.soft_end_s[shift])
                ended = price[home] + primitives.overtime_per_s[shift] * over_s
                result[going[home]] = np.where(home_s <= primitives.hard_end_s[shift], ended, IMPOSSIBLE)
                on = ~home
                going, line, at, arrive_s, price = going[on], line[on], at[on], arrive_s[on], price[on]
                if not len(going):
                    break
            visits = self._visits[line, at]
            starts = moments.starts(visits, arrive_s)
            on_site_s = self._on_site_s[line, at]
            if step == 0:  # its set-up depends on what now comes before it
                setup_s = np.where(self._place[line, at + 1] == here, 0, primitives.setup_s[visits])
                on_site_s = primitives.service_s[visits, self._shift[line]] + setup_s
            if (starts >= FAR).any():
                on = starts < FAR
                going, line, at, price, visits = going[on], line[on], at[on], price[on], visits[on]
                starts, on_site_s = starts[on], on_site_s[on]
            at = at + 1
            arrive_s, price = starts + on_site_s + self._leg_s[line, at], price + moments.costs(visits, starts)
        return result

    def _rested(self, line: Ints, home_s: Ints, busy_s: Ints) -> tuple[Ints, Ints]:
        """When they are home at the soonest, with the breaks that can no longer follow then; and the shifts."""
        shift = self._shift[line]
        rest_s = np.where(self._rest_by_s[line] < home_s[:, None], self._rest_s[line], 0).sum(axis=1)
        return np.maximum(home_s, self._primitives.earliest_s[shift] + busy_s + rest_s), shift

    def _carries(self, visit: int, some: Ints, shift: Ints) -> NDArray[np.bool_]:
        """Whether the van holds everything if `visit` goes there."""
        primitives = self._primitives
        capacity = primitives.capacity[shift]
        fits = (self._load_ahead[some] + primitives.delivery[visit] <= capacity).all(axis=1)
        return np.asarray(fits & (self._load_behind[some] + primitives.pickup[visit] <= capacity).all(axis=1))

    def spans(self, visit: int) -> tuple[Ints, Ints]:
        """For every place the first moment at which work may start there, and one that it is not later than; [G]."""
        primitives, visits = self._primitives, np.full(len(self.line), visit, dtype=np.int64)
        here = int(primitives.visit_location[visit])
        leave_by_s = self._latest - _legs(self._seconds, here, self._after)
        starts = self._moments.starts(visits, self._free + _legs(self._seconds, self._before, here))
        return starts, self._moments.latest(visits, leave_by_s - primitives.service_s[visit, self.shift])

    def lacking(self, visit: int, held: Ints) -> Ints:
        """For every place how much more than `held[S, K]` must be on the van at least, all loads together; [G]."""
        primitives = self._primitives
        peaks = np.maximum(self._load_ahead + primitives.delivery[visit], self._load_behind + primitives.pickup[visit])
        lacking = np.maximum(0, peaks - held[self.shift]).sum(axis=1)
        return np.where(self.on_depot[self.line], 0, lacking)

    def _price(self, shift: Ints, origin: Ints | int, destination: Ints | int) -> Ints:
        """What legs of these shifts cost; of no meaning where no road leads."""
        primitives = self._primitives
        price = primitives.travel_cost_per_s[shift] * _legs(self._seconds, origin, destination)
        if primitives.travel_cost_per_m.any():
            price = price + primitives.travel_cost_per_m[shift] * _legs(self._metres, origin, destination)
        tolls = primitives.tolls.get(self._profile)
        if tolls is not None:
            price = price + primitives.toll_factor * _legs(tolls, origin, destination)
        return price


def tables(primitives: Primitives, lines: Sequence[Line]) -> list[Gaps]:
    """The places in these lines, by travel profile."""
    moments = Moments(primitives)
    by_profile: dict[str, list[Line]] = {}
    for line in lines:
        by_profile.setdefault(primitives.profile[line.shift], []).append(line)
    return [Gaps(primitives, moments, some) for some in by_profile.values()]


def in_order(gaps: Sequence[Gaps], visit: int) -> Iterator[Place]:
    """Every place that may be possible for a visit, the lowest bound first."""
    bounds = [table.bounds(visit) for table in gaps]
    owner = np.repeat(np.arange(len(gaps)), [len(one) for one in bounds])
    place = np.concatenate([np.arange(len(one)) for one in bounds]) if bounds else owner
    flat = np.concatenate(bounds) if bounds else owner
    possible = np.flatnonzero(flat < IMPOSSIBLE)
    for index in possible[np.argsort(flat[possible], kind="stable")]:
        table = gaps[owner[index]]
        row, at = int(table.line[place[index]]), int(table.at[place[index]])
        line = table.lines[row]
        sequence = (*line.visits[:at], visit, *line.visits[at:])
        yield Place(int(flat[index]), line.shift, sequence, line.gone, not table.on_depot[row])


def _legs(matrix: Ints, origin: Ints | int, destination: Ints | int) -> Ints:
    """The entries of a travel matrix, 0 at an open end."""
    open_end = (np.asarray(origin) == OPEN) | (np.asarray(destination) == OPEN)
    return np.where(open_end, 0, matrix[origin, destination])
