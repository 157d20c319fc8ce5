"""Sessions that people see and end, links for new passwords, and the page of accounts."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dispatch.accounts.password_links import NOT_MAILED
from dispatch.accounts.sessions import LASTS, SEEN_EVERY
from dispatch.api.tokens import make_token
from dispatch.events import list_events, record_event
from dispatch.models import ApiToken, PasswordLink, User, UserSession
from tests.dispatch.mailbox import open_mailbox
from tests.web.conftest import NOW, Visitor
from web.browsers import name_browser

NEW = "another battery staple"


def test_people_see_where_they_are_signed_in_and_end_one(signed_in):
    """This one is marked; the ended one is out at its next request."""
    here, elsewhere = signed_in("manager"), signed_in("manager")
    page = here.get("/account").text
    assert page.count("(this one)") == 1
    [path] = set(re.findall(r'action="(/account/sessions/\w+/end)"', page))
    assert here.post(path).location == "/account"
    assert elsewhere.get("/manager").location.startswith("/login")
    assert here.get("/manager").status_code == 200
    assert here.post(path).status_code == 404


def test_nobody_ends_the_session_of_somebody_else(signed_in, database):
    """Nor learns that there is one."""
    signed_in("admin")
    theirs = database.scalars(select(UserSession.id)).one()
    assert signed_in("manager").post(f"/account/sessions/{theirs}/end").status_code == 404


def test_people_sign_out_everywhere_else(signed_in, database):
    """It is on record how many sessions that were."""
    here, *others = (signed_in("manager") for _ in range(3))
    here.post("/account/sessions/end")
    assert here.get("/manager").status_code == 200
    assert [one.get("/manager").status_code for one in others] == [302, 302]
    assert [(event.kind, event.after) for event in list_events(database)] == [("sessions ended", {"count": 2})]


def test_signing_out_ends_the_session_also_for_a_copied_cookie(app: Flask, signed_in):
    """A cookie alone could be kept and used again."""
    manager, thief = signed_in("manager"), Visitor(app.test_client())
    thief.client.set_cookie("wrenchtime", manager.client.get_cookie("wrenchtime").value)
    assert thief.get("/manager").status_code == 200
    manager.post("/logout")
    assert thief.get("/manager").location.startswith("/login")


def test_a_session_lasts_as_long_as_somebody_works_in_it(signed_in, clock):
    """Each request makes it last; without any it is over after a long shift, also if the cookie is kept."""
    manager = signed_in("manager")
    for _ in range(3):
        clock.now += LASTS - SEEN_EVERY
        assert manager.get("/manager").status_code == 200
    clock.now += LASTS
    assert manager.get("/manager").location.startswith("/login")


def test_only_an_answer_that_makes_a_session_last_sets_its_cookie(signed_in, clock):
    """Any other that comes late, after somebody else signed in here, would bring the earlier person back."""
    manager = signed_in("manager")
    assert "Set-Cookie" not in manager.get("/manager").headers
    clock.now += SEEN_EVERY
    assert "wrenchtime=" in manager.get("/manager").headers["Set-Cookie"]
    assert "Set-Cookie" not in manager.get("/manager").headers


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("curl/8.9", "curl"),
        ("", "An unnamed program"),
    ],
)
def test_browsers_are_named_in_a_few_words(user_agent, name):
    """People know their phone from their desk by it."""
    assert name_browser(user_agent) == name


@pytest.mark.parametrize(("module", "path"), [("accounts", "/accounts/4/link"), ("tokens", "/account/tokens/1/revoke")])
def test_who_is_switched_off_in_this_moment_may_not_do_what_the_command_line_may(
    app: Flask, signed_in, monkeypatch, module, path
):
    """Between being let in and being looked up: then nobody asks, and nobody must not mean everything."""
    house, manager = app.extensions["wrenchtime"], signed_in("manager")
    with house.session_factory.begin() as session:
        admin = session.scalars(select(User).where(User.role == "admin")).one()
        make_token(session, admin, "Integrator", ["jobs:read"], NOW, None)

    def switch_off_first():
        with house.session_factory.begin() as session:
            session.scalars(select(User).where(User.role == "manager")).one().active = False
        return house.session_factory.begin()

    monkeypatch.setattr(f"web.{module}.views.writing", switch_off_first)
    assert manager.post(path).status_code == 403
    with house.session_factory() as session:
        assert session.scalars(select(PasswordLink)).all() == []
        assert session.scalars(select(ApiToken.revoked_at)).all() == [None]


def test_a_manager_makes_a_link_with_which_a_dispatcher_chooses_a_password(app: Flask, signed_in, visitor):
    """It is shown once, and opens a page for somebody who is not signed in."""
    page = signed_in("manager").post("/accounts/1/link").text
    path = re.search(r"http://localhost(/login/new-password/[\w-]+)", page)[1]
    assert "dispatcher@example.org" in visitor.get(path).text
    refused = visitor.post(path, new="short", again="long")
    assert refused.status_code == 400
    assert "too short" in refused.text
    assert visitor.post(path, new=NEW, again=NEW).location == "/login?changed=yes"
    assert "The new password is stored" in visitor.get("/login?changed=yes").text
    assert visitor.sign_in("dispatcher", password=NEW).location == "/"
    gone = Visitor(app.test_client()).get(path)
    assert gone.status_code == 404
    assert "This link is good no more" in gone.text
    assert 'href="/login/forgotten"' in gone.text
    assert visitor.post(path, new=NEW, again=NEW).status_code == 404


def test_a_manager_makes_no_link_for_an_admin(signed_in):
    """Nor is one offered."""
    manager = signed_in("manager")
    assert manager.post("/accounts/4/link").status_code == 403
    assert "/accounts/4/link" not in manager.get("/accounts").text


def test_where_mail_is_sent_a_forgotten_password_is_asked_for(app: Flask, visitor):
    """The same words for an address that is nobody's; elsewhere people are told whom to ask."""
    assert "Ask your manager" in visitor.get("/login/forgotten").text
    house = app.extensions["wrenchtime"]
    with open_mailbox() as mailbox:
        settings = replace(house.settings, mail_server=mailbox.server, public_url="https://plan.example.org")
        app.extensions["wrenchtime"] = replace(house, settings=settings)
        answers = [visitor.post("/login/forgotten", email=email) for email in ("admin@example.org", "x@example.org")]
        assert {answer.location for answer in answers} == {"/login/forgotten?asked=yes"}
        assert "If there is an account" in visitor.get(answers[0].location).text
        assert visitor.post("/login/forgotten", email="admin").status_code == 400


def test_who_is_switched_off_is_out_and_the_admin_cannot_switch_themselves_off(signed_in):
    """Back on, they sign in as before."""
    admin, manager = signed_in("admin"), signed_in("manager")
    admin.post("/accounts/3/switch", to="off")
    assert manager.get("/manager").location.startswith("/login")
    admin.post("/accounts/3/switch", to="on")
    assert manager.get("/manager").location.startswith("/login")
    assert signed_in("manager").get("/manager").status_code == 200
    assert admin.post("/accounts/4/switch", to="off").status_code == 409


def test_the_clock_of_the_town_is_shown(signed_in):
    """Not that of Greenwich."""
    assert f"since {(NOW - timedelta(hours=3)):%H:%M}" in signed_in("manager").get("/account").text


def test_a_link_that_could_not_be_e_mailed_is_shown_until_somebody_makes_one(app: Flask, signed_in, database):
    """To managers too: they may help a dispatcher."""
    manager = signed_in("manager")
    [user] = database.scalars(select(User).where(User.role == "dispatcher"))
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        record_event(session, NOT_MAILED, NOW, None, user, reason="No e-mail can be written to them.")
    assert "could not be e-mailed. No e-mail can be written to them." in manager.get("/accounts").text
    manager.post(f"/accounts/{user.id}/link")
    assert "could not be e-mailed" not in manager.get("/accounts").text
