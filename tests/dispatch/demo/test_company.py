"""The demo can be asked for again and again, and never touches anything that is not the demo."""

from datetime import timedelta

import pytest

from data.records import Company
from dispatch.accounts.sign_in import sign_in
from dispatch.demo.company import install_demo
from dispatch.demo.users import PASSWORD, list_demo_users
from dispatch.errors import Conflict
from dispatch.models import Job, JobType, OnCall, Technician, User
from tests.dispatch.town import MONDAY, MORNING, SANTIAGO, absent, at, job, job_named, settle, technician, territory


def small_company(today):
    """Two technicians, the first of them away today, and a job a day."""
    people = (technician("T1", absences=(absent(today, today),)), technician("T2"))
    days = [today + timedelta(days=n) for n in range(2)]
    jobs = tuple(job(f"{on:%d}-1", on=on) for on in days)
    return Company("Small", SANTIAGO, (territory(),), people, jobs)


def install(session_factory, now=MORNING):
    return install_demo(session_factory, now, make_company=small_company)


def test_the_demo_has_a_company_and_a_user_for_each_role(session_factory):
    """Each can sign in, and the technician is somebody who works today."""
    result = install(session_factory)
    assert (result.company, result.technicians, result.jobs_today, result.jobs) == ("Small", 2, 1, 2)
    assert [user.role for user in result.users] == ["dispatcher", "technician", "manager", "admin"]
    assert all(sign_in(session_factory, user.email, PASSWORD, "::1", MORNING).user for user in result.users)
    with session_factory.begin() as session:
        assert session.query(User).filter_by(role="technician").one().technician.code == "T2"
        assert list_demo_users(session) == result.users


def test_somebody_is_on_call_tonight_and_kinds_of_work_have_checklists(session_factory):
    """Once, however often the demo is asked for."""
    for _ in range(2):
        install(session_factory)
    with session_factory() as session:
        [duty] = session.query(OnCall)
        assert (duty.from_at, duty.until_at) == (at(18), at(6, on=MONDAY + timedelta(days=1)))
        kind = session.query(JobType).filter_by(name="Boiler service").one()
        assert [step.required for step in kind.checklist] == [True, False, True]


def test_kinds_of_work_say_what_they_need_and_what_somebody_changed_stays(session_factory):
    """Whoever enters such work, as of an emergency, is offered people who can do it without naming the skill."""
    install(session_factory)
    with session_factory.begin() as session:
        kind = session.query(JobType).filter_by(name="Boiler service").one()
        assert (kind.service_s, [(one.name, one.level) for one in kind.skills]) == (40 * 60, [("gas", 1)])
        kind.service_s = 50 * 60
    install(session_factory)
    with session_factory() as session:
        assert session.query(JobType).filter_by(name="Boiler service").one().service_s == 50 * 60


def test_again_on_the_same_day_changes_nothing(session_factory):
    """What was done today stays done."""
    first = install(session_factory)
    with session_factory.begin() as session:
        job_named(session, "23-1").status = "done"
    assert install(session_factory) == first
    with session_factory() as session:
        assert job_named(session, "23-1").status == "done"
        assert session.query(Technician).count() == 2


def test_a_week_later_it_is_about_that_day_without_the_old_backlog(session_factory):
    """Nobody wants to look at a demo with a thousand overdue jobs."""
    install(session_factory)
    later = install(session_factory, MORNING + timedelta(days=7))
    assert later.jobs_today == 1
    with session_factory() as session:
        statuses = {one.number: one.status for one in session.query(Job)}
    assert statuses == {"23-1": "cancelled", "24-1": "cancelled", "30-1": "open", "01-1": "open"}


def test_a_database_with_real_data_is_refused(session_factory):
    """With what to do instead."""
    settle(session_factory, [technician("REAL")])
    with pytest.raises(Conflict, match="WRENCHTIME_HOME"):
        install(session_factory)
    with session_factory() as session:
        assert session.query(User).count() == 0
