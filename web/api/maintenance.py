"""Recurring work: plans that make jobs ahead of time, paused, and skipped for once."""

from dataclasses import fields
from typing import Any

from flask import Response, url_for
from flask_login import current_user

from dispatch.db import Session
from dispatch.errors import InvalidInput
from dispatch.maintenance.plans import (
    COUNT_FROM,
    UNITS,
    PlanRequest,
    add_plan,
    change_plan,
    get_plan,
    list_plans,
    pause,
    skip_next,
)
from web.access import ADMIN, DISPATCHER
from web.api.answers import PageQuery, by_field, create, dump, dump_page, page_of, read_cursor, seen_version
from web.api.fields import Body, Choice, Day, Flag, Several, Shown, Text, Whole
from web.api.job_schemas import LONGEST_S, ReasonSent
from web.api.jobs import subject
from web.context import now, reading, writing

__all__ = ["subject"]

OFFICE = (DISPATCHER, ADMIN)
ONE = "/maintenance-plans/<int(min=1, max=2147483647):plan_id>"
FIELDS = {"place": "location_id", "kind of work": "job_type_id", "length": "service_s", "counted from": "count_from",
          "season": "months", "days": "days_after", "ends": "ends_on"}  # fmt: skip
"""What forms call the fields, where that is not their name."""
FIELDS |= {word: f"{word}_id" for word in ("customer", "asset", "contract", "technician")}


class MaintenancePlansQuery(PageQuery):
    """Which of them."""

    customer_id = Whole(1, in_query=True, description="Left out: those of everybody.")


class MaintenancePlanChange(Body):
    """What is left out stays as it is; jobs that were made stay, too."""

    title = Text(300, 1)
    location_id = Whole(1, description="Where; one of the customer's places.")
    asset_id = Whole(1, allow_none=True)
    contract_id = Whole(1, allow_none=True)
    job_type_id = Whole(1, allow_none=True)
    service_s = Whole(1, LONGEST_S, allow_none=True, description="null: as the kind of work says.")
    every = Whole(1, 120)
    unit = Choice(UNITS)
    count_from = Choice(COUNT_FROM, description="From when it was due, or from when it was done.")
    first_due_on = Day()
    days_before = Whole(0, 366, description="So many days earlier will do.")
    days_after = Whole(0, 366, description="So many days later will do.")
    weekdays = Several(Whole(0, 6), most=7, description="0 is Monday; none: any day.")
    months = Several(Whole(1, 12), most=12, description="None: all year.")
    technician_id = Whole(1, allow_none=True)
    ends_on = Day(allow_none=True)
    notes = Text(10_000)


class MaintenancePlanSent(MaintenancePlanChange):
    """Something to be done again and again."""

    customer_id = Whole(1, required=True)

    def on_bind_field(self, field_name: str, field_obj: Any) -> None:
        """What no plan can be without."""
        if field_name in ("title", "location_id", "every", "unit", "first_due_on"):
            field_obj.required = True


class MaintenancePlanShown(Shown):
    """Recurring work."""

    id = Whole(1)
    customer_id = Whole(1)
    location_id = Whole(1)
    title = Text()
    asset_id = Whole(1, allow_none=True)
    contract_id = Whole(1, allow_none=True)
    job_type_id = Whole(1, allow_none=True)
    service_s = Whole(allow_none=True)
    every = Whole(1)
    unit = Choice(UNITS)
    count_from = Choice(COUNT_FROM)
    first_due_on = Day()
    days_before = Whole()
    days_after = Whole()
    weekdays = Several(Whole())
    months = Several(Whole())
    technician_id = Whole(1, allow_none=True)
    ends_on = Day(allow_none=True)
    paused = Flag()
    notes = Text()
    version = Whole(1)


class PausedSent(Body):
    """Whether it makes no jobs, and why."""

    paused = Flag(required=True)
    reason = Text(1_000, load_default="")


@subject.operation("GET", "/maintenance-plans", page_of(MaintenancePlanShown), who=OFFICE, query=MaintenancePlansQuery)
def list_of_maintenance_plans(query: dict[str, Any]) -> Response:
    """List recurring work, the oldest first."""
    limit = query["limit"]
    with reading() as session:
        found = list_plans(session, after_id=read_cursor(query), limit=limit + 1, customer_id=query.get("customer_id"))
        return dump_page(MaintenancePlanShown, found, limit, lambda one: int(one.id))


@subject.operation(
    "POST",
    "/maintenance-plans",
    MaintenancePlanShown,
    who=OFFICE,
    status=201,
    body=MaintenancePlanSent,
    versioned=True,
    creates=True,
)
def new_maintenance_plan(body: dict[str, Any]) -> Response:
    """Have something done again and again; its first jobs are made at once when they are due to be."""

    def work(session: Session) -> Response:
        try:
            plan = add_plan(session, _request(body), now(), current_user.id)
        except InvalidInput as wrong:
            raise by_field(wrong, FIELDS) from wrong
        response = dump(MaintenancePlanShown, plan, plan.version, status=201)
        response.headers["Location"] = url_for("api_jobs.one_maintenance_plan", plan_id=plan.id)
        return response

    return create(work)


@subject.operation("GET", ONE, MaintenancePlanShown, who=OFFICE, versioned=True)
def one_maintenance_plan(plan_id: int) -> Response:
    """Look at recurring work."""
    with reading() as session:
        return _show(session, plan_id)


@subject.operation("PATCH", ONE, MaintenancePlanShown, who=OFFICE, body=MaintenancePlanChange, versioned=True)
def edit_maintenance_plan(body: dict[str, Any], plan_id: int) -> Response:
    """Change what comes from now on."""
    version = seen_version()
    with writing() as session:
        plan = get_plan(session, plan_id)
        said = {one.name: getattr(plan, one.name) for one in fields(PlanRequest)}
        try:
            change_plan(session, plan_id, version, _request(said | body), now(), current_user.id)
        except InvalidInput as wrong:
            raise by_field(wrong, FIELDS) from wrong
        session.flush()
        return _show(session, plan_id)


@subject.operation("PUT", ONE + "/paused", MaintenancePlanShown, who=OFFICE, body=PausedSent, versioned=True)
def pause_maintenance_plan(body: dict[str, Any], plan_id: int) -> Response:
    """Make no jobs for a reason, or let it go on from where it stands then."""
    version = seen_version()
    with writing() as session:
        pause(session, plan_id, version, body["paused"], body["reason"], now(), current_user.id)
        session.flush()
        return _show(session, plan_id)


@subject.operation("PUT", ONE + "/skipped", MaintenancePlanShown, who=OFFICE, body=ReasonSent, versioned=True)
def skip_maintenance_once(body: dict[str, Any], plan_id: int) -> Response:
    """Leave the next time out, for a reason. 409 when nothing is coming."""
    version = seen_version()
    with writing() as session:
        skip_next(session, plan_id, version, body["reason"], now(), current_user.id)
        session.flush()
        return _show(session, plan_id)


def _show(session: Session, plan_id: int) -> Response:
    plan = get_plan(session, plan_id)
    return dump(MaintenancePlanShown, plan, plan.version)


def _request(said: dict[str, Any]) -> PlanRequest:
    return PlanRequest(**said | {name: tuple(said.get(name, ())) for name in ("weekdays", "months")})
