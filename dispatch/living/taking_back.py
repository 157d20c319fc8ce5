"""Takes a repair back: the jobs that it moved go to where they were before, as far as nobody has begun them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from data.travel import TravelSource
from dispatch import clock
from dispatch.db import SessionFactory
from dispatch.errors import Conflict, InvalidInput
from dispatch.jobs.statuses import BEGUN
from dispatch.living.incidents import get_incident
from dispatch.living.laying_out import lay_out, only_about, store
from dispatch.living.undone import list_others, list_undone
from dispatch.models import PlanVersion
from dispatch.planning.facts import DayFacts, get_plan_version, is_kept, read_day
from dispatch.roads import get_travel_source
from optimizer.changes import Place, places_of


def take_back(
    session_factory: SessionFactory,
    incident_id: int,
    reason: str,
    now: datetime,
    by_user_id: int | None,
    *,
    travel_source: TravelSource | None = None,
) -> PlanVersion:
    """Publish the day as it was before the repair, and dismiss the incident for this reason; returns the version.

    What the same plan did for other incidents stays, unless it can only be undone with this: those are open again.

    Raises NotFound; InvalidInput without a reason; Conflict where nothing was published, where a job that moved has
    begun or is held, where it does not fit back, or where something else would be left out with it.
    """
    if not reason.strip():
        raise InvalidInput(["Say why it is taken back: the reason is kept with it."])
    with session_factory() as session:
        incident = get_incident(session, incident_id)
        if incident.status != "repaired" or incident.plan is None or incident.plan.status not in PUBLISHED:
            raise Conflict("No plan was published for this; there is nothing to take back.")
        plan = get_plan_version(session, incident.plan.id)
        lines, also = list_undone(plan.changes, incident, list_others(session, incident))
        people = {one for line in lines for one in (line.from_technician_id, line.to_technician_id) if one is not None}
        facts = read_day(
            session,
            incident.on,
            now=now,
            without_incident_id=incident_id,
            restrict=lambda _, whole: _restrict(whole, people, {line.job_id for line in lines}),
        )
        source = travel_source or get_travel_source(session)
    routes = facts.published.routes if facts.published else []
    stops = [stop for route in routes for stop in route.stops]
    moved = {line.job_id for line in lines}
    begun = [stop.job.number for stop in stops if stop.job_id in moved and stop.status in BEGUN]
    if begun:
        raise Conflict(f"{', '.join(begun)} has begun; it can be taken back no more. Move the others by hand.")
    held = [stop.job.number for stop in stops if stop.job_id in moved and is_kept(stop)]
    if held:
        raise Conflict(
            f"{', '.join(held)} was sent to a phone or pinned where it is now, and stays there: call it back or "
            "free it, then take this back."
        )
    codes = {one.id: one.code for one in facts.technicians}
    laid_out = lay_out(facts, source, session_factory.settings, keeps=False)
    dropped = [stop.job.number for stop in laid_out.dropped if stop.job_id not in moved]
    if dropped:
        raise Conflict(
            f"{', '.join(dropped)} can no longer be planned where it is, and would be left out with this: move it "
            "by hand or agree on another time first, then take this back."
        )
    places = places_of(laid_out.plan)
    for line in lines:
        if line.job.number not in laid_out.day.problem.visit_index:
            continue
        places.pop(line.job.number, None)
        if line.from_technician_id in codes and line.from_start_at is not None:
            start_s = clock.seconds_between(facts.day_start_at, line.from_start_at)
            places[line.job.number] = Place(codes[line.from_technician_id], start_s)
    return store(
        session_factory,
        laid_out,
        places,
        [],
        now,
        by_user_id,
        as_draft=False,
        reason=reason,
        dismissed=incident_id,
        reopened={one.id: f"Plan {plan.version}, which repaired it, was taken back for another event." for one in also},
    )


def _restrict(facts: DayFacts, people: Collection[int], moved: Collection[int]) -> DayFacts:
    """To those whose days the repair has changed, to what it has moved, and to whoever has that by now."""
    have_it = {route.technician_id for route in facts.routes if any(stop.job_id in moved for stop in route.stops)}
    return only_about(facts, {*people, *have_it}, moved)


PUBLISHED = ("published", "superseded")
