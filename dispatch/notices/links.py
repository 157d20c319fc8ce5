"""Addresses of customers' own pages: signed, so that nobody can make one up, and good for some weeks only."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from datetime import UTC, datetime, timedelta

from dispatch.errors import NotFound

GOOD_FOR = timedelta(days=45)


class LinkTooOld(NotFound):
    """An address of ours that is good no more."""


_SIGNATURE_BYTES = 12
"""96 bits: short enough for an SMS, and nobody guesses one of 2^96 over HTTP."""
_FACTS = struct.Struct(">IH")
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def make_token(secret_key: str, job_id: int, now: datetime) -> str:
    """24 characters that name the job and the last day on which they are good."""
    facts = _FACTS.pack(job_id, (now + GOOD_FOR - _EPOCH).days)
    return base64.urlsafe_b64encode(facts + _sign(secret_key, facts)).decode("ascii")


def read_token(secret_key: str, token: str, now: datetime) -> int:
    """The job's id. Raises NotFound for what is none of ours, and for what is too old, in a sentence."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii"))
    except (ValueError, binascii.Error):
        raw = b""
    facts, signature = raw[: _FACTS.size], raw[_FACTS.size :]
    if not hmac.compare_digest(signature, _sign(secret_key, facts)) or len(facts) != _FACTS.size:
        raise NotFound("This address is not one of ours. Open it again from the message that we sent you.")
    job_id, day = _FACTS.unpack(facts)
    if (now - _EPOCH).days > day:
        raise LinkTooOld("This page is no longer kept. Call us if you need anything.")
    return int(job_id)


def _sign(secret_key: str, facts: bytes) -> bytes:
    return hmac.digest(secret_key.encode(), b"visit " + facts, hashlib.sha256)[:_SIGNATURE_BYTES]
