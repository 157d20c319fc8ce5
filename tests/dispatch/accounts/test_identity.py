"""Who is behind a request is read with one statement, and is as it stands at that moment."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from dispatch.accounts.identity import find_signed_in, get_identity
from dispatch.accounts.sessions import LASTS, begin_session, end_session
from dispatch.models import SecondFactor, Territory, User, UserTerritory
from tests.dispatch.town import at

pytestmark = pytest.mark.both_databases

NOW = at(9)


@pytest.fixture
def eve(session_factory):
    """A dispatcher who signed in at nine; the number of her session."""
    with session_factory.begin() as session:
        places = [Territory(name=name, zone="UTC") for name in ("North", "South")]
        user = User(email="eve@example.org", name="Eve", role="dispatcher", password_hash="x")
        session.add_all([*places, user])
        session.flush()
        return begin_session(session, user.id, "192.0.2.1", "a browser", NOW).id


def find(factory, session_id, now=NOW):
    with factory.glance() as session:
        return find_signed_in(session, session_id, now)


def test_it_takes_one_statement(session_factory, eve):
    statements = []
    event.listen(session_factory.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    found, seen_at = find(session_factory, eve)
    assert (found.name, found.role, found.territory_ids, seen_at) == ("Eve", "dispatcher", frozenset(), NOW)
    assert sum(one.startswith("SELECT") for one in statements) == 1


def test_territories_and_second_factor_are_those_of_now(session_factory, eve):
    user_id = find(session_factory, eve)[0].id
    with session_factory.begin() as session:
        ids = [one.id for one in session.query(Territory)]
        session.add_all([UserTerritory(user_id=user_id, territory_id=one) for one in ids])
        session.add(SecondFactor(user_id=user_id, secret="x"))
    found, _ = find(session_factory, eve)
    assert (found.territory_ids, found.has_second_factor) == (frozenset(ids), False)
    with session_factory.begin() as session:
        session.get_one(SecondFactor, user_id).confirmed_at = NOW
        session.get_one(User, user_id).role = "manager"
    found, _ = find(session_factory, eve)
    assert (found.territory_ids, found.has_second_factor) == (frozenset(), True)
    with session_factory() as session:
        assert get_identity(session, user_id) == found


def test_nobody_is_behind_a_session_that_ended_or_an_account_that_is_switched_off(session_factory, eve):
    assert find(session_factory, eve, NOW + LASTS) is None
    assert find(session_factory, eve, NOW + LASTS - timedelta(seconds=1)) is not None
    with session_factory.begin() as session:
        session.query(User).one().active = False
    assert find(session_factory, eve) is None
    with session_factory.begin() as session:
        session.query(User).one().active = True
        end_session(session, eve)
    assert find(session_factory, eve) is None
