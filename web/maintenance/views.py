"""The pages of recurring work: all plans with the load of the coming months, one plan, and entering or changing one."""

from calendar import day_abbr, month_abbr
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.customers.page import find_customers
from dispatch.errors import InvalidInput
from dispatch.maintenance.overview import get_choices, get_overview, get_plan_page
from dispatch.maintenance.plans import add_plan, change_plan, get_plan, pause, skip_next
from web.access import ADMIN, DISPATCHER, role_required
from web.context import now, reading, today_of, writing
from web.forms import refuse
from web.maintenance.form import read_plan
from web.turning import find_cut

blueprint = Blueprint("maintenance", __name__, url_prefix="/console/maintenance")


@blueprint.get("")
@role_required(DISPATCHER, ADMIN)
def plans() -> Any:
    """All plans, or those of `customer`, and what falls due month by month."""
    customer_id = request.args.get("customer", type=int)
    with reading() as session:
        customer = None if customer_id is None else get_choices(session, customer_id).customer
        overview = get_overview(session, now(), customer_id, find_cut(request.args, "plans"))
        return render_template("maintenance/plans.html", overview=overview, customer=customer)


@blueprint.get("/new")
@role_required(DISPATCHER, ADMIN)
def new() -> Any:
    """The form for a plan of `customer`; without one, whose plan it is to be."""
    customer_id, words = request.args.get("customer", type=int), request.args.get("q", "").strip()
    with reading() as session:
        if customer_id is None:
            return render_template("maintenance/whose.html", words=words, found=find_customers(session, words))
        return _form(session, customer_id)


@blueprint.post("/new/<int:customer_id>")
@role_required(DISPATCHER, ADMIN)
def add(customer_id: int) -> Any:
    """Store it, with its first jobs; 400 shows the form again with all that is wrong."""
    try:
        with writing() as session:
            plan = add_plan(session, read_plan(request.form, customer_id), now(), current_user.id)
    except InvalidInput as refused:
        with reading() as session:
            return _form(session, customer_id, problems=refused.problems), 400
    return redirect(url_for("maintenance.plan", plan_id=plan.id))


@blueprint.get("/<int:plan_id>")
@role_required(DISPATCHER, ADMIN)
def plan(plan_id: int) -> Any:
    """What it says, what it became, and what is coming."""
    with reading() as session:
        page = get_plan_page(session, plan_id, now())
        return render_template("maintenance/plan.html", page=page, days=day_abbr, months=month_abbr)


@blueprint.get("/<int:plan_id>/change")
@role_required(DISPATCHER, ADMIN)
def change_form(plan_id: int) -> Any:
    """The form, filled in."""
    with reading() as session:
        found = get_plan(session, plan_id)
        return _form(session, found.customer_id, plan=found)


@blueprint.post("/<int:plan_id>/change")
@role_required(DISPATCHER, ADMIN)
def change(plan_id: int) -> Any:
    """Store what was changed; 409 when somebody else changed it meanwhile."""
    with reading() as session:
        customer_id = get_plan(session, plan_id).customer_id
    try:
        with writing() as session:
            wanted = read_plan(request.form, customer_id)
            change_plan(session, plan_id, _version(), wanted, now(), current_user.id)
    except InvalidInput as refused:
        with reading() as session:
            return _form(session, customer_id, plan=get_plan(session, plan_id), problems=refused.problems), 400
    return redirect(url_for("maintenance.plan", plan_id=plan_id))


@blueprint.post("/<int:plan_id>/pause")
@role_required(DISPATCHER, ADMIN)
def switch(plan_id: int) -> Any:
    """Pause it for a reason, or let it go on."""
    paused = request.form.get("to") == "pause"
    with writing() as session:
        pause(session, plan_id, _version(), paused, request.form.get("reason", ""), now(), current_user.id)
    return redirect(url_for("maintenance.plan", plan_id=plan_id))


@blueprint.post("/<int:plan_id>/skip")
@role_required(DISPATCHER, ADMIN)
def skip(plan_id: int) -> Any:
    """Leave the next time out, for a reason."""
    with writing() as session:
        skip_next(session, plan_id, _version(), request.form.get("reason", ""), now(), current_user.id)
    return redirect(url_for("maintenance.plan", plan_id=plan_id))


def _version() -> int:
    text = request.form.get("version", "")
    if not text.isdecimal() or len(text) > 9:
        refuse("The form must have the number `version`.")
    return int(text)


def _form(session: Any, customer_id: int, plan: Any = None, problems: Any = ()) -> str:
    """Filled in with what was just given, else with the plan as it is, else with what is usual."""
    return render_template(
        "maintenance/form.html",
        choices=get_choices(session, customer_id),
        plan=plan,
        given=request.form if problems else None,
        problems=problems,
        today=today_of(session),
        days=day_abbr,
        months=month_abbr,
        pairs=lambda rows, word: [(row.id, getattr(row, word)) for row in rows],
    )
