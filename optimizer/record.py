"""Records of searches: the problem, the plan and how it was found, in one file from which it can be found again."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, replace

from optimizer.formats.values import ValueFault, from_value, to_value
from optimizer.plan import Plan
from optimizer.problem import Problem

FORMAT, VERSION = "wrenchtime record", 1


class RecordError(ValueError):
    """A file is not a record, or not one that this version can read; the message says which and what to do."""


@dataclass(frozen=True, eq=False)
class Record:
    """One search. `made_by` is the version that made it. A case that was refused has no plan, but the `refused` visits
    of every shift, by position, and the `reason`."""

    problem: Problem
    plan: Plan | None = None
    made_by: str = ""
    refused: tuple[tuple[int, ...], ...] = ()
    reason: str = ""


def dump(record: Record) -> bytes:
    """The record as gzipped JSON; the same record gives the same bytes. Reasons for visits left out are not kept."""
    if record.plan is not None:
        left_out = tuple(replace(one, rule="", sentence="", by_shift=()) for one in record.plan.unassigned)
        record = replace(record, plan=replace(record.plan, unassigned=left_out))
    document = {"format": FORMAT, "version": VERSION, **to_value(record)}
    return gzip.compress(json.dumps(document, separators=(",", ":")).encode(), mtime=0)


def load(data: bytes) -> Record:
    """The record in these bytes. Raises `RecordError`, or `ProblemError` when the problem in it makes no sense."""
    try:
        document = json.loads(gzip.decompress(data))
    except (OSError, EOFError, ValueError) as error:
        raise RecordError(f"this is not a record of a search: {error}") from error
    if not isinstance(document, dict) or document.pop("format", None) != FORMAT:
        raise RecordError(f'this is not a record of a search: it has no "format": "{FORMAT}"')
    version = document.pop("version", None)
    if version != VERSION:
        raise RecordError(f"the record has version {version}, this program reads {VERSION}; use the one that made it")
    try:
        record: Record = from_value(Record, document)
    except ValueFault as error:
        raise RecordError(f"the record cannot be read: {error}; use the version that made it") from error
    return record


def list_differences(recorded: Plan, again: Plan) -> list[str]:
    """What sets two plans of one problem apart, in sentences; nothing when they are the same to the second."""
    found = []
    if recorded.cost != again.cost:
        found.append(f"the cost was {recorded.cost} and is {again.cost}")
    before, now = ({route.shift: route for route in plan.routes} for plan in (recorded, again))
    differ = sorted(shift for shift in before.keys() | now.keys() if before.get(shift) != now.get(shift))
    if differ:
        found.append(f"the routes of {', '.join(differ)} differ")
    left_before, left_now = ({one.visit for one in plan.unassigned} for plan in (recorded, again))
    if left_before != left_now:
        found.append(f"left out only in one of them: {', '.join(sorted(left_before ^ left_now))}")
    return found
