"""Accounts added without a password, and other roles, on both databases and from many sides at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from dispatch.account_changes import change_role, invite_user
from dispatch.account_list import describe_account
from dispatch.errors import Conflict, Forbidden, InvalidInput
from dispatch.models import User
from dispatch.sign_in import sign_in
from dispatch.users import add_user
from tests.dispatch.town import MORNING, settle, technician

EVE = {"email": "eve@example.org", "name": "Eve", "role": "dispatcher", "technician_code": None}


@pytest.fixture
def admin(either_database):
    """The id of an admin beside a technician who has no account."""
    settle(either_database, [technician("T1")])
    with either_database.begin() as session:
        user = add_user(session, email="admin@example.org", name="Ada", role="admin", password="correct horse battery")
        session.flush()
        return user.id


def test_of_many_who_add_the_same_person_at_once_exactly_one_does(either_database, admin):
    """The others are told so; nobody is two users, and no password opens the account."""

    def add(_number: int) -> str:
        try:
            with either_database.begin() as session:
                invite_user(session, **EVE, by_user_id=admin, now=MORNING)
        except (Conflict, InvalidInput) as refused:
            return str(refused)
        return "added"

    with ThreadPoolExecutor(4) as threads:
        told = sorted(threads.map(add, range(4)))
    assert told.count("added") == 1
    assert all("eve@example.org is already a user" in one or "at this moment" in one for one in told if one != "added")
    with either_database() as session:
        assert session.scalar(select(func.count()).where(User.email == EVE["email"])) == 1
    assert sign_in(either_database, EVE["email"], "", "192.0.2.1", MORNING).user is None


def test_somebody_becomes_a_technician_and_looks_different_to_who_saw_them_before(either_database, admin):
    """Technicians are somebody; the account's fingerprint changes with what can be changed, and with nothing else."""
    with either_database.begin() as session:
        eve = invite_user(session, **EVE, by_user_id=admin, now=MORNING).id
    with either_database.begin() as session:
        seen = describe_account(session, eve, "admin", MORNING, for_update=True)
        assert seen.version == describe_account(session, eve, "manager", MORNING).version
        with pytest.raises(InvalidInput, match="needs the code"):
            change_role(session, eve, "technician", None, admin, MORNING)
        change_role(session, eve, "technician", "T1", admin, MORNING)
        with pytest.raises(Forbidden):
            change_role(session, admin, "manager", None, admin, MORNING)
    with either_database() as session:
        found = describe_account(session, eve, "admin", MORNING)
        assert (found.role, found.technician_code) == ("technician", "T1")
        assert found.version != seen.version
