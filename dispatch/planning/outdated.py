"""What has happened since a draft was made that keeps it from being published as people have seen it."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.jobs.statuses import OPEN, WAITING
from dispatch.models import PlanVersion
from dispatch.planning.baseline import find_published_plan
from dispatch.planning.decisions import Decided, decided_places
from dispatch.planning.facts import DayFacts
from dispatch.planning.problem import DayProblem
from optimizer.changes import list_changes, places_of

ELSEWHERE = "It is wanted on another day now, or planned there."


def list_outdated(
    draft: PlanVersion, facts: DayFacts, day: DayProblem, decided: Decided, tolerance_s: int
) -> list[str]:
    """Sentences; none for a draft that can be published, or whose decisions alone are at fault.

    `day` is the day as it is now, and `decided` the draft laid out on it.
    """
    found = [*_overtaken(draft, facts, day, decided, tolerance_s), *_not_planned_any_more(draft, facts, day)]
    if decided.plan is None:
        is_as_it_was = _published_id(facts) == draft.base_id and day.input_hash == draft.input_hash
        return found if is_as_it_was else found or list(decided.obstacles)
    before = find_published_plan(facts)
    lines = {change.job.number for change in draft.changes}
    known = lines if draft.base_id is not None else set(decided.places)
    before_places = places_of(before) if before is not None else {}
    for change in list_changes(day.problem, before_places, places_of(decided.plan), tolerance_s):
        if change.visit not in known:
            found.append(f"Job {change.visit} would be {change.kind}, which the draft did not say.")
    return found


def _overtaken(
    draft: PlanVersion, facts: DayFacts, day: DayProblem, decided: Decided, tolerance_s: int
) -> Iterator[str]:
    """What was to move, or to start at another time, and has been begun or pinned elsewhere meanwhile."""
    begun = {one.last.job.number for one in day.begun.values()}
    published = find_published_plan(facts)
    starts = {} if published is None else places_of(published)  # pins of who is late are later than these
    for change in draft.changes:
        number, place = change.job.number, decided.places.get(change.job.number)
        pin = day.problem.get_visit(number).pin if number in day.problem.visit_index else None
        if pin is None or pin.start_s is None:
            continue
        is_there = place is not None and place.shift == pin.shift
        if place is not None and number not in begun:  # when work really began, no draft can say
            start_s = starts[number].start_s if number in starts else pin.start_s
            is_there = is_there and abs(place.start_s - start_s) <= tolerance_s
        if not is_there:
            name = day.technicians[pin.shift].name
            yield f"Job {number} was begun by {name} or pinned there meanwhile; it stays there."


def _not_planned_any_more(draft: PlanVersion, facts: DayFacts, day: DayProblem) -> Iterator[str]:
    """Open jobs of the draft, and of what is published, that the day as it is now has no visit for: whose window has
    closed since, to which no road leads any more, or that another day has. What is gone by the draft's own words is
    passed over."""
    why = {one.job.number: one.sentence for one in day.left_out}
    begun = {stop.job_id for one in day.begun.values() for stop in one.stops}
    lines = {change.job.number: change for change in draft.changes}
    published = {stop.job.number: stop.job for route in facts.routes for stop in route.stops if stop.status in WAITING}
    jobs = {stop.job.number: stop.job for route in draft.routes for stop in route.stops}
    jobs |= {number: change.job for number, change in lines.items()} | published
    lost = {
        number
        for number, job in jobs.items()
        if job.status == OPEN and number not in day.problem.visit_index and job.id not in begun
    }
    proposed = set(decided_places(draft)) & (set(lines) if draft.base_id is not None else set(jobs))
    for number in sorted(lost & proposed):
        # What another day has by now, and nobody has asked to have here, is that day's: the first has it.
        if number in published or number in why or (number in lines and lines[number].decision != "open"):
            yield f"Job {number} cannot be planned here any more: {why.get(number, ELSEWHERE)}"
    for number in sorted(lost & set(published) - proposed - set(lines)):
        yield f"Job {number} would be left out, which the draft did not say: {why.get(number, ELSEWHERE)}"


def _published_id(facts: DayFacts) -> int | None:
    return facts.published.id if facts.published else None
