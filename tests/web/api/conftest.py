"""Programs that call the API with tokens, also over real HTTP."""

import threading
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import TestResponse

from dispatch.api.tokens import SCOPES, make_token
from dispatch.models import User
from tests.web.conftest import NOW

EVERYTHING = tuple(scope for scope in SCOPES if scope.endswith(":write"))


@dataclass
class Caller:
    """A program with a token."""

    app: Flask
    secret: str
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.secret}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        # A client of its own: the test client keeps cookies, and the API must do without.
        client = self.app.test_client(use_cookies=False)
        return client.open(f"/api/v1{path}", method=method, json=body, headers=sent)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self.call("PATCH", path, body, **headers)


@pytest.fixture
def make_caller(app: Flask):
    """`make_caller("dispatcher", "jobs:read")`: a token of somebody of that role; without scopes it has all."""

    def make(role: str, *scopes: str, days: int | None = None) -> Caller:
        with app.extensions["wrenchtime"].session_factory.begin() as session:
            user = session.scalars(select(User).where(User.role == role)).one()
            _, secret = make_token(session, user, "test", scopes or EVERYTHING, NOW, None, days)
        return Caller(app, secret)

    return make


@pytest.fixture
def dispatcher(make_caller) -> Caller:
    """A program that may do all that a dispatcher may."""
    return make_caller("dispatcher")


class Quiet(WSGIRequestHandler):
    """Says nothing of every request."""

    def log_request(self, *_: Any) -> None:
        pass


@pytest.fixture
def server(app: Flask):
    """The address of the application behind a real server with many threads."""
    serving = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{serving.port}"
    serving.shutdown()
    thread.join()
    serving.server_close()
