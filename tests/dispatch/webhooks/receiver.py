"""A receiver of webhooks on this machine: a real HTTP server that keeps what it got, and answers as it is told."""

import base64
import hashlib
import hmac
import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Message:
    """What came, and whether its signature is right, computed by code of its own."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """As the specification of Standard Webhooks says."""
        key = base64.b64decode(secret.split("_", 1)[1])
        content = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        return self.headers["webhook-signature"] == f"v1,{expected}"


class Receiver:
    """`answers` are given one after the other, the last one for ever; None hangs up without one. What has the words of
    `answers_to` in it is answered with their status, always.
    """

    def __init__(self, *answers: int | None) -> None:
        self.answers: list[int | None] = list(answers) or [200]
        self.answers_to: dict[str, int] = {}
        self.messages: list[Message] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            """Keeps the message, and answers."""

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.messages.append(Message(self.path, headers, body))
                receiver.may_answer.wait(20)
                always = [status for words, status in receiver.answers_to.items() if words in body.decode()]
                one_of_many = len(receiver.answers) > 1 and not always
                answer = receiver.answers.pop(0) if one_of_many else [*always, receiver.answers[0]][0]
                if answer is None:
                    self.close_connection = True
                    return
                self.send_response(answer)
                self.send_header("Location", receiver.url + "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nothing on stderr."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        """Nobody answers at this address any more."""
        self.may_answer.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
