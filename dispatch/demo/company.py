"""The sample company as an installation of its own: made once, refreshed relative to today as often as asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.records import Company
from data.sample.catalogue import JOB_TYPES
from data.sample.checklists import CHECKLISTS
from data.sample.company import sample_company
from dispatch import clock, installation, intake
from dispatch.accounts import users
from dispatch.db import SessionFactory
from dispatch.demo.users import PASSWORD, PEOPLE, DemoUser, list_demo_users
from dispatch.errors import Conflict
from dispatch.events import record_event
from dispatch.jobs.intake import store_jobs
from dispatch.jobs.moving import find_stop_in_force, job_status, move_job
from dispatch.jobs.statuses import OPEN
from dispatch.models import ChecklistItem, Job, JobType, JobTypePart, JobTypeSkill, OnCall, Part, Technician, User
from dispatch.planning.facts import select_technicians
from dispatch.planning.shifts import find_shift, find_zone

SAMPLE_ZONE = "America/Santiago"
ON_CALL_FROM, ON_CALL_UNTIL = time(18), time(6)


@dataclass(frozen=True)
class DemoResult:
    """What there is now, and who may sign in."""

    company: str
    today: date
    technicians: int
    jobs_today: int
    jobs: int
    users: tuple[DemoUser, ...]


def install_demo(
    session_factory: SessionFactory,
    now: datetime,
    *,
    make_company: Callable[[date], Company] = sample_company,
    tell: Callable[[str], None] = lambda _message: None,
) -> DemoResult:
    """Store the sample company for today; what is there already is updated, what happened today is kept.

    Jobs of earlier days that nobody has done are cancelled, so that a demo started again after a week does not
    open with a week's backlog. Raises Conflict when the database holds anything but the demo.
    """
    today = clock.local_day(now, SAMPLE_ZONE)
    with session_factory() as session:
        _refuse_real_data(session)
    tell("Inventing the sample company")
    company = make_company(today)
    tell("Storing territories, technicians and jobs")
    with session_factory.begin() as session:
        _refuse_real_data(session)
        installation.store_setting(session, installation.DEMO, "yes")
        installation.store_setting(session, installation.COMPANY, company.name)
        installation.store_setting(session, installation.ZONE, company.zone)
        installation.store_setting(session, installation.TRAVEL_SOURCE, "sample")
        installation.store_setting(session, installation.PLANS_WHOLE_DAY, "yes")
        intake.store_territories(session, company.territories, now)
        intake.store_technicians(session, company.technicians)
        _cancel_old_jobs(session, {job.number for job in company.jobs}, now)
        _add_checklists(session)
        store_jobs(session, company.jobs, now)
        _add_usual_needs(session)
        _add_on_call(session, today)
        _add_users(session, today, company.zone)
        record_event(session, "demo installed", now, None, after={"today": today})
        found = list_demo_users(session)
    return DemoResult(
        company=company.name,
        today=today,
        technicians=len(company.technicians),
        jobs_today=len(company.list_jobs(today)),
        jobs=len(company.jobs),
        users=found,
    )


def _add_checklists(session: Session) -> None:
    """Kinds of work with the steps that the phone shows; those that have some already keep theirs."""
    known = {row.name: row for row in session.scalars(select(JobType))}
    for name, steps in CHECKLISTS.items():
        row = known.get(name) or JobType(name=name)
        session.add(row)
        if not row.checklist:
            row.checklist = [
                ChecklistItem(position=n, text=text, required=required) for n, (text, required) in enumerate(steps, 1)
            ]
    session.flush()


def _add_usual_needs(session: Session) -> None:
    """How long each kind of work takes and what it needs, for jobs that are entered; what people said stays."""
    parts = set(session.scalars(select(Part.name)))
    known = {row.name: row for row in session.scalars(select(JobType))}
    for kind in JOB_TYPES:
        row = known.get(kind.name)
        if row is None or row.service_s is not None or row.skills or row.parts:
            continue
        row.service_s, row.setup_s, row.priority = kind.minutes * 60, kind.setup * 60, kind.priority[0]
        row.skills = [JobTypeSkill(name=name, level=level) for name, level in kind.skills.items()]
        row.parts = [JobTypePart(part=part, count=count) for part, count in kind.parts.items() if part in parts]
    session.flush()


def _add_on_call(session: Session, today: date) -> None:
    """Tonight one technician of each territory may be called out: the first by code who has no turn yet."""
    for technician in session.scalars(select_technicians()):
        territory = technician.territory
        if territory is None:
            continue
        from_at = clock.at_wall_clock(today, ON_CALL_FROM, territory.zone)
        taken = OnCall.territory_id == territory.id, OnCall.until_at > from_at
        if session.scalar(select(OnCall.id).where(*taken).limit(1)) is None:
            until_at = clock.at_wall_clock(today + timedelta(days=1), ON_CALL_UNTIL, territory.zone)
            duty = OnCall(technician_id=technician.id, territory_id=territory.id, from_at=from_at, until_at=until_at)
            session.add(duty)


def _refuse_real_data(session: Session) -> None:
    if installation.find_setting(session, installation.DEMO) == "yes":
        return
    if session.scalar(select(func.count()).select_from(Technician)) or session.scalar(
        select(func.count()).select_from(Job)
    ):
        raise Conflict(
            "This database holds data that is not the demo's; it stays as it is. "
            "Set WRENCHTIME_HOME (or DATABASE_URL) to another place for the demo."
        )


def _cancel_old_jobs(session: Session, keep: Iterable[str], now: datetime) -> None:
    for job in session.scalars(select(Job).where(Job.status == OPEN, Job.number.not_in(set(keep)))):
        stop = find_stop_in_force(session, job.id, for_update=True)
        stands = job_status(job, stop, now)
        if stands != "on_site":  # somebody who plays the technician has not come back yet
            move_job(session, job, stop, stands, "cancelled", now, None, "It is of a demo of another day.")


def _add_users(session: Session, today: date, zone: str) -> None:
    """One per role; the technician is somebody who works today, so that the phone shows a day."""
    known = {user.email: user for user in session.scalars(select(User))}
    for person in PEOPLE:
        if person.role == "technician":
            technician = _pick_technician(session, today, zone)
            if person.email in known:
                known[person.email].technician, known[person.email].name = technician, technician.name
                continue
            users.add_user(
                session,
                email=person.email,
                name=technician.name,
                role=person.role,
                password=PASSWORD,
                technician_code=technician.code,
            )
        elif person.email not in known:
            users.add_user(session, email=person.email, name=person.name, role=person.role, password=PASSWORD)
    session.flush()


def _pick_technician(session: Session, today: date, zone: str) -> Technician:
    """Whoever works longest into the evening, so that a demo begun in the afternoon has work left on the phone."""
    everybody = list(session.scalars(select_technicians()))
    ends = {one: hours.end_at for one in everybody if (hours := find_shift(one, today, find_zone(one, today, zone)))}
    return max(ends, key=lambda one: ends[one], default=everybody[0])
