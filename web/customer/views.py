"""The customer's page: when, who, asking for another time, how it went. Nothing asked here changes a plan by itself."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException, InternalServerError

from dispatch.errors import Conflict, InvalidInput, NotFound
from dispatch.models import LANGUAGES
from dispatch.notices.links import LinkTooOld
from dispatch.notices.visit_page import ask, get_visit_page, say_how_it_went, stop_messages
from web.access import public
from web.context import house, now, reading, writing
from web.customer.words import SAID
from web.errors import log_fault

blueprint = Blueprint("customer", __name__, url_prefix="/c")


@blueprint.get("/<token>")
@public
def visit(token: str) -> Any:
    """The visit as it stands now; 404 for an address that is none of ours."""
    return _page(token)


@blueprint.post("/<token>/ask")
@public
def ask_for(token: str) -> Any:
    """Another time, or to cancel: the office reads it."""
    try:
        with writing() as session:
            ask(session, token, request.form.get("wants", ""), request.form.get("words", ""), now())
    except InvalidInput:
        return _page(token, "incomplete"), 400
    except Conflict:
        return _page(token, "enough"), 409
    return redirect(url_for("customer.visit", token=token))


@blueprint.post("/<token>/feedback")
@public
def feedback(token: str) -> Any:
    """How it went, from 1 to 5."""
    score = request.form.get("score", "")
    try:
        with writing() as session:
            words = request.form.get("words", "")
            say_how_it_went(session, token, int(score) if score in ("1", "2", "3", "4", "5") else 0, words, now())
    except InvalidInput:
        return _page(token, "incomplete"), 400
    except Conflict:
        return _page(token, "too early"), 409
    return redirect(url_for("customer.visit", token=token))


@blueprint.post("/<token>/stop")
@public
def stop(token: str) -> Any:
    """No more messages."""
    with writing() as session:
        stop_messages(session, token, now())
    return redirect(url_for("customer.visit", token=token))


@blueprint.errorhandler(NotFound)
def no_page(gone: NotFound) -> Any:
    """An address that is none of ours, or too old; whose it is nobody knows, so their browser's language counts."""
    return _refusal("old link" if isinstance(gone, LinkTooOld) else "unknown link"), 404


@blueprint.errorhandler(400)
def old_page(_refused: HTTPException) -> Any:
    """A form of a page that was open for so long that it is not trusted any more: the page is shown anew."""
    try:
        return _page((request.view_args or {}).get("token", ""), "old page"), 400
    except NotFound as gone:
        return no_page(gone)


@blueprint.errorhandler(InternalServerError)
def broken(fault: InternalServerError) -> Any:
    """A fault of ours, in words of theirs; the database may be what is broken, so nothing is read from it."""
    return _refusal("broken", log_fault(fault.original_exception)), 500


def _page(token: str, refused: str = "") -> str:
    """The visit; `refused` names the words for what did not work just now."""
    with reading() as session:
        page = get_visit_page(session, token, now(), house().settings)
    says = SAID[page.language]
    facts = {"day": page.day, "from": page.from_time, "until": page.until_time, "technician": page.technician}
    return render_template(
        "customer/visit.html",
        page=page,
        says=says,
        sentence=says[page.state].format(**facts),
        who=says["who"].format(**facts),
        token=token,
        refused=refused and says[refused],
        phone=page.phone,
    )


def _refusal(what: str, reference: str = "") -> str:
    language = request.accept_languages.best_match(LANGUAGES) or house().settings.company_language
    says, again = SAID[language], url_for("customer.visit", **(request.view_args or {}))
    # not render_template, which looks in the database whether somebody is signed in
    template = current_app.jinja_env.get_template("customer/refusal.html")
    phone = house().settings.company_phone
    return template.render(
        language=language, says=says, sentence=says[what], reference=reference, again=again, phone=phone
    )
