"""What storing a file would refuse, told with its line when the file is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from data.absences import MEND, describe_clash, find_clash
from data.business_records import AbsenceLine, ContractRecord
from data.importers import Sheet, World
from data.importers.rows import RowReader
from dispatch.entry import technicians
from dispatch.models import Contract, Job

Check = Callable[[RowReader, Any], None]


def with_checks(session: Session, kind: str, sheet: Sheet[Any]) -> Sheet[Any]:
    """The sheet whose good rows are compared with what is stored as well."""
    if kind not in _CHECKS:
        return sheet
    check = _CHECKS[kind](session)

    def read_row(reader: RowReader, world: World) -> Any:
        record = sheet.read_row(reader, world)
        if not reader.problems:
            check(reader, record)
        return record

    return replace(sheet, read_row=read_row)


def _refuse_moved_contracts(session: Session) -> Check:
    """Jobs under a contract are its customer's: it does not go to another."""
    with_jobs = select(Contract).where(Contract.id.in_(select(Job.contract_id))).options(joinedload(Contract.customer))
    known = {row.id: row for row in session.scalars(with_jobs)}

    def check(reader: RowReader, record: ContractRecord) -> None:
        row = known.get(record.id or 0)
        if row is not None and row.customer_id != record.customer_id:
            reader.refuse(
                f"there are jobs of {row.customer.name!r} under this contract",
                "Leave it theirs, and enter another one for the other customer",
                "customer",
            )

    return check


def _refuse_clashing_absences(session: Session) -> Check:
    """Nobody is away twice on one day: by what is stored, and by lines before."""
    people = session.scalars(technicians.select_all())
    away = {who.code: list(technicians.to_record(who).absences) for who in people}

    def check(reader: RowReader, record: AbsenceLine) -> None:
        new, known = record.absence, away.setdefault(record.code, [])
        if any((one.from_on, one.to_on) == (new.from_on, new.to_on) for one in known):
            return  # it only gets another reason
        clash = find_clash(new.from_on, new.to_on, known)
        if clash is None:
            known.append(new)
        else:
            reader.refuse(describe_clash(clash), MEND.capitalize(), "from")

    return check


_CHECKS: dict[str, Callable[[Session], Check]] = {
    "absences": _refuse_clashing_absences,
    "contracts": _refuse_moved_contracts,
}
