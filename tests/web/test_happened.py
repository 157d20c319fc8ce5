"""What a technician tells the office of from the phone: late, ill, a visit that takes longer, a closed road."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.models import Incident, Job, TaskRun
from tests.web.conftest import at

OWN_JOB, OTHERS_JOB = "J-1", "J-3"
PATH = "/phone/api/happened"


@pytest.fixture
def ana(signed_in):
    return signed_in("technician")


def job_id(database, number: str) -> int:
    found = database.scalars(select(Job.id).where(Job.number == number)).one()
    database.rollback()  # what is read after this is as it is by then
    return found


def tell(visitor, kind: str, key: str = "first", **said):
    headers = {"X-CSRFToken": visitor.token(), "Idempotency-Key": key}
    return visitor.client.post(PATH, json={"kind": kind, **said}, headers=headers)


def told_on_phone(visitor) -> list[tuple[str, str]]:
    day = visitor.get("/phone/api/day?on=2026-11-23").json
    return [(one["kind"], one["words"]) for one in day["told"]]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("technician_late", {"minutes": 40}),
        ("technician_ill", {"until_on": "2026-11-25", "words": "Fever"}),
        ("road_closed", {"until": "13:00"}),
    ],
)
def test_what_somebody_tells_reaches_the_office_and_the_day_is_repaired(ana, database, kind, said):
    """By themselves, without a call; the phone shows that it was told."""
    of_job = {"job_id": job_id(database, OWN_JOB)} if kind == "road_closed" else {}
    answer = tell(ana, kind, **said, **of_job)
    [row] = database.scalars(select(Incident).where(Incident.kind == kind))
    assert (answer.status_code, answer.json) == (201, {"id": row.id, "kind": kind})
    assert (row.reported_by.role, row.status, row.words) == ("technician", "open", said.get("words", ""))
    assert [run.arguments["incident_id"] for run in database.scalars(select(TaskRun))] == [row.id]
    assert told_on_phone(ana) == [(kind, said.get("words", ""))]
    if kind == "road_closed":
        assert ((row.lat, row.lon), row.until_at) == (row.job.location.point, at(13))
    else:
        assert row.technician.code == "T1"


def test_what_is_sent_twice_is_told_once(ana, database):
    """A phone that is unsure sends it again, later; another report has another key."""
    job = job_id(database, OWN_JOB)
    first = tell(ana, "road_closed", job_id=job, waited_s=5)
    again = tell(ana, "road_closed", job_id=job, waited_s=300)
    assert first.json == again.json
    assert len(database.scalars(select(Incident)).all()) == 1
    assert tell(ana, "technician_late", "second", minutes=5).json["id"] != first.json["id"]
    assert tell(ana, "technician_late", "second", minutes=50).status_code == 400, "another report with a used key"
    assert tell(ana, "technician_late", "", minutes=5).status_code == 400, "without a key nobody can tell"


def test_what_waited_for_a_network_is_meant_as_of_then(ana, database):
    """Half an hour late, said twenty minutes ago, is free again in ten."""
    tell(ana, "technician_late", "now", minutes=30)
    [row] = database.scalars(select(Incident))
    from_at, until_at = row.from_at, row.until_at
    database.rollback()
    tell(ana, "technician_late", "then", minutes=30, waited_s=1_200)
    [row] = database.scalars(select(Incident))
    assert (from_at - row.from_at) == timedelta(minutes=20)
    assert row.until_at <= until_at


def test_a_visit_takes_longer_once_it_has_begun(ana, database):
    """Before that nobody is there."""
    job = job_id(database, OWN_JOB)
    assert tell(ana, "overrun", job_id=job, minutes=30).status_code == 409
    ana.post_json("/phone/api/stops/1/status", {"status": "on_site"})
    assert tell(ana, "overrun", job_id=job, minutes=30).status_code == 201
    [row] = database.scalars(select(Incident).where(Incident.kind == "overrun"))
    assert (row.job.number, row.technician.code) == (OWN_JOB, "T1")


def test_nobody_tells_of_other_peoples_visits(ana, database):
    """Bruno's visit, and a job that there is none of."""
    for job in (job_id(database, OTHERS_JOB), 999):
        assert tell(ana, "road_closed", job_id=job).status_code in (400, 403)
    assert database.scalars(select(Incident)).all() == []


@pytest.mark.parametrize(
    ("kind", "said", "words"),
    [
        ("technician_late", {}, "minutes: it is missing"),
        ("cancellation", {"job_id": 1}, "`kind` must be one of"),
        ("technician_ill", {"until_on": "soon"}, "is no day"),
        ("road_closed", {"job_id": 1, "until": "late"}, "is no time of day"),
        ("technician_late", {"minutes": "40"}, "whole number `minutes`"),
    ],
)
def test_what_is_wrong_is_said(ana, kind, said, words):
    answer = tell(ana, kind, **said)
    assert answer.status_code == 400
    assert words in answer.get_data(as_text=True)


def test_the_phones_page_offers_it(ana):
    assert 'id="tell-office"' in ana.get("/phone").get_data(as_text=True)
