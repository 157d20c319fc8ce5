"""Stores jobs of files and of the sample company: thousands at once, through the same door as any other job.

Jobs are known by number, customers by name and telephone. A known job that is told nothing else stays untouched, with
its version, as does one that is closed; what a file does not tell of a job stays too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from data.phones import is_same_phone
from data.records import JobRecord
from data.territories import assign
from dispatch.entry.rows import added, is_same_point, merge, name_parts, place
from dispatch.entry.saving import Stored
from dispatch.errors import InvalidInput, WrongRecords
from dispatch.events import record_event
from dispatch.jobs.facts import record_change, tell_job
from dispatch.jobs.making import Named, agree, make_job
from dispatch.jobs.request import JobRequest
from dispatch.jobs.statuses import OPEN
from dispatch.models import (
    WISHES,
    Contract,
    Customer,
    Job,
    JobAsset,
    JobPart,
    JobSkill,
    JobType,
    JobWindow,
    JobWish,
    Technician,
    Territory,
)
from dispatch.territories.coverage import list_outlined

MOST_AT_ONCE = 500
"""So many jobs are looked up in one query: databases bound how many parameters it may have."""


def store_jobs(session: Session, records: Sequence[JobRecord], now: datetime, by_user_id: int | None = None) -> Stored:
    """Add or change jobs by number; each has its own event.

    A job that is done or cancelled stays as it is. Raises WrongRecords naming all that is unknown or wrong.
    """
    return _Intake(session, records, now, by_user_id).store()


class _Intake:
    """What a file may name, read once for all of its jobs."""

    def __init__(self, session: Session, records: Sequence[JobRecord], now: datetime, by_user_id: int | None) -> None:
        self.session, self.now, self.by_user_id = session, now, by_user_id
        self.known = {row.number: row for row in _list_known(session, [one.number for one in records])}
        closed = {number for number, row in self.known.items() if row.status != OPEN}
        self.records = [one for one in records if one.number not in closed]
        self.closed = len(records) - len(self.records)
        territories = select(Territory).options(selectinload(Territory.holidays))
        self.territories = {row.name: row for row in session.scalars(territories)}
        self.outlined = list_outlined(session)
        self.technicians = {row.code: row for row in session.scalars(select(Technician))}
        self.people = {row.id: row for row in self.technicians.values()}
        types = select(JobType).options(
            selectinload(JobType.skills), selectinload(JobType.parts), selectinload(JobType.checklist)
        )
        self.types = {row.name: row for row in session.scalars(types)}
        self.customers: dict[str, list[Customer]] = defaultdict(list)
        for customer in session.scalars(select(Customer).order_by(Customer.id)):
            self.customers[customer.name].append(customer)
        self.stored = {name: tuple(rows) for name, rows in self.customers.items()}
        self.contracts: dict[int, list[Contract]] = defaultdict(list)
        for contract in session.scalars(select(Contract).options(selectinload(Contract.hours))):
            self.contracts[contract.customer_id].append(contract)

    def store(self) -> Stored:
        """Refuse all that is wrong, or store all."""
        wrong = [(one.number, what) for one in self.records for what in self._list_wrong(one)]
        if wrong:
            raise WrongRecords("Job", wrong)
        name_parts(self.session, (part for one in self.records for part in one.parts or ()))
        names = assign([one.location for one in self.records], self.outlined)
        rows = [self._find_rows(one, name) for one, name in zip(self.records, names, strict=True)]
        self.session.flush()  # so that what is new has its id
        done: Counter[str] = Counter()
        for one, named in zip(self.records, rows, strict=True):
            try:
                done[self._store(one, named)] += 1
            except InvalidInput as refused:  # by what a contract says
                wrong += [(one.number, what) for what in refused.problems]
        if wrong:
            raise WrongRecords("Job", wrong)
        self.session.flush()
        return Stored(done["added"], done["updated"], done["unchanged"], self.closed)

    def _list_wrong(self, one: JobRecord) -> Iterator[str]:
        if one.territory is not None and one.territory not in self.territories:
            yield f"there is no territory {one.territory!r}; import it first."
        for code in sorted((one.required | one.preferred | one.excluded) - self.technicians.keys()):
            yield f"there is no technician with code {code!r}; import technicians first."
        job_type = self.types.get(one.job_type)
        if one.service_s is None and one.number not in self.known and not (job_type and job_type.service_s):
            yield f"nothing says how long it takes, also not its kind {one.job_type!r}; fill in the time on site."
        if one.due_at and one.restore_by_at and one.restore_by_at < one.due_at:
            yield "it is to be restored before work is due; change the two."
        known = self.known.get(one.number)
        if known and known.contract_id and self._look_up_customer(one, known) is not known.customer:
            whose = self.contracts[known.customer_id]
            name = next(contract.name for contract in whose if contract.id == known.contract_id)
            yield (
                f"it is under the contract {name!r} of {known.customer.name!r} and stays theirs; correct the name and "
                "telephone of the customer, or cancel it and give the other customer a new one."
            )

    def _find_rows(self, one: JobRecord, territory: str | None) -> Named:
        """The rows that it names, those of the job itself where it names none; new ones where there are none yet."""
        known = self.known.get(one.number)
        if one.job_type and one.job_type not in self.types:
            self.types[one.job_type] = added(self.session, JobType(name=one.job_type, setup_s=0, priority=0))
        customer = self._find_customer(one, known)
        customer.email = one.customer_email or customer.email
        address = known.location.address if known and "address" in one.untold else one.address
        location = place(known.location if known else None, one.location, address)
        assert location is not None, "a record without a place is refused when it is read"
        self.session.add(location)
        return Named(
            customer=customer,
            location=location,
            territory=self._find_territory(one, known, territory),
            job_type=known.job_type if known and "job_type" in one.untold else self.types.get(one.job_type),
            contracts=self.contracts.get(customer.id, ()),
        )

    def _find_territory(self, one: JobRecord, known: Job | None, lies_in: str | None) -> Territory | None:
        """What the file says, else where it lies; a known job of which it says nothing keeps its own while it stays."""
        if one.territory is not None:
            return self.territories[one.territory]
        if known and "territory" in one.untold:
            moves = bool(self.outlined) and not is_same_point(known.location.point, one.location)
            return self.territories.get(lies_in or "") if moves else known.territory
        return self.territories.get(lies_in or "")

    def _find_customer(self, one: JobRecord, known: Job | None) -> Customer:
        name, phone = one.customer_name or one.title, one.customer_phone or None
        found = self._look_up_customer(one, known)
        if found is None:
            found = added(self.session, Customer(name=name, phone=phone))
            self.customers[name].append(found)
        elif found.phone is None and phone is not None and one.customer_name:
            found.phone = phone
            old, new = {"phone": ""}, {"phone": phone}
            record_event(self.session, "customer changed", self.now, self.by_user_id, found, before=old, after=new)
        return found

    def _look_up_customer(self, one: JobRecord, known: Job | None) -> Customer | None:
        """By name and telephone, however it is written: a known job's own where nothing else is told.

        Who has the name alone is meant where no telephone is told, and where no telephone was known.
        """
        own = known.customer if known else None
        if own is not None and not one.customer_name:
            return own
        name, phone = one.customer_name or one.title, one.customer_phone
        same = [row for row in self.customers.get(name, []) if is_same_phone(row.phone or "", phone)]
        same.sort(key=lambda row: (row is not own, (row.phone or "") != phone))
        if own is not None and own.name == name and (not phone or not (own.phone or same)):
            return own
        if same:
            return same[0]
        stored = [row for row in self.stored.get(name, ()) if not (phone and row.phone)]
        return stored[0] if len(stored) == 1 else None

    def _store(self, one: JobRecord, named: Named) -> str:
        known = self.known.get(one.number)
        if known is None:
            make_job(self.session, self._ask(one, named), one.number, named, self.now, self.by_user_id)
            return "added"
        before = tell_job(known)
        self._change(known, one, named)
        return "updated" if record_change(self.session, known, before, self.now, self.by_user_id) else "unchanged"

    def _ask(self, one: JobRecord, named: Named) -> JobRequest:
        return JobRequest(
            customer_id=named.customer.id,
            location_id=named.location.id,
            title=one.title,
            number=one.number,
            service_s=one.service_s,
            setup_s=one.setup_s,
            priority=one.priority,
            requested_on=one.on,
            reported_at=one.reported_at,
            due_at=one.due_at,
            restore_by_at=one.restore_by_at,
            windows=one.windows,
            notes=one.notes,
            skills=one.skills,
            parts=one.parts,
            wishes=self._list_wishes(one),
        )

    def _change(self, row: Job, one: JobRecord, named: Named) -> None:
        """What the file tells; what it leaves empty of what kinds of work and contracts say stays as it is."""
        row.customer, row.location, row.territory, row.job_type = (
            named.customer, named.location, named.territory, named.job_type,
        )  # fmt: skip
        row.title = one.title
        for name in ("service_s", "setup_s", "priority", "reported_at"):
            if getattr(one, name) is not None:
                setattr(row, name, getattr(one, name))
        row.due_at, row.restore_by_at = agree(one.due_at, one.restore_by_at, row.due_at, row.restore_by_at)
        if "on" not in one.untold:
            row.requested_on = one.on
        if "notes" not in one.untold:
            row.notes = one.notes
        if "windows" not in one.untold:
            windows = [JobWindow(opens_at=opens, closes_at=closes) for opens, closes in one.windows]
            merge(row, row.windows, ("opens_at", "closes_at"), windows)
        if one.skills is not None:
            merge(row, row.skills, ("name",), [JobSkill(name=name, level=n) for name, n in one.skills.items()])
        if one.parts is not None:
            used = {part.part: part.count for part in row.parts if part.used is not None}  # taken from a van: they stay
            parts = [JobPart(part=part, count=n) for part, n in {**used, **one.parts}.items()]
            merge(row, row.parts, ("part",), parts)
        wishes = {wish.technician_id: wish.wish for wish in row.wishes if wish.wish in one.untold}
        wishes |= self._list_wishes(one)
        told = [JobWish(technician_id=who, technician=self.people[who], wish=wish) for who, wish in wishes.items()]
        merge(row, row.wishes, ("technician_id",), told)

    def _list_wishes(self, one: JobRecord) -> dict[int, str]:
        return {self.technicians[code].id: wish for wish in WISHES for code in sorted(getattr(one, wish))}


def _list_known(session: Session, numbers: Sequence[str]) -> Iterator[Job]:
    for first in range(0, len(numbers), MOST_AT_ONCE):
        yield from session.scalars(
            select(Job)
            .where(Job.number.in_(numbers[first : first + MOST_AT_ONCE]))
            .options(
                selectinload(Job.windows),
                selectinload(Job.skills),
                selectinload(Job.parts),
                selectinload(Job.wishes),
                selectinload(Job.assets).selectinload(JobAsset.asset),
                selectinload(Job.location),
                selectinload(Job.customer),
            )
        )
