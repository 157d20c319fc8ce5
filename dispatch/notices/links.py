"""Addresses of customers' own pages: signed, so that nobody can make one up, good for some weeks only, and revocable.

The signature covers how often links to the visit were revoked: once more, and those of before open nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.errors import NotFound
from dispatch.events import record_event
from dispatch.models import CustomerLink, Job

GOOD_FOR = timedelta(days=45)
_SIGNATURE_BYTES = 12
"""96 bits: short enough for an SMS, and nobody guesses one of 2^96 over HTTP."""
_FACTS = struct.Struct(">IH")
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


class LinkTooOld(NotFound):
    """An address of ours that is good no more."""


@dataclass(frozen=True)
class VisitLink:
    """The address of a visit's page, without the name of this installation, and the last day on which it is good."""

    token: str
    until_on: date


def get_link(session: Session, job_id: int, now: datetime) -> VisitLink:
    """The link as a message of this moment would carry it."""
    [link] = list_links(session, [job_id], now)
    return link


def list_links(session: Session, job_ids: Sequence[int], now: datetime) -> list[VisitLink]:
    """The same of each of these jobs, in their order."""
    secret_key, link = session.info["settings"].secret_key, CustomerLink
    rows = session.execute(select(link.job_id, link.revoked).where(link.job_id.in_(job_ids)))
    revoked: dict[int, int] = dict(rows.all())
    until_on = (now + GOOD_FOR).date()
    return [VisitLink(make_token(secret_key, one, now, revoked.get(one, 0)), until_on) for one in job_ids]


def get_job_of_link(session: Session, token: str, now: datetime) -> int:
    """The job's id. Raises NotFound for what is none of ours, LinkTooOld, each in a sentence."""
    facts, signature = _take_apart(token)
    if len(facts) != _FACTS.size:
        raise _none_of_ours()
    secret_key = session.info["settings"].secret_key
    job_id, day = _FACTS.unpack(facts)
    revoked = count_revoked(session, job_id)
    made = [times for times in range(revoked + 1) if _is_right(secret_key, facts, signature, times)]
    if not made:
        raise _none_of_ours()
    if made != [revoked] or (now - _EPOCH).days > day:
        raise LinkTooOld("This page is no longer kept. Call us if you need anything.")
    return int(job_id)


def revoke_links(session: Session, job_id: int, now: datetime, by_user_id: int) -> None:
    """Let every link to the visit's page that was sent until now open nothing. Raises NotFound."""
    job = session.get(Job, job_id, with_for_update={"of": Job, "key_share": True})
    if job is None:
        raise NotFound(f"There is no job with id {job_id}.")
    row = session.get(CustomerLink, job_id)
    if row is None:
        row = CustomerLink(job_id=job_id, revoked=0)
        session.add(row)
    row.revoked += 1
    record_event(session, "customer link revoked", now, by_user_id, job, after={"revoked": row.revoked})


def count_revoked(session: Session, job_id: int) -> int:
    """How often the links to a visit were revoked."""
    row = session.get(CustomerLink, job_id)
    return row.revoked if row is not None else 0


def make_token(secret_key: str, job_id: int, now: datetime, revoked: int = 0) -> str:
    """24 characters that name the job and the last day on which they are good."""
    facts = _FACTS.pack(job_id, (now + GOOD_FOR - _EPOCH).days)
    return base64.urlsafe_b64encode(facts + _sign(secret_key, facts, revoked)).decode("ascii")


def _take_apart(token: str) -> tuple[bytes, bytes]:
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii"))
    except (ValueError, binascii.Error):
        raw = b""
    return raw[: _FACTS.size], raw[_FACTS.size :]


def _is_right(secret_key: str, facts: bytes, signature: bytes, revoked: int) -> bool:
    return hmac.compare_digest(signature, _sign(secret_key, facts, revoked))


def _none_of_ours() -> NotFound:
    return NotFound("This address is not one of ours. Open it again from the message that we sent you.")


def _sign(secret_key: str, facts: bytes, revoked: int) -> bytes:
    """Links from before links could be revoked are signed as those that never were."""
    told = b"visit " + facts + (b" %d" % revoked if revoked else b"")
    return hmac.digest(secret_key.encode(), told, hashlib.sha256)[:_SIGNATURE_BYTES]
