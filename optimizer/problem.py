"""What is to be planned: visits, shifts, travel and a policy; frozen, in whole seconds and metres.

Times are seconds after an instant of the caller's choice (usually the local midnight that begins the first day),
so that the optimizer needs no clock and no time zone. A shift is one technician on one day.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.policy import BALANCED, Policy
from optimizer.travel import UNREACHABLE as UNREACHABLE
from optimizer.travel import Travel

if TYPE_CHECKING:
    from optimizer.pins import PinNeeds


@dataclass(frozen=True, slots=True)
class Window:
    """An interval in which something may start, both ends included."""

    open_s: int
    close_s: int


@dataclass(frozen=True, slots=True)
class Break:
    """A rest of `length_s` that begins in one of `windows`, wherever the technician is; travel may be interrupted
    by it, work may not. It costs nothing when it falls before leaving or after coming home."""

    id: str
    length_s: int
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Pin:
    """Keeps a visit with a shift and, with `start_s`, at that start: what a person or the day itself has fixed."""

    shift: str
    start_s: int | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """Where a plan that people know already has a visit: the baseline of what a change costs."""

    shift: str
    start_s: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment: work of `service_s` at a location, after `setup_s` that is paid once per stay at a site.

    `windows` say when work may start (none: at any time), `due_s` when it should have started at the latest.
    `required`, `preferred` and `excluded` name technicians; an empty `required` admits everyone.
    `delivery` is carried from the start of the shift and left here, `pickup` is taken along to its end; in the
    order of `Shift.capacity`. `price` is added to what the policy asks for leaving the visit out.
    `service_by_technician_s` names technicians who need another time than `service_s`. `tools` must be on the van,
    or fetched before; they are not used up.
    """

    id: str
    location: int
    service_s: int
    setup_s: int = 0
    skills: Mapping[str, int] = field(default_factory=dict)
    windows: tuple[Window, ...] = ()
    due_s: int | None = None
    priority: int = 0
    price: int = 0
    territory: str | None = None
    required: frozenset[str] = frozenset()
    preferred: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    delivery: tuple[int, ...] = ()
    pickup: tuple[int, ...] = ()
    tools: frozenset[str] = frozenset()
    pin: Pin | None = None
    planned: Planned | None = None
    service_by_technician_s: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shift:
    """One technician on one day.

    Work happens from `start_s` to `end_s`; until `latest_end_s` (default: `end_s`) it may run over as overtime.
    A location of None leaves that end of the route open. `territories` empty means anywhere.
    `pace_percent` is the time this technician takes for work that takes 100 as a rule. At `depot` the technician may
    call once: from then on every tool is on the van and deliveries never run out. `duty_cost_per_s` is paid from
    leaving to coming home, waiting included; `max_duty_s` is the longest that this may take.
    """

    id: str
    technician: str
    start_location: int | None
    end_location: int | None
    start_s: int
    end_s: int
    latest_end_s: int | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    territories: frozenset[str] = frozenset()
    secondary_territories: frozenset[str] = frozenset()
    breaks: tuple[Break, ...] = ()
    capacity: tuple[int, ...] = ()
    max_visits: int | None = None
    max_travel_s: int | None = None
    max_travel_m: int | None = None
    max_leg_s: int | None = None
    pace_percent: int = 100
    fixed_cost: int = 0
    travel_cost_per_s: int = 1
    travel_cost_per_m: int = 0
    work_cost_per_s: int = 0
    duty_cost_per_s: int = 0
    max_duty_s: int | None = None
    tools: frozenset[str] = frozenset()
    depot: int | None = None
    profile: str = "car"

    @property
    def hard_end_s(self) -> int:
        """When the technician must be home."""
        return self.end_s if self.latest_end_s is None else self.latest_end_s


@dataclass(frozen=True, slots=True)
class Pair:
    """Two visits of one errand: the same shift, `second` some time after `first`, both or none.

    What `first` picks up is carried only until `second` delivers it.
    """

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Link:
    """Two visits that depend on each other, both or none: `second` starts `min_lag_s` to `max_lag_s` after `first`.

    Both lags 0: they start together, a crew. `max_lag_s` None: any time later. `technicians` is "any", "same" or
    "different". A visit may be in several links. A pinned visit stays even if the other one cannot be planned.
    """

    first: str
    second: str
    min_lag_s: int = 0
    max_lag_s: int | None = None
    technicians: str = "any"


@dataclass(frozen=True, eq=False)
class Problem:
    """All that a plan is made from. Refuses bad input with `ProblemError`, which lists every fault.

    `load_names` say what the entries of capacity, delivery and pickup are, in sentences for people.
    """

    visits: tuple[Visit, ...]
    shifts: tuple[Shift, ...]
    travel: Travel
    policy: Policy = BALANCED
    pairs: tuple[Pair, ...] = ()
    links: tuple[Link, ...] = ()
    load_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        from optimizer.faults import find_faults  # looks back at the classes above

        find_faults(self).raise_if_any()

    @cached_property
    def visit_index(self) -> dict[str, int]:
        """Position of each visit by id."""
        return {visit.id: position for position, visit in enumerate(self.visits)}

    @cached_property
    def shift_index(self) -> dict[str, int]:
        """Position of each shift by id."""
        return {shift.id: position for position, shift in enumerate(self.shifts)}

    @cached_property
    def partner(self) -> dict[str, str]:
        """The other visit of each paired visit."""
        both = {pair.first: pair.second for pair in self.pairs}
        return both | {second: first for first, second in both.items()}

    @cached_property
    def links_of(self) -> dict[str, tuple[Link, ...]]:
        """The links of each visit that has any, by visit id."""
        found: dict[str, list[Link]] = {}
        for link in self.links:
            for visit_id in dict.fromkeys((link.first, link.second)):
                found.setdefault(visit_id, []).append(link)
        return {visit_id: tuple(links) for visit_id, links in found.items()}

    @cached_property
    def shift_groups(self) -> dict[Callable[[Shift], Hashable], list[tuple[NDArray[np.int64], Shift]]]:
        """For each key asked for so far: the positions of the shifts that share it, with one that stands for them."""
        return {}

    @cached_property
    def last_end_s(self) -> int:
        """When the last shift must be over; 0 without shifts."""
        return max((shift.hard_end_s for shift in self.shifts), default=0)

    @cached_property
    def load_kinds(self) -> int:
        """How many kinds of load there are; a shift cannot carry a kind that its capacity does not name."""
        return max((len(load) for visit in self.visits for load in (visit.delivery, visit.pickup)), default=0)

    @cached_property
    def pinned_to(self) -> dict[str, tuple[Visit, ...]]:
        """The visits pinned to each shift that has any, by shift id."""
        found: dict[str, list[Visit]] = {}
        for visit in self.visits:
            if visit.pin:
                found.setdefault(visit.pin.shift, []).append(visit)
        return {shift_id: tuple(visits) for shift_id, visits in found.items()}

    @cached_property
    def fair_s(self) -> dict[str, int]:
        """Seconds of driving and work that are a fair share, by technician."""
        from optimizer.fair import find_fair_s  # looks back at the classes above

        return find_fair_s(self)

    @cached_property
    def pin_needs(self) -> dict[str, PinNeeds]:
        """What the pinned visits of each shift that has any need by themselves, by shift id."""
        from optimizer.pins import find_pin_needs  # looks back at the classes above

        needs = {shift.id: find_pin_needs(self, shift) for shift in self.shifts}
        return {shift_id: need for shift_id, need in needs.items() if need}

    def get_visit(self, visit_id: str) -> Visit:
        return self.visits[self.visit_index[visit_id]]

    def get_shift(self, shift_id: str) -> Shift:
        return self.shifts[self.shift_index[shift_id]]

    def service_s(self, visit: Visit, shift: Shift) -> int:
        """Seconds of work at this technician's pace, rounded up."""
        service_s = visit.service_by_technician_s.get(shift.technician, visit.service_s)
        return -(-service_s * shift.pace_percent // 100)
