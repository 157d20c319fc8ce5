"""The page of a draft: its changes to accept, refuse or move by hand, what that costs, and publishing it."""

from datetime import datetime, time
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.clock import at_wall_clock_within, day_end, day_start, local_time
from dispatch.errors import Conflict, DraftOutdated
from dispatch.models import PlanVersion
from dispatch.planning.by_hand import refuse_what_is_not_planned
from dispatch.planning.deciding import decide, discard, find_best_start, move_by_hand
from dispatch.planning.draft_description import get_draft
from dispatch.planning.drafts import find_open_draft, get_open_draft, lay_out_draft
from dispatch.runs.publishing import publish_or_remake
from dispatch.runs.queue import find_active_run
from web.access import ADMIN, DISPATCHER, role_required
from web.console.draft_lines import ORDERS, group_lines
from web.console.views import blueprint
from web.context import house, now, reading, today_of, writing
from web.forms import find_day, refuse

DECISION = "line-"
"""What the names of the form's fields begin with, before the id of a line."""
LOOK_FIRST = "Not published yet: what you said to the lines is stored. Look at what it costs, then publish."


@blueprint.get("/draft")
@role_required(DISPATCHER, ADMIN)
def draft() -> Any:
    """The draft of `on`, or of today at the head office, as a list of changes, grouped `by` what somebody wants."""
    return _draw()


@blueprint.post("/draft/<int:draft_id>/decide")
@role_required(DISPATCHER, ADMIN)
def decide_draft(draft_id: int) -> Any:
    """Store what was said to the lines; 409 when somebody else has decided meanwhile. The buttons that only put them in
    another `order` lose nothing of it, either."""
    order = request.form.get("order")
    if order:
        _store_unsaid(draft_id)
        return _back(order)
    said = _said_of_lines() | _said_of_group(request.form.get("group", ""))
    with writing() as session:
        decide(session, draft_id, _revision(), said, current_user.id, now())
    return _back()


@blueprint.post("/draft/<int:draft_id>/move")
@role_required(DISPATCHER, ADMIN)
def move_in_draft(draft_id: int) -> Any:
    """Put a job with a technician, at the time given or where it fits best; 409 where it does not. What the lines say
    and was not stored yet is stored with it."""
    revision, job_id, code = _revision(), _number("job"), request.form.get("technician", "")
    with reading() as session:
        found = get_open_draft(session, draft_id, revision)
        start_at = _wall_clock(found, code, request.form.get("at", ""))
        laid_out = lay_out_draft(session, found, now())
        refuse_what_is_not_planned(laid_out, job_id)
        start_at = start_at or find_best_start(laid_out, job_id, code)
        unsaid = _list_unsaid(found)
    if start_at is None:
        refuse("The job does not fit there beside the rest. Give a time to put it there all the same.")
    with writing() as session:
        if unsaid:
            decide(session, draft_id, revision, unsaid, current_user.id, now())
        move_by_hand(session, draft_id, revision + bool(unsaid), job_id, code, start_at, current_user.id, now())
    return _back()


@blueprint.post("/draft/<int:draft_id>/publish")
@role_required(DISPATCHER, ADMIN)
def publish(draft_id: int) -> Any:
    """Publish what was decided. When the day has changed too much, the draft is made again, which its page shows.

    What the lines say and was not stored yet is stored first, and shown with what it costs instead of published.
    """
    reason = request.form.get("reason", "")
    if _store_unsaid(draft_id):
        return _draw(refusal=LOOK_FIRST), 409
    factory = house().session_factory
    try:
        version = publish_or_remake(factory, draft_id, _revision(), current_user.id, now(), reason=reason)
    except DraftOutdated:
        return _back()
    return redirect(url_for("console.board", on=version.on))


@blueprint.post("/draft/<int:draft_id>/discard")
@role_required(DISPATCHER, ADMIN)
def discard_draft(draft_id: int) -> Any:
    """Take the draft away; what is published stays."""
    with writing() as session:
        discard(session, draft_id, _revision(), current_user.id, now())
    return redirect(url_for("console.board", on=request.form.get("on") or None))


def _draw(refusal: str = "") -> str:
    by = request.values.get("by") or "technician"
    if by not in ORDERS:
        refuse(f"The list can be grouped by: {', '.join(ORDERS)}.")
    with reading() as session:
        on = find_day(request.values, "on") or today_of(session)
        found, over = find_open_draft(session, on), ""
        try:
            shown = None if found is None else get_draft(session, found, now())
        except Conflict as refused:
            shown, over = None, str(refused)
        run = find_active_run(session, on)
    groups = group_lines(shown["changes"], by) if shown else []
    return render_template(
        "console/draft.html", on=on, draft=shown, groups=groups, by=by, orders=ORDERS, time_of=_time_of,
        over=over, refusal=refusal, run=run, reason=request.form.get("reason", ""),
    )  # fmt: skip


def _store_unsaid(draft_id: int) -> bool:
    """Store what the lines of the form say where the draft says otherwise; whether there was any of that."""
    with reading() as session:
        unsaid = _list_unsaid(get_open_draft(session, draft_id, _revision()))
    if unsaid:
        with writing() as session:
            decide(session, draft_id, _revision(), unsaid, current_user.id, now())
    return bool(unsaid)


def _list_unsaid(draft: PlanVersion) -> dict[int, str]:
    """What the lines of the form say where the draft says otherwise, by their ids."""
    stands = {one.id: one.decision for one in draft.changes}
    return {one: said for one, said in _said_of_lines().items() if stands.get(one) != said}


def _said_of_lines() -> dict[int, str]:
    """What the form says to lines, by their ids; one that was moved by hand stays so."""
    return {
        int(name.removeprefix(DECISION)): value
        for name, value in request.form.items()
        if name.startswith(DECISION) and name.removeprefix(DECISION).isdecimal() and value != "edited"
    }


def _back(by: str | None = None) -> Any:
    by = by or request.form.get("by") or None
    return redirect(url_for("console.draft", on=request.form.get("on") or None, by=by))


def _said_of_group(text: str) -> dict[int, str]:
    """What the button of a group says, such as "accepted:4,7", by the ids of its lines."""
    said, _, ids = text.partition(":")
    if not all(one.isdecimal() for one in ids.split(",") if ids):
        refuse("The button of a group must name its lines by their ids.")
    return {int(one): said for one in ids.split(",") if one}


def _revision() -> int:
    return _number("revision")


def _number(name: str) -> int:
    """The whole number in a field of the form; 400 when there is none."""
    text = request.form.get(name, "")
    if not text.isdecimal() or len(text) > 9:
        refuse(f"The form must have the number `{name}`.")
    return int(text)


def _wall_clock(draft: PlanVersion, code: str, text: str) -> datetime | None:
    """The instant of a time such as 14:05 on that technician's shift; None when nothing is given, 400 when it is no
    time."""
    if not text:
        return None
    try:
        wall = time.fromisoformat(text)
    except ValueError:
        refuse(f"“{text}” is no time of day. Write it as 14:05.")
    on, zone = draft.on, draft.zone
    route = next((one for one in draft.routes if one.technician.code == code), None)
    span = (route.shift_start_at, route.latest_end_at) if route else (day_start(on, zone), day_end(on, zone))
    return at_wall_clock_within(on, wall, zone, *span)


def _time_of(place: dict[str, Any], zone: str) -> str:
    """The start of a line's place on the wall clock, such as 14:05."""
    return local_time(datetime.fromisoformat(place["start_at"]), zone)
