"""Plain records of customers, what stands at their places and what was agreed, of kinds of work and of parts.

Conventions as in `data.records`. `id` is the number under which something is stored already, or None for something new.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from data.records import AbsenceRecord, Location

OpenHours = Mapping[int, tuple[tuple[time, time], ...]]
"""Weekday (0 is Monday) -> spans from opening to closing; what closes no later than it opens closes next day."""


@dataclass(frozen=True)
class CustomerRecord:
    """Who asks for work; `location` is where letters go."""

    name: str
    phone: str = ""
    email: str = ""
    address: str = ""
    location: Location | None = None
    notes: str = ""
    id: int | None = None


@dataclass(frozen=True)
class AssetRecord:
    """A thing that stands at a customer's place: without a location of its own, where the customer's letters go.

    `customer` and `customer_phone` tell people whose it is.
    """

    customer_id: int
    name: str
    maker: str = ""
    model: str = ""
    serial: str = ""
    installed_on: date | None = None
    retired_on: date | None = None
    address: str = ""
    location: Location | None = None
    notes: str = ""
    customer: str = ""
    customer_phone: str = ""
    id: int | None = None


@dataclass(frozen=True)
class ContractRecord:
    """How soon somebody comes (`respond_within_s`) and how soon it works again (`restore_within_s`), counted in `hours`
    of `zone`; without hours the clock always runs. `ends_on` is the last day."""

    customer_id: int
    name: str
    starts_on: date
    zone: str
    ends_on: date | None = None
    respond_within_s: int | None = None
    restore_within_s: int | None = None
    hours: OpenHours = field(default_factory=dict)
    runs_on_holidays: bool = False
    customer: str = ""
    customer_phone: str = ""
    id: int | None = None


@dataclass(frozen=True)
class JobTypeRecord:
    """A kind of work, with what a new job of the kind needs; `service_s` None has to be said for each job.

    `checklist` has the steps in their order, each with whether it is required.
    """

    name: str
    service_s: int | None = None
    setup_s: int = 0
    priority: int = 0
    skills: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, int] = field(default_factory=dict)
    checklist: tuple[tuple[str, bool], ...] = ()
    id: int | None = None


@dataclass(frozen=True)
class PartRecord:
    """A part by the name that everybody calls it; `number` is the supplier's."""

    name: str
    number: str = ""


@dataclass(frozen=True)
class AbsenceLine:
    """An absence of the technician with that code."""

    code: str
    absence: AbsenceRecord


@dataclass(frozen=True)
class HolidaysRecord:
    """The holidays of a territory, by day."""

    territory: str
    holidays: Mapping[date, str]
