"""What recurring work brings: how much falls due month by month, and what a plan has become and will become."""

from typing import Any

from flask import Response

from dispatch.customers.records import get_customer
from dispatch.maintenance.overview import STATES, get_overview, get_plan_page
from web.access import ADMIN, DISPATCHER
from web.api.answers import dump
from web.api.fields import Choice, Day, Part, Query, Several, Shown, Text, Whole
from web.api.maintenance import ONE, subject
from web.context import now, reading

__all__ = ["subject"]

OFFICE = (DISPATCHER, ADMIN)


class LoadQuery(Query):
    """Whose."""

    customer_id = Whole(1, in_query=True, description="Left out: that of everybody.")


class MonthShown(Shown):
    """What falls due in a month: jobs that are open, and turns that will become jobs."""

    month = Text(description="Such as 2027-03.")
    visits = Whole()
    work_s = Whole(description="Seconds of work, without travel.")


class MaintenanceLoadShown(Shown):
    """This month and the eleven after it; what is overdue counts in this one."""

    months = Several(Part(MonthShown))


class TurnShown(Shown):
    """A turn that will become a job. Turns are counted from 0."""

    turn = Whole(attribute="number")
    due_on = Day()


class PastTurnShown(Shown):
    """A turn that became a job, or was left out."""

    turn = Whole()
    due_on = Day()
    job_id = Whole(1, allow_none=True)
    outcome = Text(description="How the job stands, or why the turn was left out.")


class MaintenanceTurnsShown(Shown):
    """How a plan stands: `waiting` until its last job is done, from which the next turn is counted."""

    state = Choice(STATES)
    rhythm = Text()
    next_on = Day(allow_none=True)
    coming = Several(Part(TurnShown), description="Those of the coming twelve months.")
    past = Several(Part(PastTurnShown), description="The newest first.")


@subject.operation("GET", "/maintenance-plans/load", MaintenanceLoadShown, who=OFFICE, query=LoadQuery)
def maintenance_load(query: dict[str, Any]) -> Response:
    """How much recurring work falls due month by month, of everybody or of one customer."""
    customer_id = query.get("customer_id")
    with reading() as session:
        if customer_id is not None:
            get_customer(session, customer_id)  # 404 for one who is not there, instead of a year without work
        return dump(MaintenanceLoadShown, {"months": get_overview(session, now(), customer_id).load})


@subject.operation("GET", ONE + "/turns", MaintenanceTurnsShown, who=OFFICE)
def maintenance_turns(plan_id: int) -> Response:
    """What a plan has become so far, and what is coming."""
    with reading() as session:
        page = get_plan_page(session, plan_id, now())
        past = [
            {"turn": one.turn, "due_on": one.due_on, "job_id": one.job_id, "outcome": outcome}
            for one, outcome in page.past
        ]
        line = {name: getattr(page.line, name) for name in ("state", "rhythm", "next_on")}
        return dump(MaintenanceTurnsShown, {**line, "coming": page.coming, "past": past})
