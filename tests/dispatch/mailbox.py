"""A real mail server on this machine, and what came in."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import MISSING, AuthResult

from dispatch.mail import MailServer


class Mailbox:
    """Takes every message; with `refuses`, none. `answers` are given at a step ("AUTH", "MAIL", "RCPT", "DATA", "QUIT")
    in place of the usual ones.
    """

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuses = False
        self.answers: dict[str, str] = {}
        self.server: MailServer

    def check(self, *_facts) -> AuthResult:
        """Any name and password are right, unless an answer says otherwise."""
        answer = self.answers.get("AUTH")
        return AuthResult(success=answer is None, handled=False, message=answer)

    async def handle_MAIL(self, _server, _session, _envelope, _address, _options):  # noqa: N802 (aiosmtpd's names)
        """Whom it is from."""
        return self.answers.get("MAIL", MISSING)

    async def handle_RCPT(self, _server, _session, _envelope, _address, _options):  # noqa: N802
        """Whom it is to."""
        return self.answers.get("RCPT", MISSING)

    async def handle_QUIT(self, _server, _session, _envelope):  # noqa: N802
        """The end."""
        return self.answers.get("QUIT", MISSING)

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802
        """The message itself."""
        if self.refuses:
            return "451 Try again later"
        if "DATA" in self.answers:
            return self.answers["DATA"]
        message = message_from_bytes(envelope.content.replace(b"\r\n", b"\n"), policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


class OnAnyPort(Controller):
    """aiosmtpd greets itself when it starts, at the port that it asked for rather than the one that it got."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def open_mailbox(**options: bool) -> Iterator[Mailbox]:
    """The server runs until the block ends; `options` are those of aiosmtpd."""
    mailbox = Mailbox()
    controller = OnAnyPort(
        mailbox, hostname="127.0.0.1", port=0, authenticator=mailbox.check, auth_require_tls=False, **options
    )
    controller.start()
    try:
        mailbox.server = MailServer.from_url(f"smtp://127.0.0.1:{controller.port}", "dispatch@example.org")
        yield mailbox
    finally:
        controller.stop()
