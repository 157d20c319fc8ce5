"""The code from the phone: good once, near its half minute, and guessed by nobody."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from dispatch.accounts.second_factor import (
    STEP_S,
    TRIES_AT_CODE,
    check_code,
    confirm,
    count_recovery_codes,
    has_second_factor,
    offer_secret,
    remove,
)
from dispatch.accounts.tries import LOCKED_FOR
from dispatch.accounts.users import add_user
from dispatch.errors import InvalidInput
from dispatch.events import list_events
from dispatch.models import RecoveryCode, SecondFactor, User
from tests.dispatch.at_once import do_at_once
from tests.dispatch.town import MORNING

pytestmark = pytest.mark.both_databases

HOME = "192.0.2.1"


@pytest.fixture
def eve(session_factory):
    """The id of somebody with a phone set up, its secret and her recovery codes."""
    with session_factory.begin() as session:
        user = add_user(session, email="eve@example.org", name="Eve", role="manager", password="correct horse battery")
        session.flush()
        secret = offer_secret(session, user).secret
        codes = confirm(session, user, pyotp.TOTP(secret).at(MORNING), "this session", MORNING)
    return user.id, secret, codes


def attempt(factory, eve, code, now, address=HOME):
    return check_code(factory, eve[0], code, address, now).user is not None


def at(steps: int):
    return MORNING + timedelta(seconds=STEP_S * steps)


def test_a_code_is_good_in_its_half_minute_and_one_step_around_it(session_factory, eve):
    """Phones' clocks are a little off; spaces as the phone shows them do not matter."""
    maker = pyotp.TOTP(eve[1])
    assert not attempt(session_factory, eve, maker.at(at(8)), at(10))
    assert attempt(session_factory, eve, maker.at(at(9)), at(10))
    code = maker.at(at(21))
    assert attempt(session_factory, eve, f"{code[:3]} {code[3:]}", at(20))
    assert not attempt(session_factory, eve, maker.at(at(42)), at(40))


def test_no_code_is_good_twice(session_factory, eve):
    """Nor one older than the last; the one that set the phone up is used too."""
    maker = pyotp.TOTP(eve[1])
    assert not attempt(session_factory, eve, maker.at(MORNING), MORNING)
    assert attempt(session_factory, eve, maker.at(at(10)), at(10))
    assert not attempt(session_factory, eve, maker.at(at(10)), at(10))
    assert not attempt(session_factory, eve, maker.at(at(9)), at(10))


def test_of_many_who_send_the_same_code_in_one_moment_one_gets_in(session_factory, eve):
    """Somebody read it over the shoulder. Fewer than would be locked out."""
    code = pyotp.TOTP(eve[1]).at(at(10))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: attempt(session_factory, eve, code, at(10)), range(4)))
    assert sum(found) == 1


def test_a_recovery_code_opens_once(session_factory, eve):
    """Typed with capitals or without the dashes; its use is on record, and only hashes are stored."""
    code = eve[2][0]
    assert attempt(session_factory, eve, code.upper().replace("-", " "), MORNING)
    assert not attempt(session_factory, eve, code, MORNING)
    with session_factory() as session:
        assert count_recovery_codes(session, eve[0]) == len(eve[2]) - 1
        assert not {code} & set(session.scalars(select(RecoveryCode.code_hash)))
        last = list_events(session)[-1]
        assert (last.kind, last.after) == ("recovery code used", {"left": 9})


def test_guessing_codes_is_stopped_wherever_it_comes_from(session_factory, eve):
    """Whoever is asked for a code knew the password; the right password again does not buy more tries."""
    for number in range(TRIES_AT_CODE):
        assert not attempt(session_factory, eve, "000000", at(10), address=f"192.0.2.{number}")
    right = pyotp.TOTP(eve[1]).at(at(10))
    assert not attempt(session_factory, eve, right, at(10), address="198.51.100.7")
    later = at(10) + LOCKED_FOR
    assert attempt(session_factory, eve, pyotp.TOTP(eve[1]).at(later), later)


def test_a_secret_counts_when_its_first_code_was_right(session_factory):
    """Else a mistake in setting the phone up would lock people out."""
    with session_factory.begin() as session:
        user = add_user(session, email="max@example.org", name="Max", role="admin", password="correct horse battery")
        session.flush()
        offer_secret(session, user)
    with pytest.raises(InvalidInput, match="clock"), session_factory.begin() as session:
        confirm(session, session.get_one(User, user.id), "000000", "", MORNING)
    with session_factory() as session:
        assert not has_second_factor(session, user.id)


def test_removing_it_leaves_no_code_behind(session_factory, eve):
    """And a phone set up anew has another secret."""
    with session_factory.begin() as session:
        remove(session, session.get_one(User, eve[0]), None, MORNING)
    with session_factory.begin() as session:
        assert session.scalars(select(RecoveryCode)).all() == []
        assert session.get(SecondFactor, eve[0]) is None
        assert offer_secret(session, session.get_one(User, eve[0])).secret != eve[1]


def test_of_two_secrets_offered_in_one_moment_the_last_counts(session_factory):
    """A double click: nothing is at fault, and the browser shows the later answer."""
    with session_factory.begin() as session:
        user = add_user(session, email="eve@example.org", name="Eve", role="manager", password="correct horse battery")
    offered = []

    def offer(session):
        offered.append(offer_secret(session, session.get_one(User, user.id)).secret)

    assert do_at_once(session_factory, offer, offer) == []
    with session_factory() as session:
        assert session.get_one(SecondFactor, user.id).secret == offered[-1]


def test_no_other_secret_is_offered_while_one_is_confirmed(session_factory):
    """The page open twice: the phone that was set up in one stays the one that counts."""
    with session_factory.begin() as session:
        user = add_user(session, email="eve@example.org", name="Eve", role="manager", password="correct horse battery")
        session.flush()
        secret = offer_secret(session, user).secret

    def set_up(session):
        confirm(session, session.get_one(User, user.id), pyotp.TOTP(secret).at(MORNING), "this session", MORNING)

    [fault] = do_at_once(session_factory, set_up, lambda session: offer_secret(session, session.get_one(User, user.id)))
    assert "has a second factor already" in str(fault)
    with session_factory() as session:
        assert session.get_one(SecondFactor, user.id).secret == secret
