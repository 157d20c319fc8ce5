"""The customer's page: when, who, asking for another time, how it went. Nothing asked here changes a plan by itself."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from dispatch.notices.visit_page import ask, get_visit_page, say_how_it_went, stop_messages
from web.access import public
from web.context import now, reading, writing
from web.customer.words import SAID
from web.forms import refuse

blueprint = Blueprint("customer", __name__, url_prefix="/c")


@blueprint.get("/<token>")
@public
def visit(token: str) -> Any:
    """The visit as it stands now; 404 for an address that is none of ours."""
    with reading() as session:
        page = get_visit_page(session, token, now())
    says = SAID[page.language]
    facts = {"day": page.day, "from": page.from_time, "until": page.until_time, "technician": page.technician}
    return render_template(
        "customer/visit.html",
        page=page,
        says=says,
        sentence=says[page.state].format(**facts),
        who=says["who"].format(**facts),
        token=token,
    )


@blueprint.post("/<token>/ask")
@public
def ask_for(token: str) -> Any:
    """Another time, or to cancel: the office reads it."""
    with writing() as session:
        ask(session, token, request.form.get("wants", ""), request.form.get("words", ""), now())
    return redirect(url_for("customer.visit", token=token))


@blueprint.post("/<token>/feedback")
@public
def feedback(token: str) -> Any:
    """How it went, from 1 to 5."""
    score = request.form.get("score", "")
    if score not in ("1", "2", "3", "4", "5"):
        refuse("Choose one of the five answers.")
    with writing() as session:
        say_how_it_went(session, token, int(score), request.form.get("words", ""), now())
    return redirect(url_for("customer.visit", token=token))


@blueprint.post("/<token>/stop")
@public
def stop(token: str) -> Any:
    """No more messages."""
    with writing() as session:
        stop_messages(session, token, now())
    return redirect(url_for("customer.visit", token=token))
