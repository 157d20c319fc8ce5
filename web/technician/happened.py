"""What a technician tells the office of: late, ill, a visit that takes longer, a road that is closed.

What belongs to one visit alone, no access or a part that is missing, is reported there. Like everything that phones
report it may come late, and twice: the phone gives each a key, and what has its key is told once.
"""

from datetime import date, datetime, time, timedelta
from hashlib import sha256
from json import dumps
from typing import Any

from flask import request
from flask_login import current_user

from dispatch.accounts.users import get_user
from dispatch.api.answers import Answer, answer_once
from dispatch.clock import at_wall_clock_within
from dispatch.db import Session
from dispatch.living.choices import find_point, get_own_zone
from dispatch.living.reporting import EventReport, report_event
from dispatch.on_site.day import get_today
from web.access import TECHNICIAN, role_required
from web.context import now, writing
from web.forms import find_count_of, find_text_of, get_text_of, json_object, parse_day, refuse
from web.technician.moments import moment_of
from web.technician.views import blueprint

KINDS = ("technician_late", "overrun", "road_closed", "technician_ill")
AROUND_M = 500
"""A closed road keeps people from the visit that it is told of, and from those so near to it."""
LONGEST = 1_000
NIGHT = timedelta(hours=12)


@blueprint.post("/api/happened")
@role_required(TECHNICIAN)
def tell() -> Any:
    """{"kind": "technician_late", "minutes": 30}: store it as of that moment, and act as the policy says.

    `overrun` has `job_id` and `minutes`; `road_closed` has `job_id` and may have `until`, a time such as 14:05;
    `technician_ill` may have the day `until_on`; all may have `words` and `waited_s`. 400 says all that is wrong.
    """
    body = json_object()
    at = moment_of(body)
    key = request.headers.get("Idempotency-Key", "")
    said = {name: value for name, value in body.items() if name != "waited_s"}  # it grows while the phone waits
    digest = sha256(dumps(said, sort_keys=True).encode()).hexdigest()
    with writing() as session:

        def once() -> Answer:
            user = get_user(session, current_user.id)
            incident = report_event(session, _report(session, body, at), now(), user, at=at)
            session.flush()
            return Answer(201, {}, {"id": incident.id, "kind": incident.kind})

        told = answer_once(session, current_user.id, f"phone {key}" if key else "", digest, now(), once)
        return told.body, told.status


def _report(session: Session, body: dict[str, object], at: datetime) -> EventReport:
    kind, who = get_text_of(body, "kind"), current_user.technician_id
    if kind not in KINDS:
        refuse(f"`kind` must be one of: {', '.join(KINDS)}.")
    on = get_today(session, who, at)
    words, job_id, minutes = find_text_of(body, "words")[:LONGEST], find_count_of(body, "job_id"), None
    if kind in ("technician_late", "overrun"):
        minutes = find_count_of(body, "minutes")
    if kind == "technician_late":
        return EventReport(kind, on, who, minutes=minutes, words=words)
    if kind == "overrun":
        return EventReport(kind, on, job_id=job_id, minutes=minutes, words=words)
    if kind == "technician_ill":
        text = find_text_of(body, "until_on")
        until_on = parse_day(text) if text else None
        if text and until_on is None:
            refuse(f"“{text}” is no day. Write `until_on` as 2026-11-22.")
        return EventReport(kind, on, who, until_on=until_on, words=words)
    lat, lon = (None if job_id is None else find_point(session, job_id)) or (None, None)
    until_at = _until(find_text_of(body, "until"), on, get_own_zone(session, who, on), at)
    return EventReport(kind, on, job_id=job_id, until_at=until_at, lat=lat, lon=lon, radius_m=AROUND_M, words=words)


def _until(text: str, on: date, zone: str, at: datetime) -> datetime | None:
    """The next instant of a time such as 14:05; None when nothing is given, 400 when it is no time."""
    if not text:
        return None
    try:
        return at_wall_clock_within(on, time.fromisoformat(text), zone, at, at + NIGHT)
    except ValueError:
        refuse(f"“{text}” is no time of day. Write it as 14:05.")
