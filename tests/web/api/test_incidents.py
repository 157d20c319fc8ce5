"""What happens on a day over the API: reported, repaired, dismissed and taken back; emergencies and their ways."""

import pytest
from sqlalchemy import select

from dispatch.models import Job
from dispatch.runs.execution import run_next_plan
from tests.web.conftest import at

LATE = {"kind": "technician_late", "on": "2026-11-23", "technician_id": 1, "minutes": 20}


@pytest.fixture
def run_plans(app, clock):
    """Make what is queued, as the scheduler does."""

    def run() -> None:
        while run_next_plan(app.extensions["wrenchtime"].session_factory, "test", clock):
            pass

    return run


def path_of(response) -> str:
    return response.headers["Location"].removeprefix("/api/v1")


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "technician_ill", "technician_id": 1},
        {"kind": "technician_late", "technician_id": 1, "minutes": 20},
        {"kind": "no_access", "job_id": 1, "words": "Nobody home"},
        {"kind": "cancellation", "job_id": 2, "words": "Mended it themselves"},
        {"kind": "part_missing", "job_id": 1, "part": "valve"},
        {"kind": "road_closed", "lat": -29.9, "lon": -71.25, "radius_m": 500},
        {"kind": "overrun", "job_id": 1, "minutes": 30},
    ],
    ids=lambda told: told["kind"],
)
def test_every_kind_is_reported_and_shown_with_what_the_policy_did(dispatcher, told: dict):
    """Stored at once, with its version, and listed on its day."""
    if told["kind"] in ("overrun", "no_access"):
        [stop, *_] = dispatcher.get("/technicians/1/day").json["stops"]
        for status in ("en_route", "on_site"):
            assert dispatcher.post(f"/stops/{stop['stop_id']}/status", {"status": status}).status_code == 200
    made = dispatcher.post("/incidents", {"on": "2026-11-23", **told})
    assert made.status_code == 201, made.json
    assert {name: made.json[name] for name in told if name in made.json and name != "minutes"}.items() <= told.items()
    assert made.json["action"] == ("warn" if told["kind"] == "no_access" else "propose")
    assert made.json["reported_by"]["name"] == "Dispatcher Example"
    listed = dispatcher.get("/incidents").json
    assert made.json["id"] in {one["id"] for one in listed["incidents"]}
    assert (listed["budget"]["moved"], listed["budget"]["most"], listed["budget"]["left"]) == (0, 20, 20)
    seen = dispatcher.get(path_of(made))
    assert (seen.json["kind"], seen.headers["ETag"]) == (told["kind"], f'"{seen.json["version"]}"')


def test_a_day_with_much_trouble_is_read_page_by_page(dispatcher):
    """The newest first; what is told of meanwhile moves nothing."""
    told = [{"kind": "cancellation", "on": "2026-11-23", "job_id": job, "words": "No"} for job in (1, 2)]
    ids = [dispatcher.post("/incidents", one).json["id"] for one in (*told, LATE)]
    first = dispatcher.get("/incidents?limit=2&status=open").json
    assert [one["id"] for one in first["incidents"]] == ids[:0:-1]
    dispatcher.post("/incidents", LATE | {"technician_id": 2})
    last = dispatcher.get(f"/incidents?limit=2&status=open&cursor={first['next']}").json
    assert ([one["id"] for one in last["incidents"]], last["next"]) == (ids[:1], None)


def test_technicians_see_what_they_have_told_and_nothing_else(make_caller, dispatcher):
    """Also when it is about them: what the office was told by others is the office's."""
    ana = make_caller("technician")
    own = ana.post("/incidents", LATE)
    assert ana.get(path_of(own)).json["kind"] == "technician_late"
    others = dispatcher.post("/incidents", {"kind": "technician_ill", "on": "2026-11-23", "technician_id": 1})
    assert ana.get(path_of(others)).status_code == 403
    assert ana.get("/incidents/999").status_code == 404
    assert ana.get("/incidents").status_code == 403


def test_technicians_tell_of_themselves_and_of_nobody_else(make_caller):
    """Their phones may be programs of others; whoever they are, another's day is not theirs to change."""
    ana = make_caller("technician")
    assert ana.post("/incidents", LATE).status_code == 201
    cancelled = {"kind": "cancellation", "on": LATE["on"], "job_id": 1, "words": "No"}
    for others in (LATE | {"technician_id": 2}, LATE | {"job_id": 3}, cancelled):
        assert ana.post("/incidents", others).status_code == 403, others


def test_everything_wrong_with_a_report_is_said_at_once(dispatcher):
    """What cannot be read, and what the day does not know."""
    unread = dispatcher.post("/incidents", {"kind": "phone_silent", "minutes": 0, "words": 7})
    assert {one["pointer"] for one in unread.json["errors"]} == {"#/kind", "#/minutes", "#/on", "#/words"}
    wrong = dispatcher.post("/incidents", {"kind": "part_missing", "on": "2026-11-23", "job_id": 77, "part": "gold"})
    assert (wrong.status_code, [one["pointer"] for one in wrong.json["errors"]]) == (422, ["#/job_id", "#/part"])


def test_an_incident_is_dismissed_by_the_version_that_was_seen(dispatcher):
    """A report that came meanwhile is looked at first."""
    made = dispatcher.post("/incidents", LATE)
    path = f"{path_of(made)}/dismissed"
    dispatcher.post("/incidents", {**LATE, "minutes": 40})
    said = {"reason": "She made up for it"}
    assert dispatcher.call("PUT", path, said).status_code == 428
    assert dispatcher.call("PUT", path, said, If_Match=made.headers["ETag"]).status_code == 412
    tag = dispatcher.get(path_of(made)).headers["ETag"]
    done = dispatcher.call("PUT", path, said, If_Match=tag)
    assert (done.json["status"], done.json["reason"]) == ("dismissed", "She made up for it")
    assert done.json["closed_by"]["name"] == "Dispatcher Example"
    still_open = dispatcher.get("/incidents?status=open").json["incidents"]
    assert made.json["id"] not in {one["id"] for one in still_open}


def test_the_day_is_repaired_as_a_draft_published_and_taken_back(app, dispatcher, clock, run_plans):
    """The incident names the draft that answers it, then the version."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        for job in session.scalars(select(Job)):
            job.skills.clear()
            job.parts.clear()
    clock.now = at(7)
    made = dispatcher.post("/incidents", {"kind": "technician_ill", "on": "2026-11-23", "technician_id": 1})
    run_plans()
    waiting = dispatcher.get(path_of(made)).json["plan"]
    assert waiting["status"] == "draft"
    draft = dispatcher.get(f"/drafts/{waiting['id']}")
    assert {one["job_id"] for one in draft.json["changes"]} == {1, 2}
    assert draft.json["summary"].startswith("2 jobs move")
    told = dispatcher.get(f"{path_of(made)}/history").json
    assert [(one["what"], {job["number"] for job in one["jobs"]}) for one in told["done"]] == [
        ("Goes to somebody else", {"J-1", "J-2"})
    ]
    assert told["history"][0]["who"] == "Dispatcher Example"
    published = dispatcher.call("PUT", f"/drafts/{waiting['id']}/published", {}, If_Match=draft.headers["ETag"])
    assert published.status_code == 200, published.json
    assert dispatcher.get(path_of(made)).json["status"] == "repaired"
    back = dispatcher.post(f"{path_of(made)}/taken-back", {"reason": "It was another Ana"})
    assert (back.status_code, back.json["status"]) == (200, "published"), back.json
    assert dispatcher.get("/jobs/1").json["visit"]["technician"]["id"] == 1
    assert dispatcher.post(f"{path_of(made)}/taken-back", {"reason": "Again"}).status_code == 409


def test_a_repair_is_asked_for_and_watched(dispatcher):
    """Twice in one moment is one run."""
    made = dispatcher.post(
        "/incidents", {"kind": "cancellation", "on": "2026-11-23", "job_id": 2, "words": "Moved out"}
    )
    asked = [dispatcher.post(f"{path_of(made)}/repair", {"as_draft": False}) for _ in range(2)]
    assert [(one.status_code, one.json["status"]) for one in asked] == [(202, "queued")] * 2
    assert asked[0].json["id"] == asked[1].json["id"]
    assert dispatcher.get(path_of(asked[0])).json["arguments"]["as_draft"] is False
    assert dispatcher.post("/incidents/99/repair", {}).status_code == 404


def take_call(dispatcher, **more):
    [place] = dispatcher.get("/customers/1/places").json["places"]
    call = {"on": "2026-11-23", "customer_id": 1, "location_id": place["id"], "title": "People in the lift",
            "minutes": 30, **more}  # fmt: skip
    return dispatcher.post("/emergencies", call, Idempotency_Key="call-1")


def test_an_emergency_has_ways_with_prices_and_one_is_chosen(dispatcher):
    """The cheapest first; a way that is gone is refused; the call sent twice is one job."""
    made = take_call(dispatcher)
    assert (made.status_code, made.json["kind"], made.json["job_number"]) == (201, "emergency", "W1"), made.json
    assert take_call(dispatcher).json == made.json
    ways = dispatcher.get(f"{path_of(made)}/ways").json["ways"]
    assert {one["technician_code"] for one in ways} == {"T1", "T2"}
    assert all(one["arrive_at"] <= one["start_at"] for one in ways)
    assert [one["price_s"] for one in ways] == sorted(one["price_s"] for one in ways)
    best = {name: ways[0][name] for name in ("technician_code", "moved", "start_at")}
    gone = {**best, "start_at": "2026-11-23T23:00:00Z"}
    assert dispatcher.post(f"{path_of(made)}/way", gone).status_code == 409
    chosen = dispatcher.post(f"{path_of(made)}/way", best)
    assert (chosen.status_code, chosen.json["status"]) == (200, "published"), chosen.json
    assert dispatcher.get(f"/jobs/{made.json['job_id']}").json["visit"]["planned_start_at"] == best["start_at"]
    assert dispatcher.get(f"{path_of(made)}/ways").status_code == 409


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "road_closed", "lat": -29.9, "lon": -71.25, "radius_m": 500},
        {"kind": "part_missing", "job_id": 2, "part": "valve"},
    ],
    ids=lambda told: told["kind"],
)
def test_only_an_emergency_is_served_by_a_way(dispatcher, told: dict):
    """Else a job would be moved, and what happened closed as answered."""
    made = dispatcher.post("/incidents", {"on": "2026-11-23", **told})
    way = {"technician_code": "T2", "start_at": "2026-11-23T15:00:00Z"}
    refused = dispatcher.post(f"{path_of(made)}/way", way)
    assert (refused.status_code, "Only an emergency" in refused.json["detail"]) == (409, True)
    assert dispatcher.get(path_of(made)).json["status"] == "open"


def test_everything_wrong_with_a_call_is_said_at_once_and_nothing_is_stored(dispatcher):
    """A place that is not the customer's, a time that has passed, and no length."""
    wrong = take_call(dispatcher, location_id=1, due_at="2026-11-23T01:00:00Z", minutes=None)
    assert wrong.status_code == 400
    call = {"on": "2026-11-23", "customer_id": 1, "location_id": 1, "title": " ", "due_at": "2026-11-23T01:00:00Z"}
    refused = dispatcher.post("/emergencies", call)
    places = [one["pointer"] for one in refused.json["errors"]]
    assert (refused.status_code, places) == (422, ["#/due_at", "#/location_id", "#/title", "#/service_s"])
    assert len(dispatcher.get("/jobs").json["items"]) == 3


NEW_CALL = {
    "on": "2026-11-23",
    "customer": {"name": "Frida Soto", "phone": "+56 51 255 0199"},
    "location": {"address": "Calle Nueva 7", "lat": -29.91, "lon": -71.26},
    "title": "Gas smells",
    "minutes": 30,
}


def test_somebody_who_calls_for_the_first_time_is_served_at_a_new_address(dispatcher):
    """Customer, place and job are stored at once, and the ways say who can come."""
    made = dispatcher.post("/emergencies", NEW_CALL)
    assert made.status_code == 201, made.json
    job = dispatcher.get(f"/jobs/{made.json['job_id']}").json
    assert (job["customer"]["name"], job["location"], job["priority"]) == ("Frida Soto", NEW_CALL["location"], 100)
    customer = dispatcher.get(f"/customers/{job['customer']['id']}").json
    assert (customer["phone"], customer["location"]) == ("+56 51 255 0199", NEW_CALL["location"])
    assert {one["technician_code"] for one in dispatcher.get(f"{path_of(made)}/ways").json["ways"]} == {"T1", "T2"}


def test_everything_wrong_with_a_new_caller_is_said_at_once_and_nothing_is_stored(dispatcher):
    """No name, no e-mail address, an address that cannot be looked up, no title and no length; and nobody at all."""
    caller = {"name": " ", "email": "a b"}
    refused = dispatcher.post(
        "/emergencies", {"on": "2026-11-23", "customer": caller, "location": {"address": "Nowhere 1"}}
    )
    places = [one["pointer"] for one in refused.json["errors"]]
    assert (refused.status_code, places) == (
        422, ["#/location/address", "#/customer/name", "#/customer/email", "#/title", "#/service_s"],
    )  # fmt: skip
    nobody = dispatcher.post("/emergencies", {"on": "2026-11-23", "title": "Gas smells", "minutes": 5})
    assert [one["pointer"] for one in nobody.json["errors"]] == ["#/location", "#/customer"]
    assert len(dispatcher.get("/jobs").json["items"]) == len(dispatcher.get("/customers").json["items"]) == 3


def test_a_stored_job_becomes_an_emergency(dispatcher):
    """One that waits has its ways; one whose customer is told otherwise, or that is closed, is refused."""
    waiting = dispatcher.post(
        "/jobs",
        {"customer_id": 1, "location": NEW_CALL["location"], "title": "It drips", "service_s": 1800,
         "requested_on": "2026-11-27",
         "promised": {"from_at": "2026-11-27T12:00:00Z", "until_at": "2026-11-27T14:00:00Z"}},
    ).json  # fmt: skip
    made = dispatcher.post("/emergencies", {"on": "2026-11-23", "job_id": waiting["id"], "words": "It pours"})
    assert (made.status_code, made.json["job_number"]) == (201, waiting["number"]), made.json
    job = dispatcher.get(f"/jobs/{waiting['id']}").json
    assert (job["requested_on"], job["priority"], job["promise"]) == ("2026-11-23", 100, None)
    assert dispatcher.get(f"{path_of(made)}/ways").json["ways"]
    wrong = dispatcher.post("/emergencies", {"on": "2026-11-23", "job_id": waiting["id"], "customer_id": 1})
    assert [one["pointer"] for one in wrong.json["errors"]] == ["#/job_id"]
    dispatcher.post("/jobs/3/status", {"status": "cancelled", "reason": "Moved out"})
    assert dispatcher.post("/emergencies", {"on": "2026-11-23", "job_id": 3}).status_code == 409


def test_managers_say_what_happens_by_itself(make_caller):
    """By the version that was seen, which is 0 for a default; no plan helps where a phone is silent."""
    manager = make_caller("manager")
    seen = manager.get("/incidents/policies/overrun")
    assert (seen.json["action"], seen.headers["ETag"]) == ("propose", '"0"')
    changed = manager.call("PUT", "/incidents/policies/overrun", {"action": "warn"}, If_Match='"0"')
    assert (changed.json["action"], changed.json["default"], changed.json["version"]) == ("warn", "propose", 1)
    again = manager.call("PUT", "/incidents/policies/overrun", {"action": "publish"}, If_Match='"0"')
    assert again.status_code == 412
    silent = manager.call("PUT", "/incidents/policies/phone_silent", {"action": "publish"}, If_Match='"0"')
    assert silent.status_code == 422
    listed = manager.get("/incidents/policies").json["policies"]
    assert {one["kind"]: one["action"] for one in listed}["overrun"] == "warn"
    assert manager.get("/incidents").status_code == 403
