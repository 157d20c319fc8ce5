"""Who may sign in, as what, and with which password."""

import pytest

from dispatch.accounts.sign_in import sign_in
from dispatch.accounts.users import add_user, find_user
from dispatch.demo.users import list_demo_users
from dispatch.errors import InvalidInput
from dispatch.models import User
from tests.dispatch.town import MORNING

PASSWORD = "correct horse battery"


@pytest.fixture
def people(session_factory):
    """A manager."""
    with session_factory.begin() as session:
        add_user(session, email="Maria@Example.org", name="Maria", role="manager", password=PASSWORD)
    return session_factory


def test_passwords_are_stored_as_argon2(people):
    """Never readable."""
    with people() as session:
        assert session.query(User).one().password_hash.startswith("$argon2id$")


def test_an_account_switched_off_is_out_at_once(people):
    """It neither signs in nor stays signed in."""
    with people.begin() as session:
        session.query(User).one().active = False
    assert sign_in(people, "maria@example.org", PASSWORD, "192.0.2.1", MORNING).user is None
    with people() as session:
        assert find_user(session, 1) is None


def test_all_that_is_wrong_with_a_new_user_is_said_at_once(people):
    """Address, name, role and password."""
    with pytest.raises(InvalidInput) as refused, people.begin() as session:
        add_user(session, email="x", name=" ", role="boss", password="short")
    assert len(refused.value.problems) == 4


@pytest.mark.parametrize("email", ["a@[", "maria @example.org"])
def test_somebody_whom_nothing_can_be_sent_to_is_not_added(people, email):
    """A link for a new password would go nowhere."""
    with pytest.raises(InvalidInput, match=r"^email: .* is no e-mail address: "), people.begin() as session:
        add_user(session, email=email, name="Max", role="manager", password=PASSWORD)


def test_the_sign_in_page_offers_nobody_outside_the_demo(people):
    """Real people's accounts are nobody's business."""
    with people() as session:
        assert list_demo_users(session) == ()
