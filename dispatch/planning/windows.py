"""When work on a job may start, in seconds of the day: as agreed, not in the past, not behind a closed road."""

from __future__ import annotations

from dispatch import clock
from dispatch.models import Job
from dispatch.planning.agreed import list_spans
from dispatch.planning.facts import DayFacts
from optimizer import Window


def list_windows(job: Job, facts: DayFacts, *, is_pinned: bool) -> tuple[Window, ...]:
    """When work may start; what is not started cannot start in the past either, and what is pinned starts anyhow.

    None are at any time; so whoever asks about what is not pinned asks first whether a window is left.
    """
    open_at = facts.hindrances.opens_at(job.location, facts.over_at) or facts.not_before_at
    earliest_s = 0 if is_pinned else clock.seconds_between(facts.day_start_at, max(open_at, facts.not_before_at))
    spans = [
        (clock.seconds_between(facts.day_start_at, opens_at), clock.seconds_between(facts.day_start_at, closes_at))
        for opens_at, closes_at in list_spans(job)
    ]
    if not spans:
        # Two days hold every shift that begins on this one.
        return (Window(earliest_s, earliest_s + 2 * 86_400),) if earliest_s > 0 else ()
    return tuple(
        Window(open_s if is_pinned else max(open_s, earliest_s), close_s)
        for open_s, close_s in spans
        if is_pinned or close_s >= earliest_s
    )
