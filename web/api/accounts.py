"""Accounts: who may sign in, as what and where; links for new passwords; and the tokens that act for them."""

from typing import Any

from flask import Response, url_for
from flask_login import current_user

from dispatch.accounts.changes import (
    change_person,
    change_role,
    hold_account,
    invite_user,
    limit_dispatcher,
    switch_account,
)
from dispatch.accounts.overview import describe_account, get_account, list_accounts
from dispatch.accounts.password_links import GOOD_FOR, make_link
from dispatch.accounts.roles import ROLES
from dispatch.accounts.second_factor import remove
from dispatch.accounts.users import get_user
from dispatch.api.tokens import SCOPES, list_tokens, revoke_token
from dispatch.db import Session
from dispatch.errors import Forbidden, NotFound
from web.access import ADMIN
from web.api.answers import PageQuery, create, dump, dump_page, page_of, read_cursor, seen_version
from web.api.fields import Body, Choice, Flag, Moment, Part, Several, Shown, Text, Whole
from web.api.subject import Subject
from web.context import now, reading, writing
from web.new_password import address_of

subject = Subject("accounts", "Who may sign in, as what, and with which tokens.")
WHO = (ADMIN,)
ONE = "/accounts/<int(min=1, max=2147483647):account_id>"


class RoleSent(Body):
    """What somebody sees and may do."""

    role = Choice(ROLES, required=True)
    technician_code = Text(100, 1, allow_none=True, load_default=None, description="For the role technician only.")


class PersonSent(Body):
    """Who somebody is."""

    email = Text(200, 3, required=True, description="What they sign in with.")
    name = Text(200, 1, required=True)


class AccountSent(RoleSent, PersonSent):
    """Somebody who is to sign in. There is no password: they choose one at a link."""


class TerritoryIdsSent(Body):
    """What a dispatcher sees and changes; none means all."""

    territory_ids = Several(Whole(1), required=True)


class ActiveSent(Body):
    """Whether somebody may sign in."""

    active = Flag(required=True)


class AccountShown(Shown):
    """An account."""

    id = Whole(1)
    email = Text()
    name = Text()
    role = Choice(ROLES)
    technician_code = Text(allow_none=True)
    territory_ids = Several(Whole(1), description="What a dispatcher is limited to; none means all.")
    active = Flag()
    is_locked = Flag(description="Whether they must wait after wrong tries.")
    has_second_factor = Flag()
    link_fault = Text(description="Why a link that they asked for was not e-mailed; empty where nothing failed.")


class PasswordLinkShown(Shown):
    """Hand it to nobody else: whoever has it chooses the password, once. It is not shown again."""

    link = Text()
    until_at = Moment()


class TokenShown(Shown):
    """With what a program acts for somebody; its secret is stored nowhere."""

    id = Whole(1)
    name = Text()
    begins_with = Text(attribute="hint")
    scopes = Several(Choice(SCOPES))
    made_at = Moment()
    expires_at = Moment(allow_none=True)
    last_used_at = Moment(allow_none=True)
    revoked_at = Moment(allow_none=True)


class TokensShown(Shown):
    """In force first, then the newest."""

    tokens = Several(Part(TokenShown))


@subject.operation("GET", "/accounts", page_of(AccountShown), who=WHO, query=PageQuery)
def list_of_accounts(query: dict[str, Any]) -> Response:
    """List who may sign in, also those who are switched off."""
    limit, after_id = query["limit"], read_cursor(query)
    with reading() as session:
        found = sorted(list_accounts(session, current_user.role, now()), key=lambda one: one.id)
    page = [one for one in found if one.id > after_id][: limit + 1]
    return dump_page(AccountShown, page, limit, lambda one: int(one.id))


@subject.operation(
    "POST", "/accounts", AccountShown, who=WHO, status=201, body=AccountSent, versioned=True, creates=True
)
def new_account(body: dict[str, Any]) -> Response:
    """Let somebody sign in, once they have chosen a password: make a link for it, and hand it over."""

    def work(session: Session) -> Response:
        user = invite_user(session, **body, by_user_id=current_user.id, now=now())
        response = _show(session, user.id, status=201)
        response.headers["Location"] = url_for("api_accounts.one_account", account_id=user.id)
        return response

    return create(work)


@subject.operation("GET", ONE, AccountShown, who=WHO, versioned=True)
def one_account(account_id: int) -> Response:
    """Look at an account."""
    with reading() as session:
        return _show(session, account_id)


@subject.operation("PUT", ONE + "/person", AccountShown, who=WHO, body=PersonSent, versioned=True)
def change_account_person(body: dict[str, Any], account_id: int) -> Response:
    """Give somebody another name or e-mail address, with which older links are void. 403 for the own account."""
    version = seen_version()
    with writing() as session:
        hold_account(session, account_id, version, now())
        change_person(session, account_id, body["email"], body["name"], current_user.id, now())
        return _show(session, account_id)


@subject.operation("PUT", ONE + "/role", AccountShown, who=WHO, body=RoleSent, versioned=True)
def change_account_role(body: dict[str, Any], account_id: int) -> Response:
    """Give somebody another role; they are signed out everywhere, and their tokens end. 403 for the own account."""
    version = seen_version()
    with writing() as session:
        hold_account(session, account_id, version, now())
        change_role(session, account_id, body["role"], body["technician_code"], current_user.id, now())
        return _show(session, account_id)


@subject.operation("PUT", ONE + "/territories", AccountShown, who=WHO, body=TerritoryIdsSent, versioned=True)
def limit_account(body: dict[str, Any], account_id: int) -> Response:
    """Say which territories a dispatcher sees and changes. 403 for the own account."""
    version = seen_version()
    with writing() as session:
        hold_account(session, account_id, version, now())
        limit_dispatcher(session, account_id, body["territory_ids"], current_user.id, now())
        return _show(session, account_id)


@subject.operation("PUT", ONE + "/active", AccountShown, who=WHO, body=ActiveSent, versioned=True)
def switch_account_off_or_on(body: dict[str, Any], account_id: int) -> Response:
    """Let somebody in no more, or again; off, they are signed out everywhere. 409 for the own account."""
    version = seen_version()
    with writing() as session:
        hold_account(session, account_id, version, now())
        switch_account(session, account_id, body["active"], current_user.id, now())
        return _show(session, account_id)


@subject.operation("POST", ONE + "/password-link", PasswordLinkShown, who=WHO, status=201)
def new_password_link(account_id: int) -> Response:
    """Make a link at which somebody chooses a new password. 403 for the own account, 409 when it is switched off.

    No Idempotency-Key here: the link would be kept with the answer.
    """
    _refuse_own(account_id)
    with writing() as session:
        by = get_user(session, current_user.id)
        link = address_of(make_link(session, get_account(session, account_id), by, now()))
    return dump(PasswordLinkShown, {"link": link, "until_at": now() + GOOD_FOR}, status=201)


@subject.operation("DELETE", ONE + "/second-factor", None, who=WHO, status=204)
def remove_second_factor(account_id: int) -> Response:
    """For somebody who lost the phone and the recovery codes. 403 for the own account, 422 when there is none."""
    _refuse_own(account_id)
    with writing() as session:
        remove(session, get_account(session, account_id), current_user.id, now())
    return Response(status=204)


@subject.operation("GET", ONE + "/tokens", TokensShown, who=WHO)
def tokens_of_account(account_id: int) -> Response:
    """Which programs act for somebody; also tokens that have ended. People make them on their own page alone."""
    with reading() as session:
        return dump(TokensShown, {"tokens": list_tokens(session, get_account(session, account_id).id)})


@subject.operation("DELETE", ONE + "/tokens/<int(min=1, max=2147483647):token_id>", None, who=WHO, status=204)
def revoke_account_token(account_id: int, token_id: int) -> Response:
    """End a token at once; one that has ended stays ended."""
    with writing() as session:
        if token_id not in {one.id for one in list_tokens(session, get_account(session, account_id).id)}:
            raise NotFound(f"This account has no token with id {token_id}.")
        revoke_token(session, token_id, get_user(session, current_user.id), now())
    return Response(status=204)


def _refuse_own(account_id: int) -> None:
    """Whoever finds a token must not get the account with it."""
    if account_id == current_user.id:
        raise Forbidden("With a token nobody gets into the account that it acts for; do this on the pages.")


def _show(session: Session, account_id: int, status: int = 200) -> Response:
    session.flush()
    account = describe_account(session, account_id, current_user.role, now())
    return dump(AccountShown, account, account.version, status)
