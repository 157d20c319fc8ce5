"""E-mail goes through a real mail server, encrypted wherever others could read along."""

from datetime import UTC, datetime

import pytest

from dispatch.errors import SettingsError
from dispatch.mail import MailFault, MailServer, send_mail
from dispatch.settings import Settings
from tests.dispatch.mailbox import open_mailbox

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE = "smtp://127.0.0.1"


@pytest.fixture
def mailbox():
    with open_mailbox() as box:
        yield box


def send(server):
    send_mail(server, "ana@example.org", "Mañana", "At nine, in front of the café.\n", NOW)


def test_a_message_arrives_as_it_was_written(mailbox):
    """With accents, its date, and the word that no answering machine need answer."""
    send(mailbox.server)
    [message] = mailbox.messages
    assert (message["To"], message["From"]) == ("ana@example.org", "dispatch@example.org")
    assert message["Subject"] == "Mañana"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content() == "At nine, in front of the café.\n"


def test_a_server_that_takes_nothing_is_told_of(mailbox):
    """So that whoever sends can try again."""
    mailbox.refuses = True
    with pytest.raises(MailFault, match="did not take a message"):
        send(mailbox.server)


def test_a_server_that_is_not_there_is_told_of(mailbox):
    """Port 9 takes nothing."""
    with pytest.raises(MailFault, match=r"127\.0\.0\.1:9"):
        send(MailServer.from_url(f"{HERE}:9", "dispatch@example.org"))


def test_nothing_goes_to_another_machine_unencrypted(mailbox, monkeypatch):
    """This server offers no encryption."""
    monkeypatch.setattr(MailServer, "is_here", False)
    with pytest.raises(MailFault, match="STARTTLS"):
        send(mailbox.server)
    assert mailbox.messages == []


def test_the_password_of_the_mail_server_is_not_shown():
    """Where settings are printed in an error."""
    server = MailServer.from_url("smtps://me:se%40cret@mail.example.org", "me@example.org")
    assert (server.password, server.port, server.is_tls) == ("se@cret", 465, True)
    assert "cret" not in repr(server)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SMTP_URL": "mail.example.org", "MAIL_FROM": "me@example.org"}, "SMTP_URL: give the mail server as"),
        ({"SMTP_URL": "smtp://me:secret@mail.example.org"}, "say in MAIL_FROM"),
        ({"PUBLIC_URL": "plan.example.org"}, "PUBLIC_URL is 'plan.example.org'"),
        ({"SECOND_FACTOR_FOR": "admin,boss"}, "SECOND_FACTOR_FOR names boss"),
    ],
)
def test_settings_that_cannot_be_meant_are_said(tmp_path, environment, said):
    """When the program starts, not when the first message is due."""
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"WRENCHTIME_HOME": str(tmp_path), **environment})
    assert said in str(refused.value)
    assert "secret" not in str(refused.value)
