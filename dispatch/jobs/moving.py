"""Where a job stands, and how people move it on: what technicians report, and what the office decides."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.errors import Conflict, Forbidden, InvalidInput, NotFound
from dispatch.events import record_event
from dispatch.jobs.effects import EFFECTS, Change
from dispatch.jobs.return_visits import hold_visits
from dispatch.jobs.statuses import (
    BEGUN,
    OFFICE,
    OPEN,
    PROGRAM,
    STATUSES,
    WAITING,
    WITHDRAWING,
    WORDS,
    find_move,
    list_next,
)
from dispatch.jobs.told_late import keep_what_was_begun, take_off_other_day
from dispatch.living.incidents import see_to_freed
from dispatch.living.watch import watch_technician
from dispatch.models import Job, PlanVersion, Stop, User
from dispatch.on_site.own_stops import find_standing_stop, get_own_stop, get_standing_stop
from dispatch.territories.scope import without_limits

LONGEST_BEFORE = timedelta(hours=12)
"""Nobody begins a visit so long before the shift that it is planned for."""


def get_job(session: Session, job_id: int) -> Job:
    """The job. Raises NotFound."""
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound(f"There is no job with id {job_id}.")
    return job


def report_status(
    session: Session,
    stop_id: int,
    status: str,
    by_user: User | None,
    now: datetime,
    reason: str = "",
    at: datetime | None = None,
) -> dict[str, Any]:
    """Store what happened at a stop, `at` that moment: a phone may have been without a network since.

    The same report twice is accepted once: phones repeat what they are unsure of.

    A stop of an older plan stands for the same job in the published one, if the technician is the same. What began on
    its own day counts also where somebody else or another day has the job by now, or nobody: see `told_late`.
    Raises InvalidInput (unknown status, no reason), NotFound, Forbidden (another's stop), Conflict (no such move).
    """
    _refuse_unknown(status)
    moment = min(at or now, now)
    if status in WITHDRAWING and _role(by_user) in OFFICE:
        _hold_visits(session, session.scalar(select(Stop.job_id).where(Stop.id == stop_id)))
    asked = get_own_stop(session, stop_id, by_user)
    stop = find_standing_stop(session, asked)
    if stop is None:
        keep_what_was_begun(session, asked, None, status, moment, now, by_user)
        stop = get_standing_stop(session, asked)
    if stop.status != status and not _is_taken_back(stop, status, by_user):
        other = _find_on_another_day(session, stop)  # before the job, as whoever reports of that one does
        # Waits while an import is changing the job.
        session.get_one(Job, stop.job_id, with_for_update={"key_share": True}, populate_existing=True)
        if stop.job.status == "cancelled":
            keep_what_was_begun(session, asked, stop, status, moment, now, by_user)
        old = stop.status if stop.job.status == OPEN else stop.job.status
        if old in WAITING and other is not None:
            take_off_other_day(session, stop, other, moment, now, by_user)
        if old in WAITING and status in BEGUN:
            _refuse_long_before(stop, moment)
        with without_limits(session):  # who may report may cause what comes of it
            move_job(session, stop.job, stop, old, status, now, by_user, reason, at)
            _look_after(session, stop, old, now, by_user)
    return {
        "stop_id": stop.id,
        "job_id": stop.job_id,
        "status": stop.status,
        "next": list_next(stop_status(stop), _role(by_user)),
        "departed_at": clock.find_iso(stop.actual_departed_at),
        "started_at": clock.find_iso(stop.actual_start_at),
        "ended_at": clock.find_iso(stop.actual_end_at),
    }


def change_status(
    session: Session, job_id: int, status: str, by_user: User | None, now: datetime, reason: str = ""
) -> dict[str, Any]:
    """What the office decides about a job: dispatch, call back, cancel, reopen, come again.

    Raises InvalidInput (unknown status, no reason), NotFound, Forbidden (not the office), Conflict (no such move).
    """
    _refuse_unknown(status)
    if by_user is None or by_user.role not in ("dispatcher", "admin"):
        raise Forbidden("Only dispatchers and admins decide about jobs; technicians report from their stops.")
    if status in WITHDRAWING:
        _hold_visits(session, job_id)
    stop = find_stop_in_force(session, job_id, for_update=True)
    job = session.get(Job, job_id, with_for_update={"key_share": True}, populate_existing=True)
    if job is None:
        raise NotFound(f"There is no job with id {job_id}.")
    old = job_status(job, stop, now)
    if old != status:
        with without_limits(session):
            move_job(session, job, stop, old, status, now, by_user, reason)
            _look_after(session, stop, old, now, by_user)
    stands = job_status(job, stop, now)
    return {"job_id": job.id, "number": job.number, "status": stands, "next": list_next(stands, by_user.role)}


def move_job(
    session: Session,
    job: Job,
    stop: Stop | None,
    old: str,
    new: str,
    now: datetime,
    by_user: User | None,
    reason: str = "",
    at: datetime | None = None,
) -> None:
    """Move the job, and the visit with it, as the table says; nobody stands for the program itself.

    It happened `at` that moment, or just now.

    Raises Conflict (no such move), Forbidden (not by this role), InvalidInput (a reason is asked for).
    """
    role = _role(by_user)
    move = find_move(old, new)
    if move is None:
        raise Conflict(
            f"This visit is {WORDS[old]} by now; it cannot become {WORDS[new]}. "
            "Report what the day offers as it stands now."
        )
    if move.who == (PROGRAM,) and role != PROGRAM:
        raise Conflict(f"A job that is {WORDS[old]} becomes {WORDS[new]} when a plan is published, not by hand.")
    if role not in move.who:
        raise Forbidden(f"From {WORDS[old]} to {WORDS[new]} is for {' or '.join(move.who)} to decide.")
    if move.needs_reason and not reason.strip():
        raise InvalidInput([f"Say why this is {WORDS[new]}: the reason is kept with it."])
    by_user_id = by_user.id if by_user else None
    change = Change(session, job, stop, new, now, at or now, by_user_id, reason.strip())
    for trigger in move.triggers:
        EFFECTS[trigger](change)
    after: dict[str, Any] = {"status": job.status if new == "requested" and job.status != OPEN else new}
    if stop is not None and move.of_visit:
        # Who has not begun after all stands where they stood: what was sent to the phone is on it still.
        stop.status = "dispatched" if new == "planned" and stop.sent_at is not None else new
        after["stop_id"] = stop.id
    record_event(session, "job status", now, by_user_id, job, before={"status": old}, after=after, reason=change.reason)


def _look_after(session: Session, stop: Stop | None, old: str, now: datetime, by_user: User | None) -> None:
    """What comes of a move for the route, and for the visit where it had begun and waits again."""
    session.flush()
    if stop is None:
        return
    watch_technician(session, stop.route.plan.on, stop.route.technician_id, now)  # it locks, before the queue
    if old in BEGUN and stop.status in WAITING:
        see_to_freed(session, stop, now, by_user.id if by_user else None)


def job_status(job: Job, stop: Stop | None, now: datetime) -> str:
    """Where a job stands, one of STATUSES; `stop` is its stop in force, if any.

    A visit of an earlier day that never began is no plan any more when its shift is over: the job is requested again.
    """
    if job.status != OPEN:
        return job.status
    if stop is None or stop.status not in (*WAITING, *BEGUN):
        return "requested"
    plan, over_at = stop.route.plan, max(stop.planned_end_at, stop.route.latest_end_at)
    is_past = plan.on < clock.local_day(now, plan.zone) and over_at <= now
    return "requested" if is_past and stop.status in WAITING else stop.status


def stop_status(stop: Stop) -> str:
    """What a screen says of a visit: how it went, or, if it never began and its job is closed, what became of that."""
    return stop.job.status if stop.status in (*WAITING, "en_route") and stop.job.status != OPEN else stop.status


def find_stop_in_force(
    session: Session, job_id: int, *, for_update: bool = False, from_on: date | None = None
) -> Stop | None:
    """The job's stop on the last day whose published plan has one, or None; one that is cancelled where all are.

    Of a job that is closed it is the visit by which it was, also where another day has planned it since. With `from_on`
    days before that one are not looked at.
    """
    query = (
        select(Stop)
        .join(PlanVersion, Stop.plan_id == PlanVersion.id)
        .join(Stop.job)
        .where(Stop.job_id == job_id, PlanVersion.status == "published")
        .order_by(Stop.status == "cancelled", and_(Job.status != OPEN, Stop.status.in_(WAITING)), PlanVersion.on.desc())
        .limit(1)
    )
    if from_on is not None:
        query = query.where(PlanVersion.on >= from_on)
    if not for_update:
        return session.scalar(query)
    while True:  # looks again after waiting for the lock: meanwhile another version may have been published
        stop = session.scalar(query.with_for_update(of=Stop).execution_options(populate_existing=True))
        if stop is None or session.get_one(PlanVersion, stop.plan_id, populate_existing=True).status == "published":
            return stop


def _find_on_another_day(session: Session, stop: Stop) -> Stop | None:
    """Where the job of a visit that waits is planned by now instead, locked; None where nowhere else.

    That is a later day, where the job is open; of one that an earlier visit closed none is looked for, because whoever
    holds visits of several days has taken those of earlier ones first.
    """
    if stop.status not in WAITING:
        return None
    in_force = find_stop_in_force(session, stop.job_id, for_update=True, from_on=stop.route.plan.on)
    return None if in_force is None or in_force.id == stop.id else in_force


def _hold_visits(session: Session, job_id: int | None) -> None:
    """Of a job whose return visit may be withdrawn; an unknown one is refused later."""
    if job_id is not None:
        with without_limits(session):
            hold_visits(session, job_id)


def _refuse_long_before(stop: Stop, at: datetime) -> None:
    """Raises Conflict for a visit of a day that is still far off: its shift would begin with that, a day early."""
    plan, earliest_at = stop.route.plan, stop.route.shift_start_at - LONGEST_BEFORE
    if at < earliest_at:
        from_then = clock.local_moment(earliest_at, plan.zone, clock.local_day(at, plan.zone))
        raise Conflict(
            f"This visit is planned for {plan.on}, and can be begun from {from_then} on. Where it is done before, the "
            "office plans the job for that day first: ask them for it, and begin the visit on that day's list."
        )


def _is_taken_back(stop: Stop, status: str, by_user: User | None) -> bool:
    """Whether a phone says once more that its technician is not on the way: the visit is dispatched again since."""
    return (stop.status, status, _role(by_user)) == ("dispatched", "planned", "technician") and stop.sent_at is not None


def _role(user: User | None) -> str:
    return user.role if user else PROGRAM


def _refuse_unknown(status: str) -> None:
    if status not in STATUSES:
        raise InvalidInput([f"There is no status {status!r}; use one of: {', '.join(STATUSES)}."])
