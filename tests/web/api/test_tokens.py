"""Tokens: what they open, what they do not, and how they end."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from dispatch.api.tokens import SCOPES
from dispatch.events import list_events
from dispatch.models import ApiToken, User
from tests.web.conftest import NOW, PASSWORD
from web.access import EVERYONE, ROLES, roles_of
from web.api import bearer


def operations(app: Flask, number: int = 1):
    """Every operation of the API: its method, an address with that id, the scope that it needs, the roles that may."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.rule.startswith("/api/v1/") and roles_of(app, rule.endpoint) != EVERYONE:
            path = rule.build(dict.fromkeys(rule.arguments, number))[1].removeprefix("/api/v1")
            [method] = rule.methods - {"HEAD", "OPTIONS"}
            yield method, path, view.needed_scope, roles_of(app, rule.endpoint)


def test_every_operation_names_a_scope_that_exists(app: Flask):
    """Or no token could open it; reading asks for reading, everything else for writing."""
    found = list(operations(app))
    assert found
    for method, path, scope, _ in found:
        assert scope in SCOPES, path
        assert scope.endswith(":read") == (method == "GET"), path


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_opens_exactly_what_its_scope_names(app: Flask, make_caller, scope: str):
    """Every operation with a token of this one scope: 403 wherever it is not enough, and never where it is."""
    subject, verb = scope.split(":")
    caller = make_caller("admin", scope)
    for method, path, needed, roles in operations(app):
        if "admin" not in roles:
            continue
        enough = needed in (scope, f"{subject}:read" if verb == "write" else scope)
        answer = caller.call(method, path, None if method == "GET" else {})
        assert (answer.status_code == 403) == (not enough), (method, path, answer.json)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_token_opens_nothing_that_its_user_may_not(app: Flask, make_caller, role: str):
    """Every operation with a token of all scopes: the role bounds it as on the screens."""
    caller = make_caller(role)
    for method, path, _, roles in operations(app):
        answer = caller.call(method, path, None if method == "GET" else {})
        if role not in roles:
            assert answer.status_code == 403, (method, path, answer.json)


def test_without_a_token_every_operation_says_how_to_get_in(app: Flask, signed_in, monkeypatch):
    """Neither nothing nor a session's cookie opens the API: another site could send the cookie along."""
    monkeypatch.setattr(bearer, "WRONG_PER_MIN", 1_000)
    browser = signed_in("admin").client
    for method, path, _, _ in operations(app):
        for client in (app.test_client(), browser):
            answer = client.open(f"/api/v1{path}", method=method)
            assert answer.status_code == 401, (method, path)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
            assert "Authorization: Bearer" in answer.json["detail"]


def test_a_token_opens_no_page(app: Flask, dispatcher):
    """It is for programs; pages ask for a person."""
    headers = {"Authorization": f"Bearer {dispatcher.secret}"}
    assert app.test_client().get("/console", headers=headers).location.startswith("/login")


@pytest.mark.parametrize("secret", ["", "wt_wrong", "wt_ü\ud800", "wt_" + "x" * 10_000])
def test_a_wrong_token_opens_nothing(dispatcher, secret: str):
    """Whatever it looks like."""
    dispatcher.secret = secret.encode("utf-8", "surrogatepass").decode("latin-1")
    assert dispatcher.get("/jobs").status_code == 401


def test_a_token_ends_when_it_is_revoked_when_its_time_is_over_and_with_its_user(app, make_caller, clock):
    """Each at once."""
    revoked, timed, of_nobody = (make_caller("dispatcher", days=days) for days in (None, 7, None))
    factory = app.extensions["wrenchtime"].session_factory
    assert [one.get("/jobs").status_code for one in (revoked, timed, of_nobody)] == [200, 200, 200]
    with factory.begin() as session:
        session.execute(update(ApiToken).where(ApiToken.id == 1).values(revoked_at=NOW))
    clock.now = NOW + timedelta(days=7)
    assert [one.get("/jobs").status_code for one in (revoked, timed, of_nobody)] == [401, 401, 200]
    with factory.begin() as session:
        session.execute(update(User).values(active=False))
    assert of_nobody.get("/jobs").status_code == 401


def test_the_database_knows_no_secret_but_when_a_token_was_used(dispatcher, database):
    """A stolen backup opens nothing; an unused token can be told from a used one."""
    row = database.scalars(select(ApiToken)).one()
    assert row.last_used_at is None
    assert dispatcher.secret.startswith(row.hint)
    assert dispatcher.secret not in str(vars(row))
    dispatcher.get("/jobs")
    database.rollback()
    database.refresh(row)
    assert row.last_used_at == NOW


def test_people_make_a_token_on_their_page_see_it_once_and_revoke_it(signed_in, app, database):
    """With their password, so that nobody does it at an open screen."""
    eve = signed_in("dispatcher")
    form = {"name": "Ticket system", "days": "90", "scope-jobs": "write", "scope-plans": "read"}
    refused = eve.post("/account/tokens", **form, password="wrong")
    assert refused.status_code == 400
    assert "it is not yours" in refused.text
    page = eve.post("/account/tokens", **form, password=PASSWORD).text
    [secret] = re.findall(r'fs-secret">(wt_[\w-]+)<', page)
    assert secret not in eve.get("/account/tokens").text
    row = database.scalars(select(ApiToken)).one()
    assert (row.scopes, row.expires_at) == (["jobs:write", "plans:read"], NOW + timedelta(days=90))
    client, headers = app.test_client(use_cookies=False), {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/jobs", headers=headers).status_code == 200
    assert eve.post(f"/account/tokens/{row.id}/revoke").status_code == 302
    assert client.get("/api/v1/jobs", headers=headers).status_code == 401
    database.rollback()
    assert [event.kind for event in list_events(database)] == ["token made", "token revoked"]


def test_everything_wrong_with_a_new_token_is_said_at_once(signed_in):
    """No name, no scope."""
    page = signed_in("manager").post("/account/tokens", name=" ", password=PASSWORD)
    assert page.status_code == 400
    assert "say in at most 100 characters" in page.text
    assert "scopes: there is none" in page.text


def test_nobody_but_an_admin_revokes_the_token_of_somebody_else(make_caller, signed_in):
    """To others it is not there."""
    caller = make_caller("dispatcher")
    assert signed_in("manager").post("/account/tokens/1/revoke").status_code == 404
    assert caller.get("/jobs").status_code == 200
    assert "Dispatcher Example" not in signed_in("manager").get("/account/tokens").text
    admin = signed_in("admin")
    assert "Dispatcher Example" in admin.get("/account/tokens").text
    assert admin.post("/account/tokens/1/revoke").status_code == 302
    assert caller.get("/jobs").status_code == 401
