"""The technician's pages: the day, as a page and as JSON, and what is reported from a stop."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user

from dispatch.accounts.users import find_user
from dispatch.jobs.moving import report_status
from dispatch.on_site.day import get_day, get_today
from web.access import TECHNICIAN, role_required
from web.context import now, reading, writing
from web.forms import find_day, find_text_of, get_text_of, json_object, refuse
from web.refusals import telling_the_office
from web.technician.moments import moment_of

blueprint = Blueprint("technician", __name__, url_prefix="/phone")


@blueprint.get("")
@role_required(TECHNICIAN)
def day() -> Any:
    """The page; the day it starts with is inside, so that the phone need not ask twice."""
    with reading() as session:
        today = get_today(session, current_user.technician_id, now())
        shown = get_day(session, current_user.technician_id, find_day(request.args, "on") or today, now())
    return render_template("technician/day.html", day=shown, today=today)


@blueprint.get("/api/day")
@role_required(TECHNICIAN)
def day_data() -> Any:
    """The same day as JSON."""
    on = find_day(request.args, "on")
    if on is None:
        refuse("Say which day: /phone/api/day?on=2026-11-22")
    with reading() as session:
        return get_day(session, current_user.technician_id, on, now())


@blueprint.post("/api/stops/<int:stop_id>/status")
@role_required(TECHNICIAN)
def report(stop_id: int) -> Any:
    """Store what happened at a stop; 409 when the stop does not allow that, 403 when it is not theirs.

    `waited_s` says how many seconds ago it happened, when the phone had no network meanwhile.
    """
    body = json_object()
    status, reason = get_text_of(body, "status"), find_text_of(body, "reason")
    at = moment_of(body)
    with telling_the_office(stop_id, status, at, reason), writing() as session:
        user = find_user(session, current_user.id)
        return report_status(session, stop_id, status, user, now(), reason, at)
