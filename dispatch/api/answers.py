"""Keeps what creating requests were answered: who is unsure whether a request arrived sends it again, unharmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.errors import WrongParameter
from dispatch.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 200


@dataclass(frozen=True)
class Answer:
    """What a request is answered: `body` is JSON-ready."""

    status: int
    headers: Mapping[str, str]
    body: Any


def answer_once(
    session: Session, user_id: int, key: str, request_sha256: str, now: datetime, work: Callable[[], Answer]
) -> Answer:
    """Do the work, or answer what the same request with this key was answered within the last day.

    The answer is stored in the transaction of the work: either both happened or neither. Of several at once one does
    the work, the others wait for it. Raises WrongParameter when the key was used for another request, or is none.
    """
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise WrongParameter([f"Idempotency-Key: it has from 1 to {LONGEST_KEY} characters; a random UUID does well."])
    session.execute(
        delete(KeptAnswer).where(
            KeptAnswer.user_id == user_id, KeptAnswer.key == key, KeptAnswer.kept_at <= now - KEPT_FOR
        )
    )
    claim = KeptAnswer(
        user_id=user_id, key=key, request_sha256=request_sha256, kept_at=now, status=200, headers={}, body=None
    )
    try:
        with session.begin_nested():
            session.add(claim)  # another request with this key waits here until we are through
    except IntegrityError:
        return _find_kept(session, user_id, key, request_sha256)
    answer = work()
    claim.status, claim.headers, claim.body = answer.status, dict(answer.headers), answer.body
    return answer


def forget_old_answers(session: Session, now: datetime) -> None:
    """Drop answers that are not given any more."""
    session.execute(delete(KeptAnswer).where(KeptAnswer.kept_at <= now - KEPT_FOR))


def _find_kept(session: Session, user_id: int, key: str, request_sha256: str) -> Answer:
    kept = session.scalars(select(KeptAnswer).where(KeptAnswer.user_id == user_id, KeptAnswer.key == key)).one()
    if kept.request_sha256 != request_sha256:
        raise WrongParameter(
            ["Idempotency-Key: it was used for another request; send each new request with a key of its own."]
        )
    return Answer(kept.status, kept.headers, kept.body)
