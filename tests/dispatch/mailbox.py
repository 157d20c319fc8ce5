"""A real mail server on this machine, and what came in."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller

from dispatch.mail import MailServer


class Mailbox:
    """Takes every message; with `refuses`, none."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuses = False
        self.server: MailServer

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        """What aiosmtpd calls with a message."""
        if self.refuses:
            return "451 Try again later"
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
def open_mailbox() -> Iterator[Mailbox]:
    """The server runs until the block ends."""
    mailbox = Mailbox()
    controller = OnAnyPort(mailbox, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        mailbox.server = MailServer.from_url(f"smtp://127.0.0.1:{controller.port}", "dispatch@example.org")
        yield mailbox
    finally:
        controller.stop()
