"""Why a job is with this technician and not with that one, over the API and for the console."""

import pytest
from sqlalchemy import select

from dispatch.models import Job, Technician, TechnicianSkill
from tests.web.conftest import at


@pytest.fixture
def town(app):
    """Nothing is needed but gas at customer 2, which Ana alone can do."""
    factory = app.extensions["wrenchtime"].session_factory
    with factory.begin() as session:
        for job in session.scalars(select(Job)):
            job.parts.clear()
            if job.id != 2:
                job.skills.clear()
        session.get_one(Technician, 1).skills = [TechnicianSkill(name="gas", level=2)]


def test_the_others_are_told_with_what_they_would_cost_rule_by_rule(dispatcher, town):
    why = dispatcher.get("/jobs/1/why")
    assert why.status_code == 200, why.json
    assert (why.json["on"], why.json["technician"], why.json["cannot"]) == ("2026-11-23", "Ana Rojas", [])
    [bruno] = why.json["alternatives"]
    assert (bruno["technician_id"], bruno["technician"]) == (2, "Bruno Díaz")
    assert bruno["difference"] == sum(bruno["differences"].values())
    assert bruno["sentence"].startswith("Bruno Díaz could start at ")


def test_the_console_reads_the_same_as_sentences(signed_in, dispatcher, town):
    """Who cannot come stands with the reason."""
    told = dispatcher.get("/jobs/2/why").json
    assert told["cannot"] == [
        {"technician_id": 2, "technician": "Bruno Díaz", "rule": "skills", "sentence": "lacks gas"}
    ]
    shown = signed_in("dispatcher").get("/console/api/jobs/2/why").json
    assert shown == {
        "sentence": "Nobody else could do it beside what is planned.",
        "alternatives": [],
        "cannot": [{"name": "Bruno Díaz", "sentence": "lacks gas"}],
    }
    assert told["sentence"] == shown["sentence"]


def test_a_job_on_no_route_or_of_a_day_that_is_over_says_so(dispatcher, town, clock):
    new = {"customer_id": 1, "title": "No hot water", "service_s": 1800,
           "location": {"address": "Calle Prat 12", "lat": -29.9, "lon": -71.255}}  # fmt: skip
    refused = dispatcher.get(f"/jobs/{dispatcher.post('/jobs', new).json['id']}/why")
    assert (refused.status_code, "is on no published route" in refused.json["detail"]) == (409, True)
    assert dispatcher.get("/jobs/99/why").status_code == 404
    assert dispatcher.get("/jobs/1/why?count=0").status_code == 400
    clock.now = at(26)
    assert dispatcher.get("/jobs/1/why").status_code == 409
