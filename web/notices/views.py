"""The pages of messages: what waits for somebody, what was told to whom, and how a customer wants to be told."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.jobs.moving import get_job
from dispatch.models import LANGUAGES
from dispatch.notices.links import revoke_links
from dispatch.notices.office import (
    answer_request,
    get_customer_notices,
    get_office_page,
    send_again,
    slice_visit_pages,
)
from dispatch.notices.wishes import change_wish
from web.access import ADMIN, DISPATCHER, MANAGER, role_required
from web.context import now, reading, writing
from web.forms import refuse
from web.turning import find_cut

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@blueprint.get("")
@role_required(DISPATCHER, MANAGER, ADMIN)
def page() -> Any:
    """What customers ask for, who was told a time that nobody plans any more, what was given up, and the newest."""
    with reading() as session:
        cuts = find_cut(request.args, "given-up"), find_cut(request.args, "newest")
        return render_template("notices/notices.html", page=get_office_page(session, now(), *cuts))


@blueprint.post("/requests/<int:request_id>/answered")
@role_required(DISPATCHER, ADMIN)
def answered(request_id: int) -> Any:
    """Somebody has dealt with it; 409 when somebody else has."""
    with writing() as session:
        answer_request(session, request_id, now(), current_user.id)
    return redirect(url_for("notices.page"))


@blueprint.post("/<int:notice_id>/again")
@role_required(DISPATCHER, ADMIN)
def again(notice_id: int) -> Any:
    """Try once more what was given up; 409 when it is not given up any more."""
    with writing() as session:
        send_again(session, notice_id, now(), current_user.id)
    return redirect(url_for("notices.page"))


@blueprint.get("/customers/<int:customer_id>")
@role_required(DISPATCHER, ADMIN)
def customer(customer_id: int) -> Any:
    """What one customer was told, said, and wants."""
    with reading() as session:
        told, said, links = (find_cut(request.args, name) for name in ("told", "feedback", "links"))
        shown = get_customer_notices(session, customer_id, told, said)
        visits = slice_visit_pages(session, customer_id, now(), links)
        return render_template("notices/customer.html", page=shown, visits=visits, languages=LANGUAGES)


@blueprint.post("/customers/<int:customer_id>")
@role_required(DISPATCHER, ADMIN)
def wish(customer_id: int) -> Any:
    """Store how they want to be told; 409 when somebody else changed it meanwhile."""
    seen = request.form.get("version", "")
    if not seen.isdecimal() or len(seen) > 9:
        refuse("The form must have the number `version`.")
    with writing() as session:
        change_wish(
            session,
            customer_id,
            int(seen),
            now(),
            current_user.id,
            language=request.form.get("language", ""),
            no_email="email" not in request.form,
            no_sms="sms" not in request.form,
        )
    return redirect(url_for("notices.customer", customer_id=customer_id))


@blueprint.post("/jobs/<int:job_id>/link/revoke")
@role_required(DISPATCHER, ADMIN)
def revoke_link(job_id: int) -> Any:
    """Let the links to a visit's page that were sent until now open nothing: one has come into wrong hands."""
    with writing() as session:
        revoke_links(session, job_id, now(), current_user.id)
        job = get_job(session, job_id)
    flash(f"Links to the page of {job.number} that were sent until now open nothing. There is a new one below.")
    return redirect(url_for("notices.customer", customer_id=job.customer_id))
