"""Tokens: they let a program act as a user, who makes and revokes them, within scopes that they chose."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, joinedload

from dispatch.errors import InvalidInput, NotFound
from dispatch.events import record_event
from dispatch.models import ApiToken, User

SUBJECTS = {
    "jobs": "jobs and how they stand, photos, recurring work",
    "customers": "customers, their contracts, assets, notes and messages",
    "technicians": "technicians, absences, vans and territories",
    "catalogue": "kinds of work, and parts",
    "plans": "plans, drafts and runs of planning",
    "events": "events, and what happens on the day",
    "reports": "utilization",
    "webhooks": "webhooks",
    "accounts": "who may sign in, as what, and with which tokens; for admins",
    "tasks": "scheduled tasks",
    "optimization": "solving documents of other programs",
}
VERBS = ("read", "write")
SCOPES = tuple(f"{subject}:{verb}" for subject in SUBJECTS for verb in VERBS)
"""What a token may do; whoever may write a subject may read it. The user's role bounds it all."""
PREFIX = "wt_"
LONGEST_NAME = 100
_HINT = len(PREFIX) + 4
_USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Holder:
    """Who calls: the user that a token acts as, and what it may do."""

    token_id: int
    user: User
    scopes: frozenset[str]
    use_is_news: bool
    """Whether it was not used within the last minute, as far as that is written down."""

    def may(self, scope: str) -> bool:
        """Whether the token has the scope; writing includes reading."""
        subject, _, verb = scope.partition(":")
        return scope in self.scopes or (verb == "read" and f"{subject}:write" in self.scopes)


def make_token(
    session: Session,
    user: User,
    name: str,
    scopes: Collection[str],
    now: datetime,
    by_user_id: int | None,
    days: int | None = None,
) -> tuple[ApiToken, str]:
    """A token for the user, and its secret, which is stored nowhere. It ends after so many days, or never.

    Raises InvalidInput with all that is wrong.
    """
    name = name.strip()
    wrong = []
    if not name or len(name) > LONGEST_NAME:
        wrong.append(f"name: it is empty or too long; say in at most {LONGEST_NAME} characters what the token is for.")
    if not scopes:
        wrong.append(f"scopes: there is none; choose some of: {', '.join(SCOPES)}.")
    wrong += [
        f"scopes: there is no scope {one!r}; choose some of: {', '.join(SCOPES)}."
        for one in sorted(set(scopes) - set(SCOPES))
    ]
    if days is not None and not 1 <= days <= 3_650:
        wrong.append("days: a token lives from 1 to 3,650 days; write such a number, or none for a token without end.")
    if wrong:
        raise InvalidInput(wrong)
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        user=user,
        name=name,
        hint=secret[:_HINT],
        sha256=_hash(secret),
        scopes=[one for one in SCOPES if one in scopes],
        made_at=now,
        expires_at=None if days is None else now + timedelta(days=days),
    )
    session.add(row)
    record_event(session, "token made", now, by_user_id, user, after={"name": name, "scopes": row.scopes})
    session.flush()
    return row, secret


def revoke_token(session: Session, token_id: int, by_user: User | None, now: datetime) -> ApiToken:
    """End a token; one that has ended stays ended. People end their own, admins and the command line any.

    Raises NotFound, also for somebody else's.
    """
    row = session.get(ApiToken, token_id, with_for_update={"of": ApiToken}, options=[joinedload(ApiToken.user)])
    is_theirs = row is not None and (by_user is None or by_user.role == "admin" or by_user.id == row.user_id)
    if row is None or not is_theirs:
        raise NotFound(f"There is no token with id {token_id}.")
    _revoke(session, row, by_user.id if by_user else None, now)
    return row


def revoke_tokens(session: Session, user: User, by_user_id: int, now: datetime) -> None:
    """End all that act for the user: they were made for what the user was allowed to do."""
    theirs = select(ApiToken).where(ApiToken.user_id == user.id).order_by(ApiToken.id).with_for_update(of=ApiToken)
    for row in session.scalars(theirs).all():
        _revoke(session, row, by_user_id, now)


def _revoke(session: Session, row: ApiToken, by_user_id: int | None, now: datetime) -> None:
    if row.revoked_at is None:
        row.revoked_at = now
        record_event(session, "token revoked", now, by_user_id, row.user, after={"name": row.name})


def list_tokens(session: Session, user_id: int | None = None) -> list[ApiToken]:
    """Those of a user, or everybody's, in force first, then the newest; with their users."""
    query = select(ApiToken).options(joinedload(ApiToken.user))
    if user_id is not None:
        query = query.where(ApiToken.user_id == user_id)
    return list(session.scalars(query.order_by(ApiToken.revoked_at.is_not(None), ApiToken.id.desc())))


def find_holder(session: Session, secret: str, now: datetime) -> Holder | None:
    """Who a secret belongs to; None when it is nobody's, revoked or at its end, or the user may not sign in."""
    row = session.scalar(_in_force(now).where(ApiToken.sha256 == _hash(secret)))
    if row is None:
        return None
    use_is_news = row.last_used_at is None or row.last_used_at + _USED_EVERY <= now
    return Holder(row.id, row.user, frozenset(row.scopes), use_is_news)


def list_users_of(session: Session, token_ids: Collection[int], now: datetime) -> dict[int, User]:
    """The users of those tokens among them that are in force, by the tokens' ids."""
    return {row.id: row.user for row in session.scalars(_in_force(now).where(ApiToken.id.in_(token_ids)))}


def _in_force(now: datetime) -> Select[ApiToken]:
    return (
        select(ApiToken)
        .join(ApiToken.user)
        .where(ApiToken.revoked_at.is_(None), ApiToken.expires_at.is_(None) | (ApiToken.expires_at > now), User.active)
        .options(joinedload(ApiToken.user))
    )


def note_use(session: Session, token_id: int, now: datetime) -> None:
    """Remember that the token was used; once a minute is often enough."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
