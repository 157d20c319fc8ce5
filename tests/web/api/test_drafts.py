"""Drafts over the API: decided by the revision that was seen, and published once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from dispatch.models import Job, Stop
from dispatch.planning.day import plan_day
from tests.web.conftest import NOW, TODAY


@pytest.fixture
def draft(app, dispatcher):
    """A draft of today's plan that brings one more job in."""
    new = {"customer_id": 1, "title": "No hot water", "service_s": 1800, "requested_on": "2026-11-23",
           "location": {"address": "Calle Prat 12", "lat": -29.9, "lon": -71.255}}  # fmt: skip
    assert dispatcher.post("/jobs", new).status_code == 201
    version = plan_day(
        app.extensions["wrenchtime"].session_factory, TODAY, now=NOW, as_draft=True, iterations=200, time_limit_s=60
    )
    assert version.status == "draft"
    return version.id


def test_a_draft_is_decided_line_by_line_and_published(dispatcher, draft):
    """Each answer has the revision that the next decision must name."""
    [shown] = dispatcher.get("/drafts").json["drafts"]
    assert shown["id"] == draft
    one = dispatcher.get(f"/drafts/{draft}")
    line = one.json["changes"][0]
    said = {"decisions": [{"change_id": line["id"], "decision": "accepted"}]}
    assert dispatcher.patch(f"/drafts/{draft}", said).status_code == 428
    decided = dispatcher.patch(f"/drafts/{draft}", said, If_Match=one.headers["ETag"])
    assert decided.json["changes"][0]["decision"] == "accepted"
    assert decided.headers["ETag"] != one.headers["ETag"]
    assert dispatcher.patch(f"/drafts/{draft}", said, If_Match=one.headers["ETag"]).status_code == 412
    published = dispatcher.call("PUT", f"/drafts/{draft}/published", {}, If_Match=decided.headers["ETag"])
    assert (published.status_code, published.json["version"]) == (200, dispatcher.get("/board").json["plan"]["version"])
    assert dispatcher.get("/drafts").json == {"drafts": []}
    assert dispatcher.get(f"/drafts/{draft}").status_code == 409


def test_a_job_is_moved_by_hand_where_it_fits_best(dispatcher, draft):
    """Without a time, the best one with that technician."""
    one = dispatcher.get(f"/drafts/{draft}")
    job = next(change["job_id"] for change in one.json["changes"] if change["number"] == "W1")
    body = {"job_id": job, "technician_code": "T2"}
    moved = dispatcher.call("PUT", f"/drafts/{draft}/move", body, If_Match=one.headers["ETag"])
    assert moved.status_code == 200, moved.json
    line = next(change for change in moved.json["changes"] if change["job_id"] == job)
    assert (line["decision"], line["to"]["code"]) == ("edited", "T2")


def test_a_job_that_is_wanted_on_another_day_is_not_moved_into_a_draft(dispatcher, draft):
    """It would be published nowhere, whatever time somebody gives."""
    new = {"customer_id": 1, "title": "No hot water", "service_s": 1800, "requested_on": "2026-12-23",
           "location": {"address": "Calle Prat 12", "lat": -29.9, "lon": -71.255}}  # fmt: skip
    job = dispatcher.post("/jobs", new).json["id"]
    tag = dispatcher.get(f"/drafts/{draft}").headers["ETag"]
    body = {"job_id": job, "technician_code": "T2", "start_at": "2026-11-23T17:30:00Z"}
    moved = dispatcher.call("PUT", f"/drafts/{draft}/move", body, If_Match=tag)
    assert moved.status_code == 409
    assert "is not wanted then" in moved.json["detail"]


def test_of_many_who_publish_or_discard_at_once_exactly_one_does(dispatcher, draft):
    """Six threads, half of each: one success, the rest are told."""
    tag = dispatcher.get(f"/drafts/{draft}").headers["ETag"]

    def act(number: int) -> int:
        if number % 2:
            return dispatcher.call("DELETE", f"/drafts/{draft}", If_Match=tag).status_code
        return dispatcher.call("PUT", f"/drafts/{draft}/published", {}, If_Match=tag).status_code

    with ThreadPoolExecutor(6) as threads:
        answers = sorted(threads.map(act, range(6)))
    assert answers[0] in (200, 204)
    assert set(answers[1:]) == {409}


def test_a_move_is_tried_and_made_where_no_draft_waits(app, dispatcher):
    """Trying stores nothing; making it begins the draft of the day, and published routes stay until it is."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        for job in session.scalars(select(Job)):
            job.skills.clear()
            job.parts.clear()
    move = {"on": "2026-11-23", "job_id": 3, "technician_code": "T1", "start_at": "2026-11-23T17:30:00Z"}
    tried = dispatcher.post("/moves/preview", move).json
    assert (tried["start_at"], tried["fits"]) == ("2026-11-23T17:30:00Z", True)
    assert any("J-3" in one for one in tried["broken"]), tried
    assert dispatcher.get("/drafts").json == {"drafts": []}
    made = dispatcher.post("/moves", move)
    assert made.status_code == 200, made.json
    [line] = [one for one in made.json["changes"] if one["job_id"] == 3]
    assert (line["decision"], line["to"]["code"]) == ("edited", "T1")
    assert dispatcher.get("/jobs/3").json["visit"]["technician"]["id"] == 2
    draft = f"/drafts/{made.json['id']}"
    assert dispatcher.get(draft).headers["ETag"] == made.headers["ETag"]
    assert dispatcher.get(f"{draft}/routes").json["type"] == "FeatureCollection"


def test_a_draft_that_the_day_has_overtaken_is_made_again(app, dispatcher):
    """Bruno sets out for a job that somebody has moved to Ana: 409 says so, and the draft is queued once more."""
    move = {"on": "2026-11-23", "job_id": 3, "technician_code": "T1", "start_at": "2026-11-23T17:30:00Z"}
    made = dispatcher.post("/moves", move)
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        stop = session.scalars(select(Stop).where(Stop.job_id == 3, Stop.plan_id == 1)).one()
        stop.status, stop.actual_departed_at = "en_route", NOW
    path = f"/drafts/{made.json['id']}/published"
    refused = dispatcher.call("PUT", path, {}, If_Match=made.headers["ETag"])
    assert refused.status_code == 409
    assert "J-3 was begun by Bruno" in refused.json["detail"]
    assert refused.json["detail"].endswith("It is made again from the day as it is, with what was decided.")
    run = dispatcher.get("/board").json["run"]
    assert (run["status"], run["arguments"]["as_draft"]) == ("queued", True)


def test_a_move_that_cannot_be_is_refused_with_its_reason(dispatcher):
    """Nobody has that code; no such day is planned; and no draft is begun for it."""
    move = {"on": "2026-11-23", "job_id": 3, "technician_code": "T9", "start_at": "2026-11-23T17:30:00Z"}
    assert dispatcher.post("/moves/preview", move).status_code == 422
    assert dispatcher.post("/moves", move).status_code == 422
    assert dispatcher.post("/moves", {**move, "technician_code": "T1", "on": "2026-12-23"}).status_code == 409
    unread = dispatcher.post("/moves", {"on": "soon"})
    assert {one["pointer"] for one in unread.json["errors"]} == {"#/on", "#/job_id", "#/technician_code"}
    assert dispatcher.get("/drafts").json == {"drafts": []}


def test_each_published_version_tells_what_it_changed_page_by_page(dispatcher, draft):
    """The newest version first; of a draft nothing is told."""
    tag = dispatcher.get(f"/drafts/{draft}").headers["ETag"]
    assert dispatcher.call("PUT", f"/drafts/{draft}/published", {}, If_Match=tag).status_code == 200
    first = dispatcher.get("/plans?limit=1").json
    rest = dispatcher.get(f"/plans?cursor={first['next']}").json
    [newest], [old] = first["items"], rest["items"]
    assert (newest["is_in_force"], newest["before_id"], old["is_in_force"], rest["next"]) == (
        True,
        old["id"],
        False,
        None,
    )
    assert dispatcher.get(f"/plans/{newest['id']}").json == newest
    assert (newest["who"], old["changes"]) == ("Dispatcher Example", 0)
    lines, after = [], ""
    while after is not None:
        page = dispatcher.get(f"/plans/{newest['id']}/changes?limit=1&cursor={after}").json
        lines, after = lines + page["items"], page["next"]
    assert len(lines) == newest["changes"] > 0
    [came] = [line for line in lines if line["number"] == "W1"]
    assert (came["kind"], came["from_technician"]) == ("added", None)
    assert came["reason"]
    for path in (f"/plans/{draft}", f"/plans/{draft}/changes"):
        assert dispatcher.get(path).status_code == 404
