"""Who is kept out after wrong tries, for how long, and who is not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.accounts import passwords
from dispatch.accounts.password_links import ask_by_mail
from dispatch.accounts.sign_in import TRIES, TRIES_AT_ACCOUNT, sign_in
from dispatch.accounts.tries import (
    FORGOTTEN_AFTER,
    LOCKED_FOR,
    TRIES_FROM_ADDRESS,
    forget_old_tries,
    list_locked,
    unlock,
)
from dispatch.accounts.users import add_user
from dispatch.errors import InvalidInput
from dispatch.events import list_events
from dispatch.models import User, WrongTries
from tests.dispatch.town import MORNING

pytestmark = pytest.mark.both_databases

PASSWORD = "correct horse battery"
HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def quick_hashes(monkeypatch):
    """Hashes that cost nothing, where many tries are made."""
    from argon2 import PasswordHasher

    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def people(session_factory):
    """Two managers, on each of the two databases."""
    with session_factory.begin() as session:
        for email in ("Maria@Example.org", "max@example.org"):
            add_user(session, email=email, name="Somebody", role="manager", password=PASSWORD)
    return session_factory


def attempt(people, password=PASSWORD, email="maria@example.org", address=HOME, now=MORNING):
    return sign_in(people, email, password, address, now)


def test_the_right_password_signs_in_however_the_address_is_written(people):
    """People type capitals and spaces."""
    assert attempt(people, email=" MARIA@example.org ").user.email == "maria@example.org"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(people):
    """And are locked out the same way, so that nobody can find out which accounts exist."""
    for _ in range(TRIES - 1):
        assert attempt(people, password="wrong") == attempt(people, email="nobody@example.org")
    known, unknown = attempt(people, password="wrong"), attempt(people, email="nobody@example.org")
    assert known == unknown
    assert known.locked_until_at == MORNING + LOCKED_FOR


def test_an_unknown_address_takes_as_much_work_as_a_wrong_password(people, monkeypatch):
    """So that the time of the answer does not tell which addresses exist."""
    verified = []
    monkeypatch.setattr(passwords, "_hasher", type("", (), {"verify": lambda _, *args: verified.append(args) or False,
                                                           "hash": lambda _, password: "decoy"})())  # fmt: skip
    passwords._decoy_hash.cache_clear()
    attempt(people, email="nobody@example.org")
    attempt(people, password="wrong")
    passwords._decoy_hash.cache_clear()
    assert [password_hash[:5] for password_hash, _ in verified] == ["decoy", "$argo"]


def test_five_wrong_tries_lock_the_account_for_ten_minutes_from_there(people):
    """The right password does not help until they are over; and it is said when that is."""
    for _ in range(TRIES):
        assert attempt(people, password="wrong").user is None
    refused = attempt(people, now=MORNING + timedelta(minutes=3))
    assert (refused.user, refused.locked_until_at) == (None, MORNING + LOCKED_FOR)
    assert attempt(people, now=MORNING + LOCKED_FOR - timedelta(seconds=1)).user is None
    assert attempt(people, now=MORNING + LOCKED_FOR).user is not None


def test_whoever_tries_elsewhere_does_not_lock_out_the_person(people):
    """Else anybody could keep anybody from working."""
    for _ in range(TRIES):
        attempt(people, password="wrong", address=ELSEWHERE)
    assert attempt(people, address=ELSEWHERE).user is None
    assert attempt(people).user is not None


def test_who_comes_by_ipv4_is_told_apart_where_the_server_listens_to_both(people):
    """`serve --host ::` is told such addresses as ::ffff:198.51.100.7."""
    for _ in range(TRIES):
        attempt(people, password="wrong", address=f"::ffff:{ELSEWHERE}")
    assert attempt(people, address=f"::ffff:{ELSEWHERE}").user is None
    assert attempt(people, address=ELSEWHERE).user is None
    assert attempt(people, address=f"::ffff:{HOME}").user is not None


@pytest.mark.parametrize("email", ["maria\0@example.org", "maria@example.org\ud800", "m" * 100_000 + "@example.org"])
def test_what_can_be_nobodys_address_is_counted_and_kept_nowhere(people, email):
    """PostgreSQL stores some of it nowhere, and SQLite whole books."""
    for _ in range(TRIES):
        assert attempt(people, email=email).user is None
    assert attempt(people, email=email).locked_until_at is not None
    with people() as session:
        assert max(len(one.email) for one in session.scalars(select(WrongTries))) < 20
    assert attempt(people).user is not None
    with people.begin() as session, pytest.raises(InvalidInput, match="e-mail address"):
        ask_by_mail(session, email, HOME, MORNING)


def test_a_right_password_ends_the_count(people):
    """Four wrong, one right, four wrong: no lock. Also when the fifth is right."""
    for _ in range(2):
        for _ in range(TRIES - 1):
            attempt(people, password="wrong")
        assert attempt(people).user is not None


def test_wrong_tries_of_long_ago_do_not_count(people):
    """Four yesterday and one today are no attack."""
    for _ in range(TRIES - 1):
        attempt(people, password="wrong")
    assert attempt(people, password="wrong", now=MORNING + FORGOTTEN_AFTER).locked_until_at is None


def test_guessing_one_account_from_many_addresses_locks_it(people, quick_hashes):
    """Four tries from each are enough together."""
    for number in range(TRIES_AT_ACCOUNT):
        attempt(people, password="wrong", address=f"192.0.2.{number // (TRIES - 1)}")
    assert attempt(people, address=ELSEWHERE).locked_until_at == MORNING + LOCKED_FOR
    assert attempt(people, email="max@example.org", address=ELSEWHERE).user is not None


def test_trying_one_password_at_many_accounts_locks_the_address(people, quick_hashes):
    """Everybody else goes on."""
    for number in range(TRIES_FROM_ADDRESS):
        attempt(people, password="wrong", email=f"{number}@example.org", address=ELSEWHERE)
    assert attempt(people, address=ELSEWHERE).user is None
    assert attempt(people).user is not None


def test_a_household_of_the_newer_internet_is_one_address(people):
    """It has more addresses than there are passwords; only their first half is its own."""
    for number in range(TRIES):
        attempt(people, password="wrong", address=f"2001:db8::{number}")
    assert attempt(people, address="2001:db8::ffff").user is None
    assert attempt(people, address="2001:db8:0:1::1").user is not None


def test_tries_in_one_moment_do_not_slip_through(people):
    """Of twenty at once, five are looked at."""
    looked_at = []

    def try_it(number):
        looked_at.append(attempt(people, password=f"wrong {number}").locked_until_at)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(try_it, range(20)))
    with people() as session:
        assert session.get_one(WrongTries, ("maria@example.org", HOME)).count == TRIES
    assert len(looked_at) == 20


def test_right_and_wrong_tries_in_one_moment_never_wait_for_each_other_in_a_circle(people, quick_hashes):
    """Two people at one address, each signing in on several devices, and old series going meanwhile."""

    def try_it(number):
        if number % 8 == 7:
            with people.begin() as session:
                forget_old_tries(session, MORNING + timedelta(days=1))
        email = ("maria@example.org", "max@example.org")[number % 2]
        return attempt(people, email=email, password=PASSWORD if number % 3 else "wrong").user

    with ThreadPoolExecutor(8) as pool:
        assert any(list(pool.map(try_it, range(48))))


def test_a_lock_is_told_and_lifted(people):
    """It is an event, once; and a new password opens at once."""
    for _ in range(TRIES + 2):
        attempt(people, password="wrong")
    with people() as session:
        [event] = list_events(session)
        assert (event.kind, event.subject_kind, event.after["address"]) == ("sign-in locked", "user_account", HOME)
        assert list_locked(session, MORNING) == {"maria@example.org"}
    with people.begin() as session:
        unlock(session, "maria@example.org")
    assert attempt(people).user is not None


def test_old_series_are_dropped(people):
    """And no younger one."""
    attempt(people, password="wrong")
    for minutes, left in ((69, 3), (71, 0)):
        with people.begin() as session:
            forget_old_tries(session, MORNING + timedelta(minutes=minutes))
            assert len(session.scalars(select(WrongTries)).all()) == left


def test_passwords_are_hashed_anew_when_the_parameters_have_changed(people, quick_hashes):
    """At the next signing in; and what was stored before still opens."""
    with people() as session:
        before = session.scalars(select(User.password_hash)).first()
    assert "m=19456" in before
    assert attempt(people).user.password_hash != before
    assert attempt(people).user is not None
