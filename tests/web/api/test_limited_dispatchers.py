"""A token of a dispatcher who is limited to territories sees and changes what is in them, and nothing else."""

import pytest
from flask import Flask
from sqlalchemy import select

from dispatch.models import Customer, Incident, Job, Location, Stop, Technician, Territory, UserTerritory, VanStock
from dispatch.planning.answers import NOTHING
from tests.web.api.test_on_site import picture, send
from tests.web.api.test_tokens import operations
from tests.web.conftest import NOW, TODAY, at
from tests.web.test_territory_scope import BEGUN, REPAIRED, SECRET, two_territories
from web.access import EVERYONE, is_open_to_limited, roles_of

__all__ = ["two_territories"]
NEW = {"customer_id": 1, "title": "No hot water", "service_s": 1800}
SPAN = {"from_at": "2026-11-23T14:00:00Z", "until_at": "2026-11-23T15:00:00Z"}
CHANGES = {
    "api_jobs.add_job": {**NEW, "location": {"address": "Valley 2", "lat": -30.6, "lon": -71.2}},
    "api_jobs.edit_job": {"priority": 1},
    "api_jobs.move_job": {"status": "cancelled", "reason": "Moved out"},
    "api_jobs.unpin_job": None,
    "api_jobs.promise_window": SPAN,
    "api_jobs.withdraw_promise": {"reason": "Ill"},
    "api_jobs.note_at_job": {"text": "She called."},
    "api_jobs.tick_step": {"done": True},
    "api_jobs.add_photo_to_job": picture(),
    "api_customers.edit_customer": {"name": "Mine now"},
    "api_customers.note_at_customer": {"text": "She called."},
    "api_technicians.new_absence": {"from_on": "2026-12-01", "to_on": "2026-12-01", "reason": "ill"},
    "api_technicians.cancel_absence": None,
    "api_technicians.report_from_stop": {"status": "en_route"},
    "api_technicians.tick_step_at_stop": {"done": True},
    "api_technicians.part_used_at_stop": {"part": "valve", "used": 1},
    "api_technicians.note_at_stop": {"text": "Nobody there."},
    "api_technicians.photo_at_stop": picture(),
}
"""What changes something, with a body that would do for somebody who is not limited."""
ANYBODY = {"api_customers.new_customer"}
"""What belongs to nobody yet."""


@pytest.fixture
def theirs(app: Flask, two_territories) -> dict[str, int]:
    """Ids of the other territory, by the names that addresses give them; an incident there, and where it lies."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        there = session.scalars(select(Territory).where(Territory.name.contains(SECRET))).one()
        there.polygon = '{"type":"Polygon","coordinates":[[[-72,-31],[-71,-31],[-71,-30],[-72,-30],[-72,-31]]]}'
        dario = session.scalars(select(Technician).where(Technician.code == "T3")).one()
        job = session.scalars(select(Job).where(Job.number == f"{SECRET}-0")).one()
        stop = session.scalars(select(Stop).where(Stop.job_id == job.id)).one()
        carla = session.scalars(select(Technician).where(Technician.code == "T4")).one()
        carla.home = Location(address="Home 4", lat=-30.6, lon=-71.2)  # she may be sent to the town
        facts = {"on": TODAY, "from_at": NOW, "reported_at": NOW, "action": "warn"}
        session.add_all([
            Incident(kind="overrun", job_id=job.id, technician_id=dario.id, **facts),
            Incident(kind="technician_ill", technician_id=dario.id, **facts),
            Incident(kind="technician_ill", technician_id=1, **facts),
        ])  # fmt: skip
        return {"job_id": job.id, "customer_id": job.customer_id, "technician_id": dario.id, "stop_id": stop.id,
                "absence_id": 1}  # fmt: skip


def test_it_reads_of_no_other_territory_anywhere(app: Flask, dispatcher, theirs):
    """Every operation that reads, with the ids of what is theirs and of what is not."""
    opened = 0
    for number in range(1, 9):
        for method, path, _, _ in operations(app, number):
            if path != "/events/stream" and method == "GET" and (number == 1 or str(number) in path):
                answer = dispatcher.get(path)
                assert answer.status_code < 500, path
                assert SECRET not in answer.text.replace(f"Valley {SECRET}", ""), path
                opened += answer.status_code == 200
    assert opened > 15


def test_of_a_repair_they_read_which_plan_it_was(dispatcher, make_caller, two_territories):
    """Not which jobs it moved, for these may be anywhere."""
    assert outcomes(dispatcher) == [NOTHING, "Published as plan 1."]
    assert outcomes(make_caller("admin")) == [f"{BEGUN} {NOTHING}", REPAIRED]


def outcomes(caller) -> list[str]:
    return [one["outcome"] for one in caller.get("/incidents").json["incidents"]]


def test_somebody_who_is_not_limited_reads_of_it(make_caller, theirs):
    """Else the test above would prove nothing."""
    admin = make_caller("admin")
    for path in ("/jobs", "/customers", "/technicians", "/board", "/incidents"):
        assert SECRET in admin.get(path).text, path
    assert admin.get(f"/jobs/{theirs['job_id']}").status_code == 200


def test_it_changes_nothing_of_another_territory(app: Flask, dispatcher, theirs):
    """What is not theirs is not there, what concerns all is closed; what is open stands in the table above."""
    seen = set()
    for rule in app.url_map.iter_rules():
        roles, verbs = roles_of(app, rule.endpoint), rule.methods - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith("/api/v1/") or roles == EVERYONE or verbs == {"GET"} or "dispatcher" not in roles:
            continue
        path = rule.build({name: theirs.get(name, 1) for name in rule.arguments})[1].removeprefix("/api/v1")
        body = CHANGES.get(rule.endpoint, {})
        if isinstance(body, bytes):
            answer = send(dispatcher, path, body)
        else:
            answer = dispatcher.call(*verbs, path, body, If_Match='"1"')
        if is_open_to_limited(app, rule.endpoint):
            seen.add(rule.endpoint)
            expected = {400} if rule.endpoint in ANYBODY else {403} if rule.endpoint == "api_jobs.add_job" else {404}
        else:
            expected = {403}
        assert answer.status_code in expected, (path, answer.text)
    assert seen == set(CHANGES) | ANYBODY
    with app.extensions["wrenchtime"].session_factory() as session:
        assert "Mine now" not in session.scalars(select(Customer.name)).all()


def test_what_is_theirs_it_reads_and_changes(dispatcher, theirs):
    """A job in the own territory, asked for and cancelled; a number that a hidden job has is refused all the same."""
    place = {"address": "Calle Prat 12", "lat": -29.9, "lon": -71.25}
    taken = dispatcher.post("/jobs", {**NEW, "location": place, "number": f"{SECRET}-1"})
    assert [one["pointer"] for one in taken.json["errors"]] == ["#/number"]
    made = dispatcher.post("/jobs", {**NEW, "location": place})
    assert made.status_code == 201, made.json
    path = made.headers["Location"].removeprefix("/api/v1")
    assert dispatcher.patch(path, {"priority": 90}, If_Match=made.headers["ETag"]).json["priority"] == 90
    assert dispatcher.post(f"{path}/status", {"status": "cancelled", "reason": "Mended"}).status_code == 200
    assert [one["technician"]["id"] for one in dispatcher.get("/incidents").json["incidents"]] == [1, 1, 1]
    assert dispatcher.post("/runs", {"on": "2026-11-23"}).status_code == 403


def test_work_at_their_jobs_is_reported_whoever_did_it(app: Flask, dispatcher, theirs):
    """Ana is of another territory by now; her visits here are still theirs, and her van has fewer parts."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        ana = session.scalars(select(Technician).where(Technician.code == "T1")).one()
        ana.territory = session.scalars(select(Territory).where(Territory.name.contains(SECRET))).one()
        ana.van_stock.append(VanStock(part="valve", count=5))
        ids = {one.job.number: one.id for one in session.scalars(select(Stop))}
    used = dispatcher.call("PUT", f"/stops/{ids['J-1']}/parts", {"part": "valve", "used": 1})
    assert used.status_code == 200, used.text
    for status in ("en_route", "on_site", "done"):
        reported = dispatcher.post(f"/stops/{ids['J-2']}/status", {"status": status})
        assert reported.status_code == 200, reported.text
    with app.extensions["wrenchtime"].session_factory() as session:
        assert session.scalars(select(VanStock.count)).all() == [2]


def test_a_job_of_theirs_may_name_somebody_of_another_territory(app: Flask, dispatcher, theirs):
    """As where it is made: who must not come is not always who comes."""
    path, wishes = "/jobs/2", [{"technician_id": theirs["technician_id"], "wish": "excluded"}]
    changed = dispatcher.patch(path, {"wishes": wishes}, If_Match=dispatcher.get(path).headers["ETag"])
    assert changed.status_code == 200, changed.text
    with app.extensions["wrenchtime"].session_factory() as session:
        named = [(one.technician_id, one.wish) for one in session.get_one(Job, 2).wishes]
    assert named == [(theirs["technician_id"], "excluded")]
    tag = dispatcher.get(path).headers["ETag"]
    assert dispatcher.patch(path, {"wishes": [{**wishes[0], "wish": "preferred"}]}, If_Match=tag).status_code == 200


def test_what_continues_a_job_that_lies_elsewhere_by_now_is_continued_again(app: Flask, dispatcher, theirs):
    """Its number goes on from the first job's, also where that is hidden."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.get_one(Job, 1).return_of_id = theirs["job_id"]
        [stop_id] = session.scalars(select(Stop.id).where(Stop.job_id == 1))
    for status in ("en_route", "on_site", "to_be_continued"):
        told = {"status": status, "reason": "The pump is missing"}
        reported = dispatcher.post(f"/stops/{stop_id}/status", told)
        assert reported.status_code == 200, reported.text
    with app.extensions["wrenchtime"].session_factory() as session:
        assert session.scalars(select(Job.number).where(Job.return_of_id == 1)).all() == [f"{SECRET}-0-3"]


def test_what_they_report_clears_no_alert_that_comes_of_a_visit_elsewhere(app: Flask, make_caller, dispatcher, clock):
    """Ana is still at a visit of the valley, so that she comes late to theirs: of her route they see the half."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        ana = session.scalars(select(Technician).where(Technician.code == "T1")).one()
        valley = Territory(name="Valley", zone="America/Santiago")
        session.add(valley)
        session.add(UserTerritory(user_id=1, territory_id=1))
        ana.territory = session.get_one(Job, 1).territory = valley
        ids = {one.job.number: one.id for one in session.scalars(select(Stop))}
    admin, clock.now = make_caller("admin"), at(10, 50)
    for status in ("en_route", "on_site"):
        assert admin.post(f"/stops/{ids['J-1']}/status", {"status": status}).status_code == 200
    [late] = admin.get("/incidents?status=open").json["incidents"]
    assert (late["kind"], late["job_id"]) == ("will_be_late", 2)
    assert dispatcher.post("/jobs/2/status", {"status": "dispatched"}).status_code == 200
    assert [one["id"] for one in admin.get("/incidents?status=open").json["incidents"]] == [late["id"]]


def test_what_continues_theirs_is_taken_back_also_where_it_lies_elsewhere_by_now(app: Flask, dispatcher, theirs):
    """Else it would be done twice."""
    with app.extensions["wrenchtime"].session_factory() as session:
        [stop_id] = session.scalars(select(Stop.id).where(Stop.job_id == 1))
    for status in ("en_route", "on_site", "to_be_continued"):
        told = {"status": status, "reason": "The pump is missing"}
        assert dispatcher.post(f"/stops/{stop_id}/status", told).status_code == 200
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        again = session.scalars(select(Job).where(Job.return_of_id == 1)).one()
        again.territory = session.scalars(select(Territory).where(Territory.name.contains(SECRET))).one()
    back = dispatcher.post(f"/stops/{stop_id}/status", {"status": "on_site", "reason": "It was there"})
    assert back.status_code == 200, back.text
    with app.extensions["wrenchtime"].session_factory() as session:
        assert session.scalars(select(Job.status).where(Job.return_of_id == 1)).all() == ["cancelled"]


def test_photos_of_their_jobs_are_theirs_and_no_others(app: Flask, make_caller, dispatcher, signed_in, theirs):
    """As large as they are, and as pages show them."""
    admin, numbers = make_caller("admin"), {}
    for job_id in (1, theirs["job_id"]):
        sent = send(admin, f"/jobs/{job_id}/photos", picture())
        numbers[job_id] = sent.json["id"]
    page = signed_in("dispatcher")
    for job_id, status in ((1, 200), (theirs["job_id"], 404)):
        assert dispatcher.get(f"/photos/{numbers[job_id]}").status_code == status
        assert page.get(f"/photos/{numbers[job_id]}?size=small").status_code == status


def test_what_happened_to_a_technician_stands_in_the_history_of_customers_unless_it_may_be_of_others(
    app: Flask, make_caller, signed_in
):
    """On the customer's page, where it leads to the event, and over the API; for limited dispatchers in neither."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        facts = {"on": TODAY, "from_at": NOW, "reported_at": NOW, "action": "warn"}
        session.add(Incident(kind="technician_ill", technician_id=1, **facts))
    page, program = signed_in("dispatcher"), make_caller("dispatcher")
    line = '<a href="/console/events/1">event: technician ill</a></td><td data-label="About">Ana Rojas, job J-1</td>'
    assert line in page.get("/console/customers/1").text
    told = program.get("/customers/1/history").json["history"]
    assert [one["about"] for one in told if one["what"] == "event: technician ill"] == ["Ana Rojas, job J-1"]
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add(UserTerritory(user_id=1, territory_id=1))
    assert "technician ill" not in page.get("/console/customers/1").text
    assert "technician ill" not in program.get("/customers/1/history").text
