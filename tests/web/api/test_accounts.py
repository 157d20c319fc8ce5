"""Accounts over the API: added without a password, changed by what was seen, never taken over with a token."""

import re

import pytest
from sqlalchemy import select

from dispatch.accounts.password_links import NOT_MAILED
from dispatch.events import list_events, record_event
from dispatch.models import KeptAnswer, PasswordLink, User
from tests.web.conftest import NOW, PASSWORD, Visitor

EVE = {"email": "Eve@Example.org", "name": "Eve Ray", "role": "dispatcher"}
NEW = "another battery staple"


@pytest.fixture
def admin(make_caller):
    return make_caller("admin")


def change(admin, path: str, body, seen=None):
    """PUT with the ETag that was seen; by default that of now."""
    tag = (seen or admin.get(path.rpartition("/")[0])).headers["ETag"]
    return admin.call("PUT", path, body, If_Match=tag)


def test_programs_read_whose_link_could_not_be_e_mailed(app, admin, database):
    """Empty where nothing failed."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        record_event(session, NOT_MAILED, NOW, None, database.get(User, 3), reason="No e-mail can be written to them.")
    told = {one["id"]: one["link_fault"] for one in admin.get("/accounts").json["items"]}
    assert (told[3], set(told.values())) == ("No e-mail can be written to them.", {"", told[3]})


def test_somebody_is_added_and_chooses_a_password_at_a_link(app, admin, database):
    """No password is ever sent, and what is stored of the link and the answer does not open anything."""
    made = admin.post("/accounts", EVE, Idempotency_Key="eve")
    assert (made.status_code, made.json["email"], made.json["territory_ids"]) == (201, "eve@example.org", []), made.json
    assert admin.post("/accounts", EVE, Idempotency_Key="eve").json == made.json
    path = made.headers["Location"].removeprefix("/api/v1")
    link = admin.post(f"{path}/password-link", None)
    assert link.status_code == 201
    address = re.fullmatch(r"http://localhost(/login/new-password/([\w-]+))", link.json["link"])
    assert address[2] not in str([vars(row) for row in database.scalars(select(PasswordLink))])
    assert address[2] not in str([row.body for row in database.scalars(select(KeptAnswer))])
    eve = Visitor(app.test_client())
    assert eve.post(address[1], new=NEW, again=NEW).location == "/login?changed=yes"
    assert eve.post("/login", email="eve@example.org", password=NEW).location == "/"
    database.rollback()
    kinds = [(event.kind, event.user_id) for event in list_events(database)]
    assert kinds[1:] == [("user added", 4), ("password link made", 4), ("password set by link", made.json["id"])]


def test_everything_wrong_with_a_new_account_is_said_at_once(admin):
    """What cannot be read, and what cannot be."""
    unread = admin.post("/accounts", {"email": "x", "role": "boss", "password": "secret"})
    assert {one["pointer"] for one in unread.json["errors"]} == {"#/email", "#/name", "#/role", "#/password"}
    wrong = admin.post("/accounts", {"email": "eve", "name": " ", "role": "technician"})
    assert (wrong.status_code, [one["pointer"] for one in wrong.json["errors"]]) == (
        422, ["#/email", "#/name", "#/technician_code"]
    )  # fmt: skip
    taken = admin.post("/accounts", {**EVE, "email": "manager@example.org", "technician_code": "T2"})
    assert [one["pointer"] for one in taken.json["errors"]] == ["#/email", "#/technician_code"]


def test_accounts_are_listed_a_page_at_a_time_and_say_nothing_of_passwords(admin):
    """Each once, also who is switched off."""
    change(admin, "/accounts/3/active", {"active": False})
    first = admin.get("/accounts?limit=3").json
    second = admin.get(f"/accounts?limit=3&cursor={first['next']}").json
    listed = first["items"] + second["items"]
    assert [one["id"] for one in listed] == [1, 2, 3, 4]
    assert [one["active"] for one in listed] == [True, True, False, True]
    assert {one["role"]: one["technician_code"] for one in listed}["technician"] == "T1"
    assert "argon2" not in str(listed)


def test_somebody_gets_another_role_and_is_signed_out(admin, signed_in, database):
    """A dispatcher who becomes a manager has no territories; what was and is, is on record."""
    dispatcher = signed_in("dispatcher")
    assert change(admin, "/accounts/1/territories", {"territory_ids": [1]}).json["territory_ids"] == [1]
    changed = change(admin, "/accounts/1/role", {"role": "manager"})
    assert (changed.json["role"], changed.json["territory_ids"]) == ("manager", [])
    assert dispatcher.get("/console").location.startswith("/login")
    database.rollback()
    event = list_events(database)[-1]
    assert (event.kind, event.user_id) == ("account role changed", 4)
    assert (event.before["role"], event.after["role"]) == ("dispatcher", "manager")
    back = change(admin, "/accounts/1/role", {"role": "technician", "technician_code": "T2"})
    assert back.json["technician_code"] == "T2"
    taken = change(admin, "/accounts/3/role", {"role": "technician", "technician_code": "T2"})
    assert [one["pointer"] for one in taken.json["errors"]] == ["#/technician_code"]


def test_somebody_gets_another_name_and_address(admin, database):
    """What is wrong with either is said at once; the own account stays as it is."""
    changed = change(admin, "/accounts/3/person", {"name": "Max", "email": "Max@Example.org"})
    assert (changed.json["name"], changed.json["email"]) == ("Max", "max@example.org")
    wrong = change(admin, "/accounts/3/person", {"name": " ", "email": "admin@example.org"})
    assert [one["pointer"] for one in wrong.json["errors"]] == ["#/email", "#/name"]
    assert change(admin, "/accounts/4/person", {"name": "Ada", "email": "ada@example.org"}).status_code == 403
    assert list_events(database)[-1].before == {"email": "manager@example.org", "name": "Manager Example"}


def test_what_somebody_else_has_changed_meanwhile_is_not_overwritten(admin):
    """Territories, role and state are one thing to look at."""
    seen = admin.get("/accounts/1")
    assert change(admin, "/accounts/1/territories", {"territory_ids": [1]}, seen).status_code == 200
    for path, body in (("role", {"role": "manager"}), ("active", {"active": False}),
                       ("territories", {"territory_ids": []})):  # fmt: skip
        assert change(admin, f"/accounts/1/{path}", body, seen).status_code == 412
        assert admin.call("PUT", f"/accounts/1/{path}", body).status_code == 428
    unknown = change(admin, "/accounts/1/territories", {"territory_ids": [7]})
    assert [one["pointer"] for one in unknown.json["errors"]] == ["#/territory_ids"]


def test_who_is_switched_off_is_out_and_comes_back(admin, signed_in):
    """Also their tokens; a link for them is refused until then."""
    manager = signed_in("manager")
    assert change(admin, "/accounts/3/active", {"active": False}).json["active"] is False
    assert manager.get("/manager").location.startswith("/login")
    assert admin.post("/accounts/3/password-link", None).status_code == 409
    assert change(admin, "/accounts/3/active", {"active": True}).json["active"] is True
    assert signed_in("manager").get("/manager").status_code == 200


def test_a_token_does_not_get_anybody_into_the_account_that_it_acts_for(admin, database):
    """Nor widens what that may do."""
    assert admin.post("/accounts/4/password-link", None).status_code == 403
    assert admin.call("DELETE", "/accounts/4/second-factor").status_code == 403
    assert change(admin, "/accounts/4/role", {"role": "manager"}).status_code == 403
    assert change(admin, "/accounts/4/territories", {"territory_ids": []}).status_code == 403
    assert change(admin, "/accounts/4/active", {"active": False}).status_code == 409
    assert [event.kind for event in list_events(database)] == ["token made"]


def test_tokens_of_others_are_seen_and_ended(admin, make_caller):
    """Not made: that takes the password of whom they act for."""
    theirs = make_caller("dispatcher")
    [token] = admin.get("/accounts/1/tokens").json["tokens"]
    assert theirs.secret.startswith(token["begins_with"])
    assert theirs.secret not in str(token)
    assert admin.call("DELETE", f"/accounts/3/tokens/{token['id']}").status_code == 404
    assert admin.call("DELETE", f"/accounts/1/tokens/{token['id']}").status_code == 204
    assert theirs.get("/jobs").status_code == 401
    assert admin.get("/accounts/1/tokens").json["tokens"][0]["revoked_at"] is not None
    assert admin.post("/accounts/1/tokens", {}).status_code == 405


def test_only_admins_do_any_of_this(make_caller, database):
    """Managers make links on their page, with nobody's token."""
    for role in ("manager", "dispatcher", "technician"):
        caller = make_caller(role)
        assert caller.get("/accounts").status_code == 403
        assert caller.post("/accounts", EVE).status_code == 403
        assert caller.post("/accounts/1/password-link", None).status_code == 403
    assert database.scalar(select(User).where(User.name == EVE["name"])) is None
    assert PASSWORD not in str([vars(one) for one in database.scalars(select(User))])
