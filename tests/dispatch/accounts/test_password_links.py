"""One-time links for a new password, and the e-mails that bring them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError

from dispatch.accounts import password_links
from dispatch.accounts.overview import list_accounts
from dispatch.accounts.password_links import (
    ASKED_AT_ACCOUNT,
    ASKED_FROM_ADDRESS,
    GOOD_FOR,
    GOOD_FOR_BY_MAIL,
    TRIED_FOR,
    ask_by_mail,
    forget_old_links,
    get_link_user,
    make_link,
    send_links,
    use_link,
)
from dispatch.accounts.sessions import begin_session, list_open_sessions
from dispatch.accounts.sign_in import sign_in
from dispatch.accounts.users import add_user
from dispatch.channel_trouble import find_trouble
from dispatch.errors import Conflict, Forbidden, InvalidInput, NotFound
from dispatch.events import list_events
from dispatch.models import PasswordLink, PasswordRequest, User
from tests.dispatch.at_once import do_at_once
from tests.dispatch.mailbox import open_mailbox
from tests.dispatch.town import MORNING

PASSWORD, NEW = "correct horse battery", "another battery staple"
HOME = "192.0.2.1"
SECOND = timedelta(seconds=1)


@pytest.fixture
def people(session_factory):
    """A dispatcher, a manager and an admin."""
    with session_factory.begin() as session:
        for role in ("dispatcher", "manager", "admin"):
            add_user(session, email=f"{role}@example.org", name=role.capitalize(), role=role, password=PASSWORD)
    return session_factory


@pytest.fixture
def mailbox(people):
    """The installation's mail server."""
    with open_mailbox() as box:
        people.settings = replace(people.settings, mail_server=box.server, public_url="https://plan.example.org")
        yield box


def find(session, role):
    return session.scalars(select(User).where(User.role == role)).one()


def make(people, role="dispatcher", by="admin"):
    with people.begin() as session:
        return make_link(session, find(session, role), find(session, by), MORNING)


def use(people, token, new=NEW, again=NEW, now=MORNING):
    with people.begin() as session:
        return use_link(session, token, new, again, now)


def ask(people, email="dispatcher@example.org", address=HOME, now=MORNING):
    with people.begin() as session:
        ask_by_mail(session, email, address, now)


def test_a_link_sets_a_new_password_once_and_ends_every_session(people):
    """And every other link of the account is void."""
    token, other = make(people), make(people)
    with people.begin() as session:
        begin_session(session, find(session, "dispatcher").id, HOME, "Firefox", MORNING)
    user = use(people, token)
    assert sign_in(people, "dispatcher@example.org", NEW, HOME, MORNING).user is not None
    with people() as session:
        assert list_open_sessions(session, user.id, MORNING) == []
    for gone in (token, other):
        with pytest.raises(NotFound, match="used already"):
            use(people, gone)


def test_a_link_is_good_for_a_day(people):
    """To the second; old ones are dropped."""
    token = make(people)
    with people.begin() as session:
        assert get_link_user(session, token, MORNING + GOOD_FOR - SECOND).role == "dispatcher"
        with pytest.raises(NotFound):
            get_link_user(session, token, MORNING + GOOD_FOR)
        forget_old_links(session, MORNING + GOOD_FOR)
        assert session.scalars(select(PasswordLink)).all() == []


def test_the_token_is_not_stored_nor_on_record(people):
    """Whoever reads the database, a backup or the events gets nothing to open."""
    token = make(people)
    with people() as session:
        assert session.scalars(select(PasswordLink.token_hash)).one() != token
        assert [(event.kind, event.after) for event in list_events(session)] == [("password link made", {})]


def test_nobody_makes_a_link_for_somebody_who_may_do_more(people):
    """It would be a way up."""
    make(people, "dispatcher", by="manager")
    for role, by in (("manager", "manager"), ("admin", "manager"), ("manager", "dispatcher")):
        with pytest.raises(Forbidden):
            make(people, role, by)


def test_all_that_is_wrong_with_the_new_password_is_said_and_the_link_stays_good(people):
    """It was only mistyped."""
    token = make(people)
    with pytest.raises(InvalidInput) as refused:
        use(people, token, "short", "long")
    assert len(refused.value.problems) == 2
    assert use(people, token).role == "dispatcher"


def test_who_is_switched_off_has_no_use_of_a_link(people):
    """Also one that was made before."""
    token = make(people)
    with people.begin() as session:
        find(session, "dispatcher").active = False
    with pytest.raises(NotFound):
        use(people, token)
    with pytest.raises(Conflict):
        make(people)


def test_whoever_asks_by_mail_gets_a_link_that_is_good_for_an_hour(people, mailbox):
    """Once, however often the scheduler looks; the address may be typed in capitals."""
    ask(people, " Dispatcher@Example.org ")
    assert [send_links(people, MORNING) for _ in range(2)] == [1, 0]
    [message] = mailbox.messages
    assert message["To"] == "dispatcher@example.org"
    token = re.search(r"https://plan\.example\.org/login/new-password/(\S+)", message.get_content())[1]
    with people() as session, pytest.raises(NotFound):
        get_link_user(session, token, MORNING + GOOD_FOR_BY_MAIL)
    use(people, token)
    assert sign_in(people, "dispatcher@example.org", NEW, HOME, MORNING).user is not None


@pytest.mark.parametrize(
    ("language", "subject", "greeting"),
    [
        ("en", "A new password for Wrenchtime", "Hello Dispatcher,"),
        ("es", "Una nueva contraseña para Wrenchtime", "Hola, Dispatcher:"),
    ],
)
def test_the_mail_speaks_the_language_of_the_company(people, mailbox, language, subject, greeting):
    """With signs that the mail server must carry as they are; the link is the same."""
    people.settings = replace(people.settings, company_language=language)
    ask(people)
    send_links(people, MORNING)
    [message] = mailbox.messages
    assert (message["Subject"], message.get_content().splitlines()[0]) == (subject, greeting)
    assert "https://plan.example.org/login/new-password/" in message.get_content()


def test_an_address_that_is_nobodys_gets_the_same_answer_and_no_mail(people, mailbox):
    """The answer is only that it was written down."""
    ask(people, "nobody@example.org")
    assert send_links(people, MORNING) == 0
    assert mailbox.messages == []
    with people() as session:
        assert session.scalars(select(PasswordRequest)).all() == []


def test_a_mail_that_was_not_taken_is_tried_again_for_a_while(people, mailbox):
    """And leaves no link behind that nobody got."""
    mailbox.refuses = True
    ask(people)
    assert send_links(people, MORNING) == 0
    with people() as session:
        assert session.scalars(select(PasswordLink)).all() == []
    mailbox.refuses = False
    assert send_links(people, MORNING + TRIED_FOR) == 1
    ask(people, now=MORNING + TRIED_FOR)
    assert send_links(people, MORNING + 2 * TRIED_FOR + SECOND) == 0


def faults_of(people, now=MORNING):
    """By e-mail address, as the page of accounts shows them."""
    with people() as session:
        return {one.email: one.link_fault for one in list_accounts(session, "admin", now) if one.link_fault}


def test_a_mail_that_nobody_foresaw_the_fault_of_stops_no_other(people, mailbox, monkeypatch, caplog):
    """It is given up, and the page of accounts and the log say why; whoever makes a link by hand has dealt with it."""
    works = password_links.write_mail

    def break_for_one(kind, language, **facts):
        return 1 / (facts["name"] != "Dispatcher") and works(kind, language, **facts)

    monkeypatch.setattr(password_links, "write_mail", break_for_one)
    ask(people)
    ask(people, "manager@example.org", now=MORNING + SECOND)
    assert [send_links(people, MORNING + SECOND) for _ in range(2)] == [1, 0]
    assert [message["To"] for message in mailbox.messages] == ["manager@example.org"]
    [(email, fault)] = faults_of(people).items()
    assert (email, fault[:36]) == ("dispatcher@example.org", "Unexpected fault (ZeroDivisionError:")
    assert "break_for_one" in caplog.text, "the log says where it was"
    with people() as session:
        assert session.scalars(select(PasswordRequest)).all() == []
        assert len(session.scalars(select(PasswordLink)).all()) == 1, "the one that went out"
    make(people)
    assert faults_of(people) == {}


def test_an_address_to_which_nothing_can_be_sent_is_given_up_at_once(people, mailbox):
    """Stored before addresses were checked; it is shown for a week."""
    with people.begin() as session:
        find(session, "dispatcher").email = "a@["
    ask(people, "a@[")
    assert send_links(people, MORNING) == 0
    assert "No e-mail can be written to 'a@['" in faults_of(people)["a@["]
    assert faults_of(people, MORNING + timedelta(days=8)) == {}
    with people() as session:
        assert session.scalars(select(PasswordRequest)).all() == []
        assert session.scalars(select(PasswordLink)).all() == []


def test_a_wrong_password_of_ours_is_tried_once_a_minute_and_told(people, mailbox):
    """Every three seconds would lock the account; who has waited in vain is shown among the accounts."""
    people.settings = replace(people.settings, mail_server=replace(mailbox.server, user="me", password="secret"))
    mailbox.answers["AUTH"] = "535 5.7.8 Wrong password"
    ask(people)
    assert send_links(people, MORNING) == 0
    with people() as session:
        assert "535 5.7.8 Wrong password" in find_trouble(session, "e-mail").fault
    mailbox.answers.clear()
    assert send_links(people, MORNING + 59 * SECOND) == 0
    assert send_links(people, MORNING + 60 * SECOND) == 1
    with people() as session:
        assert find_trouble(session, "e-mail") is None
    ask(people, now=MORNING)
    assert send_links(people, MORNING + TRIED_FOR + SECOND) == 0
    assert faults_of(people) == {"dispatcher@example.org": "No e-mail went out for 15 minutes."}


def test_where_the_database_does_not_answer_nobody_is_given_up(people, mailbox, monkeypatch):
    """Whoever leads ends and is started again: the link goes out then."""

    def find_it_gone(*_arguments):
        raise OperationalError("SELECT", {}, Exception("the server closed the connection"))

    ask(people)
    with monkeypatch.context() as patch:
        patch.setattr(password_links, "send_mail", find_it_gone)
        with pytest.raises(OperationalError):
            send_links(people, MORNING)
    assert send_links(people, MORNING) == 1


def test_nobodys_mailbox_is_filled(people):
    """Whether or not there is such an account; nor are all mailboxes from one address."""
    for email in ("dispatcher@example.org", "nobody@example.org"):
        for _ in range(ASKED_AT_ACCOUNT):
            ask(people, email)
        with pytest.raises(Conflict, match="too often"):
            ask(people, email, address="198.51.100.7")
    for number in range(ASKED_FROM_ADDRESS - 2 * ASKED_AT_ACCOUNT):
        ask(people, f"{number}@example.org")
    with pytest.raises(Conflict, match="too often"):
        ask(people, "one.more@example.org")


@pytest.mark.both_databases
def test_two_who_ask_at_once_at_one_address_are_written_down_once(session_factory):
    """Somebody clicked twice."""

    def ask_in(session):
        ask_by_mail(session, "dispatcher@example.org", HOME, MORNING)

    assert do_at_once(session_factory, ask_in, ask_in) == []
    with session_factory() as session:
        assert len(session.scalars(select(PasswordRequest)).all()) == 1


@pytest.mark.both_databases
def test_who_asks_again_while_the_first_link_is_being_sent_is_written_down(session_factory):
    """The scheduler takes the first request off its list in that moment."""
    with session_factory.begin() as session:
        ask_by_mail(session, "dispatcher@example.org", HOME, MORNING)

    def ask_again(session):
        ask_by_mail(session, "dispatcher@example.org", HOME, MORNING + SECOND)

    assert do_at_once(session_factory, lambda session: session.execute(delete(PasswordRequest)), ask_again) == []
    with session_factory() as session:
        assert session.scalars(select(PasswordRequest.asked_at)).all() == [MORNING + SECOND]
