"""The second factor: a code that somebody's phone makes anew every half minute, or one of the recovery codes.

The secret is shown once, as a picture that the phone reads; it counts when the first code from it was right.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from dispatch.accounts.sessions import end_sessions
from dispatch.accounts.sign_in import Attempt
from dispatch.accounts.tries import OF_CODE, TRIES_FROM_ADDRESS, count_try, network_of, take_back
from dispatch.db import SessionFactory
from dispatch.errors import InvalidInput
from dispatch.events import record_event
from dispatch.models import RecoveryCode, SecondFactor, User

ISSUER = "Wrenchtime"
STEP_S = 30
CLOCKS_APART = 1
"""A phone's clock may be so many steps off."""
TRIES_AT_CODE = 5
"""From everywhere together: whoever is asked for the code knew the password, and nobody else is locked out."""
RECOVERY_CODES = 10


@dataclass(frozen=True)
class Offer:
    """What somebody sees who sets their phone up: the secret as text, and as a picture (a data: address)."""

    secret: str
    picture: str


def has_second_factor(session: Session, user_id: int) -> bool:
    """Whether signing in asks for a code."""
    found = session.get(SecondFactor, user_id)
    return found is not None and found.confirmed_at is not None


def list_with_second_factor(session: Session) -> set[int]:
    """The ids of the users who have one."""
    return set(session.scalars(select(SecondFactor.user_id).where(SecondFactor.confirmed_at.is_not(None))))


def count_recovery_codes(session: Session, user_id: int) -> int:
    """How many are left."""
    return session.scalar(select(func.count()).where(RecoveryCode.user_id == user_id)) or 0


def offer_secret(session: Session, user: User) -> Offer:
    """A new secret, which counts from `confirm` on; the last of several. Raises InvalidInput where one counts."""
    session.refresh(user, with_for_update={"of": User, "key_share": True})  # of two clicks in one moment, one waits
    known = session.get(SecondFactor, user.id, with_for_update=True, populate_existing=True)
    if known is not None and known.confirmed_at is not None:
        raise InvalidInput(["Your account has a second factor already; remove it before you set up another phone."])
    if known is None:
        known = SecondFactor(user_id=user.id, secret="")
        session.add(known)
    known.secret = pyotp.random_base32()
    address = pyotp.TOTP(known.secret).provisioning_uri(name=user.email, issuer_name=ISSUER)
    return Offer(known.secret, segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="#fff"))


def confirm(session: Session, user: User, code: str, session_id: str, now: datetime) -> list[str]:
    """Let the offered secret count, and end all sessions but this one; answers the recovery codes, to be kept.

    Raises InvalidInput when the code is not the one that the secret makes now.
    """
    offered = session.get(SecondFactor, user.id, with_for_update=True)
    if offered is None or offered.confirmed_at is not None:
        raise InvalidInput(["There is nothing to confirm; begin anew."])
    step = _find_step(offered.secret, code, now)
    if step is None:
        raise InvalidInput(["That is not the code which the phone shows now. Is the phone's clock right?"])
    offered.confirmed_at, offered.last_step = now, step
    codes = _make_recovery_codes(session, user.id)
    end_sessions(session, user.id, but=session_id)
    record_event(session, "second factor set up", now, user.id, user)
    return codes


def remove(session: Session, user: User, by_user_id: int | None, now: datetime) -> None:
    """Ask for the password alone from now on. Raises InvalidInput when there is nothing to remove."""
    known = session.get(SecondFactor, user.id)
    if known is None or known.confirmed_at is None:
        raise InvalidInput([f"{user.email} has no second factor."])
    session.delete(known)
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    record_event(session, "second factor removed", now, by_user_id, user)


def check_code(session_factory: SessionFactory, user_id: int, code: str, address: str, now: datetime) -> Attempt:
    """Whether it is the code of now, or a recovery code, either for the first time; wrong tries are counted."""
    address = network_of(address)
    with session_factory.begin() as session:
        user = session.get_one(User, user_id)
        limits = (((user.email + OF_CODE, ""), TRIES_AT_CODE), (("", address), TRIES_FROM_ADDRESS))
        is_open, locked_until_at = count_try(session, limits, now)
    if not is_open:
        return Attempt(None, locked_until_at)
    with session_factory.begin() as session:
        user = session.get_one(User, user_id)
        is_from_phone = _use_code(session, user, code, now)
        left = None if is_from_phone else _use_recovery_code(session, user, code, now)
        if not is_from_phone and left is None:
            if locked_until_at is not None:
                after = {"email": user.email, "address": address, "until_at": locked_until_at}
                record_event(session, "second factor locked", now, None, user, after=after)
            return Attempt(None, locked_until_at)
        take_back(session, user.email + OF_CODE, address)
    return Attempt(user, recovery_codes_left=left)


def _use_code(session: Session, user: User, code: str, now: datetime) -> bool:
    known = session.get(SecondFactor, user.id)
    step = _find_step(known.secret, code, now) if known is not None and known.confirmed_at is not None else None
    if step is None:
        return False
    newer = update(SecondFactor).where(SecondFactor.user_id == user.id, SecondFactor.last_step < step)
    return session.scalar(newer.values(last_step=step).returning(SecondFactor.user_id)) is not None


def _use_recovery_code(session: Session, user: User, code: str, now: datetime) -> int | None:
    """How many are left when it was one; None when it was none."""
    which = RecoveryCode.user_id == user.id, RecoveryCode.code_hash == _hash(code)
    if session.scalar(delete(RecoveryCode).where(*which).returning(RecoveryCode.user_id)) is None:
        return None
    left = count_recovery_codes(session, user.id)
    record_event(session, "recovery code used", now, user.id, user, after={"left": left})
    return left


def _find_step(secret: str, code: str, now: datetime) -> int | None:
    """The half minute whose code this is, among those near now."""
    step_now = int(now.timestamp()) // STEP_S
    maker, given = pyotp.TOTP(secret, interval=STEP_S), "".join(code.split())
    steps = range(step_now - CLOCKS_APART, step_now + CLOCKS_APART + 1)
    right = [step for step in steps if secrets.compare_digest(maker.generate_otp(step).encode(), given.encode())]
    return max(right, default=None)


def _make_recovery_codes(session: Session, user_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = []
    for _ in range(RECOVERY_CODES):
        text = base64.b32encode(secrets.token_bytes(10)).decode().lower()
        codes.append("-".join(text[at : at + 4] for at in range(0, 16, 4)))
        session.add(RecoveryCode(user_id=user_id, code_hash=_hash(codes[-1])))
    return codes


def _hash(code: str) -> str:
    """Eighty random bits need no slow hash."""
    return hashlib.sha256("".join(code.lower().replace("-", "").split()).encode()).hexdigest()
