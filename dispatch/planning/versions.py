"""Every version that was published for a day: who published it, when and why, what it changed in the one before, and
which broken rules somebody kept.

A version that nobody published is a draft, and is in none of this; of a day that is long over only the last is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from dispatch import clock
from dispatch.errors import NotFound
from dispatch.living.kinds import get_kind
from dispatch.living.lines import tell_about
from dispatch.models import (
    Event,
    Incident,
    Job,
    PlanChange,
    PlanVersion,
    PlanViolation,
    Stop,
    Technician,
    UnassignedJob,
    User,
)
from dispatch.slices import MOST, Cut, Slice, cut_in_order, cut_newest_first

FIRST = Cut()
COUNTED = {
    "moved": "to somebody else",
    "retimed": "at another time",
    "added": "came in",
    "left out": "left out",
    "gone": "no longer needed",
}
"""Kinds of changes in the words in which they are counted."""
FIRST_OF_DAY = "the first plan of the day"
IS_PUBLISHED = PlanVersion.published_at.is_not(None)


@dataclass(frozen=True)
class Answered:
    """An event of the day that the version answers."""

    incident_id: int
    title: str
    about: str

    @property
    def words(self) -> str:
        """Such as "Technician ill: Ana Rojas"."""
        return f"{self.title}: {self.about}" if self.about else self.title


@dataclass(frozen=True)
class Kept:
    """A rule that the version breaks, as its sentence says, because somebody wanted it so; who, and why."""

    rule: str
    sentence: str
    who: str
    reason: str


@dataclass(frozen=True)
class Version:
    """A published version. `before` is the one that it took the place of, None for the first of its day and where that
    one is kept no more; `published` is when, by the clock of its day; `changes` counts what it changed, and `changed`
    says so in words."""

    id: int
    on: date
    version: int
    before_id: int | None
    before: int | None
    is_first: bool
    is_in_force: bool
    published_at: datetime
    published: str
    who: str
    reason: str
    policy: str
    visits: int
    left_out: int
    changes: int
    changed: str
    answered: list[Answered]
    kept: list[Kept]


@dataclass(frozen=True)
class ChangedJob:
    """One job that the version has elsewhere than the one before: where, by whom and when; why; and both in words."""

    id: int
    job_id: int
    number: str
    title: str
    customer: str
    kind: str
    what: str
    from_technician_id: int | None
    from_technician: str | None
    from_start_at: datetime | None
    to_technician_id: int | None
    to_technician: str | None
    to_start_at: datetime | None
    reason: str
    before: str
    after: str


def slice_versions(session: Session, on: date, cut: Cut = FIRST, most: int = MOST) -> Slice[Version]:
    """A part of those of a day, the newest first."""
    found = cut_newest_first(session, _select().where(PlanVersion.on == on), PlanVersion.id, cut, most)
    shown = iter(_show(session, found.rows))
    return found.map(lambda _row: next(shown))


def get_version(session: Session, plan_id: int) -> Version:
    """One of any day. Raises NotFound, for drafts too."""
    row = session.scalar(_select().where(PlanVersion.id == plan_id))
    if row is None:
        raise NotFound(f"There is no published plan with id {plan_id}.")
    return _show(session, [row])[0]


def slice_changes(session: Session, plan_id: int, cut: Cut = FIRST, most: int = MOST) -> Slice[ChangedJob]:
    """A part of what the version changed, in the order of the day as it is after it. Raises NotFound."""
    zone = session.scalar(select(PlanVersion.zone).where(PlanVersion.id == plan_id, IS_PUBLISHED))
    if zone is None:
        raise NotFound(f"There is no published plan with id {plan_id}.")
    query = (
        select(PlanChange)
        .where(PlanChange.plan_id == plan_id)
        .order_by(func.coalesce(PlanChange.to_start_at, PlanChange.from_start_at), PlanChange.id)
        .options(
            joinedload(PlanChange.job).joinedload(Job.customer),
            joinedload(PlanChange.from_technician),
            joinedload(PlanChange.to_technician),
        )
    )
    return cut_in_order(session, query, cut, most).map(lambda row: _changed(row, zone))


def _select() -> Select[PlanVersion]:
    return select(PlanVersion).where(IS_PUBLISHED).options(joinedload(PlanVersion.base))


def _show(session: Session, rows: Sequence[PlanVersion]) -> list[Version]:
    """With one query for each kind of fact, however many there are."""
    ids = [row.id for row in rows]
    by_user = {row.published_by_user_id for row in rows}
    people = dict(session.execute(select(User.id, User.name).where(User.id.in_(by_user))).all())
    events = select(Event.subject_id, Event.reason).where(Event.subject_kind == PlanVersion.__tablename__)
    reasons = dict(session.execute(events.where(Event.kind == "plan published", Event.subject_id.in_(ids))).all())
    visits = _count(session, Stop.plan_id, ids)
    left_out = _count(session, UnassignedJob.plan_id, ids)
    changes: dict[int, dict[str, int]] = defaultdict(dict)
    kinds = select(PlanChange.plan_id, PlanChange.kind, func.count()).where(PlanChange.plan_id.in_(ids))
    for plan_id, kind, count in session.execute(kinds.group_by(PlanChange.plan_id, PlanChange.kind)):
        changes[plan_id][kind] = count
    answered: dict[int, list[Answered]] = defaultdict(list)
    about = joinedload(Incident.job).joinedload(Job.customer), joinedload(Incident.technician)
    incidents = select(Incident).where(Incident.plan_id.in_(ids)).order_by(Incident.id).options(*about)
    for incident in session.scalars(incidents):
        answered[incident.plan_id or 0].append(
            Answered(incident.id, get_kind(incident.kind).words, tell_about(incident))
        )
    kept, shown, whole = _list_kept(session, ids), [], _list_whole_days(session, rows)
    for row in rows:
        is_first = row.base_id is None and row.on in whole
        assert row.published_at is not None, "drafts are left out"
        shown.append(
            Version(
                id=row.id,
                on=row.on,
                version=row.version,
                before_id=row.base_id,
                before=row.base.version if row.base else None,
                is_first=is_first,
                is_in_force=row.status == "published",
                published_at=row.published_at,
                published=clock.local_moment(row.published_at, row.zone, row.on),
                who=people.get(row.published_by_user_id or 0, "Wrenchtime"),
                reason=reasons.get(row.id, ""),
                policy=row.policy,
                visits=visits.get(row.id, 0),
                left_out=left_out.get(row.id, 0),
                changes=sum(changes[row.id].values()),
                changed=FIRST_OF_DAY if is_first else _say(changes[row.id]),
                answered=answered[row.id],
                kept=kept[row.id],
            )
        )
    return shown


def _count(session: Session, plan_id: InstrumentedAttribute[int], ids: list[int]) -> dict[int, int]:
    rows = session.execute(select(plan_id, func.count()).where(plan_id.in_(ids)).group_by(plan_id))
    return {row[0]: row[1] for row in rows}


def _list_kept(session: Session, ids: list[int]) -> dict[int, list[Kept]]:
    found: dict[int, list[Kept]] = defaultdict(list)
    broken = select(PlanViolation).where(PlanViolation.plan_id.in_(ids), PlanViolation.kept_reason.is_not(None))
    for one in session.scalars(broken.order_by(PlanViolation.id).options(joinedload(PlanViolation.kept_by))):
        who = one.kept_by.name if one.kept_by else "Wrenchtime"
        found[one.plan_id].append(Kept(one.rule, one.sentence, who, one.kept_reason or ""))
    return found


def _list_whole_days(session: Session, rows: Sequence[PlanVersion]) -> set[date]:
    """The days whose first version is kept still: of those that are long over, one that was replaced is not."""
    days = {row.on for row in rows}
    return set(session.scalars(select(PlanVersion.on).where(PlanVersion.on.in_(days), PlanVersion.version == 1)))


def _say(counts: dict[str, int]) -> str:
    return ", ".join(f"{counts[kind]} {words}" for kind, words in COUNTED.items() if kind in counts) or "no job moved"


def _changed(row: PlanChange, zone: str) -> ChangedJob:
    return ChangedJob(
        id=row.id,
        job_id=row.job_id,
        number=row.job.number,
        title=row.job.title,
        customer=row.job.customer.name,
        kind=row.kind,
        what=COUNTED[row.kind],
        from_technician_id=row.from_technician_id,
        from_technician=row.from_technician.name if row.from_technician else None,
        from_start_at=row.from_start_at,
        to_technician_id=row.to_technician_id,
        to_technician=row.to_technician.name if row.to_technician else None,
        to_start_at=row.to_start_at,
        reason=row.reason,
        before=_place(row.from_technician, row.from_start_at, zone),
        after=_place(row.to_technician, row.to_start_at, zone),
    )


def _place(technician: Technician | None, start_at: datetime | None, zone: str) -> str:
    if technician is None or start_at is None:
        return ""
    return f"{technician.name}, {clock.local_time(start_at, zone)}"
