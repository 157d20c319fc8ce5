"""What takes long is done before a request writes: with SQLite nobody else could write meanwhile."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from data.travel import StraightLine
from dispatch import installation, roads
from dispatch.api.tokens import SCOPES, make_token
from dispatch.models import User
from dispatch.on_site import pictures
from tests.web.conftest import NOW, TODAY

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])  # PostgreSQL has many writers
TAKES_LONG: list[str] = []
"""What was done while somebody else could write."""


@pytest.fixture
def slow(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], None]:
    """`slow(module, "function")`: while it runs somebody else writes, which fails at once where they would wait."""
    TAKES_LONG.clear()

    def watch(module: Any, name: str) -> None:
        quick = getattr(module, name)

        def take_long(*given: Any, **more: Any) -> Any:
            with closing(sqlite3.connect(home / "wrenchtime.sqlite3", timeout=0, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
            TAKES_LONG.append(name)
            return quick(*given, **more)

        monkeypatch.setattr(module, name, take_long)

    return watch


@pytest.fixture
def call(app: Flask) -> Callable[..., Any]:
    """`call("technician", "POST", "/jobs", ...)`: over the API, as somebody of that role."""

    def send(role: str, method: str, path: str, **more: Any) -> Any:
        with app.extensions["wrenchtime"].session_factory.begin() as session:
            user = session.query(User).filter_by(role=role).one()
            secret = make_token(session, user, "test", SCOPES, NOW, None, None)[1]
        headers = {"Authorization": f"Bearer {secret}", **more.pop("headers", {})}
        return app.test_client(use_cookies=False).open(f"/api/v1{path}", method=method, headers=headers, **more)

    return send


def jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(("role", "path"), [("dispatcher", "/jobs/1/photos"), ("technician", "/stops/1/photos")])
def test_a_picture_that_a_program_sends_is_drawn_anew_before_it_is_stored(slow, call, role, path):
    slow(pictures, "_open")
    assert call(role, "POST", path, data=jpeg(), content_type="image/jpeg").status_code == 201
    assert TAKES_LONG == ["_open"]


def test_a_picture_that_a_phone_sends_is_drawn_anew_before_it_is_stored(slow, signed_in):
    slow(pictures, "_open")
    ana = signed_in("technician")
    headers = {"X-CSRFToken": ana.token(), "Content-Type": "image/jpeg"}
    assert ana.client.post("/phone/api/stops/1/photos", data=jpeg(), headers=headers).status_code == 201
    assert TAKES_LONG == ["_open"]


@pytest.fixture
def streets(app: Flask, slow, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streets are known by now, among which no address is found; they take long to open."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        installation.store_setting(session, installation.TRAVEL_SOURCE, "sample")
    monkeypatch.setattr(roads, "_opened", {})
    monkeypatch.setattr(roads, "open_travel_source", lambda *_given, **_more: StraightLine())
    slow(roads, "open_travel_source")


PLACE = {"address": "Calle Nueva 7"}
JOB = {"customer_id": 1, "location": PLACE, "title": "Boiler", "service_s": 3600}
CALL = {"on": str(TODAY), "customer_id": 1, "location": PLACE, "title": "Gas smells", "minutes": 30}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/jobs", JOB),
        ("PATCH", "/jobs/1", {"location": PLACE}),
        ("POST", "/emergencies", CALL),
        ("POST", "/tables/assets", {"customer_id": 1, "name": "Lift", **PLACE}),
        ("PATCH", "/tables/technicians/1", {"home_address": "Calle Nueva 7"}),
    ],
)
def test_streets_are_opened_before_a_program_writes_what_lies_in_them(streets, call, method, path, body):
    answer = call("dispatcher", method, path, json=body, headers={"If-Match": '"1"'})
    assert (answer.status_code, TAKES_LONG) == (422, ["open_travel_source"]), answer.text


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("customers/1/jobs/new", {"title": "Boiler", "service": "1 h"}),
        ("jobs/1/edit", {"title": "Boiler", "service": "1 h", "priority": "10", "version": "1"}),
        ("customers/new", {"name": "Li", "version": "0"}),
        ("events", {"kind": "emergency", "on": str(TODAY), "customer": "1", "title": "Gas smells", "minutes": "30"}),
    ],
)
def test_streets_are_opened_before_a_form_writes_what_lies_in_them(streets, signed_in, path, typed):
    answer = signed_in("dispatcher").post(f"/console/{path}", **typed, **PLACE)
    assert (answer.status_code, TAKES_LONG) == (400, ["open_travel_source"]), answer.text
