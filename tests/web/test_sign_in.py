"""Signing in, signing out, being locked out, and never being sent to somebody else's site."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dispatch.accounts.users import set_password
from dispatch.installation import DEMO, store_setting
from dispatch.models import User, WrongTries
from tests.databases import settings_for
from tests.web.conftest import Visitor
from web.app import create_app
from web.auth import safe_next

WRONG = "wrong horse battery"


@pytest.mark.parametrize(("role", "page"), [("technician", "/phone"), ("manager", "/manager")])
def test_each_role_starts_on_its_own_page(signed_in, role: str, page: str):
    """`/` sends people to where their work is."""
    assert signed_in(role).get("/").location == page


def test_after_signing_in_people_come_to_the_page_that_they_wanted(visitor):
    """The address asked for before signing in is not lost."""
    wanted = visitor.get("/manager?from=2026-11-01").location
    assert wanted == "/login?next=/manager?from%3D2026-11-01"
    assert 'value="/manager?from=2026-11-01"' in visitor.get(wanted).get_data(as_text=True)
    assert visitor.sign_in("manager", next="/manager?from=2026-11-01").location == "/manager?from=2026-11-01"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "/\t/evil.example", "http:/evil.example", "evil.example", "/good\r\nSet-Cookie: a=b", ""],
)  # fmt: skip
def test_nobody_is_sent_to_another_site_after_signing_in(app: Flask, visitor, elsewhere: str):
    """An open redirect would lend our name to a stranger's page."""
    with app.test_request_context():
        assert safe_next(elsewhere) == "/"
    assert visitor.sign_in("manager", next=elsewhere).location == "/"


def test_a_wrong_password_says_so_without_telling_which_half_was_wrong(visitor):
    """The same sentence for an unknown address and a wrong password; the address stays in its field."""
    known = visitor.sign_in("manager", password=WRONG)
    unknown = visitor.sign_in("nobody", password=WRONG)
    assert known.status_code == unknown.status_code == 401
    assert 'role="alert"' in known.get_data(as_text=True)
    assert 'value="manager@example.org"' in known.get_data(as_text=True)
    assert WRONG not in known.get_data(as_text=True)
    assert visitor.get("/manager").status_code == 302


def test_who_is_locked_out_is_told_until_when(visitor, clock):
    """Also in a header for programs, also where there is no such account; after that the right password opens."""
    for role in ("manager", "nobody"):
        for _ in range(5):
            refused = visitor.sign_in(role, password=WRONG)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "600")
        assert "You can try again after 09:10, in 10 minutes." in refused.text
    clock.now += timedelta(minutes=9)
    assert "after 09:10, in 1 minute." in visitor.sign_in("manager").text
    clock.now += timedelta(minutes=1)
    assert visitor.sign_in("manager").status_code == 302


@pytest.mark.parametrize(("trusted", "addresses"), [("0", {"127.0.0.1"}), ("1", {"192.0.2.8"}), ("2", {"192.0.2.7"})])
def test_proxies_are_believed_as_far_as_the_installation_says(home, static, clock, trusted, addresses):
    """Whoever could name their own address would never be locked out."""
    app = create_app(settings_for(home, TRUSTED_PROXIES=trusted), clock=clock, static=static)
    visitor = Visitor(app.test_client())
    fields = {"csrf_token": visitor.token(), "email": "manager@example.org", "password": WRONG}
    visitor.client.post("/login", data=fields, headers={"X-Forwarded-For": "192.0.2.6, 192.0.2.7, 192.0.2.8"})
    with app.extensions["wrenchtime"].session_factory() as session:
        assert set(session.scalars(select(WrongTries.address).where(WrongTries.address != ""))) == addresses
    app.extensions["wrenchtime"].session_factory.engine.dispose()


def test_the_demo_offers_its_users_and_no_other_installation_does(app: Flask, visitor):
    """Passwords stand in the page only where they are known to all anyway."""
    assert "Demo" not in visitor.get("/login").text
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        store_setting(session, DEMO, "yes")
        session.scalars(select(User).where(User.role == "manager")).one().email = "manager@wrenchtime.example"
    assert "Manager Example" in visitor.get("/login").text
    assert "Dispatcher Example" not in visitor.get("/login").text


def test_signing_out_ends_the_session(signed_in):
    """The page behind the sign-in is closed afterwards."""
    manager = signed_in("manager")
    assert manager.get("/manager").status_code == 200
    assert manager.post("/logout").location == "/login"
    assert manager.get("/manager").location.startswith("/login")


def test_signing_out_is_not_a_link(signed_in):
    """A GET must not change anything: a picture on another page could sign people out."""
    assert signed_in("manager").get("/logout").status_code == 405


def test_a_session_from_before_signing_in_does_not_survive_it(visitor):
    """Who planted a session in somebody's browser gains nothing from their signing in."""
    visitor.get("/login")
    with visitor.client.session_transaction() as session:
        session["planted"] = "yes"
    visitor.sign_in("manager")
    with visitor.client.session_transaction() as session:
        assert "planted" not in session


def test_who_is_deactivated_is_out_at_once(app: Flask, signed_in):
    """The next request of a running session is refused."""
    manager = signed_in("manager")
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.scalars(select(User).where(User.role == "manager")).one().active = False
    assert manager.get("/manager").location.startswith("/login")


@pytest.mark.parametrize(
    "change",
    [
        lambda session: set_password(session, "manager@example.org", "another battery staple"),
        lambda session: setattr(session.scalars(select(User).where(User.role == "manager")).one(), "role", "admin"),
    ],
    ids=["password", "role"],
)
def test_another_password_or_role_ends_every_session(app: Flask, signed_in, change):
    """Whoever signed in with the old one, or as what they were, is out at the next request."""
    manager, other = signed_in("manager"), signed_in("dispatcher")
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        change(session)
    assert manager.get("/manager").location.startswith("/login")
    assert other.get("/console").status_code == 200


def test_a_session_of_an_older_version_is_nobodys(app: Flask, signed_in):
    """It named the user alone."""
    manager = signed_in("manager")
    with manager.client.session_transaction() as session:
        session["_user_id"] = session["_user_id"].partition("-")[0]
    assert manager.get("/manager").location.startswith("/login")


def test_signed_in_people_do_not_see_the_sign_in_page(signed_in):
    """They go on to where they wanted to be."""
    assert signed_in("manager").get("/login?next=/manager").location == "/manager"
