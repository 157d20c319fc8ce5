"""What comes out: routes with times, what was left out and why, what is violated, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from optimizer.run import Run


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit on a route. Travel is the leg that leads here; set-up begins at `start_s`, and service follows it.

    `set_out_s` is when that leg is begun, where that is later than the stop before, or home, is left.
    """

    visit: str
    arrive_s: int
    start_s: int
    leave_s: int
    travel_s: int
    travel_m: int
    setup_s: int = 0
    set_out_s: int | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """A break as it is taken."""

    break_id: str
    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class DepotCall:
    """A call at the shift's depot after so many stops. Travel is the leg that leads there; the leg of the next stop,
    or the way home, begins at the depot. `set_out_s` is as for a stop."""

    after: int
    arrive_s: int
    leave_s: int
    travel_s: int
    travel_m: int
    set_out_s: int | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One shift's day: leaves at `leave_s`, is home at `home_s`. A shift without stops has no route. `set_out_home_s`
    is when the way home is begun, where that is later than the last stop is left."""

    shift: str
    leave_s: int
    home_s: int
    stops: tuple[Stop, ...]
    rests: tuple[Rest, ...]
    travel_home_s: int
    travel_home_m: int
    call: DepotCall | None = None
    set_out_home_s: int | None = None

    @property
    def travel_s(self) -> int:
        return sum(stop.travel_s for stop in self.stops) + self.travel_home_s + (self.call.travel_s if self.call else 0)

    @property
    def travel_m(self) -> int:
        return sum(stop.travel_m for stop in self.stops) + self.travel_home_m + (self.call.travel_m if self.call else 0)

    @property
    def service_s(self) -> int:
        """Time at work on site, set-up included."""
        return sum(stop.leave_s - stop.start_s for stop in self.stops)


@dataclass(frozen=True, slots=True)
class ShiftReason:
    """Why a visit does not go with one shift: the rule that binds and a sentence."""

    shift: str
    rule: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """A smallest change that would let a shift serve a visit left out; `optimizer.explain.remedies` has all kinds.

    `amount` is in seconds for "due", "window" and "overtime", days for "another day", levels for "skills", cost units
    beyond leaving it out for "cost", "move" and "leave out", else 1. `visit` is the other visit that it asks
    something of. The sentence goes on after the technician's name.
    """

    kind: str
    shift: str
    amount: int
    visit: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A visit left out, the rule that binds most, the sentence a dispatcher reads, and the same for each shift.

    `remedies` are the changes that would fit it, the smallest first; none where there was no time to look for any, so
    they are left away when plans are compared.
    """

    visit: str
    rule: str
    sentence: str
    by_shift: tuple[ShiftReason, ...] = ()
    remedies: tuple[Remedy, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule that is broken. `excused` ones were forced by pins and are only reported."""

    rule: str
    sentence: str
    visit: str | None = None
    shift: str | None = None
    excused: bool = False


@dataclass(frozen=True)
class Plan:
    """Routes and leftovers, priced by the referee: `cost` is the sum of `costs`, by rule. `run` says how it was found;
    the same plan found otherwise is the same plan."""

    routes: tuple[Route, ...]
    unassigned: tuple[Unassigned, ...]
    violations: tuple[Violation, ...] = ()
    costs: Mapping[str, int] = field(default_factory=dict)
    run: Run | None = field(default=None, compare=False)

    @property
    def cost(self) -> int:
        return sum(self.costs.values())

    @property
    def is_valid(self) -> bool:
        """True when nothing is violated but what pins force."""
        return all(violation.excused for violation in self.violations)

    def find_route(self, shift_id: str) -> Route | None:
        return next((route for route in self.routes if route.shift == shift_id), None)
