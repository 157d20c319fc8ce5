"""When a contract's promises fall due: its clock runs in its business hours only."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from dispatch import clock
from dispatch.errors import InvalidInput
from dispatch.jobs.request import Terms
from dispatch.models import Contract

FARTHEST = timedelta(days=3 * 366)


def find_terms(
    contracts: Collection[Contract],
    zone: str,
    holidays: Collection[date],
    reported_at: datetime,
    requested_on: date | None,
    office: str,
) -> Terms:
    """What the customer's contract says of a job reported then for that day.

    `zone` and `holidays` are the place's, `office` is the head office's zone.

    Raises InvalidInput for business hours that leave no time to count.
    """
    start_at = find_start(reported_at, requested_on, zone, office)
    contract = find_contract(contracts, clock.local_day(start_at, zone))
    if contract is None:
        return Terms(reported_at=reported_at)
    return Terms(
        contract.id,
        reported_at,
        find_due(contract, contract.respond_within_s, start_at, holidays),
        find_due(contract, contract.restore_within_s, start_at, holidays),
    )


def find_start(reported_at: datetime, requested_on: date | None, zone: str, office: str) -> datetime:
    """When a contract's clock starts: when the customer asked, or with the later day for which they asked.

    The day begins by the clock of the place, in `zone`; later is what comes after the day of the report at the
    `office`: whoever calls just after its midnight asks for now, also where it is still yesterday. Raises InvalidInput
    for a day at the end of the calendar.
    """
    if requested_on is None or requested_on <= clock.local_day(reported_at, office):
        return reported_at
    return max(reported_at, clock.day_start(requested_on, zone))


def find_due(
    contract: Contract, within_s: int | None, from_at: datetime, holidays: Collection[date]
) -> datetime | None:
    """The instant at which the contract's clock, started at `from_at`, has run for `within_s`; None without a term.

    `holidays` are those of the customer's territory. Raises InvalidInput when the hours leave no such instant within
    three years.
    """
    if within_s is None:
        return None
    if not contract.hours:
        return from_at + timedelta(seconds=within_s)
    left_s = within_s
    for opens_at, closes_at in _list_open(contract, from_at, holidays):
        open_s = clock.seconds_between(opens_at, closes_at)
        if open_s >= left_s:
            return opens_at + timedelta(seconds=left_s)
        left_s -= open_s
    raise InvalidInput([f"Contract {contract.name!r}: its business hours leave no time to count; correct them."])


def find_contract(contracts: Collection[Contract], on: date) -> Contract | None:
    """The contract in force on the day; of several the one that asks for the quickest response."""
    in_force = [one for one in contracts if one.starts_on <= on and (one.ends_on is None or on <= one.ends_on)]
    return min(in_force, key=lambda one: (one.respond_within_s or one.restore_within_s or 2**31, one.id), default=None)


def _list_open(
    contract: Contract, from_at: datetime, holidays: Collection[date]
) -> Iterator[tuple[datetime, datetime]]:
    """The spans in which the clock runs, from that instant on, in their order; none overlaps the one before."""
    done_at = from_at
    on = clock.local_day(from_at, contract.zone) - timedelta(days=1)  # last night's hours may still go on
    while clock.day_start(on, contract.zone) < from_at + FARTHEST:
        if contract.runs_on_holidays or on not in holidays:
            for one in contract.hours:
                if one.weekday == on.weekday():
                    closes_on = on + timedelta(days=int(one.closes <= one.opens))
                    opens_at = max(done_at, clock.at_wall_clock(on, one.opens, contract.zone))
                    closes_at = clock.at_wall_clock(closes_on, one.closes, contract.zone)
                    if opens_at < closes_at:
                        yield opens_at, closes_at
                        done_at = closes_at
        on += timedelta(days=1)
