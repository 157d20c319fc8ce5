"""What a technician tells the office of: late, ill, a visit that takes longer, a road that is closed.

What belongs to one visit alone, no access or a part that is missing, is reported there.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.accounts.users import get_user
from dispatch.clock import at_wall_clock_within
from dispatch.db import Session
from dispatch.errors import InvalidInput
from dispatch.living.choices import find_point, get_own_choices
from dispatch.living.kinds import get_kind
from dispatch.living.reporting import EventReport, report_event
from dispatch.on_site.day import get_today
from web.access import TECHNICIAN, role_required
from web.context import now, reading, writing
from web.forms import find_day, find_whole, refuse
from web.technician.views import blueprint

KINDS = ("technician_late", "overrun", "road_closed", "technician_ill")
AROUND_M = 500
"""A closed road keeps people from the visit that it is told of, and from those so near to it."""
LONGEST = 1_000
NIGHT = timedelta(hours=12)


@blueprint.get("/happened")
@role_required(TECHNICIAN)
def happened() -> Any:
    """A form for each, and what was told already."""
    return _page([])


@blueprint.post("/happened")
@role_required(TECHNICIAN)
def tell() -> Any:
    """Store it, and act as the policy says; 400 says all that is wrong."""
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        refuse(f"`kind` must be one of: {', '.join(KINDS)}.")
    try:
        with writing() as session:
            user = get_user(session, current_user.id)
            report_event(session, _report(session, kind), now(), user)
    except InvalidInput as wrong:
        return _page(list(wrong.problems)), 400
    flash(f"The office has been told: {get_kind(kind).words.lower()}.")
    return redirect(url_for("technician.happened"))


def _page(problems: list[str]) -> str:
    with reading() as session:
        on = get_today(session, current_user.technician_id, now())
        choices = get_own_choices(session, current_user.technician_id, on)
    return render_template("technician/happened.html", on=on, choices=choices, problems=problems)


def _report(session: Session, kind: str) -> EventReport:
    form, on = request.form, get_today(session, current_user.technician_id, now())
    words, job_id = form.get("words", "").strip()[:LONGEST], find_whole(form, "job")
    if kind == "technician_late":
        return EventReport(kind, on, current_user.technician_id, minutes=find_whole(form, "minutes"), words=words)
    if kind == "technician_ill":
        return EventReport(kind, on, current_user.technician_id, until_on=find_day(form, "until_on"), words=words)
    if kind == "overrun":
        return EventReport(kind, on, job_id=job_id, minutes=find_whole(form, "minutes"), words=words)
    lat, lon = (None if job_id is None else find_point(session, job_id)) or (None, None)
    zone = get_own_choices(session, current_user.technician_id, on)["zone"]
    return EventReport(
        kind, on, job_id=job_id, until_at=_until(on, zone), lat=lat, lon=lon, radius_m=AROUND_M, words=words
    )


def _until(on: date, zone: str) -> datetime | None:
    """The next instant of a time such as 14:05; None when nothing is given, 400 when it is no time."""
    text = request.form.get("until", "").strip()
    if not text:
        return None
    try:
        return at_wall_clock_within(on, time.fromisoformat(text), zone, now(), now() + NIGHT)
    except ValueError:
        refuse(f"“{text}” is no time of day. Write it as 14:05.")
