"""A job's page with its whole life, and what the office decides about it: there, and on the board's card."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.accounts.users import get_user
from dispatch.errors import Conflict, InvalidInput
from dispatch.jobs.moving import change_status, get_job
from dispatch.jobs.page import get_job_page
from dispatch.jobs.pins import take_pin_off
from dispatch.jobs.why_here import explain_place
from dispatch.on_site.checklist import tick
from dispatch.on_site.notes import LONGEST, add_job_note
from web.access import ADMIN, DISPATCHER, role_required, within_territories
from web.console.views import blueprint
from web.context import now, reading, writing
from web.forms import find_text_of, get_text_of, json_object


@blueprint.get("/jobs/<int:job_id>")
@role_required(DISPATCHER, ADMIN)
@within_territories
def job(job_id: int) -> Any:
    """Where it stands, what may be done with it, and all that ever happened to it."""
    return _page(job_id)


@blueprint.post("/jobs/<int:job_id>/status")
@role_required(DISPATCHER, ADMIN)
@within_territories
def decide_job(job_id: int) -> Any:
    """Send to the phone, call back, cancel, reopen, come again; what is refused is said above the buttons."""
    status, reason = request.form.get("status", ""), request.form.get("reason", "")
    if not status:
        return _page(job_id, "Nothing was done yet: press the button of what is to happen.", reason=reason), 400
    try:
        with writing() as session:
            change_status(session, job_id, status, get_user(session, current_user.id), now(), reason)
    except (Conflict, InvalidInput) as refused:
        return _page(job_id, str(refused), reason=reason), 409 if isinstance(refused, Conflict) else 400
    return redirect(url_for("console.job", job_id=job_id))


@blueprint.post("/api/jobs/<int:job_id>/status")
@role_required(DISPATCHER, ADMIN)
@within_territories
def decide_job_data(job_id: int) -> Any:
    """{"status": "cancelled", "reason": "..."}: the same for the board's card."""
    body = json_object()
    status, reason = get_text_of(body, "status"), find_text_of(body, "reason")
    with writing() as session:
        return change_status(session, job_id, status, get_user(session, current_user.id), now(), reason)


@blueprint.get("/api/jobs/<int:job_id>/why")
@role_required(DISPATCHER, ADMIN)
def why_here(job_id: int) -> Any:
    """Why this technician and not that one, in sentences; 409 says why there are none."""
    with reading() as session:
        why = explain_place(session, job_id, now())
    return {
        "sentence": why.sentence,
        "alternatives": [one.sentence for one in why.alternatives],
        "cannot": [{"name": one.technician, "sentence": one.sentence} for one in why.cannot],
    }


@blueprint.post("/jobs/<int:job_id>/unpin")
@role_required(DISPATCHER, ADMIN)
@within_territories
def take_pin_off_job(job_id: int) -> Any:
    """Let plans move the visit again that somebody has put where it is."""
    with writing() as session:
        take_pin_off(session, job_id, current_user.id, now())
    return redirect(url_for("console.job", job_id=job_id))


@blueprint.post("/jobs/<int:job_id>/notes")
@role_required(DISPATCHER, ADMIN)
@within_territories
def note_job(job_id: int) -> Any:
    """Write something down about the job."""
    text = request.form.get("text", "")
    try:
        with writing() as session:
            user = get_user(session, current_user.id)
            add_job_note(session, get_job(session, job_id), text, user, now())
    except InvalidInput as refused:
        return _page(job_id, str(refused), note=text), 400
    return redirect(url_for("console.job", job_id=job_id))


@blueprint.post("/jobs/<int:job_id>/steps/<int:position>")
@role_required(DISPATCHER, ADMIN)
@within_territories
def tick_step(job_id: int, position: int) -> Any:
    """Tick a step for somebody who telephones, or take a tick back."""
    try:
        with writing() as session:
            user = get_user(session, current_user.id)
            tick(session, get_job(session, job_id), position, request.form.get("done") == "yes", user, now())
    except Conflict as refused:
        return _page(job_id, str(refused)), 409
    return redirect(url_for("console.job", job_id=job_id))


def _page(job_id: int, refusal: str = "", *, reason: str = "", note: str = "") -> str:
    """With what was typed and refused."""
    with reading() as session:
        page = get_job_page(session, job_id, get_user(session, current_user.id), now())
        return render_template(
            "console/job.html", page=page, refusal=refusal, reason=reason, note=note, longest=LONGEST
        )
