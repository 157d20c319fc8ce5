"""The description of the API, for programs and for people."""

import jsonschema

from web.access import EVERYONE, roles_of


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


def test_people_read_the_same_on_a_page(app):
    """Every operation and every object is on it."""
    client = app.test_client()
    page, spec = client.get("/api/v1/docs"), client.get("/api/v1/openapi.json").json
    assert page.status_code == 200
    for path in spec["paths"]:
        assert path in page.text
    for name in spec["components"]["schemas"]:
        assert f'id="schema-{name}"' in page.text
