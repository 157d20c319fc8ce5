"""Refusals in plain words: a page for people, problem details for scripts."""

import pytest
from flask import Flask

from dispatch.errors import SettingsError
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


def test_an_error_of_ours_is_logged_and_tells_nothing_of_the_inside(app: Flask, visitor, caplog):
    """A 500 has no traceback in it; the log has."""
    app.add_url_rule("/broken", "broken", public(broken))
    response = visitor.get("/broken")
    assert response.status_code == 500
    assert "the secret of the house" not in response.get_data(as_text=True)
    assert "the secret of the house" in caplog.text


def test_a_wrong_setting_is_answered_with_how_to_mend_it(app: Flask, visitor, caplog):
    """Such as a travel source that cannot be opened; it has been refused only when it was needed."""
    app.add_url_rule("/api/unset", "unset", public(wrongly_set_up))
    response = visitor.get("/api/unset")
    assert (response.status_code, response.json["detail"]) == (503, "TRAVEL_SOURCE names no file.")
    assert "TRAVEL_SOURCE" in caplog.text


@pytest.mark.parametrize("path", ["/phone", "/phone/api/day?on=2026-11-23"])
def test_a_broken_database_is_an_error_in_words_too(app: Flask, signed_in, home, path: str):
    """Saying so must not need the database, not even to know who is signed in."""
    technician = signed_in("technician")
    app.extensions["wrenchtime"].session_factory.engine.dispose()
    for file in home.glob("wrenchtime.sqlite3*"):
        file.unlink()
    response = technician.get(path)
    assert response.status_code == 500
    assert "written to the server" in response.get_data(as_text=True)


def wrongly_set_up() -> str:
    raise SettingsError("TRAVEL_SOURCE names no file.")


def broken() -> str:
    raise LookupError("the secret of the house")
