"""Signing in with a code from the phone, and setting the phone up."""

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from dispatch.models import User
from tests.web.conftest import PASSWORD, Visitor


def set_up(visitor: Visitor, clock) -> tuple[str, list[str]]:
    """The secret and the recovery codes that the pages show."""
    page = visitor.post("/account/second-factor/offer", present=PASSWORD)
    assert page.status_code == 200, page.text
    assert 'src="data:image/svg+xml' in page.text
    secret = re.search(r"fs-secret-text\">(\w+)<", page.text)[1]
    done = visitor.post("/account/second-factor/confirm", code=pyotp.TOTP(secret).at(clock.now))
    assert done.status_code == 200, done.text
    clock.now += timedelta(minutes=1)
    return secret, re.findall(r"<code>([a-z2-7-]{19})</code>", done.text)


@pytest.fixture
def secured(app: Flask, signed_in, clock):
    """A manager with a phone: the secret and the recovery codes."""
    return set_up(signed_in("manager"), clock)


def test_a_mistyped_code_is_asked_for_again_and_the_phone_stays_good(signed_in, clock):
    """The secret is neither made anew nor shown once more."""
    visitor = signed_in("manager")
    page = visitor.post("/account/second-factor/offer", present=PASSWORD)
    secret = re.search(r"fs-secret-text\">(\w+)<", page.text)[1]
    refused = visitor.post("/account/second-factor/confirm", code="000000")
    assert refused.status_code == 400
    assert "Ask for codes from now on" in refused.text
    assert secret not in refused.text
    done = visitor.post("/account/second-factor/confirm", code=pyotp.TOTP(secret).at(clock.now))
    assert done.status_code == 200
    assert "Recovery codes" in done.text


def test_the_password_alone_opens_nothing(app, visitor, secured):
    """Not even with the cookie of being half way."""
    assert visitor.sign_in("manager", next="/manager?from=2026-11-01").location.startswith("/login/code?next=/manager")
    assert visitor.get("/manager").location.startswith("/login")
    assert "The code from your phone" in visitor.get("/login/code").text


def test_the_code_completes_signing_in_and_leads_where_one_wanted(visitor, secured, clock):
    """Then the page opens."""
    visitor.sign_in("manager")
    code = pyotp.TOTP(secured[0]).at(clock.now)
    assert visitor.post("/login/code", code=code, next="/manager").location == "/manager"
    assert visitor.get("/manager").status_code == 200


def test_a_recovery_code_does_too(visitor, secured):
    """Ten of them were shown."""
    assert len(secured[1]) == 10
    visitor.sign_in("manager")
    signed_in = visitor.post("/login/code", code=secured[1][3], next="/manager?from=2026-11-01")
    told = visitor.get(signed_in.location).text
    assert "You are signed in with a recovery code" in told
    assert "9 recovery codes are left." in told
    assert '<a class="btn btn-primary" href="/manager?from=2026-11-01">Go on</a>' in told
    assert "9 recovery codes are left." in visitor.get("/account").text


def test_who_has_few_recovery_codes_left_is_told_how_to_get_new_ones(app: Flask, visitor, secured):
    """Before the last one is used."""
    for used in secured[1][:9]:
        visitor = Visitor(app.test_client())
        visitor.sign_in("manager")
        visitor.post("/login/code", code=used)
    assert "One recovery code is left: remove the second factor and set it up anew" in visitor.get("/account").text


def test_wrong_codes_lock_even_after_the_password_was_given_anew(visitor, secured, clock):
    """Else the password would buy five more tries each time."""
    for _ in range(5):
        visitor.sign_in("manager")
        refused = visitor.post("/login/code", code="000000")
    assert refused.status_code == 429
    visitor.sign_in("manager")
    assert visitor.post("/login/code", code=pyotp.TOTP(secured[0]).at(clock.now)).status_code == 429


def test_being_half_way_ends_after_five_minutes_and_with_another_password(app, visitor, secured, clock):
    """Whoever left the screen begins anew."""
    visitor.sign_in("manager")
    clock.now += timedelta(minutes=5)
    assert visitor.post("/login/code", code=pyotp.TOTP(secured[0]).at(clock.now)).location == "/login"
    visitor.sign_in("manager")
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.get_one(User, 3).password_hash = "another"
    assert visitor.post("/login/code", code=pyotp.TOTP(secured[0]).at(clock.now)).location == "/login"


def test_nobody_is_asked_for_a_code_who_gave_no_password(visitor):
    """The page sends them back."""
    assert visitor.get("/login/code").location == "/login"
    assert visitor.post("/login/code", code="000000").location == "/login"


def test_setting_it_up_needs_the_password_and_ends_other_sessions(signed_in, clock):
    """An open session left alone must not lock its owner out."""
    here, elsewhere = signed_in("manager"), signed_in("manager")
    assert here.post("/account/second-factor/offer", present="wrong").status_code == 400
    set_up(here, clock)
    assert here.get("/manager").status_code == 200
    assert elsewhere.get("/manager").location.startswith("/login")


def test_removing_it_needs_the_password_and_a_code(signed_in, visitor, clock):
    """Then the password alone signs in again."""
    manager = signed_in("manager")
    secret, _ = set_up(manager, clock)
    code = pyotp.TOTP(secret).at(clock.now)
    assert manager.post("/account/second-factor/remove", present="wrong", code=code).status_code == 400
    assert manager.post("/account/second-factor/remove", present=PASSWORD, code="000000").status_code == 400
    assert manager.post("/account/second-factor/remove", present=PASSWORD, code=code).location == "/account"
    assert visitor.sign_in("manager").location == "/"


def test_a_role_that_needs_it_does_nothing_before_it_is_set_up(app: Flask, signed_in, clock):
    """Pages lead there, scripts are refused, other roles go on; then everything opens."""
    house = app.extensions["wrenchtime"]
    settings = replace(house.settings, second_factor_for=frozenset({"manager"}))
    app.extensions["wrenchtime"] = replace(house, settings=settings)
    manager = signed_in("manager")
    assert manager.get("/manager").location == "/account/second-factor"
    refused = manager.get("/live/api/events")
    assert (refused.status_code, "X-Shut-Out" in refused.headers) == (403, True)
    assert "second factor" in refused.json["detail"]
    assert "needs a second factor" in manager.get("/account/second-factor").text
    set_up(manager, clock)
    assert manager.get("/manager").status_code == 200
    assert signed_in("dispatcher").get("/console").status_code == 200


def test_an_admin_lets_somebody_in_who_lost_the_phone(secured, signed_in, visitor):
    """A manager does not."""
    assert signed_in("dispatcher").post("/accounts/3/second-factor/remove").status_code == 403
    assert signed_in("admin").post("/accounts/3/second-factor/remove").location == "/accounts"
    assert visitor.sign_in("manager").location == "/"
