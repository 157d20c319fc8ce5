"""The words of messages to customers over the API."""

import pytest

from dispatch.events import list_events

ONE = "/notices/texts/reminder/SMS/en"


@pytest.fixture
def manager(make_caller):
    return make_caller("manager")


def test_managers_read_all_words_and_which_fields_they_may_have(manager, dispatcher):
    """Every kind on every channel in every language; dispatchers leave the words to them, as on the pages."""
    found = manager.get("/notices/texts").json
    assert len({(one["kind"], one["channel"], one["language"]) for one in found["texts"]}) == 8 * 2 * 2
    assert {one["version"] for one in found["texts"]} == {0}
    assert "customer" in {one["name"] for one in found["fields_known"]}
    assert dispatcher.get("/notices/texts").status_code == 403
    assert manager.get("/notices/texts/reminder/pigeon/en").status_code == 404


def test_words_tell_whether_they_are_sent_where_no_other_channel_reaches(manager):
    """Until somebody stores them."""
    path = "/notices/texts/cancelled/SMS/en"
    assert {"active": False, "alone": True}.items() <= manager.get(path).json.items()
    assert manager.get(ONE).json["alone"] is False
    changed = manager.call("PUT", path, {"body": "Nobody comes.", "active": False}, If_Match='"0"')
    assert (changed.status_code, changed.json["alone"]) == (200, False), changed.json


def test_words_are_changed_by_the_version_that_was_seen(manager, database):
    """It is on record what they said before and say since; a program that is behind is told so."""
    seen = manager.get(ONE)
    sent = {"body": "We come {date}.\n{link}", "active": False}
    changed = manager.call("PUT", ONE, sent, If_Match=seen.headers["ETag"])
    assert (changed.status_code, changed.json["version"], changed.headers["ETag"]) == (200, 1, '"1"'), changed.json
    assert sent.items() <= manager.get(ONE).json.items()
    assert manager.call("PUT", ONE, sent, If_Match=seen.headers["ETag"]).status_code == 412
    assert manager.call("PUT", ONE, sent).status_code == 428
    [*_, event] = list_events(database)
    assert (event.kind, event.after["body"], event.after["channel"]) == ("notice words changed", sent["body"], "SMS")


def test_a_preview_fills_in_examples_and_stores_nothing(manager):
    """As the customer would read it."""
    path = "/notices/texts/moved/e-mail/es/preview"
    shown = manager.post(path, {"subject": "{number}", "body": "Hola {customer}"})
    assert shown.json == {"subject": "W17", "body": "Hola Ana Rojas"}
    assert manager.get("/notices/texts/moved/e-mail/es").json["version"] == 0
    assert manager.post("/notices/texts/moved/e-mail/xx/preview", {"body": "x"}).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_everything_wrong_with_words_is_said_at_once_by_field(manager, method: str):
    """Before a customer reads it."""
    path = "/notices/texts/moved/e-mail/en" + ("/preview" if method == "POST" else "")
    body = {"subject": " ", "body": "{price} {when}"} | ({"active": True} if method == "PUT" else {})
    wrong = manager.call(method, path, body, If_Match='"0"')
    assert wrong.status_code == 422
    assert [one["pointer"] for one in wrong.json["errors"]] == ["#/subject", "#/body", "#/body"]
    assert "{price}" in wrong.json["errors"][1]["what"]
