"""One person in front of the server: signs in, asks, and writes down how long each answer took."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

PATIENCE_S = 120


@dataclass(frozen=True)
class Answer:
    """What was asked, in a word, how it was answered, and after how many seconds. Status 0: the connection broke."""

    what: str
    status: int
    seconds: float
    asked_at: float


@dataclass
class Book:
    """All answers of all people."""

    answers: list[Answer] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, answer: Answer) -> None:
        with self.lock:
            self.answers.append(answer)


class Browser:
    """A cookie, and a token of the pages or of the API."""

    def __init__(self, port: int, book: Book, token: str | None = None) -> None:
        self._port, self._book = port, book
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._connection: http.client.HTTPConnection | None = None
        self.etag = ""

    @property
    def cookie(self) -> str:
        return self._headers.get("Cookie", "")

    def sign_in(self, email: str, password: str) -> None:
        """As the form does. Raises RuntimeError where that fails."""
        _, page = self._send("GET", "/login")
        given = {"email": email, "password": password, "csrf_token": _token_of(page)}
        status, _ = self._send(
            "POST", "/login", urlencode(given), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        _, page = self._send("GET", "/account")
        if status != 302 or 'name="csrf-token"' not in page:
            raise RuntimeError(f"{email} cannot sign in: {status}")
        self._headers["X-CSRFToken"] = _token_of(page)
        self.rest()

    def ask(self, what: str, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """The status and the JSON of the answer; writes down how long it took."""
        sent = None if body is None else json.dumps(body)
        began = time.monotonic()
        status, text = self._send(method, path, sent, {"Content-Type": "application/json", **headers})
        self._book.write(Answer(what, status, time.monotonic() - began, began))
        return status, json.loads(text) if text.startswith(("{", "[")) else None

    def _send(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """On the connection of the request before, as browsers do it, until somebody rests."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S)
        try:
            self._connection.request(method, path, body, {**self._headers, **(headers or {})})
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except (http.client.HTTPException, OSError):
            self.rest()
            return 0, ""  # the server is not there
        self._keep(answer)
        return answer.status, text

    def rest(self) -> None:
        """Hang up: until the next act the server would have closed the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        self.etag = answer.headers.get("ETag", "")
        for line in answer.headers.get_all("Set-Cookie") or []:
            self._headers["Cookie"] = line.split(";", 1)[0]


def _token_of(page: str) -> str:
    found = re.search(r'name="csrf[-_]token" (?:content|value)="([^"]+)"', page)
    if found is None:
        raise RuntimeError("a page without a token")
    return found.group(1)
