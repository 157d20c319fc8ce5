"""Accounts added without a password, and other roles, on both databases and from many sides at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from dispatch.accounts.changes import change_person, change_role, invite_user, switch_account
from dispatch.accounts.overview import describe_account, list_technicians_without_account
from dispatch.accounts.password_links import get_link_user, make_link
from dispatch.accounts.sign_in import sign_in
from dispatch.accounts.users import add_user
from dispatch.api.tokens import find_holder, make_token
from dispatch.errors import Conflict, Forbidden, InvalidInput, NotFound
from dispatch.events import list_events
from dispatch.models import Technician, User
from tests.dispatch.town import MORNING, settle, technician

pytestmark = pytest.mark.both_databases

EVE = {"email": "eve@example.org", "name": "Eve", "role": "dispatcher", "technician_code": None}


@pytest.fixture
def admin(session_factory):
    """The id of an admin beside a technician who has no account."""
    settle(session_factory, [technician("T1")])
    with session_factory.begin() as session:
        user = add_user(session, email="admin@example.org", name="Ada", role="admin", password="correct horse battery")
        session.flush()
        return user.id


def test_of_many_who_add_the_same_person_at_once_exactly_one_does(session_factory, admin):
    """The others are told so; nobody is two users, and no password opens the account."""

    def add(_number: int) -> str:
        try:
            with session_factory.begin() as session:
                invite_user(session, **EVE, by_user_id=admin, now=MORNING)
        except (Conflict, InvalidInput) as refused:
            return str(refused)
        return "added"

    with ThreadPoolExecutor(4) as threads:
        told = sorted(threads.map(add, range(4)))
    assert told.count("added") == 1
    assert all("eve@example.org is already a user" in one or "at this moment" in one for one in told if one != "added")
    with session_factory() as session:
        assert session.scalar(select(func.count()).where(User.email == EVE["email"])) == 1
    assert sign_in(session_factory, EVE["email"], "", "192.0.2.1", MORNING).user is None


def test_somebody_becomes_a_technician_and_looks_different_to_who_saw_them_before(session_factory, admin):
    """Technicians are somebody; the account's fingerprint changes with what can be changed, and with nothing else."""
    with session_factory.begin() as session:
        eve = invite_user(session, **EVE, by_user_id=admin, now=MORNING).id
    with session_factory.begin() as session:
        seen = describe_account(session, eve, "admin", MORNING, for_update=True)
        assert seen.version == describe_account(session, eve, "manager", MORNING).version
        with pytest.raises(InvalidInput, match="needs the code"):
            change_role(session, eve, "technician", None, admin, MORNING)
        change_role(session, eve, "technician", "T1", admin, MORNING)
        with pytest.raises(Forbidden):
            change_role(session, admin, "manager", None, admin, MORNING)
    with session_factory() as session:
        found = describe_account(session, eve, "admin", MORNING)
        assert (found.role, found.technician_code) == ("technician", "T1")
        assert found.version != seen.version


def test_two_admins_who_take_the_right_from_each_other_at_once_leave_one(session_factory, admin):
    """Whichever way each goes about it; the other is told why, and by then is none."""
    with session_factory.begin() as session:
        eve = invite_user(session, **{**EVE, "role": "admin"}, by_user_id=admin, now=MORNING).id

    def demote() -> str:
        with session_factory.begin() as session:
            change_role(session, eve, "manager", None, admin, MORNING)
        return "done"

    def switch_off() -> str:
        with session_factory.begin() as session:
            switch_account(session, admin, False, eve, MORNING)
        return "done"

    def told(work) -> str:
        try:
            return work()
        except Conflict as refused:
            return str(refused)

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(told, (demote, switch_off)))
    assert answers[1] == "done"
    assert "is the last admin" in answers[0]
    with session_factory() as session:
        left = select(func.count()).where(User.role == "admin", User.active)
        assert session.scalar(left) == 1


def test_an_address_from_before_they_were_checked_keeps_nobody_from_another_name(session_factory, admin):
    """It is looked at when it is another one."""
    with session_factory.begin() as session:
        user = invite_user(session, **EVE, by_user_id=admin, now=MORNING)
        user.email = "a@["
    with session_factory.begin() as session:
        change_person(session, user.id, "A@[", "Eve Ray", admin, MORNING)
        assert session.get(User, user.id).name == "Eve Ray"
        with pytest.raises(InvalidInput, match="is no e-mail address"):
            change_person(session, user.id, "b@[", "Eve", admin, MORNING)


def test_another_e_mail_address_voids_links_that_went_to_the_old_one(session_factory, admin):
    """A name that was mistyped does not; nobody gets an address that somebody else has."""
    with session_factory.begin() as session:
        user = invite_user(session, **EVE, by_user_id=admin, now=MORNING)
        token = make_link(session, user, None, MORNING)
    with session_factory.begin() as session:
        change_person(session, user.id, "Eve@example.org ", "Eve Ray", admin, MORNING)
        assert get_link_user(session, token, MORNING).name == "Eve Ray"
        with pytest.raises(InvalidInput) as refused:
            change_person(session, user.id, "admin@example.org", " ", admin, MORNING)
        assert [one.partition(":")[0] for one in refused.value.problems] == ["email", "name"]
        with pytest.raises(Forbidden):
            change_person(session, admin, "ada@example.org", "Ada", admin, MORNING)
    with session_factory.begin() as session:
        change_person(session, user.id, "ray@example.org", "Eve Ray", admin, MORNING)
        change_person(session, user.id, "ray@example.org", "Eve Ray", admin, MORNING)
    with session_factory() as session:
        with pytest.raises(NotFound):
            get_link_user(session, token, MORNING)
        told = [(one.before, one.after) for one in list_events(session) if one.kind == "account changed"]
    assert [after["email"] for _, after in told] == ["eve@example.org", "ray@example.org"]
    assert [before["name"] for before, _ in told] == ["Eve", "Eve Ray"]


def test_another_role_voids_links_that_were_made_before(session_factory, admin):
    """A manager who made one for a dispatcher, as managers may, gets into no admin's account with it."""
    with session_factory.begin() as session:
        user = invite_user(session, **EVE, by_user_id=admin, now=MORNING)
        token = make_link(session, user, None, MORNING)
    with session_factory.begin() as session:
        change_role(session, user.id, "admin", None, admin, MORNING)
    with session_factory() as session, pytest.raises(NotFound):
        get_link_user(session, token, MORNING)


def test_another_role_ends_tokens_that_were_made_for_the_role_before(session_factory, admin):
    """A dispatcher's program with a scope for admins does not become an admin's; another name ends nothing."""
    with session_factory.begin() as session:
        user = invite_user(session, **EVE, by_user_id=admin, now=MORNING)
        session.flush()
        _, secret = make_token(session, user, "Portal", ["accounts:write"], MORNING, user.id)
    with session_factory.begin() as session:
        change_person(session, user.id, EVE["email"], "Eve Ray", admin, MORNING)
        assert find_holder(session, secret, MORNING) is not None
        change_role(session, user.id, "admin", None, admin, MORNING)
    with session_factory() as session:
        assert find_holder(session, secret, MORNING) is None
        [told] = [one for one in list_events(session) if one.kind == "token revoked"]
    assert (told.user_id, told.after) == (admin, {"name": "Portal"})


def test_a_link_of_an_account_that_was_switched_off_stays_void_when_it_is_switched_on(session_factory, admin):
    """Who takes somebody in again hands over a new one."""
    with session_factory.begin() as session:
        user = invite_user(session, **EVE, by_user_id=admin, now=MORNING)
        token = make_link(session, user, None, MORNING)
    for active in (False, True):
        with session_factory.begin() as session:
            switch_account(session, user.id, active, admin, MORNING)
    with session_factory() as session, pytest.raises(NotFound):
        get_link_user(session, token, MORNING)


def test_technicians_without_an_account_are_those_at_work_as_whom_nobody_signs_in(session_factory, admin):
    """By name; whoever has left is nobody to sign in as."""
    settle(session_factory, [technician("T2"), technician("T3")])
    with session_factory.begin() as session:
        session.scalars(select(Technician).where(Technician.code == "T3")).one().active = False
        assert [code for code, _ in list_technicians_without_account(session)] == ["T1", "T2"]
        invite_user(session, **{**EVE, "role": "technician", "technician_code": "T1"}, by_user_id=admin, now=MORNING)
        assert [code for code, _ in list_technicians_without_account(session)] == ["T2"]
