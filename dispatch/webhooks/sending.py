"""Sends one message over HTTP, to where an address really leads, and to none that tells a machine about itself."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

TIMEOUT_S = 5.0
"""For connecting, and for each part of the answer."""
METADATA = ipaddress.ip_address("fd00:ec2::254")
"""Where a machine in a cloud asks who it is, as at 169.254.169.254, which is link-local."""
WHOLE_S = 10.0
"""For all of it: a receiver that answers a letter at a time must not hold up others."""

AS_TYPED = "%/:?#[]@!$&'()*+,;=~"
"""Of paths and queries; all other characters but letters, digits, "_", "." and "-" are sent as bytes written with %."""


@dataclass(frozen=True)
class Answer:
    """What came back: the HTTP status, or None and why there was none."""

    status: int | None
    fault: str = ""
    is_final: bool = False
    """Whether another try is of no use: no message can be written to there."""

    @property
    def is_good(self) -> bool:
        """Whether the receiver has taken it."""
        return self.status is not None and 200 <= self.status < 300


def list_faults_of_url(url: str) -> list[str]:
    """What is wrong with an address for a webhook, in sentences."""
    try:
        parts = urlsplit(url)
        port_is_known = parts.port != 0
        (parts.hostname or "").encode("idna")
    except ValueError:
        return [f"{url} is no address; write one such as https://example.org/hooks."]
    wrong = []
    if parts.scheme not in ("https", "http") or not parts.hostname or not port_is_known or " " in parts.netloc:
        wrong.append(f"{url} is no address; write one such as https://example.org/hooks.")
    if parts.username or parts.password:
        wrong.append("The address must not hold a password; messages are signed instead.")
    if parts.fragment:
        wrong.append("The address must not have a part after #: it would not be sent.")
    return wrong


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send; redirects are not followed, and nothing of the answer is kept but its status."""
    parts = urlsplit(url)
    connection = _connection_to(parts)
    hang_up = threading.Timer(WHOLE_S, _hang_up, [connection])
    try:
        (parts.hostname or "").encode("idna")  # a name that is none is nobody's fault there
        connection.connect()
        hang_up.start()
        refused = _find_refusal(parts, connection)
        if refused:
            return Answer(None, refused)
        target = parts.path or "/"
        target = quote(f"{target}?{parts.query}" if parts.query else target, safe=AS_TYPED)
        connection.request("POST", target, body, dict(headers))
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return Answer(None, f"No answer from {parts.netloc} ({str(error) or type(error).__name__}).")
    except ValueError as error:
        return Answer(None, f"Nothing can be sent to {parts.netloc} ({error}); add the right address.", is_final=True)
    finally:
        hang_up.cancel()
        connection.close()
    if 200 <= status < 300:
        return Answer(status)
    return Answer(status, f"{parts.netloc} answered {status} {http.client.responses.get(status, '')}".rstrip() + ".")


def _connection_to(parts: SplitResult) -> http.client.HTTPConnection:
    assert parts.hostname is not None, "addresses are checked when they are stored"
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=TIMEOUT_S, context=context)
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_S)


def _hang_up(connection: http.client.HTTPConnection) -> None:
    """End what the other thread is waiting for."""
    with contextlib.suppress(OSError, AttributeError):  # it may have ended in this instant
        connection.sock.shutdown(socket.SHUT_RDWR)


def _find_refusal(parts: SplitResult, connection: http.client.HTTPConnection) -> str | None:
    """Why nothing is sent there. Asked of the open connection: a name may lead elsewhere the next time it is asked."""
    address = ipaddress.ip_address(connection.sock.getpeername()[0].partition("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    if address == METADATA or address.is_link_local or address.is_multicast or address.is_unspecified:
        return f"{parts.hostname} leads to {address}, which webhooks may not reach."
    if parts.scheme == "http" and not (address.is_private or address.is_loopback):
        return f"{parts.hostname} is outside the own network; use https, so that nobody reads along."
    return None
