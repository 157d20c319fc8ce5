"""Customers, their assets and contracts as records, and back."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from data.business_records import AssetRecord, ContractRecord, CustomerRecord
from dispatch.entry.rows import added, merge, place
from dispatch.models import Asset, Contract, ContractHours, Customer, Location


def select_customers() -> Select[Customer]:
    """All, with their addresses."""
    return select(Customer).order_by(Customer.name, Customer.id).options(joinedload(Customer.location))


def customer_record(row: Customer) -> CustomerRecord:
    """What is stored of a customer."""
    point, address = _place_of(row.location)
    return CustomerRecord(
        name=row.name,
        phone=row.phone or "",
        email=row.email or "",
        address=address,
        location=point,
        notes=row.notes,
        id=row.id,
    )


def apply_customer(session: Session, row: Customer | None, record: CustomerRecord) -> Customer:
    """Make the row say what the record tells, or a new one if it is None."""
    row = row or added(session, Customer(notes=""))
    row.name, row.phone, row.email = record.name, record.phone or None, record.email or None
    row.location = place(row.location, record.location, record.address)
    row.notes = record.notes
    return row


def select_assets() -> Select[Asset]:
    """All, with whose they are and where they stand."""
    return select(Asset).order_by(Asset.id).options(joinedload(Asset.customer), joinedload(Asset.location))


def asset_record(row: Asset) -> AssetRecord:
    """What is stored of an asset."""
    return AssetRecord(
        customer_id=row.customer_id,
        name=row.name,
        maker=row.maker,
        model=row.model,
        serial=row.serial or "",
        installed_on=row.installed_on,
        retired_on=row.retired_on,
        address=row.location.address,
        location=row.location.point,
        notes=row.notes,
        customer=row.customer.name,
        customer_phone=row.customer.phone or "",
        id=row.id,
    )


def apply_asset(session: Session, row: Asset | None, record: AssetRecord) -> Asset:
    """Make the row say what the record tells, or a new one if it is None."""
    row = row or added(session, Asset())
    row.customer_id, row.name = record.customer_id, record.name
    row.maker, row.model, row.serial = record.maker, record.model, record.serial or None
    row.installed_on, row.retired_on, row.notes = record.installed_on, record.retired_on, record.notes
    where = place(row.location, record.location, record.address)
    assert where is not None, "a record of an asset says where it stands, or is refused"
    row.location = where
    return row


def select_contracts() -> Select[Contract]:
    """All, with their hours and whose they are."""
    return select(Contract).order_by(Contract.id).options(joinedload(Contract.customer), selectinload(Contract.hours))


def contract_record(row: Contract) -> ContractRecord:
    """What is stored of a contract."""
    days = sorted({one.weekday for one in row.hours})
    return ContractRecord(
        customer_id=row.customer_id,
        name=row.name,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        respond_within_s=row.respond_within_s,
        restore_within_s=row.restore_within_s,
        hours={day: tuple((one.opens, one.closes) for one in row.hours if one.weekday == day) for day in days},
        zone=row.zone,
        runs_on_holidays=row.runs_on_holidays,
        customer=row.customer.name,
        customer_phone=row.customer.phone or "",
        id=row.id,
    )


def apply_contract(session: Session, row: Contract | None, record: ContractRecord) -> Contract:
    """Make the row say what the record tells, or a new one if it is None; due times once given to jobs stay."""
    row = row or added(session, Contract())
    row.customer_id, row.name, row.zone = record.customer_id, record.name, record.zone
    row.starts_on, row.ends_on = record.starts_on, record.ends_on
    row.respond_within_s, row.restore_within_s = record.respond_within_s, record.restore_within_s
    row.runs_on_holidays = record.runs_on_holidays
    hours = [
        ContractHours(weekday=day, opens=opens, closes=closes)
        for day, spans in record.hours.items()
        for opens, closes in spans
    ]
    merge(row, row.hours, ("weekday", "opens"), hours)
    return row


def _place_of(row: Location | None) -> tuple[tuple[float, float] | None, str]:
    return (row.point, row.address) if row else (None, "")
