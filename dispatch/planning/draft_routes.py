"""The routes of a day as a draft would publish them by what has been decided so far."""

from __future__ import annotations

from dispatch.models import PlanRoute
from dispatch.planning.drafts import LaidOut
from dispatch.planning.store import build_route


def list_decided_routes(laid_out: LaidOut) -> list[PlanRoute]:
    """One for each who works that day: as decided, or as proposed where the decisions do not go together.

    Rows in no session, to look at; what has begun is in them as it is.
    """
    draft, facts, day, plan = laid_out.draft, laid_out.facts, laid_out.day, laid_out.decided.plan
    if plan is None:
        return list(draft.routes)
    published = facts.published.routes if facts.published else []
    before = {stop.job_id: stop for route in published for stop in route.stops}
    jobs = {job.id: job for job in day.jobs.values()} | {job_id: stop.job for job_id, stop in before.items()}
    routes = []
    for code, technician in day.technicians.items():
        route = build_route(facts, day, plan.find_route(code), code, draft.id, before)
        route.technician = technician
        for stop in route.stops:
            stop.job = jobs[stop.job_id]
        routes.append(route)
    return routes
