"""Queues notices: reads the events stored with their causes, looks at what each visit is now, tells the difference.

Events are numbered without a gap and stored in the transaction of what they tell about, so that nothing is missed and
nothing is told that did not happen; where queueing stands is stored with what it queued. See docs/decisions/0055.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.db import SessionFactory
from dispatch.events import list_events
from dispatch.jobs.statuses import OPEN
from dispatch.models import NOTICE_CHANNELS, Appointment, Customer, Event, Job, Notice, PlanVersion, Stop, StoredSetting
from dispatch.news import get_newest_seq
from dispatch.notices.texts import get_words
from dispatch.notices.visits import Visit, may_still_change, read_visits
from dispatch.notices.windows import Window, after_quiet_hours
from dispatch.notices.wishes import find_address, get_wish
from dispatch.settings import Settings

TOLD_SEQ = "notices_told_seq"
EVENTS_AT_ONCE = 500
SETTLES = timedelta(minutes=10)
"""Plans that are published one after the other, within this, are told once."""
OF_STATUS = {"en_route": "on_the_way", "done": "done", "no_access": "missed", "cancelled": "cancelled"}
PROMISES = ("promise made", "promise moved", "job added")
ZONES_APART = timedelta(hours=26)
"""No two places have the same date further apart."""
USEFUL_FOR = timedelta(days=2)
STILL_ON_THE_WAY = timedelta(minutes=30)


@dataclass(frozen=True)
class Wanted:
    """A notice that should be sent, on every channel that the customer can and wants to be reached on."""

    visit: Visit
    kind: str
    about: str
    window: Window | None
    not_before_at: datetime
    useful_until_at: datetime


def queue_from_events(session_factory: SessionFactory, now: datetime, at_once: int = EVENTS_AT_ONCE) -> int:
    """Queue what the events since the last time ask for; returns how many. Nothing is written while nothing happens."""
    with session_factory() as session:
        stored = session.get(StoredSetting, TOLD_SEQ)
        newest = get_newest_seq(session)
        if stored is not None and int(stored.value) >= newest:
            return 0
        # What happened before notices were known is told nobody.
        events = list_events(session, int(stored.value), at_once) if stored is not None else []
    with session_factory.begin() as session:
        row = _lock_queueing(session)
        if (row and row.value) != (stored and stored.value):  # another process leads by now
            return 0
        queued = queue(session, _list_wanted(session, events, now), now)
        installation.store_setting(session, TOLD_SEQ, str(events[-1].seq if events else newest))
    return queued


def queue_reminders(session_factory: SessionFactory, now: datetime) -> str:
    """The task: remind customers of tomorrow's visits, and tell those of days that became firm; returns what it did."""
    settings = session_factory.settings
    with session_factory.begin() as session:
        _lock_queueing(session)
        today = clock.local_day(now, installation.get_zone(session))
        tomorrow, last_firm = today + timedelta(days=1), today + timedelta(days=settings.firm_days)
        planned = set(_list_jobs_of(session, PlanVersion.on == tomorrow))
        visits = read_visits(session, planned | _list_promised(session, tomorrow), now).values()
        of_tomorrow = (one for one in visits if one.job.id in planned or _begins_on(one, tomorrow))
        reminded = queue(session, filter(None, (_find_reminder(session, one, now) for one in of_tomorrow)), now)
        visits = read_visits(session, _list_jobs_of(session, PlanVersion.on.between(today, last_firm)), now).values()
        told = queue(session, filter(None, (_find_appointment(one, settings, now) for one in visits)), now)
    return f"Queued {reminded} reminder(s) of {tomorrow}, and {told} first time(s) of days that are firm now"


def queue_of_today(session_factory: SessionFactory, now: datetime) -> str:
    """The task where no day is firm before it begins: tell customers of one that has; returns what it did.

    Nothing else happens at midnight that they could be told from. Each is told, or tried to be, once on that day.
    """
    with session_factory.begin() as session:
        _lock_queueing(session)
        today, near = clock.local_day(now, installation.get_zone(session)), timedelta(days=1)  # zones differ
        visits = read_visits(session, _list_jobs_of(session, PlanVersion.on.between(today - near, today + near)), now)
        tried = _read_tried(session, visits)
        untried = (one for one in visits.values() if not _was_tried_today(one, tried.get(one.job.id), now))
        wanted = filter(None, (_find_appointment(one, session_factory.settings, now) for one in untried))
        return f"Queued {queue(session, wanted, now)} first time(s) of the day that has begun"


def queue(session: Session, wanted: Iterable[Wanted], now: datetime) -> int:
    """Add the notices that are not there yet; what could only be sent when it is of no use is stored as dropped.

    One that still waits tells what is wanted now.
    """
    queued = 0
    for one in wanted:
        for channel in NOTICE_CHANNELS:
            queued += _queue_on(session, one, channel, now)
    return queued


def _lock_queueing(session: Session) -> StoredSetting | None:
    """Let one transaction at a time look what there is and add what is not; returns where queueing from events stands.

    Without a row nothing was ever queued from events, so that there is nobody to wait for.
    """
    return session.get(StoredSetting, TOLD_SEQ, with_for_update=True)


def _queue_on(session: Session, one: Wanted, channel: str, now: datetime) -> bool:
    customer, settings = one.visit.job.customer, session.info["settings"]
    if not _is_sent_on(session, one.kind, channel, customer):
        return False
    same = Notice.job_id == one.visit.job.id, Notice.kind == one.kind, Notice.channel == channel
    for known in session.scalars(select(Notice).where(*same)):
        if known.status == "waiting":
            _renew(session, known, one)
        if known.about == one.about or known.status == "waiting":
            return False
    next_at = after_quiet_hours(max(one.not_before_at, now), settings.quiet_hours, one.visit.zone)
    row = Notice(
        job_id=one.visit.job.id,
        kind=one.kind,
        channel=channel,
        about=one.about,
        queued_at=now,
        next_at=next_at,
        useful_until_at=one.useful_until_at,
        told_from_at=one.window[0] if one.window else None,
        told_until_at=one.window[1] if one.window else None,
    )
    if next_at > one.useful_until_at:
        row.status, row.next_at, row.fault = "dropped", now, "The quiet hours would have ended when it was of no use."
    session.add(row)
    session.flush()
    return True


def _is_sent_on(session: Session, kind: str, channel: str, customer: Customer) -> bool:
    """Whether such messages are sent to that customer on that channel."""
    if find_address(session, customer, channel) is None:
        return False
    words = get_words(session, kind, channel, get_wish(session, customer.id).language)
    others = [other for other in NOTICE_CHANNELS if other != channel]
    return words.active or (words.alone and all(find_address(session, customer, other) is None for other in others))


def _renew(session: Session, waiting: Notice, one: Wanted) -> None:
    """Unless it is sent in this moment: then what was in its text is what the customer knows."""
    window = one.window or (None, None)
    if (waiting.told_from_at, waiting.told_until_at, waiting.useful_until_at) == (*window, one.useful_until_at):
        return
    values = {"told_from_at": window[0], "told_until_at": window[1], "useful_until_at": one.useful_until_at}
    session.execute(update(Notice).where(Notice.id == waiting.id, Notice.status == "waiting").values(values))


def _list_wanted(session: Session, events: list[Event], now: datetime) -> Iterator[Wanted]:
    by_plan = {event.subject_id for event in events if event.kind == "plan published"}
    job_ids = {event.subject_id for event in events if event.subject_kind == "job" and event.subject_id is not None}
    planned = set(_list_jobs_of(session, PlanVersion.id.in_(by_plan))) if by_plan else set()
    visits = read_visits(session, job_ids | planned, now)
    for event in events:
        visit = visits.get(event.subject_id or 0) if event.subject_kind == "job" else None
        if visit is not None and event.kind == "job status":
            found = _find_of_status(visit, event, now)
            if found is not None:
                yield found
            elif event.after.get("status") in ("requested", "planned"):
                planned.add(visit.job.id)  # reopened: what was promised or planned for it may hold again
        elif visit is not None and event.kind in PROMISES:
            planned.add(visit.job.id)
    for job_id in sorted(planned & set(visits)):
        found = _find_appointment(visits[job_id], session.info["settings"], now)
        if found is not None:
            yield found


def _list_jobs_of(session: Session, which: object) -> list[int]:
    """The jobs of published plans."""
    query = select(Stop.job_id).join(PlanVersion, Stop.plan_id == PlanVersion.id)
    return list(session.scalars(query.where(which, PlanVersion.status == "published")))  # type: ignore[arg-type]


def _list_promised(session: Session, on: date) -> set[int]:
    """The open jobs promised for that date, which no plan may have yet; a few too many, since zones differ."""
    office = installation.get_zone(session)
    from_at, until_at = clock.day_start(on, office) - ZONES_APART, clock.day_end(on, office) + ZONES_APART
    query = (
        select(Appointment.job_id)
        .join(Job, Appointment.job_id == Job.id)
        .where(Appointment.withdrawn_at.is_(None), Appointment.promised_from_at.between(from_at, until_at))
        .where(Job.status == OPEN)
    )
    return set(session.scalars(query))


def _read_tried(session: Session, job_ids: Collection[int]) -> dict[int, datetime]:
    """By job id: when it was queued last to tell a time."""
    about_times = Notice.kind.in_(("confirmed", "moved")), Notice.job_id.in_(job_ids)
    rows = session.execute(
        select(Notice.job_id, func.max(Notice.queued_at)).where(*about_times).group_by(Notice.job_id)
    )
    return {row[0]: row[1] for row in rows}


def _was_tried_today(visit: Visit, queued_at: datetime | None, now: datetime) -> bool:
    return queued_at is not None and clock.local_day(queued_at, visit.zone) == clock.local_day(now, visit.zone)


def _begins_on(visit: Visit, on: date) -> bool:
    return visit.window is not None and clock.local_day(visit.window[0], visit.zone) == on


def _find_of_status(visit: Visit, event: Event, now: datetime) -> Wanted | None:
    """What is told when a visit moves on; nobody is told that something is cancelled of which they knew nothing."""
    status = event.after.get("status", "")
    kind = OF_STATUS.get(status)
    if kind is None or visit.status != status:
        return None
    if kind == "cancelled" and visit.told is None and not visit.missed_id:
        return None
    if visit.window is None:
        return Wanted(visit, kind, f"event {event.seq}", None, now, now + USEFUL_FOR)
    until_at = max(visit.window[1], now) + STILL_ON_THE_WAY
    return Wanted(visit, kind, f"event {event.seq}", visit.window, now, until_at)


def _find_appointment(visit: Visit, settings: Settings, now: datetime) -> Wanted | None:
    """A first time, or another one than the customer was told; of a tentative day, only what was promised.

    Who was told that nobody let us in counted on a time: it is another one to them, and worth an SMS as such.
    """
    if may_still_change(visit, settings, now):
        return None
    if not visit.is_coming or visit.window is None or visit.window[1] <= now or visit.is_as(visit.told):
        return None
    kind = "confirmed" if visit.told is None and not visit.missed_id else "moved"
    return Wanted(visit, kind, f"after {visit.last_ended_id}", visit.window, now + SETTLES, visit.window[1])


def _find_reminder(session: Session, visit: Visit, now: datetime) -> Wanted | None:
    """Of what the customer was told, or that nobody let us in; who was told nothing hears of it for the first time."""
    if not visit.is_coming or visit.window is None or visit.window[0] <= now:
        return None
    if visit.told is None and not visit.missed_id and not _is_first_told_by_reminder(session, visit, now):
        return None
    on = clock.local_day(visit.window[0], visit.zone)
    return Wanted(visit, "reminder", f"on {on}", visit.window, now, visit.window[0])


def _is_first_told_by_reminder(session: Session, visit: Visit, now: datetime) -> bool:
    """Where first times are switched off on all channels on which the customer could hear of one."""
    if may_still_change(visit, session.info["settings"], now):
        return False
    return not any(_is_sent_on(session, "confirmed", channel, visit.job.customer) for channel in NOTICE_CHANNELS)
