"""The forms of an emergency call: who calls, what is needed where; or a job that is stored and cannot wait any more."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.accounts.users import get_user
from dispatch.clock import at_wall_clock_within
from dispatch.customers.page import find_customers
from dispatch.db import Session
from dispatch.errors import Conflict, Fault, InvalidInput
from dispatch.installation import has_several_zones
from dispatch.jobs.moving import get_job
from dispatch.jobs.search import list_jobs
from dispatch.living.choices import get_choices
from dispatch.living.emergencies import NIGHT, Caller, EmergencyCall, list_places, list_skills, take_call
from dispatch.planning.day_over import find_night
from web.context import now, reading, today_of, writing
from web.forms import find_day, find_whole, has_address, refuse

LONGEST = 1_000
NEW = "new"
"""Who calls is no customer yet."""
MOST_JOBS = 20
FIELDS = {
    "customer.name": "name",
    "customer.email": "email",
    "location_id": "location",
    "location": "address",
    "location.address": "address",
    "location.lat": "point",
    "location.lon": "point",
    "title": "title",
    "job_type_id": "job_type",
    "service_s": "minutes",
    "due_at": "due",
}
"""The field of the form that a sentence for programs is about, in the order of the form."""


def draw_emergency(session: Session, on: date) -> str:
    """The step of the call that comes next: who calls, or what they need."""
    words, customer, job = (request.args.get(name, "").strip() for name in ("q", "customer", "job"))
    if customer != NEW and not customer.isdecimal() and not job.isdecimal():
        found = find_customers(session, words) if words else None
        return render_template("console/emergency_caller.html", on=on, words=words, found=found, new=NEW)
    values = {"name": words, "minutes": "" if job else "60", "level": "1", "customer": customer, "job": job}
    return _draw_form(session, on, values)


def take_emergency() -> Any:
    """Store the call, and go to its page; 400 says all that is wrong above what was typed, 409 that it cannot be."""
    form = request.form.to_dict()
    try:
        with writing(looks_up=has_address(form)) as session:
            on = find_day(request.form, "on") or today_of(session)
            incident_id = _store(session, on)
    except (InvalidInput, Conflict) as refused:
        wrong = [str(refused)] if isinstance(refused, Conflict) else refused.problems
        with reading() as session:
            return _draw_form(session, on, form, wrong), 409 if isinstance(refused, Conflict) else 400
    return redirect(url_for("console.event", incident_id=incident_id))


def _store(session: Session, on: date) -> int:
    """The id of the call's event. Raises InvalidInput with all that is wrong, Conflict."""
    call, unread = _read_call(on)
    try:
        incident_id = take_call(session, call, now(), get_user(session, current_user.id)).id
    except InvalidInput as error:
        raise InvalidInput([*unread, *error.problems]) from error
    if unread:
        raise InvalidInput(unread)
    return incident_id


def _draw_form(session: Session, on: date, values: Mapping[str, str], problems: Iterable[str] = ()) -> str:
    today = today_of(session)
    if find_night(session, today, now()) == on:
        on = today  # which offers both
    job_id, customer = _whole(values.get("job", "")), _whole(values.get("customer", ""))
    is_known = job_id is None and customer is not None
    return render_template(
        "console/emergency_new.html",
        on=on,
        new=NEW,
        values=values,
        wrong=_by_field(problems),
        job=None if job_id is None else get_job(session, job_id),
        places=list_places(session, customer) if is_known and customer is not None else [],
        jobs=list_jobs(session, now(), customer_id=customer, is_open=True, limit=MOST_JOBS) if is_known else [],
        skills=list_skills(session),
        choices=get_choices(session, on, now()),
        is_in_several_zones=has_several_zones(session),
    )


def _read_call(on: date) -> tuple[EmergencyCall, list[str]]:
    """What the form says, and what of it cannot be read."""
    form = request.form
    point, unread = _find_point(form.get("point", ""))
    address = form.get("address", "").strip()
    is_new = form.get("customer") == NEW
    skill = form.get("skill", "")
    call = EmergencyCall(
        on=on,
        job_id=find_whole(form, "job"),
        customer_id=None if is_new else find_whole(form, "customer"),
        caller=Caller(form.get("name", ""), form.get("phone", ""), form.get("email", "")) if is_new else None,
        location_id=None if address else find_whole(form, "location"),
        address=address or None,
        lat=point[0],
        lon=point[1],
        title=form.get("title", ""),
        job_type_id=find_whole(form, "job_type"),
        minutes=find_whole(form, "minutes"),
        due_by=find_time("due"),
        skills={skill: find_whole(form, "level") or 1} if skill else {},
        words=form.get("words", "")[:LONGEST],
    )
    return call, unread


def find_moment(on: date, zone: str, name: str) -> datetime | None:
    """The next instant of a time such as 14:05 on the day, or in the night after it where that comes within half a day;
    None when nothing is given, 400 when it is no time."""
    at = find_time(name)
    return None if at is None else at_wall_clock_within(on, at, zone, now(), now() + NIGHT)


def find_time(name: str) -> time | None:
    """A time such as 14:05; None when nothing is given, 400 when it is no time."""
    text = request.form.get(name, "").strip()
    if not text:
        return None
    try:
        return time.fromisoformat(text)
    except ValueError:
        refuse(f"“{text}” is no time of day. Write it as 14:05.")


def _find_point(text: str) -> tuple[tuple[float | None, float | None], list[str]]:
    """Latitude and longitude, nothing when nothing is given; and what is wrong with the text."""
    if not text.strip():
        return (None, None), []
    lat, _, lon = text.partition(",")
    try:
        return (float(lat), float(lon)), []
    except ValueError:
        wrong = f"location.lat: “{text}” is no place on the map; write latitude and longitude, as -29.9027, -71.2519."
        return (None, None), [wrong]


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 9 else None


def _by_field(problems: Iterable[str]) -> dict[str, list[Fault]]:
    """The sentences without the names that programs know, under the fields that they are about; "" for the whole."""
    found: dict[str, list[Fault]] = {}
    for one in problems:
        where, colon, words = one.partition(": ")
        key = FIELDS.get(where, "")
        said = words[:1].upper() + words[1:] if colon and " " not in where else one
        found.setdefault(key, []).append(Fault(said, getattr(one, "choices", ())))
    return {key: found[key] for key in dict.fromkeys(("", *FIELDS.values())) if key in found}
