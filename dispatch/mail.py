"""Sends e-mail: one message, to one person, through the installation's own mail server."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError, NonASCIILocalPartDefect, ObsoleteHeaderDefect
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import SplitResult, unquote, urlsplit

from data.emails import find_fault
from dispatch.errors import DispatchError
from dispatch.mail_verdicts import FAULTS, FINAL, SERVER, judge, read_answer

PORTS = {"smtp": 587, "smtps": 465}
EXAMPLE_URL = "smtp://user:password@mail.example.org:587"
EXAMPLE_SENDER = "dispatch@example.org"
TIMEOUT_S = 10.0
HARMLESS = (ObsoleteHeaderDefect, NonASCIILocalPartDefect)
"""What the library finds in addresses that are one: a full stop in the name before it, letters of any alphabet."""
log = logging.getLogger(__name__)


class MailFault(DispatchError):
    """A message could not be handed over; the sentence says why.

    `is_of_server` says that no other message could be either, `is_final` that this one will never be taken.
    """

    def __init__(self, sentence: str, verdict: str) -> None:
        self.is_of_server = verdict == SERVER
        self.is_final = verdict == FINAL
        super().__init__(sentence)


class Unwritable(MailFault):
    """No e-mail can be made of this; no server was asked, and no other try is of use."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, FINAL)


@dataclass(frozen=True)
class MailServer:
    """Where messages are handed over, and whom they are from."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False
    """Encrypted from the first byte; otherwise from the second word on (STARTTLS), but on this machine itself."""

    @classmethod
    def from_url(cls, url: str, sender: str) -> MailServer:
        """Read smtp://user:password@host:port, or smtps. Raises ValueError with a sentence."""
        parts = _split(url)
        if parts is None or parts.hostname is None:
            raise ValueError(find_fault_of_url(url))
        if fault := find_fault_of_sender(sender):
            raise ValueError(fault)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        port = parts.port or PORTS[parts.scheme]
        return cls(parts.hostname, port, sender, user, password, parts.scheme == "smtps")

    @property
    def domain(self) -> str:
        """Of the sender."""
        address = _find_address(self.sender)
        assert address is not None, "a sender who is none is refused when the address of the server is read"
        return address.domain

    @property
    def is_here(self) -> bool:
        """Whether it runs on this very machine, so that nobody reads along."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def find_fault_of_url(url: str) -> str | None:
    """What is wrong with the address of a mail server and how to mend it; never the address: it may hold a password."""
    if _split(url) is not None:
        return None
    return f"give the mail server as {EXAMPLE_URL}, or with smtps://; write @ in a password as %40, # as %23, / as %2F"


def find_fault_of_sender(sender: str) -> str | None:
    """What is wrong with whom e-mails are from, and how to mend it: one address, alone or behind a name."""
    address = _find_address(sender)
    mend = f'write {EXAMPLE_SENDER}, or "Name, as mails show it" <{EXAMPLE_SENDER}>'
    if address is None:
        return f"{sender!r} is no e-mail address; {mend}"
    if not address.addr_spec.isascii():
        return f"{sender!r} has letters that many mail servers do not know; {mend}"
    fault = find_fault(address.addr_spec)
    return f"{fault}; {mend}" if fault is not None else None


def _split(url: str) -> SplitResult | None:
    """The parts of the address of a mail server; None when it is none. The library raises ValueError for some."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").encode("idna")
    except ValueError:
        return None
    has_more = parts.path not in ("", "/") or parts.query or parts.fragment
    is_one = parts.scheme in PORTS and host and not any(one.isspace() for one in url) and port != 0
    return parts if is_one and not has_more else None


def _find_address(sender: str) -> Address | None:
    """The one address in it, None where there is none or more: for some that are none the library raises these."""
    message = EmailMessage()
    try:
        message["From"] = sender
        header = message["From"]
    except (ValueError, IndexError, AttributeError, MessageError):
        return None
    is_wrong = any(not isinstance(one, HARMLESS) for one in header.defects)
    return None if is_wrong or len(header.addresses) != 1 else header.addresses[0]


def send_mail(
    server: MailServer, to: str, subject: str, text: str, now: datetime, message_id: str | None = None
) -> None:
    """Hand one message over; what is sent again keeps its `message_id`, so that it is shown once.

    Raises MailFault when the server cannot be reached or does not take it, Unwritable when there is nothing to hand it.
    """
    message = _write(server, to, subject, text, now, message_id)
    where = f"The mail server {server.host}:{server.port}"
    try:
        connection = _sign_in(server)
    except FAULTS as error:
        raise MailFault(f"{where} takes no e-mail: {_say(error)}", SERVER) from error
    with contextlib.closing(connection):
        try:
            connection.send_message(message)
        except FAULTS as error:
            verdict = judge(error)
            did = "takes no e-mail" if verdict == SERVER else "did not take a message"
            raise MailFault(f"{where} {did}: {_say(error)}", verdict) from error
        try:
            connection.quit()
        except FAULTS as error:  # it has the message
            log.info("%s took a message, and did not say good-bye: %s", where, _say(error))


def _write(server: MailServer, to: str, subject: str, text: str, now: datetime, message_id: str | None) -> EmailMessage:
    """The subject in one line, whatever it is made of; the library raises all of these for addresses that are none."""
    message = EmailMessage()
    try:
        message["From"], message["To"], message["Subject"] = server.sender, to, " ".join(subject.split())
        message["Date"], message["Message-ID"] = format_datetime(now), message_id or make_msgid(domain=server.domain)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        message.as_bytes()
    except (ValueError, IndexError, AttributeError, MessageError) as error:
        sentence = f"No e-mail can be written to {to!r}; correct the address, or what the e-mail says ({error})."
        raise Unwritable(sentence) from error
    return message


def _say(error: Exception) -> str:
    """What the server answered, in a line; where it did not, what went wrong on the way."""
    code, said = read_answer(error)
    return " ".join(f"{code} {said}".split()) if code else str(error) or type(error).__name__


def _sign_in(server: MailServer) -> smtplib.SMTP:
    """An open connection. Raises FAULTS."""
    if server.is_tls:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_S, context=ssl.create_default_context()
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        if not server.is_tls and not server.is_here:
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection
