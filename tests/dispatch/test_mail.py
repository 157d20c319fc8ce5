"""E-mail goes through a real mail server, encrypted wherever others could read along."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dispatch.errors import SettingsError
from dispatch.mail import MailFault, MailServer, Unwritable, find_fault_of_sender, send_mail
from dispatch.mail_verdicts import FINAL, LATER, SERVER
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


def test_a_subject_of_several_lines_goes_in_one(mailbox):
    """What somebody typed into a cell with a line break is in it."""
    send_mail(mailbox.server, "ana@example.org", "Done: boiler\r\n and  pump\u2028outside", "Text.\n", NOW)
    assert mailbox.messages[0]["Subject"] == "Done: boiler and pump outside"


@pytest.mark.parametrize("to", ["ana@", '"', "a@[", "ana@example.org\nBcc: eve@example.org"])
def test_an_address_that_is_none_is_told_of_for_good(mailbox, to):
    """Named, so that somebody can correct it; another try would be of no use."""
    with pytest.raises(Unwritable, match="correct the address") as fault:
        send_mail(mailbox.server, to, "Mañana", "At nine.\n", NOW)
    assert fault.value.is_final
    assert repr(to) in str(fault.value)
    assert mailbox.messages == []


def test_a_text_that_cannot_be_sent_is_told_of_for_good(mailbox):
    """Half of a pair of characters."""
    with pytest.raises(Unwritable):
        send_mail(mailbox.server, "ana@example.org", "Mañana", "\ud83d\n", NOW)


@pytest.mark.parametrize(
    ("step", "answer", "verdict"),
    [
        ("AUTH", "535 5.7.8 Authentication credentials invalid", SERVER),
        ("AUTH", "534 5.7.9 Use another way to sign in", SERVER),
        ("AUTH", "454 4.7.0 Temporary authentication failure", SERVER),
        ("MAIL", "530 5.7.0 Authentication required", SERVER),
        ("MAIL", "550 5.7.1 You may not send as this sender", SERVER),
        ("MAIL", "553 5.1.8 Sender not known", SERVER),
        ("MAIL", "451 4.3.0 Not now", SERVER),
        ("RCPT", "530 5.7.0 Authentication required", SERVER),
        ("RCPT", "421 4.7.0 Too many messages, closing", SERVER),
        ("RCPT", "554 5.7.1 <ana@example.org>: Relay access denied", SERVER),
        ("RCPT", "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain", SERVER),
        ("RCPT", "550 relay not permitted", SERVER),
        ("RCPT", "553 sorry, that domain isn't in my list of allowed rcpthosts", SERVER),
        ("RCPT", "550 5.4.5 Daily sending quota exceeded", SERVER),
        ("RCPT", "550 5.1.8 Access denied, bad outbound sender", SERVER),
        ("RCPT", "452 Hourly message limit exceeded", SERVER),
        ("RCPT", "450 4.7.1 You have reached your hourly sending limit", SERVER),
        ("RCPT", "450 4.2.0 Greylisted", LATER),
        ("RCPT", "450 4.7.1 Greylisted", LATER),
        ("RCPT", "452 4.2.2 Mailbox full", LATER),
        ("RCPT", "550 5.1.1 No such user", FINAL),
        ("RCPT", "552 5.2.2 Mailbox full", FINAL),
        ("RCPT", "553 5.1.3 Mailbox name not allowed", FINAL),
        ("RCPT", "550 No such user at relay.example.org", FINAL),
        ("RCPT", "552 5.2.2 The mailbox is over its daily quota", FINAL),
        ("DATA", "421 4.3.2 Shutting down", SERVER),
        ("DATA", "451 4.3.0 Local error", LATER),
        ("DATA", "550 5.4.5 Daily user sending limit exceeded", SERVER),
        ("DATA", "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", SERVER),
        ("DATA", "554 5.2.252 SendAsDenied", SERVER),
        ("DATA", "554 5.7.1 Looks like spam", FINAL),
        ("DATA", "552 5.3.4 Too large", FINAL),
    ],
)
def test_the_answer_says_whose_fault_it_is(mailbox, step, answer, verdict):
    """The server's or our account's there, this message's for now, or this message's for good."""
    mailbox.answers[step] = answer
    with pytest.raises(MailFault) as fault:
        send(replace(mailbox.server, user="me", password="secret"))
    assert (fault.value.is_of_server, fault.value.is_final) == (verdict == SERVER, verdict == FINAL)
    assert answer in str(fault.value)


@pytest.mark.parametrize("made", ["nobody there", "TLS without TLS", "no STARTTLS", "odd password"])
def test_what_goes_wrong_before_the_first_word_of_a_message_is_the_servers_fault(mailbox, monkeypatch, made):
    """Whatever message it was."""
    server = mailbox.server
    if made == "nobody there":
        server = replace(server, port=9)
    elif made == "TLS without TLS":
        server = replace(server, is_tls=True)
    elif made == "no STARTTLS":
        monkeypatch.setattr(MailServer, "is_here", False)
    else:
        server = replace(server, user="me", password="pässword")
    with pytest.raises(MailFault) as fault:
        send(server)
    assert (fault.value.is_of_server, fault.value.is_final) == (True, False)


def test_letters_that_the_server_does_not_know_are_that_addresss_fault_alone(mailbox):
    """Many servers take no others than those of English before the @."""
    message = ("jörg@example.org", "Mañana", "At nine.\n", NOW)
    send_mail(mailbox.server, *message)
    assert [str(one["To"]) for one in mailbox.messages] == ["jörg@example.org"]
    with open_mailbox(enable_SMTPUTF8=False) as old, pytest.raises(MailFault, match="internationalized") as fault:
        send_mail(old.server, *message)
    assert (fault.value.is_of_server, fault.value.is_final) == (False, True)


def test_a_message_that_was_taken_is_sent_whatever_the_server_says_to_good_bye(mailbox):
    """Else it would be sent again."""
    mailbox.answers["QUIT"] = "500 What?"
    send(mailbox.server)
    assert len(mailbox.messages) == 1


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
        ({"SMTP_URL": "smtp://me:secret@mail.example.org"}, "MAIL_FROM is not set; say whom e-mails are from"),
        (
            {"SMTP_URL": "smtp://me:secret#2@mail.example.org", "MAIL_FROM": "me@example.org"},
            "write @ in a password as",
        ),
        ({"SMTP_URL": "smtp://me:secret@mail..example.org", "MAIL_FROM": "me@example.org"}, "SMTP_URL: give the mail"),
        ({"MAIL_FROM": "a@["}, "MAIL_FROM: 'a@[' is no e-mail address; write dispatch@example.org"),
        ({"MAIL_FROM": "Service dispatch@example.org"}, "is no e-mail address; write dispatch@example.org"),
        ({"MAIL_FROM": "Müller, Söhne <me@example.org>"}, 'or "Name, as mails show it" <dispatch@example.org>'),
        ({"MAIL_FROM": "me@exam_ple.org"}, "'_' cannot be after the @; write dispatch@example.org"),
        ({"MAIL_FROM": "jörg@example.org"}, "has letters that many mail servers do not know"),
        (
            {"SMS_URL": "ftp://secret@sms.example.org", "SMS_SECRET": "x" * 32},
            "SMS_URL: what is given is no address; write",
        ),
        (
            {"SMS_URL": "https://me:secret@sms.example.org", "SMS_SECRET": "x" * 32},
            "SMS_URL: The address must not hold",
        ),
        ({"SMS_URL": "https://sms example.org", "SMS_SECRET": "x" * 32}, "SMS_URL: what is given is no address"),
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


@pytest.mark.parametrize(
    "sender",
    [
        "me@example.org",
        "<me@example.org>",
        "Dr. Söhne & Co <me@example.org>",
        '"Müller, Söhne" <me@example.org> (desk)',
    ],
)
def test_a_sender_may_have_a_name(mailbox, sender):
    """As the settings have it, so does the mail; ids of messages are of the sender's domain."""
    server = replace(mailbox.server, sender=sender)
    assert find_fault_of_sender(sender) is None
    send(server)
    [message] = mailbox.messages
    assert message["From"].addresses[0].addr_spec == "me@example.org"
    assert message["Message-ID"].endswith("@example.org>")


def test_all_that_is_wrong_with_sending_is_said_at_once(tmp_path):
    """Server, sender and gateway, each with its remedy."""
    wrong = {"SMTP_URL": "mail.example.org", "MAIL_FROM": "a b", "SMS_URL": "sms.example.org"}
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"WRENCHTIME_HOME": str(tmp_path), **wrong})
    said = [line.partition(":")[0] for line in str(refused.value).splitlines()]
    assert said[:3] == ["SMTP_URL", "MAIL_FROM", "SMS_URL"]
    assert said[3].startswith("SMS_SECRET must have")
