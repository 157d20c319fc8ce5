"""Which addresses may be told, which signature they get, and where nothing is sent."""

import contextlib
import socket
import threading

import pytest

from dispatch.errors import InvalidInput, NotFound
from dispatch.webhooks import sending
from dispatch.webhooks.message import make_secret, sign
from dispatch.webhooks.sending import list_faults_of_url, post
from dispatch.webhooks.subscriptions import add_webhook, list_webhooks, switch_webhook
from tests.dispatch.town import MORNING
from tests.dispatch.webhooks.receiver import Receiver


def test_the_signature_is_that_of_the_specification():
    """The example that Standard Webhooks publishes, so that every library of theirs agrees with us."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    assert sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body) == (
        "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_every_webhook_has_a_secret_of_its_own():
    """Of 32 random bytes."""
    assert len({make_secret() for _ in range(20)}) == 20
    assert len(make_secret()) == len("whsec_") + 44


@pytest.mark.parametrize(
    "url",
    ["", "example.org", "ftp://example.org", "https://", "https://example.org:99999", "javascript:alert(1)",
     "https://user:secret@example.org", "https://example.org/#part", "https://[::1",
     "https://hooks..example.org/x", "https://hooks example.org/x"],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_words(session_factory, url):
    """Before anything is stored."""
    assert list_faults_of_url(url)
    with pytest.raises(InvalidInput), session_factory.begin() as session:
        add_webhook(session, url, [], MORNING, None)


def test_an_address_is_told_once(session_factory):
    """Unless the other one was switched off."""
    with session_factory.begin() as session:
        row = add_webhook(session, "https://example.org/hooks", [], MORNING, None)
    with pytest.raises(InvalidInput, match="told already"), session_factory.begin() as session:
        add_webhook(session, " https://example.org/hooks ", [], MORNING, None)
    with session_factory.begin() as session:
        switch_webhook(session, row.id, False, MORNING, None)
        add_webhook(session, "https://example.org/hooks", ["b", "a", "a", " "], MORNING, None)
        with pytest.raises(NotFound):
            switch_webhook(session, 99, True, MORNING, None)
    with session_factory() as session:
        assert [(one.active, one.kinds) for one in list_webhooks(session)] == [(True, ["a", "b"]), (False, [])]


class Elsewhere:
    """A connection that leads to another address than it does."""

    def __init__(self, connection, address: str) -> None:
        self._connection, self._address = connection, address

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def getpeername(self):
        return self._address, 80


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("169.254.169.254", "may not reach"),
        ("fe80::1%eth0", "may not reach"),
        ("::ffff:169.254.169.254", "may not reach"),
        ("224.0.0.1", "may not reach"),
        ("fd00:ec2::254", "may not reach"),
        ("93.184.216.34", "use https"),
    ],
)
def test_nothing_is_sent_where_only_this_machine_may_reach_or_where_others_read_along(monkeypatch, address, said):
    """Asked of the open connection, not of the name, which may lead elsewhere a moment later."""
    receiver = Receiver()
    connect = sending.http.client.HTTPConnection.connect

    def connect_elsewhere(self):
        connect(self)
        self.sock = Elsewhere(self.sock, address)

    monkeypatch.setattr(sending.http.client.HTTPConnection, "connect", connect_elsewhere)
    answer = post(receiver.url, b"{}", {})
    receiver.close()
    assert answer.status is None
    assert said in answer.fault
    assert receiver.messages == []


def test_a_receiver_that_never_answers_is_left(monkeypatch):
    """After a while: others wait."""
    monkeypatch.setattr(sending, "TIMEOUT_S", 0.1)
    receiver = Receiver()
    receiver.may_answer.clear()
    answer = post(receiver.url, b"{}", {})
    receiver.close()
    assert (answer.status, "timed out" in answer.fault) == (None, True)


def test_a_receiver_that_answers_a_letter_at_a_time_is_left_too(monkeypatch):
    """Each letter comes in time; all of them never do."""
    monkeypatch.setattr(sending, "WHOLE_S", 0.3)
    is_over = threading.Event()

    def drip(listener):
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            while not is_over.wait(0.02):
                connection.send(b"H")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        answer = post(f"http://127.0.0.1:{listener.getsockname()[1]}/", b"{}", {})
        is_over.set()
        thread.join()
    assert (answer.status, "No answer" in answer.fault) == (None, True)
