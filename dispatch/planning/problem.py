"""Turns the rows of a day into a `Problem`: instants become seconds after local midnight."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from statistics import median

from data.travel import TravelSource
from dispatch import clock
from dispatch.errors import InvalidInput
from dispatch.jobs.statuses import BEGUN
from dispatch.models import Job, Location, Stop, Technician
from dispatch.planning.agreed import find_due_at
from dispatch.planning.baseline import list_baseline
from dispatch.planning.facts import DayFacts
from dispatch.planning.fingerprint import hash_facts
from dispatch.planning.held import Staying, list_first_starts, list_movable, list_pins
from dispatch.planning.impossible import Point, list_unreachable, why_impossible
from dispatch.planning.limits import find_left
from dispatch.planning.progress import Begun, as_visit, hours_of_begun, list_begun, rest_of_shift
from dispatch.planning.shifts import ShiftHours, find_territory
from dispatch.planning.skills import list_held
from dispatch.planning.travel import build_travel
from dispatch.planning.windows import list_windows
from optimizer import POLICIES, Break, Pin, Policy, Problem, Shift, Violation, Visit, Window

WORK = "seconds of agreed work"
"""The load that stands for contractors' hours: every visit brings its service time, those without a limit hold any."""
UNLIMITED_S = 7 * 86_400


@dataclass(frozen=True)
class LeftOut:
    """A job that is not put to the optimizer since nobody could serve it, with the reason."""

    job: Job
    rule: str
    sentence: str


@dataclass(frozen=True)
class DayProblem:
    """A problem, and the way back from its ids to the rows: visits are job numbers, shifts are codes."""

    problem: Problem
    jobs: Mapping[str, Job]
    technicians: Mapping[str, Technician]
    hours: Mapping[str, ShiftHours]
    left_out: tuple[LeftOut, ...]
    stranded: tuple[tuple[Technician, str], ...]
    """Technicians who cannot be planned since no road leads to their home, with a sentence."""
    begun: Mapping[str, Begun]
    """By code: what is a fact, and not in the problem but for the last stop; not even that of those who do nothing
    more, since they have left or are stranded: they have no shift in the problem."""
    input_hash: str
    edited: frozenset[str] = frozenset()
    """Visits that somebody has put where they are pinned, in a draft: changes, unlike what is pinned since it began."""
    movable: frozenset[str] = frozenset()
    """Visits that are pinned where a person has put them, and that people may move by hand again."""
    staying: Mapping[str, Staying] = field(default_factory=dict)
    """By visit: published stops that are late, and pinned where they are since a draft leaves them there."""
    late: Mapping[str, datetime] = field(default_factory=dict)
    """By visit: when the last window closes of those that may begin after that: see `too_late`."""

    def moved_by_hand(self, numbers: Collection[str]) -> DayProblem:
        """The same in which nothing pins those of these jobs that may be moved again."""
        free = self.movable.intersection(numbers)
        visits = tuple(replace(one, pin=None) if one.id in free else one for one in self.problem.visits)
        problem = replace(self.problem, visits=visits) if free else self.problem
        return replace(self, problem=problem, edited=self.edited | free)

    def sentence_of(self, violation: Violation) -> str:
        """The violation as people read it, with the names of the technician and the job."""
        about = []
        if violation.shift is not None:
            about.append(self.technicians[violation.shift].name)
        if violation.visit is not None:
            about.append(f"job {violation.visit}")
        return f"{', '.join(about)}: {violation.sentence}" if about else violation.sentence


@dataclass
class _Places:
    """Collects distinct points, so that two visits at one site share a location."""

    points: list[Point] = field(default_factory=list)
    index: dict[Point, int] = field(default_factory=dict)

    def add(self, location: Location) -> int:
        if location.point not in self.index:
            self.index[location.point] = len(self.points)
            self.points.append(location.point)
        return self.index[location.point]


def get_policy(name: str) -> Policy:
    """A policy by its name. Raises InvalidInput."""
    if name not in POLICIES:
        raise InvalidInput([f"There is no policy {name!r}; choose one of: {', '.join(POLICIES)}."])
    return POLICIES[name]


def build_problem(
    facts: DayFacts,
    travel_source: TravelSource,
    policy_name: str,
    staying: Mapping[str, Staying] | None = None,
    closing: Collection[int] = (),
) -> DayProblem:
    """Everything reachable and possible goes into the problem; the rest is left out with a sentence.

    `staying` are published stops, by job number, that are pinned where they are; the jobs with the ids of `closing` may
    begin after their windows, as `too_late` says then. Raises InvalidInput for an unknown policy.
    """
    staying = staying or {}
    policy = get_policy(policy_name)
    kept = facts.kept_stops()
    hours = _list_hours(facts, kept.values())
    reasons = list_unreachable(facts, travel_source)
    working, stranded = [], []
    for technician in facts.technicians:
        if technician.code not in hours:
            continue
        if technician.active and technician.home and technician.home.point in reasons:
            stranded.append((technician, f"{technician.name} cannot be planned: {reasons[technician.home.point]}."))
        elif technician.active:
            working.append(technician)
    codes = {technician.id: technician.code for technician in working}
    begun = list_begun(facts, hours)
    over = {code: one.ended() for code, one in begun.items() if code not in codes.values()}
    begun |= over
    hours |= {code: one.cut(hours[code]) for code, one in over.items()}
    last_begun = {one.last.job_id: code for code, one in begun.items() if code not in over}
    done = {stop.job_id for one in begun.values() for stop in one.stops} - set(last_begun)
    pins = list_pins(facts, codes, {one.stop.job_id for one in staying.values()})
    left_out, visited = [], []
    for job in facts.jobs:
        if job.id in done:
            continue
        reason = (
            None if job.id in last_begun else why_impossible(job, facts, reasons, job.id in pins or job.id in closing)
        )
        if reason:
            left_out.append(LeftOut(job, *reason))
        else:
            visited.append(job)
    places = _Places()
    parts = sorted({part.part for job in visited for part in job.parts})
    if any(limit.unit == "work_s" for technician in working for limit in technician.limits):
        parts.append(WORK)
    hour_cost = _usual_hour_cost(working)
    held_from = list_first_starts(facts, pins)
    shifts = []
    for one in working:
        shift = _shift(one, hours[one.code], facts, places, parts, hour_cost, held_from.get(one.code))
        if one.code in begun:
            here = places.add(begun[one.code].last.job.location)
            used = [_loads(stop.job, parts, stop) for stop in begun[one.code].stops]
            shift = rest_of_shift(shift, begun[one.code], here, used, facts)
        shifts.append(shift)
    baseline = list_baseline(facts, {technician.code for technician in working})
    paces = {technician.code: technician.pace_percent for technician in working}
    visits = []
    for job in visited:
        code = last_begun.get(job.id)
        if code is None:
            visit = _visit(job, facts, places, parts, pins.get(job.id))
            visits.append(replace(visit, planned=baseline.get(job.id)))
        else:
            visits.append(as_visit(begun[code], code, places.add(job.location), paces[code], facts))
    travel = build_travel(travel_source, places.points, facts)
    return DayProblem(
        problem=Problem(tuple(visits), tuple(shifts), travel, policy, load_names=tuple(parts)),
        jobs={job.number: job for job in visited},
        technicians={one.code: one for one in facts.technicians if one.code in over or one.id in codes},
        hours=hours,
        left_out=tuple(left_out),
        stranded=tuple(stranded),
        begun=begun,
        input_hash=hash_facts(facts, travel_source.name, policy_name),
        movable=list_movable(facts, pins),
        staying={number: one for number, one in staying.items() if one.stop.job_id in pins},
    )


def _list_hours(facts: DayFacts, kept: Iterable[Stop]) -> dict[str, ShiftHours]:
    """By code. Whoever has begun keeps the published shift, until they are away, whatever the pattern says now."""
    hours = {}
    for technician in facts.technicians:
        found = facts.hours_of(technician)
        if found:
            hours[technician.code] = found
    started = {stop.route_id for stop in kept if stop.status in BEGUN}
    for route in facts.routes:
        if route.id in started and route.technician.code not in hours:
            hours[route.technician.code] = hours_of_begun(route, facts.hindrances)
    return hours


def _visit(
    job: Job,
    facts: DayFacts,
    places: _Places,
    parts: list[str],
    pin: Pin | None,
) -> Visit:
    wishes = {
        wish: frozenset(one.technician.code for one in job.wishes if one.wish == wish)
        for wish in ("required", "preferred", "excluded")
    }
    due_at = find_due_at(job)
    return Visit(
        id=job.number,
        location=places.add(job.location),
        service_s=job.service_s,
        setup_s=job.setup_s,
        skills={skill.name: skill.level for skill in job.skills},
        windows=list_windows(job, facts, is_pinned=pin is not None),
        due_s=None if due_at is None else _second(due_at, facts),
        priority=job.priority,
        territory=job.territory.name if job.territory else None,
        required=wishes["required"],
        preferred=wishes["preferred"],
        excluded=wishes["excluded"],
        delivery=_loads(job, parts),
        pin=pin,
    )


def _loads(job: Job, parts: list[str], begun: Stop | None = None) -> tuple[int, ...]:
    """What the job takes from the van, where that has not happened yet, and from a contractor's hours; by `parts`.

    A visit that has ended has drawn what it used: whoever was not let in has the parts on the van still.
    """
    takes = begun is None or begun.status in ("en_route", "on_site")
    used = {one.part: one.count for one in job.parts if takes and (begun is None or one.used is None)}
    return tuple((used | {WORK: job.service_s}).get(part, 0) for part in parts)


def _shift(
    one: Technician,
    hours: ShiftHours,
    facts: DayFacts,
    places: _Places,
    parts: list[str],
    hour_cost: float,
    held_from_at: datetime | None,
) -> Shift:
    home = places.add(one.home) if one.home else None
    territory = find_territory(one, facts.on)
    is_away = territory is not one.territory  # lent to another territory: that day they belong there alone
    work_s = find_left(one, "work_s", facts.taken)
    stock = {load.part: load.count for load in one.van_stock if (one.id, load.part) not in facts.hindrances.missing}
    stock |= {WORK: UNLIMITED_S if work_s is None else work_s}
    visits = [most for most in (one.max_visits, find_left(one, "visits", facts.taken)) if most is not None]
    start_at = hours.start_at
    leave_at = max(facts.not_before_at, facts.hindrances.held_up.get(one.id, facts.not_before_at))
    if start_at < leave_at:
        # Nobody can have left in the past, but for a visit that is held to them and was to begin by then; the hard end
        # bounds it so that a shift that is over stays empty.
        start_at = max(start_at, min(leave_at, hours.latest_end_at, held_from_at or leave_at))
    return Shift(
        id=one.code,
        technician=one.code,
        start_location=home,
        end_location=home,
        start_s=_second(start_at, facts),
        end_s=_second(max(start_at, hours.end_at), facts),
        latest_end_s=_second(hours.latest_end_at, facts),
        skills=list_held(one, hours, facts.zone_of(one)),
        territories=frozenset({territory.name} if territory else ()),
        secondary_territories=frozenset(() if is_away else (other.name for other in one.secondary_territories)),
        breaks=_breaks(hours, start_at, facts),
        capacity=tuple(stock.get(part, 0) for part in parts),
        max_visits=min(visits, default=None),
        max_travel_s=one.max_travel_s,
        pace_percent=one.pace_percent,
        fixed_cost=round(one.day_cost / hour_cost * 3600),
    )


def _breaks(hours: ShiftHours, start_at: datetime, facts: DayFacts) -> tuple[Break, ...]:
    """Lunch, unless it can no longer begin."""
    if hours.lunch_opens_at is None or hours.lunch_closes_at is None or hours.lunch_closes_at < start_at:
        return ()
    opens_s = _second(max(hours.lunch_opens_at, start_at), facts)
    return (Break("lunch", hours.lunch_length_s, (Window(opens_s, _second(hours.lunch_closes_at, facts)),)),)


def _usual_hour_cost(technicians: Iterable[Technician]) -> float:
    """Money per hour of an ordinary technician: turns money into the policy's unit, one second of travel."""
    costs = [technician.hourly_cost for technician in technicians if technician.hourly_cost > 0]
    return median(costs) if costs else 1.0


def _second(at: datetime, facts: DayFacts) -> int:
    return clock.seconds_between(facts.day_start_at, at)
