"""Who may sign in, and who is kept out for a while."""

from datetime import timedelta

import pytest

from dispatch import users
from dispatch.demo_users import list_demo_users
from dispatch.errors import InvalidInput
from dispatch.models import User
from dispatch.users import LOCKED_FOR, TRIES, add_user, authenticate, find_user
from tests.dispatch.town import MORNING

PASSWORD = "correct horse battery"


@pytest.fixture
def people(session_factory):
    """A manager."""
    with session_factory.begin() as session:
        add_user(session, email="Maria@Example.org", name="Maria", role="manager", password=PASSWORD)
    return session_factory


def sign_in(people, password=PASSWORD, email="maria@example.org", now=MORNING):
    with people.begin() as session:
        return authenticate(session, email, password, now)


def test_the_right_password_signs_in_however_the_address_is_written(people):
    """People type capitals and spaces."""
    assert sign_in(people, email=" MARIA@example.org ").name == "Maria"


def test_a_wrong_password_or_an_unknown_address_does_not(people):
    """Both get the same answer."""
    assert sign_in(people, password="wrong") is None
    assert sign_in(people, email="nobody@example.org") is None


def test_an_unknown_address_takes_as_much_work_as_a_wrong_password(people, monkeypatch):
    """So that the time of the answer does not tell which addresses exist."""
    checked = []
    monkeypatch.setattr(users, "_matches", lambda *args: checked.append(args) or False)
    sign_in(people, email="nobody@example.org")
    sign_in(people, password="wrong")
    assert len(checked) == 2


def test_five_wrong_tries_lock_the_account_for_ten_minutes(people):
    """The right password does not help until they are over."""
    for _ in range(TRIES):
        assert sign_in(people, password="wrong") is None
    assert sign_in(people) is None
    assert sign_in(people, now=MORNING + LOCKED_FOR - timedelta(seconds=1)) is None
    assert sign_in(people, now=MORNING + LOCKED_FOR) is not None


def test_a_right_password_ends_the_count(people):
    """Four wrong, one right, four wrong: no lock."""
    for _ in range(2):
        for _ in range(TRIES - 1):
            sign_in(people, password="wrong")
        assert sign_in(people) is not None


def test_passwords_are_stored_as_argon2(people):
    """Never readable."""
    with people() as session:
        assert session.query(User).one().password_hash.startswith("$argon2id$")


def test_an_account_switched_off_is_out_at_once(people):
    """It neither signs in nor stays signed in."""
    with people.begin() as session:
        session.query(User).one().active = False
    assert sign_in(people) is None
    with people() as session:
        assert find_user(session, 1) is None


def test_all_that_is_wrong_with_a_new_user_is_said_at_once(people):
    """Address, name, role and password."""
    with pytest.raises(InvalidInput) as refused, people.begin() as session:
        add_user(session, email="x", name=" ", role="boss", password="short")
    assert len(refused.value.problems) == 4


def test_the_sign_in_page_offers_nobody_outside_the_demo(people):
    """Real people's accounts are nobody's business."""
    with people() as session:
        assert list_demo_users(session) == ()
