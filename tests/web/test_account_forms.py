"""Adding somebody and changing an account, as an admin does it on the page of accounts."""

import re
from dataclasses import replace

from flask import Flask
from sqlalchemy import select

from dispatch.events import list_events
from dispatch.models import PasswordLink, User, UserTerritory
from tests.dispatch.mailbox import open_mailbox
from tests.web.conftest import Visitor

EVE = {"name": "Eve Ray", "email": "Eve@example.org", "role": "dispatcher"}
NEW = "another battery staple"


def link_on(page: str) -> str:
    """The path of the link that a page shows."""
    found = re.search(r"(?:http://localhost|https://plan.example.org)(/login/new-password/[\w-]+)", page)
    assert found, page
    return found[1]


def hidden(page: str) -> dict[str, str]:
    """What a form keeps for itself: the version, and what each field said when it was opened."""
    found = dict(re.findall(r'<input type="hidden" name="(version|was-\w+)" value="([^"]*)">', page))
    assert "version" in found, page
    return found


def use_mail(app: Flask, server) -> None:
    """Let the installation send e-mail."""
    house = app.extensions["wrenchtime"]
    settings = replace(house.settings, mail_server=server, public_url="https://plan.example.org")
    house.session_factory.settings = settings
    app.extensions["wrenchtime"] = replace(house, settings=settings)


def test_an_admin_adds_a_dispatcher_who_chooses_a_password_at_the_link(app: Flask, signed_in, visitor, database):
    """The link is shown once and good once; the scope holds from the first moment; all of it is on record."""
    admin = signed_in("admin")
    assert 'href="/accounts/new"' in admin.get("/accounts").text
    page = admin.post("/accounts/new", **EVE, territory_ids="1").text
    assert "Eve Ray is added" in page
    assert "This installation sends no e-mail" in page
    path = link_on(page)
    assert path not in admin.get("/accounts").text
    assert visitor.post(path, new=NEW, again=NEW).location == "/login?changed=yes"
    assert visitor.post("/login", email="eve@example.org", password=NEW).location == "/"
    assert Visitor(app.test_client()).get(path).status_code == 404
    [eve] = database.scalars(select(User).where(User.email == "eve@example.org"))
    assert [one.territory_id for one in database.scalars(select(UserTerritory))] == [1]
    kinds = [(event.kind, event.user_id) for event in list_events(database)]
    assert kinds == [
        ("user added", 4), ("dispatcher limited", 4), ("password link made", 4), ("password set by link", eve.id)
    ]  # fmt: skip


def test_where_mail_is_set_up_the_link_goes_out_by_itself(app: Flask, signed_in, visitor, database):
    """The same link as on the page; when the mail server does not take it, the admin is told to hand it over."""
    admin = signed_in("admin")
    with open_mailbox() as mailbox:
        use_mail(app, mailbox.server)
        page = admin.post("/accounts/new", **EVE).text
        assert "is on its way to eve@example.org" in page
        [mail] = mailbox.messages
        assert mail["To"] == "eve@example.org"
        assert link_on(mail.get_content()) == link_on(page)
        assert "Admin Example has given you an account" in mail.get_content()
        mailbox.refuses = True
        page = admin.post("/accounts/new", **{**EVE, "email": "ray@example.org"}).text
    assert "hand it over yourself" in page
    assert "451" in page
    assert "ray@example.org" in visitor.get(link_on(page)).text
    mailed = [event.subject_id for event in list_events(database) if event.kind == "password link e-mailed"]
    assert mailed == [5]


def test_all_that_is_wrong_is_said_beside_its_field_and_nothing_is_lost(signed_in, database):
    """Also what another role would need: what was typed stands there again."""
    admin = signed_in("admin")
    answer = admin.post("/accounts/new", name=" ", email="manager@example.org", role="technician")
    assert answer.status_code == 400
    for words in ("The name is empty", "manager@example.org is already a user", "needs the code of the technician"):
        assert answer.text.count(words) == 2, words  # on top, and beside the field
    assert 'value="manager@example.org"' in answer.text
    assert admin.post("/accounts/new", **{**EVE, "role": "boss"}).status_code == 400
    assert admin.post("/accounts/new", **EVE, territory_ids="x").status_code == 400
    assert admin.post("/accounts/new", **EVE, territory_ids="7").status_code == 400
    assert database.scalar(select(PasswordLink)) is None
    assert len(database.scalars(select(User)).all()) == 4


def test_a_technician_signs_in_as_one_who_nobody_is_yet(signed_in, database):
    """Only those are offered; what a dispatcher would have counts for nothing."""
    admin = signed_in("admin")
    page = admin.get("/accounts/new").text
    assert "Bruno Díaz (T2)" in page
    assert "Ana Rojas" not in page
    assert admin.post("/accounts/new", **{**EVE, "role": "technician"}, technician_code="T2", territory_ids="1")
    [eve] = database.scalars(select(User).where(User.email == "eve@example.org"))
    assert eve.technician_id == 2
    assert database.scalar(select(UserTerritory)) is None
    assert "Bruno Díaz" not in admin.get("/accounts/new").text


def test_an_admin_changes_who_somebody_is_what_they_may_do_and_where(signed_in, database):
    """A dispatcher's limits are changed by ticking; with another role they are gone, and the session is over."""
    admin, dispatcher = signed_in("admin"), signed_in("dispatcher")
    form = hidden(admin.get("/accounts/1/change").text)
    same = {"name": "Dispatcher Example", "email": "dispatcher@example.org", "role": "dispatcher"}
    changed = admin.post("/accounts/1/change", **form, **same, territory_ids="1")
    assert changed.location == "/accounts"
    assert "The account of Dispatcher Example is stored." in admin.get("/accounts").text
    assert dispatcher.get("/console/territories").status_code == 403
    page = admin.get("/accounts/1/change").text
    assert 'name="territory_ids" value="1" checked' in page
    renamed = {**same, "name": "Dora Example", "role": "manager"}
    assert admin.post("/accounts/1/change", **hidden(page), **renamed).status_code == 302
    assert dispatcher.get("/console").location.startswith("/login")
    assert database.scalar(select(UserTerritory)) is None
    kinds = [event.kind for event in list_events(database)]
    assert kinds == ["dispatcher limited", "account changed", "account role changed"]


def test_of_two_admins_who_change_one_account_the_second_sees_both(signed_in, database):
    """What they changed stands there with what the first one stored beside it; what they did not is as it is now."""
    admin = signed_in("admin")
    opened = hidden(admin.get("/accounts/3/change").text)
    same = {"name": "Manager Example", "email": "manager@example.org", "role": "manager"}
    theirs = {**same, "name": "Max Example", "role": "dispatcher"}
    admin.post("/accounts/3/change", **opened, **theirs, territory_ids="1")
    late = admin.post("/accounts/3/change", **opened, **{**same, "role": "admin"})
    assert late.status_code == 409
    assert "has been changed meanwhile" in late.text
    assert "Now: dispatcher" in late.text
    assert 'value="admin" selected' in late.text
    assert 'value="Max Example"' in late.text
    assert 'name="territory_ids" value="1" checked' in late.text
    again = admin.post("/accounts/3/change", **hidden(late.text), **{**same, "name": "Max Example", "role": "admin"})
    assert again.status_code == 302
    database.expire_all()
    assert (database.get(User, 3).name, database.get(User, 3).role) == ("Max Example", "admin")


def test_what_is_wrong_with_a_change_is_said_at_once_and_nothing_of_it_is_stored(signed_in, database):
    """The version stays the one that was seen: somebody else's change is still found out."""
    admin = signed_in("admin")
    opened = hidden(admin.get("/accounts/3/change").text)
    refused = admin.post("/accounts/3/change", **opened, name="Max", email="nobody", role="technician")
    assert refused.status_code == 400
    assert "is no e-mail address" in refused.text
    assert "needs the code of the technician" in refused.text
    assert hidden(refused.text) == opened
    assert admin.post("/accounts/3/change", name="Max").status_code == 400
    assert admin.get("/accounts/77/change").status_code == 404
    assert list_events(database) == []


def test_nobody_takes_the_last_right_from_themselves(signed_in, database):
    """Neither by a form nor by sending one that they were not shown."""
    admin = signed_in("admin")
    assert "/accounts/4/change" not in admin.get("/accounts").text
    for answer in (admin.get("/accounts/4/change"), admin.post("/accounts/4/change", **EVE, version="1")):
        assert answer.status_code == 403
        assert "Ask another admin" in answer.text
    assert list_events(database) == []
