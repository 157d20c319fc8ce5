"""Customers, technicians, events, reports, webhooks and tasks over the API."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from dispatch.events import record_event
from dispatch.models import OnCall, TaskRun, WebhookDelivery
from dispatch.webhooks.subscriptions import add_webhook
from tests.web.conftest import NOW, at


def test_a_customer_is_added_changed_and_found(dispatcher):
    """With the version that was seen."""
    place = {"address": "Calle Prat 12", "lat": -29.9, "lon": -71.25}
    made = dispatcher.post("/customers", {"name": "Mrs Li", "location": place}, Idempotency_Key="li")
    assert (made.status_code, made.json["location"]) == (201, place)
    assert dispatcher.post("/customers", {"name": "Mrs Li", "location": place}, Idempotency_Key="li").json == made.json
    path = made.headers["Location"].removeprefix("/api/v1")
    changed = dispatcher.patch(path, {"phone": "+56 1", "notes": "Dog"}, If_Match=made.headers["ETag"])
    assert (changed.status_code, changed.json["phone"], changed.json["version"]) == (200, "+56 1", 2)
    assert dispatcher.patch(path, {"phone": None}, If_Match=made.headers["ETag"]).status_code == 412
    assert dispatcher.patch(path, {"name": " "}, If_Match='"2"').status_code == 422
    assert [one["name"] for one in dispatcher.get("/customers?q=mrs").json["items"]] == ["Mrs Li"]


def test_all_that_is_wrong_with_a_customer_is_said_at_once_by_field(dispatcher):
    """Name, e-mail address and place; when one is added and when one is changed."""
    wrong = {"name": " ", "email": "a@[", "location": {"address": " ", "lat": -29.9, "lon": -71.25}}
    for refused in (dispatcher.post("/customers", wrong), dispatcher.patch("/customers/1", wrong, If_Match='"1"')):
        assert refused.status_code == 422
        assert {one["pointer"] for one in refused.json["errors"]} == {"#/name", "#/email", "#/location/address"}
        assert all(one["mend"] for one in refused.json["errors"])


def test_a_note_stands_in_the_history(dispatcher):
    """With who wrote it down."""
    assert dispatcher.post("/customers/1/notes", {"text": "Key at the neighbour", "channel": "call"}).status_code == 201
    newest = dispatcher.get("/customers/1/history").json["history"][0]
    assert (newest["what"], newest["words"], newest["who"]) == ("call", "Key at the neighbour", "Dispatcher Example")
    assert dispatcher.get("/customers/99/history").status_code == 404


def test_a_long_history_is_read_page_by_page(dispatcher):
    """The newest first, each line once."""
    for n in range(3):
        dispatcher.post("/customers/1/notes", {"text": f"Called {n}", "channel": "call"})
    first = dispatcher.get("/customers/1/history?limit=2").json
    last = dispatcher.get(f"/customers/1/history?limit=200&cursor={first['next']}").json
    words = [one["words"] for one in (*first["history"], *last["history"]) if one["what"] == "call"]
    assert (words, len(first["history"]), last["next"]) == (["Called 2", "Called 1", "Called 0"], 2, None)


def test_a_history_has_the_event_that_befell_a_visit(dispatcher):
    """By its id, as it stands among the incidents."""
    assert dispatcher.post("/jobs/1/status", {"status": "en_route"}).status_code == 200
    assert dispatcher.post("/jobs/1/status", {"status": "on_site"}).status_code == 200
    event = {"kind": "overrun", "on": "2026-11-23", "job_id": 1, "minutes": 20}
    made = dispatcher.post("/incidents", event)
    assert made.status_code == 201, made.text
    lines = dispatcher.get("/customers/1/history").json["history"]
    [line] = [one for one in lines if one["incident_id"] is not None]
    assert (line["what"], line["incident_id"], line["message"]) == ("event: job overrunning", made.json["id"], "")


def test_what_comes_in_meanwhile_repeats_no_line_of_a_history(dispatcher):
    """Later pages are of what was there when the first was read; who begins anew reads the new line."""
    for n in range(3):
        dispatcher.post("/customers/1/notes", {"text": f"Called {n}", "channel": "call"})
    shown, path = [], "/customers/1/history?limit=1"
    whole = dispatcher.get("/customers/1/history").json["history"]
    after = ""
    while after is not None:
        page = dispatcher.get(f"{path}&cursor={after}").json
        shown, after = shown + page["history"], page["next"]
        dispatcher.post("/customers/1/notes", {"text": f"Meanwhile, after {len(shown)}", "channel": "call"})
        assert len(shown) < 20, "the pages never end"
    assert shown == whole
    assert dispatcher.get(path).json["history"][0]["words"] == f"Meanwhile, after {len(shown)}"


def test_an_absence_is_told_and_taken_back(dispatcher):
    """The technician's version rises, so that nobody overwrites what they have not seen."""
    seen = dispatcher.get("/technicians/1").headers["ETag"]
    absence = {"from_on": "2026-11-24", "to_on": "2026-11-25", "reason": "ill"}
    made = dispatcher.post("/technicians/1/absences", absence)
    assert made.status_code == 201
    twice = dispatcher.post("/technicians/1/absences", {**absence, "from_on": "2026-11-25"})
    assert twice.json["errors"][0]["pointer"] == "#/from_on"
    path = f"/technicians/1/absences/{made.json['id']}"
    assert dispatcher.call("DELETE", path, If_Match=seen).status_code == 412
    now = dispatcher.get("/technicians/1")
    assert now.json["absences"] == [made.json]
    assert dispatcher.call("DELETE", path, If_Match=now.headers["ETag"]).status_code == 204
    assert dispatcher.get("/technicians/1").json["absences"] == []
    backwards = dispatcher.post("/technicians/1/absences", {**absence, "to_on": "2026-11-01", "reason": " "})
    assert [one["pointer"] for one in backwards.json["errors"]] == ["#/to_on", "#/reason"]


def test_of_many_who_tell_one_absence_at_once_one_is_stored(dispatcher):
    """Eight threads: one 201, seven are told that it is there."""
    absence = {"from_on": "2026-12-01", "to_on": "2026-12-02", "reason": "ill"}
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: dispatcher.post("/technicians/2/absences", absence), range(8)))
    assert sorted(one.status_code for one in answers) == [201] + [422] * 7
    assert len(dispatcher.get("/technicians/2").json["absences"]) == 1


def test_somebody_on_call_is_called_in(app, dispatcher, clock):
    """Who is not on call is not."""
    assert dispatcher.post("/technicians/2/called-in", {"reason": "Lift stuck"}).status_code == 409
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add(OnCall(technician_id=2, territory_id=1, from_at=at(17), until_at=at(23)))
    clock.now = at(18)
    called = dispatcher.post("/technicians/2/called-in", {"reason": "Lift stuck"})
    assert (called.status_code, "Bruno Díaz" in called.json.get("sentence", "")) == (200, True), called.json


def test_a_technician_sees_the_own_day_and_reports_from_the_own_stops(make_caller, dispatcher):
    """Of others neither."""
    ana = make_caller("technician")
    day = ana.get("/technicians/1/day").json
    assert [one["number"] for one in day["stops"]] == ["J-1", "J-2"]
    assert ana.get("/technicians/2/day").status_code == 403
    assert dispatcher.get("/technicians/2/day").status_code == 200
    reported = ana.post(f"/stops/{day['stops'][0]['stop_id']}/status", {"status": "en_route"})
    assert (reported.status_code, reported.json["status"]) == (200, "en_route")
    bruno = dispatcher.get("/technicians/2/day").json["stops"][0]["stop_id"]
    assert ana.post(f"/stops/{bruno}/status", {"status": "en_route"}).status_code == 403
    assert ana.get("/technicians").status_code == 403


def test_events_follow_each_other_and_only_those_that_concern_somebody_are_told(make_caller, dispatcher):
    """Who goes on with `next` misses nothing."""
    begin = dispatcher.get("/events").json["next"]
    dispatcher.post("/jobs/3/status", {"status": "dispatched"})
    told = dispatcher.get(f"/events?cursor={begin}").json
    assert [(one["kind"], one["subject_id"], one["days"]) for one in told["items"]] == [
        ("visit sent to the phone", 3, ["2026-11-23"]),
        ("job status", 3, ["2026-11-23"]),
    ]
    nothing = dispatcher.get(f"/events?cursor={told['next']}").json
    assert nothing == {"items": [], "next": told["next"]}
    ana = make_caller("technician")
    assert 3 not in {one["subject_id"] for one in ana.get("/events").json["items"] if one["subject"] == "job"}


def test_managers_read_reports_and_tasks(make_caller):
    """As on their pages; a wrong period is refused in words."""
    manager = make_caller("manager")
    report = manager.get("/reports/utilization?from_on=2026-11-17&to_on=2026-11-23").json
    assert [one["technician"] for one in report["technicians"]] == ["Ana Rojas", "Bruno Díaz"]
    assert manager.get("/reports/utilization?from_on=2026-11-23&to_on=2026-11-17").status_code == 422
    assert {"nightly plan", "backup"} <= {one["name"] for one in manager.get("/tasks").json["tasks"]}
    assert manager.get("/health").json["report"]["database"] is True


def test_runs_are_read_page_by_page(app, make_caller):
    """The latest first; of those that failed as of all."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        for n, status in enumerate(("failed", "done", "failed", "failed")):
            due = {"task": f"task {n}", "due_at": NOW + timedelta(minutes=n)}
            error = "No roads." if status == "failed" else None
            session.add(TaskRun(status=status, started_at=NOW, ended_at=NOW, error=error, **due))
    manager = make_caller("manager")
    first = manager.get("/tasks?only_failed=true&limit=2").json
    last = manager.get(f"/tasks?only_failed=true&limit=2&cursor={first['next']}").json
    names = [[one["task"] for one in page["runs"]] for page in (first, last)]
    assert (names, last["next"]) == ([["task 3", "task 2"], ["task 0"]], None)


def test_an_admin_adds_a_webhook_and_its_secret_is_answered_once(make_caller):
    """And switches it off."""
    admin = make_caller("admin")
    made = admin.post("/webhooks", {"url": "https://example.org/hooks", "kinds": ["job status"]})
    assert made.status_code == 201
    assert made.json["secret"].startswith("whsec_")
    shown = admin.get("/webhooks")
    assert made.json["secret"] not in shown.text
    assert [one["url"] for one in shown.json["webhooks"]] == ["https://example.org/hooks"]
    off = admin.call("PUT", f"/webhooks/{made.json['id']}/active", {"active": False})
    assert off.json["active"] is False
    assert admin.post("/webhooks", {"url": "ftp://example.org"}).status_code == 422
    assert admin.post("/webhooks/deliveries/1/again", None).status_code == 404


def test_what_webhooks_gave_up_is_read_page_by_page_to_the_last(app, make_caller):
    """After an outage there may be thousands; each is found once, to be sent again."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        add_webhook(session, "https://example.org/hooks", [], NOW, None)
        record_event(session, "job status", NOW, None)
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        given_up = {"webhook_id": 1, "status": "dead", "next_at": NOW}
        session.add_all(WebhookDelivery(event_seq=seq, **given_up) for seq in (1, 2))
    manager = make_caller("manager")
    first = manager.get("/webhooks?limit=1").json
    last = manager.get(f"/webhooks?limit=1&cursor={first['next']}").json
    assert [[one["event_seq"] for one in page["given_up"]] for page in (first, last)] == [[2], [1]]
    assert [len(page["webhooks"]) for page in (first, last)] == [1, 1]
    assert last["next"] is None
