"""Plain records of territories, technicians and jobs: what importers and the sample company yield and dispatch stores.

Conventions, stated once:
- a location is `(lat, lon)` in WGS 84 degrees;
- `_s` fields are whole seconds, `_at` fields aware datetimes, `_on` fields dates;
- times of day in patterns (`WorkHours`, `LunchBreak`) are wall-clock times of the technician's territory;
- instants on jobs are aware datetimes in any zone, so nothing has to be guessed later.

Records carry facts and no behaviour beyond look-ups. What reaches them from files has been judged by `data.importers`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from shapely.geometry.base import BaseGeometry

Location = tuple[float, float]
"""Latitude and longitude in degrees, in that order."""

TECHNICIAN_KINDS = ("employee", "part_time", "contractor", "borrowed")
"""What a technician is to the company; `borrowed` belongs to another branch and is lent for a while."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""Weekday names in the order of `datetime.date.weekday()`: 0 is Monday."""


@dataclass(frozen=True)
class TerritoryRecord:
    """An area that a team covers, with the time zone in which its day is planned and shown.

    `polygon` is a shapely Polygon or MultiPolygon in WGS 84 whose coordinates are (lon, lat), as in GeoJSON,
    or None for a territory known by name only. `zone` is an IANA name such as "America/Santiago"; it may be empty where
    it is not told of a known one. `phone` is where its customers call, "" for the company's number; None where nothing
    is told. `untold`: the others of which a file tells nothing. What is not told and known stays.
    """

    name: str
    zone: str
    polygon: BaseGeometry | None = None
    phone: str | None = None
    untold: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True)
class WorkHours:
    """Working hours of one weekday, in wall-clock time of the technician's territory.

    Work from `start` to `end` is regular; from `end` to `latest_end` it is overtime; nothing happens after
    `latest_end`, which equals `end` where overtime is not allowed. A time that is not after `start` is on the
    next day, so a night shift is (22:00, 06:00, 06:00).
    """

    start: time
    end: time
    latest_end: time


@dataclass(frozen=True)
class LunchBreak:
    """An unpaid break of `length_s` seconds that may begin from `earliest` to `latest` (wall-clock time)."""

    earliest: time
    latest: time
    length_s: int


@dataclass(frozen=True)
class AbsenceRecord:
    """Whole days on which a technician does not work: from `from_on` to `to_on`, both included."""

    from_on: date
    to_on: date
    reason: str


@dataclass(frozen=True)
class Loan:
    """A day on which a technician works in another territory, and in that one only."""

    territory: str
    reason: str = ""


@dataclass(frozen=True)
class OnCallRecord:
    """Aware instants between which a technician can be called out for emergencies in a territory."""

    from_at: datetime
    until_at: datetime
    territory: str


@dataclass(frozen=True)
class TechnicianRecord:
    """One person who is sent to customers.

    - `code`: short, unique; what jobs name in required, preferred and excluded.
    - `kind`: one of TECHNICIAN_KINDS.
    - `skills`: skill -> level from 1 (can) to 10 (master).
    - `territory`: where they usually work, or None for anywhere; `secondary_territories` also, at a cost.
    - `home` and `home_address`: where the working day starts and ends.
    - `hours`: weekday (0 is Monday) -> WorkHours; a weekday that is not listed is free.
    - `lunch`: None for those without one.
    - `capacity`: part -> how many of it the van carries on a day.
    - `max_visits`: most visits in a day, or None. `max_travel_s`: most seconds at the wheel in a day, or None.
    - `hourly_cost` and `day_cost`: what an hour of work, and being called out at all, cost the company,
      in whole units of its currency.
    - `pace_percent`: percent of the usual service time this person needs; 80 is quick, 125 is learning.
    - `skills_until`: skill -> the last day it is held, or None for good; what is known of others stays.
    - `branch`: the department or company that somebody borrowed or contracted comes from.
    - `special_shifts`: hours of single days in place of the usual ones. `limits`: (period, unit) -> the most that a
      contractor takes on, such as ("week", "visits") -> 10 or ("month", "work_s") -> 144000.
    - `branch`, `special_shifts`, `loans`, `limits` and `on_call` are None where nothing is told: what is known stays.
    """

    code: str
    name: str
    kind: str = "employee"
    email: str = ""
    phone: str = ""
    skills: Mapping[str, int] = field(default_factory=dict)
    territory: str | None = None
    secondary_territories: tuple[str, ...] = ()
    home: Location | None = None
    home_address: str = ""
    hours: Mapping[int, WorkHours] = field(default_factory=dict)
    lunch: LunchBreak | None = None
    capacity: Mapping[str, int] = field(default_factory=dict)
    max_visits: int | None = None
    max_travel_s: int | None = None
    hourly_cost: int = 0
    day_cost: int = 0
    pace_percent: int = 100
    absences: tuple[AbsenceRecord, ...] = ()
    active: bool = True
    skills_until: Mapping[str, date | None] = field(default_factory=dict)
    branch: str | None = None
    special_shifts: Mapping[date, WorkHours] | None = None
    loans: Mapping[date, Loan] | None = None
    limits: Mapping[tuple[str, str], int] | None = None
    on_call: tuple[OnCallRecord, ...] | None = None

    def find_absence(self, on: date) -> AbsenceRecord | None:
        """The absence that covers the day, or None."""
        return next((absence for absence in self.absences if absence.from_on <= on <= absence.to_on), None)


@dataclass(frozen=True)
class JobRecord:
    """One piece of work at one customer.

    - `number`: unique; what people quote on the telephone.
    - `job_type`: a name of the company's catalogue, such as "Gas boiler repair".
    - `on`: the day it is asked for, in the territory's zone, or None for any day.
    - `location`: where the work is. `territory`: None where it has yet to be found from the location.
    - `service_s`: seconds of work on site; `setup_s`: seconds to park, enter and unpack, paid once per site.
    - `skills`: skill -> least level.
    - `windows`: (from, to) pairs of aware datetimes in which work may start, ordered, not overlapping;
      none means any time of the day.
    - `due_at`: when work must have started by the customer's contract (SLA); later is late, not impossible.
    - `priority`: 0 (may wait) to 100 (somebody is in danger).
    - `required`: only these technician codes may go; `preferred`: better these; `excluded`: never these.
    - `parts`: part -> how many are used up from the van.
    - `reported_at`: when the customer asked for it; None: when it is stored. The contract's clock runs from then, or
      from the beginning of a later day `on`.
    - `restore_by_at`: when work must have ended by the contract.
    - `service_s`, `setup_s`, `skills`, `priority`, `parts` and the instants are None where nothing is told: a new job
      takes them from its type and the customer's contract, and what is known of another stays.
    - `untold`: fields of which a file has no column; what is known of them stays.
    """

    number: str
    title: str
    service_s: int | None
    location: Location
    job_type: str = ""
    customer_name: str = ""
    customer_phone: str = ""
    customer_email: str = ""
    address: str = ""
    territory: str | None = None
    on: date | None = None
    setup_s: int | None = None
    skills: Mapping[str, int] | None = None
    windows: tuple[tuple[datetime, datetime], ...] = ()
    reported_at: datetime | None = None
    due_at: datetime | None = None
    restore_by_at: datetime | None = None
    priority: int | None = None
    required: frozenset[str] = frozenset()
    preferred: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    parts: Mapping[str, int] | None = None
    notes: str = ""
    untold: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True)
class Company:
    """Everything that a demo or an import stores at once. `zone` is the IANA zone of its head office."""

    name: str
    zone: str
    territories: tuple[TerritoryRecord, ...]
    technicians: tuple[TechnicianRecord, ...]
    jobs: tuple[JobRecord, ...]

    def list_jobs(self, on: date) -> tuple[JobRecord, ...]:
        """The jobs asked for on that day."""
        return tuple(job for job in self.jobs if job.on == on)
