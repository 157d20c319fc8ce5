"""A new job from a form: what the customer's page offers to choose from, and what was chosen made into a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from data.importers.agreed_lists import read_yes
from data.importers.cells import length
from data.importers.columns import Match
from data.importers.jobs import read_priority, read_service
from data.importers.moments import read_day, read_moment
from data.importers.numbers import read_text, read_whole
from data.importers.rows import RowReader
from data.importers.table import Row
from dispatch import clock, installation
from dispatch.entry.catalogue import select_job_types
from dispatch.entry.forms import WrongFields
from dispatch.entry.job_lists import list_job_choices, read_lists, write_usual
from dispatch.entry.located import locate
from dispatch.errors import InvalidInput, NotFound
from dispatch.jobs.new import create_job
from dispatch.jobs.request import JobRequest, Span
from dispatch.jobs.sla import find_contract
from dispatch.models import Asset, Contract, Customer, Job, JobType, Location, Territory
from dispatch.roads import find_geocoder
from dispatch.territories.coverage import find_territories


@dataclass(frozen=True)
class JobForm:
    """What the form offers: `filled` are the fields that the kind of work fills in, `brings` what else it brings.

    `contract` is the one in force today, or None. Where places are in several zones, it must say whose clock is meant.
    """

    customer: Customer
    choices: dict[str, list[tuple[str, str]]]
    filled: dict[str, str]
    brings: list[str]
    contract: Contract | None
    is_in_several_zones: bool


@dataclass(frozen=True)
class AskedJob:
    """What a filled-in form asks for: where, None where nothing says so; what, without that place; what is wrong with
    it, in the reader; and the territory of the place, by whose clock its times are."""

    place: Location | None
    request: JobRequest
    reader: RowReader
    territory: Territory | None


def open_job_form(session: Session, customer_id: int, job_type: str, now: datetime) -> JobForm:
    """The form of a new job of that kind ("" for none yet). Raises NotFound."""
    customer = _get_customer(session, customer_id)
    types = list(session.scalars(select_job_types()))
    chosen = next((one for one in types if str(one.id) == job_type), None)
    contracts = session.scalars(
        select(Contract).where(Contract.customer_id == customer_id).options(selectinload(Contract.hours))
    ).all()
    today = clock.local_day(now, installation.get_zone(session))
    return JobForm(
        customer=customer,
        choices={
            "job_types": [(str(one.id), one.name) for one in types],
            "places": [(str(one.id), one.address) for one in _list_places(session, customer)],
            "yes": [("yes", "yes"), ("no", "no")],
            **list_job_choices(session, customer_id),
        },
        filled=_fill(chosen),
        brings=_list_brought(chosen),
        contract=find_contract(contracts, today),
        is_in_several_zones=installation.has_several_zones(session),
    )


def enter_job(
    session: Session, customer_id: int, cells: Mapping[str, str], now: datetime, by_user_id: int | None
) -> Job:
    """Store the job that the form asks for. Raises NotFound, WrongFields with all that is wrong."""
    asked = read_asked_job(session, customer_id, cells)
    place, request, reader = asked.place, asked.request, asked.reader
    if place is not None and place.id is None:
        session.add(place)
        session.flush()
    if request.promised is not None and request.promised[1] < now:
        reader.refuse("it has passed already", "Promise a time to come", "promised_until")
    problems = reader.problems
    try:
        request = replace(request, location_id=place.id if place else 0)
        job = create_job(session, request, now, by_user_id) if place is not None else None
    except InvalidInput as wrong:
        problems += [locate(sentence, {one.column for one in problems}) for sentence in wrong.problems]
    if problems:
        raise WrongFields([one for one in problems if one.what])
    assert job is not None, "without a place the form is refused"
    return job


def read_asked_job(session: Session, customer_id: int, cells: Mapping[str, str]) -> AskedJob:
    """The job that the form asks for, as far as it can be read; nothing is stored. Raises NotFound."""
    customer = _get_customer(session, customer_id)
    reader = RowReader(Row(1, dict(cells)), Match({key: key for key in cells}), "form")
    place = _find_place(session, customer, reader)
    [territory] = find_territories(session, [place]) if place is not None else [None]
    zone = ZoneInfo(installation.get_zone_at(session, territory))
    window, promised = _read_span(reader, "window", zone), _read_span(reader, "promised", zone)
    lists = read_lists(session, reader)
    title = reader.get("title", read_text, "")
    job_type_id = reader.find("job_type", read_whole)
    if not title and job_type_id is not None:
        found = session.get(JobType, job_type_id)
        title = found.name if found else ""
    # Where the form has shown what the kind of work brings, lists that are empty now were emptied by somebody.
    is_usual = not job_type_id or cells.get("filled") != str(job_type_id)
    request = JobRequest(
        customer_id=customer.id,
        location_id=0,
        title=title,
        job_type_id=job_type_id,
        service_s=reader.find("service", lambda value: read_service(value, None)),
        priority=reader.find("priority", read_priority),
        requested_on=reader.find("requested_on", read_day),
        windows=(window,) if window else (),
        promised=promised,
        promise_is_firm=reader.get("promise_firm", read_yes, True),
        notes=reader.get("notes", read_text, ""),
        skills=lists["skills"] or (None if is_usual else {}),
        parts=lists["parts"] or (None if is_usual else {}),
        assets=lists["assets"],
        wishes=lists["wishes"],
    )
    return AskedJob(place, request, reader, territory)


def _find_place(session: Session, customer: Customer, reader: RowReader) -> Location | None:
    """The known place that was chosen, or from what was written a new one, which nobody has stored."""
    if reader.raw("address") is None and reader.raw("location") is None:
        chosen = reader.find("place", read_whole)
        place = next((one for one in _list_places(session, customer) if one.id == chosen), None)
        if place is None:
            reader.refuse("nothing says where it is", "Choose a place, or write an address", "address")
        return place
    point = reader.find_location("address", find_geocoder(session))
    if point is None:
        return None
    return Location(address=reader.get("address", read_text, ""), lat=point[0], lon=point[1])


def _read_span(reader: RowReader, name: str, zone: ZoneInfo) -> Span | None:
    """Both ends or neither."""
    ends = [
        reader.find(f"{name}_from", lambda value: read_moment(value, zone, edge="start")),
        reader.find(f"{name}_until", lambda value: read_moment(value, zone)),
    ]
    given = [reader.raw(f"{name}_{end}") is not None for end in ("from", "until")]
    if given[0] != given[1]:
        reader.refuse("only one end is given", "Give both, or neither", f"{name}_{'until' if given[0] else 'from'}")
    return (ends[0], ends[1]) if ends[0] is not None and ends[1] is not None else None


def _fill(job_type: JobType | None) -> dict[str, str]:
    if job_type is None:
        return {}
    return {
        "title": job_type.name,
        "service": length(job_type.service_s) or "",
        "priority": str(job_type.priority),
        "filled": str(job_type.id),
        **write_usual(
            {one.name: one.level for one in job_type.skills}, {one.part: one.count for one in job_type.parts}
        ),
    }


def _list_brought(job_type: JobType | None) -> list[str]:
    """What it brings that no field shows."""
    return [f"a checklist of {len(job_type.checklist)}"] if job_type is not None and job_type.checklist else []


def _list_places(session: Session, customer: Customer) -> list[Location]:
    """Where work was or letters go: the customer's own address first, each address once."""
    of_jobs = select(Job.location_id).where(Job.customer_id == customer.id)
    of_assets = select(Asset.location_id).where(Asset.customer_id == customer.id)
    found = session.scalars(
        select(Location).where(Location.id.in_(of_jobs) | Location.id.in_(of_assets)).order_by(Location.id.desc())
    )
    first = [customer.location] if customer.location else []
    return list({(one.address, one.point): one for one in reversed([*first, *found])}.values())[::-1]


def _get_customer(session: Session, customer_id: int) -> Customer:
    customer = session.get(Customer, customer_id)
    if customer is None:
        raise NotFound(f"There is no customer with id {customer_id}.")
    return customer
