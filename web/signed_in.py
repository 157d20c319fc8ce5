"""Who is behind a request: kept in a signed cookie that names a session, which is a row."""

from dataclasses import dataclass
from hmac import compare_digest
from typing import ClassVar

from flask import Flask, request, session
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf

from dispatch.accounts import sessions
from dispatch.accounts.identity import Identity, find_signed_in, get_identity
from dispatch.models import User
from web.context import house, now, writing
from web.problems import is_api
from web.visitor import get_address


@dataclass(frozen=True)
class SignedIn(Identity):
    """The person behind a request, as views know them."""

    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    session_id: str
    """Empty for a program, which has a token."""

    def get_id(self) -> str:
        """What the session cookie keeps: with another password or role, it is nobody's any more."""
        return f"{self.session_id}-{self.session_key}"

    @property
    def must_set_up_second_factor(self) -> bool:
        """Whether this installation lets them do nothing else before."""
        return self.role in house().settings.second_factor_for and not self.has_second_factor


def init_app(app: Flask) -> None:
    """Let the application know who is signed in."""
    app.config["PERMANENT_SESSION_LIFETIME"] = sessions.LASTS
    # Where every answer renewed the cookie, one that is late would bring back the session of before: the earlier
    # person's after somebody else signed in, or none in the middle of signing in.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    manager = app.extensions["wrenchtime_login"] = LoginManager(app)
    # "basic", not "strong": a technician's phone changes its address with every mast it passes,
    # and "strong" would sign it out each time.
    manager.session_protection = "basic"
    manager.user_loader(_load)


def begin_session(user: User) -> None:
    """Let this browser act for that user; nothing that was in its session before survives."""
    with writing() as database:
        if current_user.is_authenticated:
            sessions.end_session(database, current_user.session_id)
        browser = request.user_agent.string
        begun = sessions.begin_session(database, user.id, get_address(), browser, now())
        person = SignedIn(**vars(get_identity(database, user.id)), session_id=begun.id)
    session.clear()
    session.permanent = True
    generate_csrf()  # before any page asks: two that are opened at once would each make their own
    login_user(person)


def end_session() -> None:
    """Let this browser act for nobody."""
    with writing() as database:
        sessions.end_session(database, current_user.session_id)
    logout_user()
    session.clear()


def _load(kept: str) -> SignedIn | None:
    if is_api(request):  # tokens alone count there: another site could send a browser's cookie along
        return None
    session_id, _, key = kept.partition("-")
    with house().session_factory.glance() as database:
        found = find_signed_in(database, session_id, now())
    if found is None or not compare_digest(key, found[0].session_key):
        return None
    identity, seen_at = found
    if seen_at + sessions.SEEN_EVERY <= now():
        with writing() as database:
            sessions.mark_seen(database, session_id, now())
        session.modified = True  # the cookie lasts as long as the row
    return SignedIn(**vars(identity), session_id=session_id)
