"""The tables that people enter and edit, by name: how each is read, known again and stored."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from data.importers import (
    ASSETS,
    CONTRACTS,
    CUSTOMERS,
    HOLIDAYS,
    JOB_TYPES,
    PARTS,
    TECHNICIANS,
    DateOrder,
    Sheet,
    World,
)
from dispatch import clock, installation
from dispatch.entry import catalogue, customers, technicians
from dispatch.errors import NotFound
from dispatch.models import Asset, Base, Contract, Customer, JobType, Part, Technician, Territory, Versioned
from dispatch.roads import find_geocoder

Apply = Callable[[Session, Any, Any], Any]
ONLY_IN_FILES = frozenset({"location", "days", "start", "end", "latest_end"})
"""Columns in which files may say what others say too."""


@dataclass(frozen=True)
class Table:
    """`word` is what people call a row; `key` is the record's field by which a row is known again."""

    word: str
    model: type[Base]
    sheet: Sheet[Any]
    select: Callable[[], Select[Any]]
    record: Callable[[Any], Any]
    apply: Apply
    key: str

    def list_rows(self, session: Session) -> list[Any]:
        """All rows, with what their records tell."""
        return list(session.scalars(self.select()))

    def list_page(self, session: Session, *, after_id: int = 0, limit: int = 50, **wanted: int) -> list[Any]:
        """By id, those after `after_id` whose columns hold what is wanted."""
        row_id = self.model.id  # type: ignore[attr-defined]
        query = self.select().where(row_id > after_id).filter_by(**wanted).order_by(None).order_by(row_id)
        return list(session.scalars(query.limit(limit)))

    def list_keys(self) -> list[str]:
        """The keys of its cells."""
        return [column.key for column in self.sheet.columns if column.key not in ONLY_IN_FILES]

    def get_row(self, session: Session, row_id: int) -> Any:
        """Raises NotFound."""
        row = session.scalar(self.select().where(self.model.id == row_id))  # type: ignore[attr-defined]
        if row is None:
            raise NotFound(f"There is no {self.word} with id {row_id}.")
        assert isinstance(row, Versioned)
        return row


def _apply_technician(session: Session, row: Technician | None, record: Any) -> Technician:
    territories = {one.name: one for one in session.scalars(select(Territory))}
    return technicians.apply(session, row, record, territories)


TABLES = {
    "technicians": Table(
        "technician",
        Technician,
        TECHNICIANS,
        technicians.select_all,
        technicians.to_record,
        _apply_technician,
        "code",
    ),
    "customers": Table(
        "customer",
        Customer,
        CUSTOMERS,
        customers.select_customers,
        customers.customer_record,
        customers.apply_customer,
        "id",
    ),
    "assets": Table(
        "asset",
        Asset,
        ASSETS,
        customers.select_assets,
        customers.asset_record,
        customers.apply_asset,
        "id",
    ),
    "contracts": Table(
        "contract",
        Contract,
        CONTRACTS,
        customers.select_contracts,
        customers.contract_record,
        customers.apply_contract,
        "id",
    ),
    "job-types": Table(
        "job type",
        JobType,
        JOB_TYPES,
        catalogue.select_job_types,
        catalogue.job_type_record,
        catalogue.apply_job_type,
        "id",
    ),
    "parts": Table(
        "part",
        Part,
        PARTS,
        catalogue.select_parts,
        catalogue.part_record,
        catalogue.apply_part,
        "name",
    ),
    "holidays": Table(
        "territory",
        Territory,
        HOLIDAYS,
        catalogue.select_territories,
        catalogue.holidays_record,
        catalogue.apply_holidays,
        "territory",
    ),
}


def get_world(
    session: Session,
    zone: str | None = None,
    date_order: DateOrder | None = None,
    customer_ids: Collection[int] | None = None,
    *,
    now: datetime,
) -> World:
    """What a row may refer to, as it is stored now; of customers all, or those with these ids."""
    territories = session.scalars(select(Territory).options(selectinload(Territory.holidays))).all()
    office = installation.get_zone(session)
    query = customers.select_customers()
    if customer_ids is not None:
        query = query.where(Customer.id.in_(customer_ids))
    return World(
        zone=zone or office,
        territories={row.name: row.zone for row in territories},
        technicians=frozenset(session.scalars(select(Technician.code))),
        customers=[customers.customer_record(row) for row in session.scalars(query)],
        date_order=date_order,
        geocode=find_geocoder(session),
        holidays={row.name: {one.on for one in row.holidays} for row in territories},
        today=clock.local_day(now, office),
    )
