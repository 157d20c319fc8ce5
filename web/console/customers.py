"""The pages of customers: finding one, and everything about one, with room for a note."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.accounts.users import find_user
from dispatch.customers.page import CHANNELS, add_note, find_customers, get_customer_page
from web.access import ADMIN, DISPATCHER, role_required, within_territories
from web.console.views import blueprint
from web.context import now, reading, writing
from web.forms import refuse
from web.turning import find_cut

LONGEST_NOTE = 4000


@blueprint.get("/customers")
@role_required(DISPATCHER, ADMIN)
@within_territories
def customers() -> Any:
    """Those whose name, number or e-mail holds `q`."""
    words = request.args.get("q", "").strip()
    with reading() as session:
        found = find_customers(session, words, find_cut(request.args, "found"))
        return render_template("console/customers.html", words=words, found=found)


@blueprint.get("/customers/<int:customer_id>")
@role_required(DISPATCHER, ADMIN)
@within_territories
def customer(customer_id: int) -> Any:
    """Contracts, assets, jobs with what is promised and planned, and the whole history."""
    cuts = find_cut(request.args, "jobs"), find_cut(request.args, "history", kinds=3)
    with reading() as session:
        page = get_customer_page(session, customer_id, now(), *cuts)
        return render_template("console/customer.html", page=page, channels=CHANNELS)


@blueprint.post("/customers/<int:customer_id>/notes")
@role_required(DISPATCHER, ADMIN)
@within_territories
def note(customer_id: int) -> Any:
    """Write down what was said."""
    text, channel = request.form.get("text", "").strip(), request.form.get("channel", "")
    if not text or len(text) > LONGEST_NOTE:
        refuse(f"Write down what was said, in at most {LONGEST_NOTE:,} characters.")
    if channel not in CHANNELS:
        refuse(f"Say how it was said; choose one of: {', '.join(CHANNELS)}.")
    with writing() as session:
        user = find_user(session, current_user.id)
        assert user is not None
        add_note(session, customer_id, text, channel, user, now())
    return redirect(url_for("console.customer", customer_id=customer_id))
