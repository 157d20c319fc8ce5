"""Documents of VROOM's API, solved while the client waits."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from dispatch.api import optimizing

DOCUMENT = {
    "jobs": [{"id": 1, "location": [-71.25, -29.9], "service": 300}, {"id": 2, "location": [-71.26, -29.91]}],
    "vehicles": [{"id": 7, "start": [-71.25, -29.9], "end": [-71.25, -29.9]}],
}


def test_a_document_of_vroom_is_answered_as_vroom_does(dispatcher):
    """Code 0, a summary, routes; what was estimated is said."""
    answer = dispatcher.post("/optimization?time_limit_s=1", DOCUMENT)
    assert answer.status_code == 200, answer.json
    assert (answer.json["code"], answer.json["summary"]["unassigned"]) == (0, 0)
    [route] = answer.json["routes"]
    assert sorted(step["id"] for step in route["steps"] if step["type"] == "job") == [1, 2]
    assert "travel is an estimate" in answer.json["warnings"][0]


def ask_as_openrouteservice(server: str, key: str):
    """As its client for Python does, given our address up to /api/v1: an empty query, the key alone, a profile of its
    own, and `options` for geometry."""
    [vehicle] = DOCUMENT["vehicles"]
    document = {**DOCUMENT, "vehicles": [{**vehicle, "profile": "driving-car"}], "options": {"g": True}}
    headers = {"Authorization": key, "Content-type": "application/json", "User-Agent": "ORSClientPython.v2.3.3"}
    asked = Request(f"{server}/api/v1/optimization?", json.dumps(document).encode(), headers)
    with urlopen(asked, timeout=60) as answer:
        return json.load(answer)


def test_a_client_of_such_a_service_works_unchanged(server, dispatcher):
    """What is not followed is said beside the routes."""
    answer = ask_as_openrouteservice(server, dispatcher.secret)
    assert (answer["code"], len(answer["routes"])) == (0, 1)
    assert "no geometry of routes is answered" in answer["warnings"][0]
    with pytest.raises(HTTPError, match="401"):
        ask_as_openrouteservice(server, "wt_wrong")


def test_options_that_ask_for_nothing_are_no_matter(dispatcher):
    """What is no object is refused as any other name that is not known."""
    assert "options" not in dispatcher.post("/optimization", {**DOCUMENT, "options": {"g": False}}).json["warnings"][0]
    refused = dispatcher.post("/optimization", {**DOCUMENT, "options": "fast"})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "#/options")


def test_everything_wrong_with_a_document_is_said_with_its_place_as_its_clients_know_it(dispatcher):
    """Problem details, and the members `code` and `error` that clients of VROOM look for."""
    wrong = {"jobs": [{"id": "one", "location": [0, 91]}], "vehicles": []}
    answer = dispatcher.post("/optimization", wrong)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert "#/jobs/0/id" in {one["pointer"] for one in answer.json["errors"]}
    assert all(one["what"] and one["mend"] for one in answer.json["errors"])
    assert answer.json["code"] == 2
    assert "jobs[0].id" in answer.json["error"]


def test_what_is_no_json_or_too_large_is_refused(dispatcher, monkeypatch):
    """By its size before it is read, by its count before it is solved."""
    client, headers = dispatcher.app.test_client(), {"Authorization": f"Bearer {dispatcher.secret}"}
    assert client.post("/api/v1/optimization", data="{", headers=headers).status_code == 422
    monkeypatch.setattr(optimizing, "MOST_TASKS", 1)
    assert "send at most 1 at once" in dispatcher.post("/optimization", DOCUMENT).json["errors"][0]["mend"]
    monkeypatch.setattr(dispatcher.app.view_functions["api_optimization.optimize"], "most_bytes", 10)
    assert dispatcher.post("/optimization", DOCUMENT).status_code == 413


def test_when_as_many_are_solved_as_may_be_the_next_is_told_to_wait(dispatcher):
    """Others want answers meanwhile."""
    for _ in range(optimizing.AT_ONCE):
        assert optimizing._slots.acquire(blocking=False)
    try:
        answer = dispatcher.post("/optimization", DOCUMENT)
    finally:
        optimizing._slots.release(optimizing.AT_ONCE)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("limit", ["0", "61", "x"])
def test_the_time_limit_has_bounds(dispatcher, limit: str):
    """From 1 s to a minute."""
    assert dispatcher.post(f"/optimization?time_limit_s={limit}", DOCUMENT).status_code == 400
