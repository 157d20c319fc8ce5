"""Signing in and out, and where each role starts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_login import current_user

from dispatch.accounts.second_factor import check_code, has_second_factor
from dispatch.accounts.sessions import session_key
from dispatch.accounts.sign_in import Attempt
from dispatch.accounts.sign_in import sign_in as sign_in_with
from dispatch.accounts.users import find_user
from dispatch.clock import local_time, seconds_between
from dispatch.demo.users import list_demo_users
from dispatch.installation import get_zone
from web.access import (
    ADMIN,
    DISPATCHER,
    MANAGER,
    ROLES,
    TECHNICIAN,
    public,
    role_required,
    while_setting_up,
    within_territories,
)
from web.context import house, now, reading
from web.signed_in import begin_session, end_session
from web.visitor import get_address

blueprint = Blueprint("auth", __name__)

START_PAGES = {
    DISPATCHER: "console.board",
    ADMIN: "console.board",
    TECHNICIAN: "technician.day",
    MANAGER: "manager.utilization",
}
HALF_WAY = "half_way"
"""In the session of somebody whose password was right and whose code is not known yet."""
HALF_WAY_FOR = timedelta(minutes=5)
REFUSED = (
    "That e-mail address and password do not belong together. "
    "After five wrong tries you will have to wait for ten minutes."
)
CODE_REFUSED = (
    "That code is not right, or was used before. After five wrong ones you will have to wait for ten minutes."
)


@blueprint.get("/")
@role_required(*ROLES)
@within_territories
def start() -> Any:
    """Send each role to the page its work starts on."""
    return redirect(url_for(START_PAGES[current_user.role]))


@blueprint.get("/login")
@public
def login() -> Any:
    """The sign-in page."""
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")))
    return _login_page()


@blueprint.post("/login")
@public
def sign_in() -> Any:
    """Check the password; start a session, or ask for the code."""
    given = request.form.get("email", ""), request.form.get("password", "")
    attempt = sign_in_with(house().session_factory, *given, get_address(), now())
    user, wanted = attempt.user, request.form.get("next")
    if user is None:
        return _refuse(attempt, REFUSED, _login_page)
    with reading() as database:
        needs_code = has_second_factor(database, user.id)
    if not needs_code:
        begin_session(user)
        return redirect(safe_next(wanted))
    session.clear()
    session[HALF_WAY] = {"user": user.id, "key": session_key(user), "until": (now() + HALF_WAY_FOR).timestamp()}
    return redirect(url_for("auth.code", next=wanted or None))


@blueprint.get("/login/code")
@public
def code() -> Any:
    """Ask whoever gave the right password for the code."""
    return _code_page() if _find_half_way() is not None else redirect(url_for("auth.login"))


@blueprint.post("/login/code")
@public
def check() -> Any:
    """Check the code and start a session."""
    user_id = _find_half_way()
    if user_id is None:
        return redirect(url_for("auth.login"))
    attempt = check_code(house().session_factory, user_id, request.form.get("code", ""), get_address(), now())
    if attempt.user is None:
        return _refuse(attempt, CODE_REFUSED, _code_page)
    begin_session(attempt.user)
    wanted = safe_next(request.form.get("next"))
    if attempt.recovery_codes_left is not None:  # the phone may be lost: say what to do, then lead on
        return redirect(url_for("account.second_factor", recovered="yes", next=wanted))
    return redirect(wanted)


@blueprint.post("/logout")
@role_required(*ROLES)
@while_setting_up
@within_territories
def logout() -> Any:
    """End the session."""
    end_session()
    return redirect(url_for("auth.login"))


def _find_half_way() -> int | None:
    """Whose password was right, a moment ago, and is still the same."""
    kept = session.get(HALF_WAY)
    if kept is None or kept["until"] <= now().timestamp():
        return None
    with reading() as database:
        user = find_user(database, kept["user"])
        return user.id if user is not None and session_key(user) == kept["key"] else None


def _refuse(attempt: Attempt, sentence: str, page: Callable[[str], str]) -> Any:
    if attempt.locked_until_at is None:
        return page(sentence), 401
    wait_s = seconds_between(now(), attempt.locked_until_at)
    return page(_say_locked(attempt.locked_until_at, wait_s)), 429, {"Retry-After": str(wait_s)}


def _say_locked(until_at: datetime, wait_s: int) -> str:
    """The same words whether or not there is such an account."""
    with reading() as database:
        clock = local_time(until_at, get_zone(database))
    minutes = max(1, round(wait_s / 60))
    return (
        "There were too many wrong tries. "
        f"You can try again after {clock}, in {minutes} {'minute' if minutes == 1 else 'minutes'}."
    )


def _code_page(refused: str | None = None) -> str:
    return render_template("login/code.html", refused=refused, next=request.values.get("next", ""))


def _login_page(refused: str | None = None) -> str:
    with reading() as database:
        demo_users = list_demo_users(database)
    return render_template(
        "login/login.html",
        refused=refused,
        email=request.form.get("email", ""),
        next=request.values.get("next", ""),
        demo_users=demo_users,
        has_new_password="changed" in request.args,
    )


def safe_next(wanted: str | None) -> str:
    """`wanted` when it is a path of this site, else the start page: never somebody else's site."""
    start_page = url_for("auth.start")
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return start_page
    if any(character < " " or character == "\\" for character in wanted):
        return start_page
    parts = urlsplit(wanted)
    return start_page if parts.scheme or parts.netloc else wanted
