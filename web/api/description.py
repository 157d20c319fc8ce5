"""The description of the API (OpenAPI 3.1), made from the code that serves it: as JSON, and as a page to read."""

from importlib.metadata import version
from typing import Any

from apispec import APISpec
from flask import Blueprint, Flask, current_app, jsonify, render_template

from web.access import public

SPEC = "wrenchtime_api"
PROBLEM = "application/problem+json"
ABOUT: dict[str, Any] = {
    "title": "Wrenchtime",
    "version": "1",
    "openapi_version": "3.1.0",
    "info": {
        "description": "Field service scheduling and dispatch: everything that the screens can do. "
        "Instants are ISO 8601 and answered in UTC; names ending in _s are seconds, in _m metres, in _on days.",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    },
}

blueprint = Blueprint("api_description", __name__, url_prefix="/api/v1")


def init_app(app: Flask, spec: APISpec) -> None:
    """Keep the finished description and serve it, to anybody: it says nothing about this installation."""
    app.extensions[SPEC] = _finish(spec.to_dict())
    app.register_blueprint(blueprint)


@blueprint.get("/openapi.json")
@public
def document() -> Any:
    """The description for programs."""
    return jsonify(current_app.extensions[SPEC])


@blueprint.get("/docs")
@public
def page() -> str:
    """The description for people."""
    spec = current_app.extensions[SPEC]
    groups: dict[str, tuple[str, list[Any]]] = {tag["name"]: (tag.get("description", ""), []) for tag in spec["tags"]}
    for path, methods in spec["paths"].items():
        shared = methods.get("parameters", [])
        for method, operation in methods.items():
            if method != "parameters":
                said = {**operation, "parameters": [*shared, *operation.get("parameters", [])]}
                groups[operation["tags"][0]][1].append((method.upper(), path, said))
    return render_template("api/docs.html", spec=spec, groups=groups, version=version("wrenchtime"))


def _finish(spec: dict[str, Any]) -> dict[str, Any]:
    """What the library cannot be told: errors are problems, and tags bear the names of scopes."""
    for response in spec["components"].get("responses", {}).values():
        content = response.get("content", {})
        if "application/json" in content:
            content[PROBLEM] = content.pop("application/json")
    spec["tags"] = [{**tag, "name": tag["name"].removeprefix("api_")} for tag in spec.get("tags", [])]
    return spec
