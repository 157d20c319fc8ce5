"""The technician's day on the phone, and what is reported from it."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select

from dispatch.jobs.statuses import STATUSES, list_next
from dispatch.models import Event, Incident, Job, PlanVersion, Stop
from tests.web.conftest import NOW

ANA_STOPS = (1, 2)
BRUNO_STOP = 3


def report(visitor, stop_id: int, status: str):
    return visitor.post_json(f"/phone/api/stops/{stop_id}/status", {"status": status})


def test_the_page_carries_the_day_inside(signed_in):
    """One request shows the day: own stops in order, the break, the plan's version."""
    text = signed_in("technician").get("/phone").get_data(as_text=True)
    found = re.search(r'<script type="application/json" id="day">(.*?)</script>', text, re.S)
    assert found
    day = json.loads(found[1])
    assert [(stop["stop_id"], stop["customer"]) for stop in day["stops"]] == [(1, "Customer 1"), (2, "Customer 2")]
    assert day["breaks"] == [{"start_at": "2026-11-23T13:10:00Z", "end_at": "2026-11-23T13:40:00Z"}]
    assert day["plan_version"] == 3
    assert 'data-today="2026-11-23"' in text


def test_what_a_customer_typed_cannot_become_markup(app, signed_in):
    """The day stands inside a script element: a closing tag in a note must not end it."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.get_one(Stop, 1).job.notes = "</script><img src=x>"
    text = signed_in("technician").get("/phone").get_data(as_text=True)
    assert "</script><img" not in text
    assert "\\u003c/script\\u003e" in text


def test_days_and_reports_ask_the_database_as_often_for_many_visits_as_for_few(app, signed_in):
    """No query per visit, and few: hundreds of phones read their day after every report."""
    factory, ana, counts = app.extensions["wrenchtime"].session_factory, signed_in("technician"), []
    token, queries = {"X-CSRFToken": ana.token()}, []

    def note(*given):
        if not re.search("pg_advisory|FOR KEY SHARE", given[2]):  # the locks that only PostgreSQL needs
            queries.append(given[2].split()[0])

    event.listen(factory.engine, "before_cursor_execute", note)
    for _ in range(2):
        queries.clear()
        assert ana.get("/phone/api/day?on=2026-11-23").status_code == 200
        day = queries.count("SELECT")
        queries.clear()
        told = ana.client.post("/phone/api/stops/1/status", json={"status": "en_route"}, headers=token)
        assert told.status_code == 200
        counts.append((day, queries.count("SELECT")))
        with factory.begin() as session:  # Ana takes over what Bruno was to do, and has not left yet
            first, taken = session.get_one(Stop, 1), session.get_one(Stop, BRUNO_STOP)
            taken.route_id, taken.position, taken.job.windows = first.route_id, 3, []
            first.status, first.actual_departed_at = "planned", None
    assert counts[0] == counts[1]
    of_day, of_report = counts[0]
    assert of_day <= 17  # what was told of the day, and by which clock it begins, for when visits are expected
    assert of_report <= 18


def test_the_phone_says_when_its_own_visits_are_really_expected(signed_in, clock):
    """At nine all is as planned; at half past ten Ana has reported nothing, and has her break before the second."""
    ana = signed_in("technician")

    def expected():
        return [stop["expected_at"] for stop in ana.get("/phone/api/day?on=2026-11-23").json["stops"]]

    assert expected() == [None, None]
    clock.now = NOW + timedelta(minutes=90)
    assert expected() == ["2026-11-23T13:30:00Z", "2026-11-23T15:30:00Z"]
    assert report(ana, 1, "on_site").status_code == 200
    assert expected() == [None, "2026-11-23T15:30:00Z"]
    clock.now = NOW + timedelta(days=1)
    ana = signed_in("technician")
    assert expected() == [None, None]


def test_another_day_is_another_page(signed_in):
    """Tomorrow is not planned and says so."""
    day = signed_in("technician").get("/phone/api/day?on=2026-11-24").json
    assert (day["on"], day["stops"], day["plan_version"]) == ("2026-11-24", [], None)


def test_the_page_and_the_interface_give_the_same_day(signed_in):
    """Two ways to one truth."""
    technician = signed_in("technician")
    page = technician.get("/phone?on=2026-11-23").get_data(as_text=True)
    found = re.search(r'id="day">(.*?)</script>', page, re.S)
    assert found
    assert json.loads(found[1]) == technician.get("/phone/api/day?on=2026-11-23").json


@pytest.mark.parametrize("end", ["done", "no_access"])
def test_a_stop_goes_its_way_from_planned_to_its_end(signed_in, database, end: str):
    """Each report is stored at once, with who and when."""
    ana = signed_in("technician")
    for status in ("en_route", "on_site", end):
        response = report(ana, 1, status)
        assert (response.status_code, response.json["status"]) == (200, status)
    assert database.get_one(Stop, 1).status == end
    kinds = [event.kind for event in database.scalars(select(Event))]
    assert kinds.count("job status") == 3


def test_a_visit_to_be_continued_is_reported_with_what_is_still_to_do(signed_in, database):
    """400 without, in words; with it another visit is created."""
    ana = signed_in("technician")
    report(ana, 1, "on_site")
    response = report(ana, 1, "to_be_continued")
    assert (response.status_code, "Say why" in response.json["detail"]) == (400, True)
    body = {"status": "to_be_continued", "reason": "a new valve"}
    assert ana.post_json("/phone/api/stops/1/status", body).json["status"] == "to_be_continued"
    assert database.scalars(select(Job.notes).where(Job.return_of_id.is_not(None))).one().startswith("a new valve")


def test_a_move_that_does_not_exist_is_a_conflict_and_changes_nothing(signed_in, database):
    """409 with the reason, which the phone shows while it takes its own change back."""
    response = report(signed_in("technician"), 1, "done")
    assert response.status_code == 409
    assert response.mimetype == "application/problem+json"
    assert "it cannot become done" in response.json["detail"]
    assert database.get_one(Stop, 1).status == "planned"


def test_a_stop_that_went_to_somebody_else_meanwhile_is_a_conflict(app, signed_in):
    """An old page on a phone cannot report a stop of a plan that is no more."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.get_one(PlanVersion, 1).status = "superseded"
    response = report(signed_in("technician"), 1, "en_route")
    assert response.status_code == 409
    assert "no longer on your route" in response.json["detail"]


def test_the_office_hears_of_a_late_report_that_cannot_be_taken(app, signed_in, database):
    """Of the newest of several; of what is refused at once the technician hears alone."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.get_one(PlanVersion, 1).status = "superseded"
    ana = signed_in("technician")
    assert report(ana, 1, "on_site").status_code == 409
    for status, waited_s in (("on_site", 7200), ("done", 3600)):
        late = ana.post_json("/phone/api/stops/1/status", {"status": status, "waited_s": waited_s})
        assert late.status_code == 409
    (told,) = database.scalars(select(Incident))
    assert (told.kind, told.job_id, told.action) == ("report_refused", 1, "warn")
    assert "reports done at 08:00. Not taken: The plan has changed" in told.words
    kinds = [event.kind for event in database.scalars(select(Event).where(Event.subject_kind == "job"))]
    assert kinds == ["report not taken", "report not taken"]


def test_nobody_reports_a_stop_of_somebody_else(signed_in, database):
    """Roles open doors; whose stop it is decides inside."""
    refused = report(signed_in("technician"), BRUNO_STOP, "en_route")
    assert (refused.status_code, "X-Shut-Out" in refused.headers) == (403, False)
    assert database.get_one(Stop, BRUNO_STOP).status == "planned"


def test_a_phone_is_told_when_it_is_the_account_that_may_not(signed_in):
    """It keeps the report then: another role, or a second factor that is still to be set up, says nothing about it."""
    refused = report(signed_in("dispatcher"), ANA_STOPS[0], "en_route")
    assert (refused.status_code, refused.mimetype) == (403, "application/problem+json")
    assert refused.headers["X-Shut-Out"] == "1"


def test_nobody_sees_the_stops_of_somebody_else(signed_in):
    """There is no way to ask for another technician's day: the parameter does not exist."""
    day = signed_in("technician").get("/phone/api/day?on=2026-11-23&technician_id=2").json
    assert [stop["stop_id"] for stop in day["stops"]] == list(ANA_STOPS)


def test_a_stop_that_does_not_exist_is_not_found(signed_in):
    """404, not an error of ours."""
    assert report(signed_in("technician"), 999, "en_route").status_code == 404


@pytest.mark.parametrize(
    ("body", "words"), [({}, "`status`"), ({"status": 3}, "`status`"), ({"status": "flying"}, "en_route")]
)
def test_a_report_that_says_nothing_usable_is_refused_in_words(signed_in, body: dict, words: str):
    """400 with what is missing or would be right."""
    response = signed_in("technician").post_json("/phone/api/stops/1/status", body)
    assert response.status_code == 400
    assert words in response.json["detail"]


def test_the_phone_offers_exactly_the_moves_that_exist():
    """The buttons are named in TypeScript; a move that the server would refuse, or lacks, must not slip in."""
    source = (Path(__file__).parents[2] / "web/frontend/src/phone/day.ts").read_text(encoding="utf-8")
    body = source.split("export function moves(")[1].split("\n}")[0]
    offered: dict[str, set[str]] = {}
    for cases, moves in re.findall(r"((?:case \"\w+\":\s*)+)return (\[.*?\]);", body, re.S):
        for status in re.findall(r"case \"(\w+)\"", cases):
            offered[status] = set(re.findall(r"to: \"(\w+)\"", moves))
    assert offered == {status: set(list_next(status, "technician")) for status in STATUSES if status != "requested"}
