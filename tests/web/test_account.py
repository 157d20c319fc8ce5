"""People change their own password, and every other session of theirs ends."""

import pytest
from flask import Flask

from dispatch.accounts.sign_in import TRIES
from dispatch.events import list_events
from tests.web.conftest import PASSWORD, Visitor

NEW = "another battery staple"


def change(visitor: Visitor, present: str = PASSWORD, new: str = NEW, again: str = NEW):
    return visitor.post("/account/password", present=present, new=new, again=again)


def test_a_changed_password_ends_all_sessions_but_this_one(app: Flask, signed_in, database):
    """The old one opens nothing any more; it is told who did it."""
    here, elsewhere = signed_in("manager"), signed_in("manager")
    assert change(here).location == "/account?changed=yes"
    assert "You have a new password" in here.get("/account?changed=yes").text
    assert here.get("/manager").status_code == 200
    assert elsewhere.get("/manager").location.startswith("/login")
    anew = Visitor(app.test_client())
    assert anew.sign_in("manager").status_code == 401
    assert anew.sign_in("manager", password=NEW).status_code == 302
    assert [(event.kind, event.user.email) for event in list_events(database)] == [
        ("password changed", "manager@example.org")
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"present": "wrong"}, "present password is not right"),
        ({"new": "short", "again": "short"}, "too short"),
        ({"again": "mistyped"}, "the same way twice"),
        ({"new": PASSWORD, "again": PASSWORD}, "is the present one"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(signed_in, fields, said):
    """And the sessions go on."""
    here, elsewhere = signed_in("manager"), signed_in("manager")
    answer = change(here, **fields)
    assert answer.status_code == 400
    assert said in answer.text
    assert elsewhere.get("/manager").status_code == 200


def test_all_that_is_wrong_is_said_at_once(signed_in):
    """Nobody tries three times to hear three things."""
    text = change(signed_in("manager"), present="wrong", new="short", again="long").text
    assert [words for words in ("not right", "too short", "same way twice") if words not in text] == []


def test_guessing_the_present_password_is_stopped(signed_in):
    """An open session left alone must not become the account."""
    here = signed_in("manager")
    for _ in range(TRIES):
        change(here, present="wrong")
    assert "too often" in change(here).text
