"""Signing in and out, and where each role starts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any, ClassVar
from urllib.parse import urlsplit

from flask import Blueprint, Flask, redirect, render_template, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user

from dispatch.clock import local_time, seconds_between
from dispatch.demo_users import list_demo_users
from dispatch.installation import get_zone
from dispatch.models import User
from dispatch.sign_in import sign_in as sign_in_with
from dispatch.users import find_user, session_key
from web.access import ADMIN, DISPATCHER, MANAGER, ROLES, TECHNICIAN, public, role_required
from web.context import house, now, reading
from web.visitor import get_address

blueprint = Blueprint("auth", __name__)

START_PAGES = {
    DISPATCHER: "console.board",
    ADMIN: "console.board",
    TECHNICIAN: "technician.day",
    MANAGER: "manager.utilization",
}
SIGNED_IN_FOR = timedelta(hours=14)  # a long shift; every request starts it anew
REFUSED = (
    "That e-mail address and password do not belong together. "
    "After five wrong tries you will have to wait for ten minutes."
)


@dataclass(frozen=True)
class SignedIn:
    """The person behind a request: what views may know of a stored user once its session is closed."""

    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    id: int
    name: str
    email: str
    role: str
    technician_id: int | None
    session_key: str

    @classmethod
    def of(cls, user: User) -> "SignedIn":
        """Copy what is needed of a stored user."""
        return cls(user.id, user.name, user.email, user.role, user.technician_id, session_key(user))

    def get_id(self) -> str:
        """What the session cookie keeps: with another password or role, it is nobody's any more."""
        return f"{self.id}-{self.session_key}"


def init_app(app: Flask) -> None:
    """Let the application know who is signed in."""
    app.config["PERMANENT_SESSION_LIFETIME"] = SIGNED_IN_FOR
    manager = LoginManager(app)
    # "basic", not "strong": a technician's phone changes its address with every mast it passes,
    # and "strong" would sign it out each time.
    manager.session_protection = "basic"
    manager.user_loader(_load)
    app.register_blueprint(blueprint)


def _load(kept: str) -> SignedIn | None:
    user_id, _, key = kept.partition("-")
    with reading() as database:
        user = find_user(database, int(user_id)) if user_id.isdigit() else None
        return SignedIn.of(user) if user and compare_digest(key, session_key(user)) else None


@blueprint.get("/")
@role_required(*ROLES)
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
    """Check the password and start a session."""
    given = request.form.get("email", ""), request.form.get("password", "")
    attempt = sign_in_with(house().session_factory, *given, get_address(), now())
    if attempt.user is not None:
        begin_session(attempt.user)
        return redirect(safe_next(request.form.get("next")))
    if attempt.locked_until_at is None:
        return _login_page(refused=REFUSED), 401
    wait_s = seconds_between(now(), attempt.locked_until_at)
    return _login_page(refused=_say_locked(attempt.locked_until_at, wait_s)), 429, {"Retry-After": str(wait_s)}


def begin_session(user: User) -> None:
    """Let this browser act for that user; nothing that was in its session before survives."""
    session.clear()
    session.permanent = True
    login_user(SignedIn.of(user))


@blueprint.post("/logout")
@role_required(*ROLES)
def logout() -> Any:
    """End the session."""
    logout_user()
    session.clear()
    return redirect(url_for("auth.login"))


def _say_locked(until_at: datetime, wait_s: int) -> str:
    """The same words whether or not there is such an account."""
    with reading() as database:
        clock = local_time(until_at, get_zone(database))
    minutes = max(1, round(wait_s / 60))
    return (
        "There were too many wrong tries. "
        f"You can try again after {clock}, in {minutes} {'minute' if minutes == 1 else 'minutes'}."
    )


def _login_page(refused: str | None = None) -> str:
    with reading() as database:
        demo_users = list_demo_users(database)
    return render_template(
        "login/login.html",
        refused=refused,
        email=request.form.get("email", ""),
        next=request.values.get("next", ""),
        demo_users=demo_users,
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
