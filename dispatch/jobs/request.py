"""What somebody asks for when a job is made, and what it is done under: through whichever door it comes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Terms:
    """The contract that a job is done under, when it was asked for, and by when work must begin and end by it."""

    contract_id: int | None = None
    reported_at: datetime | None = None
    due_at: datetime | None = None
    restore_by_at: datetime | None = None


@dataclass(frozen=True)
class JobRequest:
    """What somebody asks for. None means: as the job's type, or the customer's contract, says.

    `windows` are when the customer can let somebody in; `promised` is what they were told, firm or not.
    `assets` are ids with what is to be done to each, one of ASSET_WORK; `wishes` are technicians' ids, each with one of
    WISHES; `skills` are levels, `parts` counts, by name; `checks` are steps, each with whether it may not be left out.
    """

    customer_id: int
    location_id: int
    title: str
    number: str | None = None
    job_type_id: int | None = None
    territory_id: int | None = None
    """None: the one whose outline holds the place."""
    service_s: int | None = None
    setup_s: int | None = None
    priority: int | None = None
    requested_on: date | None = None
    reported_at: datetime | None = None
    """When the customer asked for it; None: now. The contract's clock runs from then, or a later `requested_on`."""
    due_at: datetime | None = None
    restore_by_at: datetime | None = None
    windows: tuple[Span, ...] = ()
    promised: Span | None = None
    promise_is_firm: bool = True
    notes: str = ""
    skills: Mapping[str, int] | None = None
    parts: Mapping[str, int] | None = None
    checks: tuple[tuple[str, bool], ...] | None = None
    assets: Mapping[int, str] = field(default_factory=dict)
    wishes: Mapping[int, str] = field(default_factory=dict)
    return_of_id: int | None = None
    terms: Terms | None = None
    """None: the customer's contract begins to count. Work that is due by itself, or that goes on, brings its own."""
