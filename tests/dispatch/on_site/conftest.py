"""A visit that somebody is at: J1 is planned for T1, whose van carries two pumps."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from dispatch.db import SessionFactory, make_session_factory
from dispatch.jobs.moving import change_status, report_status
from dispatch.models import Job, JobCheck, Technician
from tests.databases import PutDatabase, settings_for
from tests.dispatch.town import at, job, job_named, plan, settle, stops_of, technician, user_of

STEPS = (("Gas off", True), ("Flue clean", False), ("Tightness test", True))


def make_town(factory: SessionFactory) -> SessionFactory:
    """J1 needs a pump and has three steps, two of them required; J2 is T2's."""
    people = [technician(capacity={"pump": 2, "seal": 5}), technician("T2")]
    jobs = [job(parts={"pump": 1}, required={"T1"}), job("J2", required={"T2"})]
    settle(factory, people, jobs)
    plan(factory)
    with factory.begin() as session:
        job_named(session, "J1").checks = [
            JobCheck(position=n, text=text, required=required) for n, (text, required) in enumerate(STEPS, 1)
        ]
    return factory


@pytest.fixture
def town(put_database: PutDatabase) -> Iterator[SessionFactory]:
    """The town, planned once; tests get copies."""
    factory = make_session_factory(settings_for(put_database(make_town)))
    yield factory
    factory.engine.dispose()


Act = Callable[..., Any]


@pytest.fixture
def on_site(town: SessionFactory) -> Act:
    """`on_site(act, ...)` calls act(session, job, ...) with T1's user at nine, in one transaction."""

    def call(act: Act, *arguments: Any, **options: Any) -> Any:
        with town.begin() as session:
            return act(
                session, job_named(session, "J1"), *arguments, by_user=user_of(session, "T1"), now=at(9), **options
            )

    return call


def ana(session: Any, code: str = "T1") -> Technician:
    """The technician with that code."""
    return next(one for one in session.query(Technician) if one.code == code)


def van(town: SessionFactory, code: str = "T1") -> dict[str, int]:
    """What the van carries now."""
    with town() as session:
        return {row.part: row.count for row in ana(session, code).van_stock}


def say(town: SessionFactory, status: str, now: datetime | None = None, at_time: datetime | None = None) -> Any:
    """T1 reports about J1."""
    with town.begin() as session:
        stop_id = stops_of(town)["J1"][1].id
        return report_status(session, stop_id, status, user_of(session, "T1"), now or at(9), "", at_time)


def decide(town: SessionFactory, status: str, reason: str = "a mistake", number: str = "J1") -> Any:
    """The office decides about a job."""
    with town.begin() as session:
        return change_status(
            session, job_named(session, number).id, status, user_of(session, "EVE", "dispatcher"), at(10), reason
        )


def get_job(town: SessionFactory, number: str = "J1") -> Job:
    """The job with its parts."""
    with town() as session:
        found = job_named(session, number)
        assert found.parts is not None
        return found
