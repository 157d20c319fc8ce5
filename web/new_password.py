"""A new password for somebody who forgot theirs: asked for by e-mail, and chosen at the link that came."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from dispatch.accounts.password_links import ask_by_mail, get_link_user, use_link
from dispatch.errors import Conflict, InvalidInput, NotFound
from web.access import public
from web.context import house, now, reading, writing
from web.visitor import get_address

blueprint = Blueprint("new_password", __name__, url_prefix="/login")


@blueprint.get("/forgotten")
@public
def forgotten() -> Any:
    """Ask for the e-mail address, or say whom to ask where no e-mail is sent."""
    return _forgotten_page(asked="asked" in request.args)


@blueprint.post("/forgotten")
@public
def ask() -> Any:
    """Write down that a link is wanted; the answer is the same whether or not there is such an account."""
    try:
        with writing() as session:
            ask_by_mail(session, request.form.get("email", ""), get_address(), now())
    except InvalidInput as refused:
        return _forgotten_page(refused=str(refused)), 400
    except Conflict as refused:
        return _forgotten_page(refused=str(refused)), 429
    return redirect(url_for("new_password.forgotten", asked="yes"))


@blueprint.get("/new-password/<token>")
@public
def choose(token: str) -> Any:
    """The form behind a link; 404 when the link is good no more."""
    return _choose_page(token)


@blueprint.post("/new-password/<token>")
@public
def store(token: str) -> Any:
    """Store the new password; whoever has it signs in with it, and with their second factor if they have one."""
    new, again = request.form.get("new", ""), request.form.get("again", "")
    try:
        with writing() as session:
            use_link(session, token, new, again, now())
    except InvalidInput as refused:
        return _choose_page(token, problems=refused.problems), 400
    return redirect(url_for("auth.login", changed="yes"))


@blueprint.errorhandler(NotFound)
def link_gone(gone: NotFound) -> Any:
    """A link that was used, or is too old: the way to another one."""
    return render_template("login/link_gone.html", sentence=str(gone)), 404


def address_of(token: str) -> str:
    """The whole address of the page behind a link, to be handed over."""
    base = house().settings.public_url or request.host_url.rstrip("/")
    return base + url_for("new_password.choose", token=token)


def _forgotten_page(**said: Any) -> str:
    settings = house().settings
    sends_mail = settings.mail_server is not None and settings.public_url is not None
    return render_template("login/forgotten.html", sends_mail=sends_mail, **said)


def _choose_page(token: str, problems: tuple[str, ...] = ()) -> str:
    with reading() as session:
        user = get_link_user(session, token, now())
    return render_template("login/new_password.html", email=user.email, token=token, problems=problems)
