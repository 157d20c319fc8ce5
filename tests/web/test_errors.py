"""Refusals in plain words: a page for people, problem details for scripts."""

import re

import pytest
from flask import Flask

from dispatch.errors import SettingsError
from dispatch.notices.links import make_token
from tests.databases import lose_tables
from tests.web.conftest import NOW
from web.access import public


def test_people_get_a_page_with_a_way_on(signed_in):
    """404 as a page of the house, with a link to the start page."""
    response = signed_in("manager").get("/no-such-page")
    text = response.get_data(as_text=True)
    assert response.status_code == 404
    assert "There is nothing here" in text
    assert "Go to your start page" in text


def test_scripts_get_problem_details(signed_in):
    """Under /api/ every error is application/problem+json with a sentence."""
    response = signed_in("technician").get("/phone/api/nothing")
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    assert set(response.json) == {"type", "title", "status", "detail"}


def test_a_body_that_is_no_json_object_is_named_as_such(signed_in):
    """The sentence says what is expected."""
    response = signed_in("technician").post_json("/phone/api/stops/1/status", ["en_route"])
    assert response.status_code == 400
    assert "JSON object" in response.json["detail"]


@pytest.mark.parametrize("text", ["yesterday", "2026-02-30", "23.11.2026"])
def test_a_day_that_is_no_day_is_named_as_such(signed_in, text: str):
    """What was written, and how to write it."""
    response = signed_in("technician").get(f"/phone/api/day?on={text}")
    assert response.status_code == 400
    assert text in response.json["detail"]
    assert "2026-11-22" in response.json["detail"]


def test_an_error_of_ours_is_logged_and_tells_nothing_of_the_inside(own_app: Flask, caplog):
    """A 500 has no traceback in it; the log has."""
    own_app.add_url_rule("/broken", "broken", public(broken))
    response = own_app.test_client().get("/broken")
    assert response.status_code == 500
    assert "the secret of the house" not in response.get_data(as_text=True)
    assert "the secret of the house" in caplog.text


@pytest.mark.parametrize("path", ["/broken", "/api/broken"])
def test_an_error_of_ours_has_a_number_that_finds_it_in_the_log(own_app: Flask, caplog, path: str):
    """People read it out to whoever looks after the server; programs have it apart too."""
    own_app.add_url_rule(path, "broken", public(broken))
    response = own_app.test_client().get(path)
    number = re.search(r"the number ([0-9A-F]{4}-[0-9A-F]{4})", response.text)[1]
    assert f"Unhandled error {number} at GET {path}" in caplog.text
    if response.is_json:
        assert response.json["reference"] == number


def test_a_conflict_says_what_happened_what_to_do_and_where_to_look(signed_in, caplog):
    """In a page that leads back to where the form was; never to another site, nor to what was just refused."""
    admin = signed_in("admin")

    def switch_off(referrer: str):
        form = {"csrf_token": admin.token(), "to": "off"}
        return admin.client.post("/accounts/4/switch", data=form, headers={"Referer": referrer})

    page = switch_off("http://localhost/accounts?x=1")
    assert page.status_code == 409
    for words in (
        "That cannot be done as things are now",
        "ask another admin",
        "Nothing of what you asked for was stored",
    ):
        assert words in page.text
    assert '<a class="btn btn-primary" href="/accounts?x=1">See how it stands now</a>' in page.text
    number = re.search(r"<code>([0-9A-F-]{9})</code>", page.text)[1]
    assert f"Refused {number}: POST /accounts/4/switch" in caplog.text
    for elsewhere in ("https://example.org/accounts", "http://localhost/accounts/4/switch", "http://localhost/x", ""):
        assert "See how it stands now" not in switch_off(elsewhere).text


def test_somebody_who_was_too_slow_is_told_that_somebody_else_was_quicker(signed_in):
    """Which is another thing than what cannot be done at all."""
    dispatcher = signed_in("dispatcher")
    wish = {"language": "es", "email": "on", "version": "0"}
    assert dispatcher.post("/notices/customers/1", **wish).status_code == 302
    form = {"csrf_token": dispatcher.token(), **wish}
    headers = {"Referer": "http://localhost/notices/customers/1"}
    late = dispatcher.client.post("/notices/customers/1", data=form, headers=headers).text
    assert "<h1>Somebody else was quicker</h1>" in late
    assert 'href="/notices/customers/1">See how it stands now</a>' in late


def test_a_wrong_setting_is_answered_with_how_to_mend_it(own_app: Flask, caplog):
    """Such as a travel source that cannot be opened; it has been refused only when it was needed."""
    own_app.add_url_rule("/api/unset", "unset", public(wrongly_set_up))
    response = own_app.test_client().get("/api/unset")
    assert (response.status_code, response.json["detail"]) == (503, "TRAVEL_SOURCE names no file.")
    assert "TRAVEL_SOURCE" in caplog.text


@pytest.mark.parametrize("path", ["/phone", "/phone/api/day?on=2026-11-23"])
def test_a_broken_database_is_an_error_in_words_too(app: Flask, signed_in, home, path: str):
    """Saying so must not need the database, not even to know who is signed in."""
    technician = signed_in("technician")
    app.extensions["wrenchtime"].session_factory.engine.dispose()
    lose_tables(home)
    response = technician.get(path)
    assert response.status_code == 500
    assert "written to the server" in response.get_data(as_text=True)


@pytest.mark.parametrize(("spoken", "words"), [("es-CL,es;q=0.9", "Algo falló de nuestra parte"), ("", "our side")])
def test_a_customer_is_told_of_it_in_their_language_and_not_sent_to_sign_in(app: Flask, home, visitor, spoken, words):
    """With the number, and without the database."""
    page = f"/c/{make_token('only for tests ' * 3, 1, NOW)}"
    app.extensions["wrenchtime"].session_factory.engine.dispose()
    lose_tables(home)
    response = visitor.client.get(page, headers={"Accept-Language": spoken})
    assert response.status_code == 500
    assert words in response.text
    assert re.search(r"<code>[0-9A-F-]{9}</code>", response.text)
    assert f'href="{page}"' in response.text
    assert "/login" not in response.text


def wrongly_set_up() -> str:
    raise SettingsError("TRAVEL_SOURCE names no file.")


def broken() -> str:
    raise LookupError("the secret of the house")
