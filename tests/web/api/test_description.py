"""The description of the API, for programs and for people."""

import jsonschema

from dispatch.slices import MOST
from web.access import EVERYONE, roles_of
from web.api.answers import MOST_AT_ONCE

WITHOUT_KEY = {
    "new_password_link": "another link takes the place of the one before, and is kept nowhere",
    "new_webhook": "its secret is told once, and is kept in no answer",
    "add_photo_to_job": "the same picture sent twice is one",
    "photo_at_stop": "the same picture sent twice is one",
}


def test_the_description_is_openapi_3_1_and_open_to_everybody(app):
    """Its schemas are JSON schemas of the dialect that OpenAPI 3.1 has."""
    spec = app.test_client().get("/api/v1/openapi.json").json
    assert spec["openapi"].startswith("3.1")
    for schema in spec["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_operation_is_described_and_told_by_its_scope(app):
    """What is served under /api/v1 is in the description, and nothing else is."""
    spec = app.test_client().get("/api/v1/openapi.json").json
    described = {operation["operationId"]: operation for path in spec["paths"].values()
                 for method, operation in path.items() if method != "parameters"}  # fmt: skip
    served = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")
              and roles_of(app, rule.endpoint) != EVERYONE]  # fmt: skip
    assert served
    assert len(described) == len(served)
    for operation in described.values():
        assert operation["summary"]
        assert "Scope: `" in operation["description"]


def test_all_lists_have_pages_of_fifty_unless_asked_for_more(app):
    """As their screens have; what the page of the API says holds for each of them."""
    spec = app.test_client().get("/api/v1/openapi.json").json
    limits = {
        path: (one["schema"]["default"], one["schema"]["maximum"])
        for path, operations in spec["paths"].items()
        for one in operations.get("get", {}).get("parameters", ())
        if one.get("name") == "limit"
    }
    assert {"/api/v1/notices", "/api/v1/plans", "/api/v1/customers/{customer_id}/history"} <= set(limits)
    assert set(limits.values()) == {(MOST, MOST_AT_ONCE)} == {(50, 200)}
    assert "in pages of 50, as on the screens" in app.test_client().get("/api/v1/docs").text


def test_whatever_makes_something_may_be_sent_again_with_a_key(app):
    """Programs that heard no answer send it once more; the few that take no key make nothing twice, or say why."""
    spec = app.test_client().get("/api/v1/openapi.json").json
    making = {
        operation["operationId"]: {one["name"] for one in operation.get("parameters", [])}
        for path in spec["paths"].values()
        for method, operation in path.items()
        if method == "post" and "201" in operation["responses"]
    }
    assert {name for name, headers in making.items() if "Idempotency-Key" not in headers} == WITHOUT_KEY.keys()
    assert making.keys() > WITHOUT_KEY.keys()


def test_people_read_the_same_on_a_page(app):
    """Every operation and every object is on it."""
    client = app.test_client()
    page, spec = client.get("/api/v1/docs"), client.get("/api/v1/openapi.json").json
    assert page.status_code == 200
    for path in spec["paths"]:
        assert path in page.text
    for name in spec["components"]["schemas"]:
        assert f'id="schema-{name}"' in page.text
