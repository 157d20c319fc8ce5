"""Stores plain records (from an import or the sample company) as rows; what is known already is updated.

Territories are known by name, technicians by code, jobs by number, customers by name and telephone. Rows that say what
the record says stay untouched, with their versions; what records do not tell (an expiry date, a promise) stays too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from data import territories as territory_map
from data.outlines import from_geojson, to_geojson
from data.records import JobRecord, TechnicianRecord, TerritoryRecord
from dispatch.entry import technicians
from dispatch.entry.rows import added, merge, name_parts, place
from dispatch.entry.saving import Stored
from dispatch.errors import InvalidInput
from dispatch.models import (
    Customer,
    Job,
    JobPart,
    JobSkill,
    JobType,
    JobWindow,
    JobWish,
    Technician,
    Territory,
)
from dispatch.on_site.checklist import copy_checklist


def store_territories(session: Session, records: Sequence[TerritoryRecord]) -> Stored:
    """Add or update territories by name."""
    known = {row.name: row for row in session.scalars(select(Territory))}
    for record in records:
        row = known.get(record.name) or added(session, Territory(name=record.name))
        row.zone = record.zone
        row.polygon = None if record.polygon is None else to_geojson(record.polygon)
    session.flush()
    return _count(known, (record.name for record in records))


def store_technicians(session: Session, records: Sequence[TechnicianRecord]) -> Stored:
    """Add or update technicians by code. Raises InvalidInput naming all unknown territories."""
    territories = {row.name: row for row in session.scalars(select(Territory))}
    wrong = [
        f"Technician {record.code}: there is no territory {name!r}; import the territories first."
        for record in records
        for name in (record.territory, *record.secondary_territories)
        if name is not None and name not in territories
    ]
    if wrong:
        raise InvalidInput(wrong)
    known = {row.code: row for row in session.scalars(technicians.select_all())}
    for record in records:
        technicians.apply(session, known.get(record.code), record, territories)
    session.flush()
    return _count(known, (record.code for record in records))


def store_jobs(session: Session, records: Sequence[JobRecord]) -> Stored:
    """Add or update jobs by number; without a territory they get the one that holds their location.

    A job that is done or cancelled keeps its status. Raises InvalidInput naming all that is unknown.
    """
    territories = {row.name: row for row in session.scalars(select(Territory).order_by(Territory.name))}
    technicians = {row.code: row for row in session.scalars(select(Technician))}
    wrong = _unknown_names(records, territories, technicians)
    if wrong:
        raise InvalidInput(wrong)
    found = _find_territories(records, list(territories.values()))
    known = {
        row.number: row
        for row in session.scalars(
            select(Job).options(
                selectinload(Job.windows),
                selectinload(Job.skills),
                selectinload(Job.parts),
                selectinload(Job.wishes),
                selectinload(Job.location),
                selectinload(Job.customer),
            )
        )
    }
    types = {row.name: row for row in session.scalars(select(JobType).options(selectinload(JobType.checklist)))}
    customers = {(row.name, row.phone): row for row in session.scalars(select(Customer))}
    name_parts(session, (part for record in records for part in record.parts))
    for record in records:
        row = known.get(record.number) or added(session, Job(number=record.number))
        row.title = record.title
        if record.job_type and record.job_type not in types:
            types[record.job_type] = added(session, JobType(name=record.job_type))
        row.job_type = types.get(record.job_type)
        if row.job_type and record.number not in known:
            row.checks = copy_checklist(row.job_type)
        who = (record.customer_name or record.title, record.customer_phone or None)
        if who not in customers:
            customers[who] = added(session, Customer(name=who[0], phone=who[1]))
        row.customer = customers[who]
        row.customer.email = record.customer_email or row.customer.email
        row.location = place(row.location, record.location, record.address) or row.location
        row.territory = territories.get(record.territory or found[record.number] or "")
        row.requested_on, row.due_at, row.priority = record.on, record.due_at, record.priority
        row.service_s, row.setup_s, row.notes = record.service_s, record.setup_s, record.notes
        windows = [JobWindow(opens_at=opens, closes_at=closes) for opens, closes in record.windows]
        merge(row, row.windows, ("opens_at", "closes_at"), windows)
        merge(row, row.skills, ("name",), [JobSkill(name=name, level=n) for name, n in record.skills.items()])
        merge(row, row.parts, ("part",), [JobPart(part=part, count=n) for part, n in record.parts.items()])
        merge(
            row,
            row.wishes,
            ("technician_id",),
            [
                JobWish(technician_id=technicians[code].id, wish=wish)
                for wish in ("required", "preferred", "excluded")
                for code in sorted(getattr(record, wish))
            ],
        )
    session.flush()
    return _count(known, (record.number for record in records))


def _find_territories(records: Sequence[JobRecord], rows: Sequence[Territory]) -> dict[str, str | None]:
    """By job number: the territory whose outline holds the job; where two overlap, the first by name has it."""
    outlined = [TerritoryRecord(row.name, row.zone, from_geojson(row.polygon)) for row in rows if row.polygon]
    names = territory_map.assign([record.location for record in records], outlined)
    return {record.number: name for record, name in zip(records, names, strict=True)}


def _unknown_names(
    records: Iterable[JobRecord], territories: dict[str, Territory], technicians: dict[str, Technician]
) -> list[str]:
    wrong = []
    for record in records:
        if record.territory is not None and record.territory not in territories:
            wrong.append(f"Job {record.number}: there is no territory {record.territory!r}; import it first.")
        named = record.required | record.preferred | record.excluded
        wrong.extend(
            f"Job {record.number}: there is no technician with code {code!r}; import technicians first."
            for code in sorted(named - technicians.keys())
        )
    return wrong


def _count(known: Iterable[str], stored: Iterable[str]) -> Stored:
    before, now = set(known), set(stored)
    return Stored(added=len(now - before), updated=len(now & before))
