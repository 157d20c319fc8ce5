"""What a technician tells the office of from the phone: late, ill, a visit that takes longer, a closed road."""

import pytest
from sqlalchemy import select

from dispatch.models import Incident, Job, TaskRun
from tests.web.conftest import at

OWN_JOB, OTHERS_JOB = "J-1", "J-3"


@pytest.fixture
def ana(signed_in):
    return signed_in("technician")


def job_id(database, number: str) -> str:
    found = str(database.scalars(select(Job.id).where(Job.number == number)).one())
    database.rollback()  # what is read after this is as it is by then
    return found


def tell(visitor, kind: str, **fields: str):
    return visitor.post("/phone/happened", kind=kind, **fields)


def words_of(visitor) -> str:
    return " ".join(visitor.get("/phone/happened").get_data(as_text=True).split())


@pytest.mark.parametrize(
    ("kind", "fields", "title"),
    [
        ("technician_late", {"minutes": "40"}, "Technician late"),
        ("technician_ill", {"until_on": "2026-11-25", "words": "Fever"}, "Technician ill"),
        ("road_closed", {"until": "13:00"}, "Road closed"),
    ],
)
def test_what_somebody_tells_reaches_the_office_and_the_day_is_repaired(ana, database, kind, fields, title):
    """By themselves, without a call; the page says that it was told."""
    of_job = {"job": job_id(database, OWN_JOB)} if kind == "road_closed" else {}
    assert tell(ana, kind, **fields, **of_job).status_code == 302
    [row] = database.scalars(select(Incident).where(Incident.kind == kind))
    assert (row.reported_by.role, row.status, row.words) == ("technician", "open", fields.get("words", ""))
    assert [run.arguments["incident_id"] for run in database.scalars(select(TaskRun))] == [row.id]
    assert title in words_of(ana)
    if kind == "road_closed":
        assert ((row.lat, row.lon), row.until_at) == (row.job.location.point, at(13))
    else:
        assert row.technician.code == "T1"


def test_a_visit_takes_longer_once_it_has_begun(ana, database):
    """Before that nobody is there, and the page does not ask."""
    assert "takes longer" not in words_of(ana)
    ana.post_json("/phone/api/stops/1/status", {"status": "on_site"})
    assert "This visit takes longer" in words_of(ana)
    assert tell(ana, "overrun", job=job_id(database, OWN_JOB), minutes="30").status_code == 302
    [row] = database.scalars(select(Incident).where(Incident.kind == "overrun"))
    assert (row.job.number, row.technician.code) == (OWN_JOB, "T1")


def test_nobody_tells_of_other_peoples_visits(ana, database):
    """Bruno's visit, and a job that there is none of."""
    for job in (job_id(database, OTHERS_JOB), "999"):
        assert tell(ana, "road_closed", job=job).status_code in (400, 403)
    assert database.scalars(select(Incident)).all() == []


def test_all_that_is_wrong_is_said_on_the_page(ana):
    """And what cannot be told from here is refused."""
    answer = tell(ana, "technician_late")
    assert answer.status_code == 400
    assert "minutes: it is missing" in answer.get_data(as_text=True)
    assert tell(ana, "cancellation", job="1").status_code == 400


def test_the_phones_page_leads_there(ana):
    assert 'href="/phone/happened"' in ana.get("/phone").get_data(as_text=True)
