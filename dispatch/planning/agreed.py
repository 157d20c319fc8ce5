"""When work on a job may start and by when it should: the customer's windows, the promise, the contract's due times."""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatch import clock
from dispatch.models import Job

Span = tuple[datetime, datetime]

_OPEN_END = timedelta(days=366)
"""How long a window lasts that nobody closes: longer than any day that is planned."""


def list_spans(job: Job) -> list[Span]:
    """The windows in which work may start; none means at any time.

    A firm promise is one more wall around the customer's own windows; any other only keeps people from coming early.
    """
    spans = [(one.opens_at, one.closes_at) for one in job.windows]
    promise = job.find_promise()
    if promise is None:
        return spans
    from_at = promise.promised_from_at
    until_at = promise.promised_until_at if promise.is_firm else from_at + _OPEN_END
    both = [
        (max(opens_at, from_at), min(closes_at, until_at)) for opens_at, closes_at in spans or [(from_at, until_at)]
    ]
    return [(opens_at, closes_at) for opens_at, closes_at in both if opens_at <= closes_at]


def find_due_at(job: Job) -> datetime | None:
    """When work should have started: by the contract, in time to end by the contract, and as promised."""
    due = [job.due_at]
    if job.restore_by_at is not None:
        due.append(job.restore_by_at - timedelta(seconds=job.setup_s + job.service_s))
    promise = job.find_promise()
    if promise is not None and not promise.is_firm:
        due.append(promise.promised_until_at)
    return min((one for one in due if one is not None), default=None)


def why_never(job: Job, not_before_at: datetime, zone: str) -> str | None:
    """Why work can start at no time from then on, in a sentence that says what to do; None when it can."""
    promise = job.find_promise()
    if not job.windows and promise is None:
        return None
    spans = list_spans(job)
    if not spans:
        return "What was promised lies in none of the job's time windows; agree on a time that does."
    closed_at = max(closes_at for _, closes_at in spans)
    if closed_at >= not_before_at:
        return None
    what = "promised window" if promise is not None and closed_at == promise.promised_until_at else "last time window"
    return (
        f"The {what} closed on {clock.local_day(closed_at, zone)} at {clock.local_time(closed_at, zone)}; "
        "agree on a new one with the customer."
    )
