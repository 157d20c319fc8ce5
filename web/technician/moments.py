"""When something happened that a phone tells of only now."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from web.context import now
from web.forms import refuse

LONGEST_WAIT = timedelta(days=7)
"""Longer than a phone keeps what it could not send."""


def moment_of(values: Mapping[str, object]) -> datetime:
    """`waited_s` seconds ago, by the phone's own reckoning; now where it does not say.

    Seconds that passed instead of a time of day: the clock of a phone may be wrong, its stop-watch is not.
    """
    said = values.get("waited_s", 0)
    try:
        waited = timedelta(seconds=float(said)) if isinstance(said, int | float | str) else None
    except (ValueError, OverflowError):
        waited = None
    if waited is None or not timedelta() <= waited <= LONGEST_WAIT:
        refuse(f"`waited_s` must be seconds, from 0 to {LONGEST_WAIT.total_seconds():.0f}.")
    return now() - waited
