"""Jobs over the API: as on the screens, and safe against being sent twice or over each other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from dispatch.models import Asset, Job, KeptAnswer, Stop, TechnicianSkill, VanStock
from tests.web.conftest import NOW

NEW = {
    "customer_id": 1,
    "location": {"address": "Calle Prat 12", "lat": -29.9, "lon": -71.25},
    "title": "No hot water",
    "service_s": 3600,
    "windows": [{"from_at": "2026-11-23T14:00:00-03:00", "until_at": "2026-11-23T20:00:00Z"}],
    "skills": [{"name": "gas", "level": 2}],
    "parts": [{"part": "valve", "count": 1}],
}


def test_a_job_that_is_asked_for_is_stored_shown_and_listed(dispatcher):
    """Instants are answered in UTC; the answer says where the job is and which version it has."""
    made = dispatcher.post("/jobs", NEW)
    assert made.status_code == 201
    assert made.headers["ETag"] == '"1"'
    assert made.headers["Location"] == f"/api/v1/jobs/{made.json['id']}"
    assert made.json["windows"] == [{"from_at": "2026-11-23T17:00:00Z", "until_at": "2026-11-23T20:00:00Z"}]
    assert (made.json["status"], made.json["number"], made.json["visit"]) == ("requested", "W1", None)
    assert (made.json["skills"], made.json["parts"][0]["count"]) == ([{"name": "gas", "level": 2}], 1)
    assert dispatcher.get(f"/jobs/{made.json['id']}").json == made.json
    assert dispatcher.get("/jobs?number=W1").json == {"items": [made.json], "next": None}


def test_a_planned_job_shows_its_visit(dispatcher):
    """With the technician and the times of the published plan."""
    job = dispatcher.get("/jobs/1").json
    assert job["status"] == "planned"
    assert job["visit"]["technician"] == {"id": 1, "name": "Ana Rojas"}
    assert (job["visit"]["on"], job["visit"]["planned_start_at"]) == ("2026-11-23", "2026-11-23T12:00:00Z")


def test_everything_wrong_with_a_request_is_said_at_once_with_its_place(dispatcher):
    """First what cannot be read (400), then what the business refuses (422)."""
    wrong = dispatcher.post("/jobs", {"customer_id": "1", "titel": "x", "windows": [{"from_at": "2026-11-23T14:00"}]})
    assert (wrong.status_code, wrong.mimetype) == (400, "application/problem+json")
    places = {one["pointer"]: one["what"] for one in wrong.json["errors"]}
    assert places.keys() == {
        "#/customer_id", "#/titel", "#/windows/0/from_at", "#/windows/0/until_at", "#/location", "#/title"
    }  # fmt: skip
    assert places["#/titel"] == "it is not known here"
    backwards = [{"from_at": "2026-11-23T20:00:00Z", "until_at": "2026-11-23T14:00:00Z"}]
    refused = dispatcher.post("/jobs", {**NEW, "windows": backwards, "parts": [{"part": "gold", "count": 1}]})
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json["errors"]] == ["#/windows/0", "#/parts"]


def test_what_is_no_json_is_refused_in_words(dispatcher):
    """Another kind of content 415, broken JSON 400."""
    client = dispatcher.app.test_client()
    headers = {"Authorization": f"Bearer {dispatcher.secret}"}
    assert client.post("/api/v1/jobs", data="a=1", headers=headers).status_code == 415
    broken = client.post("/api/v1/jobs", data="{", headers=headers, content_type="application/json")
    assert (broken.status_code, broken.mimetype) == (400, "application/problem+json")


def test_a_query_that_is_not_known_or_wrong_is_refused(dispatcher):
    """A mistyped filter would show too much."""
    wrong = dispatcher.get("/jobs?custommer_id=1&limit=0&requested_on=tomorrow")
    assert wrong.status_code == 400
    assert {one["parameter"] for one in wrong.json["errors"]} == {"custommer_id", "limit", "requested_on"}
    refused = dispatcher.get("/jobs?cursor=nonsense")
    assert (refused.status_code, [one["parameter"] for one in refused.json["errors"]]) == (422, ["cursor"])


def test_pages_follow_each_other_and_nothing_is_told_twice(dispatcher):
    """Also when something is added between two pages."""
    first = dispatcher.get("/jobs?limit=2").json
    dispatcher.post("/jobs", NEW)
    second = dispatcher.get(f"/jobs?limit=2&cursor={first['next']}").json
    assert [one["number"] for one in first["items"] + second["items"]] == ["J-1", "J-2", "J-3", "W1"]
    assert second["next"] is None


def test_a_change_needs_the_version_that_was_seen(dispatcher):
    """Without it 428; an older one 412, and nothing has changed."""
    seen = dispatcher.get("/jobs/1").headers["ETag"]
    assert dispatcher.patch("/jobs/1", {"priority": 90}).status_code == 428
    changed = dispatcher.patch("/jobs/1", {"priority": 90, "windows": []}, If_Match=seen)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert (changed.json["priority"], changed.json["windows"]) == (90, [])
    for tag in (seen, "2", '"x"', "*", 'W/"2"', '"1", "2"'):
        stale = dispatcher.patch("/jobs/1", {"priority": 10}, If_Match=tag)
        assert stale.status_code == 412, tag
    assert dispatcher.get("/jobs/1").json["priority"] == 90


def test_a_title_is_not_emptied(dispatcher):
    """As little as a new job can be without one."""
    refused = dispatcher.patch("/jobs/1", {"title": " "}, If_Match=dispatcher.get("/jobs/1").headers["ETag"])
    assert (refused.status_code, [one["pointer"] for one in refused.json["errors"]]) == (422, ["#/title"])


def test_what_a_job_needs_who_comes_and_where_it_is_can_be_changed(app, dispatcher):
    """Its effects say that it cannot stay as planned; lists that are not sent stay."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add(TechnicianSkill(technician_id=1, name="gas", level=2))
        session.add(VanStock(technician_id=1, part="valve", count=9))
        session.add(Asset(customer_id=1, location_id=1, name="Boiler"))
    assert dispatcher.get("/jobs/1/effects").json == {"sentences": []}
    change = {
        "skills": [{"name": "gas", "level": 3}],
        "wishes": [{"technician_id": 1, "wish": "preferred"}],
        "assets": [{"asset_id": 1, "work": "repair"}],
        "location": {"address": "Calle Prat 12", "lat": -29.91, "lon": -71.26},
    }
    seen = dispatcher.get("/jobs/1").headers["ETag"]
    changed = dispatcher.patch("/jobs/1", change, If_Match=seen)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"'), changed.json
    assert {name: changed.json[name] for name in change} == change
    assert changed.json["parts"] == [{"part": "valve", "count": 1, "used": None}]
    first, then = dispatcher.get("/jobs/1/effects").json["sentences"]
    assert first == "It cannot stay with Ana Rojas on 2026-11-23 at 09:00: it needs gas."
    assert then == "A new plan is proposed by itself within minutes."
    assert dispatcher.patch("/jobs/1", change, If_Match=seen).status_code == 412


def test_everything_wrong_with_a_change_is_said_at_once_and_nothing_is_changed(dispatcher):
    """Names and ids that are not known; an address that cannot be looked up; another customer's asset."""
    change = {
        "title": " ", "parts": [{"part": "gold", "count": 1}], "assets": [{"asset_id": 9, "work": "repair"}],
        "wishes": [{"technician_id": 99, "wish": "required"}],
    }  # fmt: skip
    tag = dispatcher.get("/jobs/1").headers["ETag"]
    refused = dispatcher.patch("/jobs/1", change, If_Match=tag)
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json["errors"]] == ["#/title", "#/parts", "#/assets", "#/wishes"]
    nowhere = dispatcher.patch("/jobs/1", {"location": {"address": "Nowhere 1"}}, If_Match=tag)
    assert [one["pointer"] for one in nowhere.json["errors"]] == ["#/location/address"]
    assert dispatcher.get("/jobs/1").headers["ETag"] == tag


def test_a_new_job_says_who_must_not_come(dispatcher):
    made = dispatcher.post("/jobs", {**NEW, "wishes": [{"technician_id": 2, "wish": "excluded"}], "setup_s": 60})
    assert (made.json["wishes"], made.json["setup_s"]) == ([{"technician_id": 2, "wish": "excluded"}], 60)


def test_of_many_who_change_one_version_at_once_exactly_one_does(dispatcher):
    """Ten threads, five rounds: one 200, nine 412, and its value is what is stored."""
    for _ in range(5):
        tag = dispatcher.get("/jobs/2").headers["ETag"]

        def change(number: int, tag: str = tag):
            return dispatcher.patch("/jobs/2", {"title": f"{tag} {number}"}, If_Match=tag)

        with ThreadPoolExecutor(10) as threads:
            answers = list(threads.map(change, range(10)))
        assert sorted(one.status_code for one in answers) == [200] + [412] * 9
        [winner] = [one.json["title"] for one in answers if one.status_code == 200]
        assert dispatcher.get("/jobs/2").json["title"] == winner


def test_a_creating_request_that_is_sent_again_is_done_once_and_answered_alike(dispatcher, clock):
    """For a day; another request with its key is refused, and another user's key is another."""
    first = dispatcher.post("/jobs", NEW, Idempotency_Key="abc")
    again = dispatcher.post("/jobs", NEW, Idempotency_Key="abc")
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["ETag"] == first.headers["ETag"]
    other = dispatcher.post("/jobs", {**NEW, "title": "Another"}, Idempotency_Key="abc")
    assert other.status_code == 422
    [fault] = other.json["errors"]
    assert (fault["parameter"], "pointer" in fault) == ("Idempotency-Key", False)
    assert "another request" in fault["what"]
    clock.now = NOW + timedelta(hours=24)
    assert dispatcher.post("/jobs", NEW, Idempotency_Key="abc").json["number"] == "W2"


def test_a_creating_request_that_failed_may_be_mended_under_the_same_key(dispatcher):
    """Only what was done is kept."""
    assert dispatcher.post("/jobs", {**NEW, "customer_id": 99}, Idempotency_Key="abc").status_code == 404
    assert dispatcher.post("/jobs", NEW, Idempotency_Key="abc").status_code == 201


def test_of_one_request_sent_many_times_at_once_one_job_comes(dispatcher, database):
    """Ten threads with one key: the same answer ten times."""
    before = database.scalar(select(func.count(Job.id)))
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: dispatcher.post("/jobs", NEW, Idempotency_Key="k"), range(10)))
    assert {one.status_code for one in answers} == {201}
    assert len({one.json["id"] for one in answers}) == 1
    database.rollback()
    assert database.scalar(select(func.count(Job.id))) == before + 1
    assert database.scalar(select(func.count()).select_from(KeptAnswer)) == 1


def test_the_office_moves_a_job_and_is_told_where_it_may_go_next(dispatcher):
    """A move that the table of statuses does not have is a conflict; a reason is asked for where it is needed."""
    moved = dispatcher.post("/jobs/1/status", {"status": "dispatched"})
    assert (moved.status_code, moved.json["status"]) == (200, "dispatched")
    assert "cancelled" in moved.json["next"]
    assert dispatcher.post("/jobs/1/status", {"status": "done"}).status_code == 409
    assert dispatcher.post("/jobs/1/status", {"status": "cancelled"}).status_code == 422
    gone = dispatcher.post("/jobs/1/status", {"status": "cancelled", "reason": "Mended itself"})
    assert gone.json["status"] == "cancelled"
    assert (
        dispatcher.patch("/jobs/1", {"priority": 1}, If_Match=dispatcher.get("/jobs/1").headers["ETag"]).status_code
        == 409
    )


def test_a_window_is_promised_moved_for_a_reason_and_withdrawn(dispatcher):
    """Each by the version that was seen; what is wrong is said in words."""
    window = {"from_at": "2026-11-23T14:00:00Z", "until_at": "2026-11-23T16:00:00Z"}
    made = dispatcher.call("PUT", "/jobs/2/promise", window, If_Match=dispatcher.get("/jobs/2").headers["ETag"])
    assert made.json["promise"] == {**window, "is_firm": True}
    later = {**window, "until_at": "2026-11-23T18:00:00Z"}
    assert dispatcher.call("PUT", "/jobs/2/promise", later, If_Match='"1"').status_code == 412
    tag = made.headers["ETag"]
    unexplained = dispatcher.call("PUT", "/jobs/2/promise", later, If_Match=tag)
    assert "Say why the promise is moved" in unexplained.json["errors"][0]["what"]
    moved = dispatcher.call("PUT", "/jobs/2/promise", {**later, "reason": "Asked for it"}, If_Match=tag)
    assert moved.json["promise"]["until_at"] == later["until_at"]
    body = {"reason": "Not at home"}
    gone = dispatcher.call("PUT", "/jobs/2/promise/withdrawn", body, If_Match=moved.headers["ETag"])
    assert gone.json["promise"] is None
    assert dispatcher.call("PUT", "/jobs/2/promise/withdrawn", body, If_Match=gone.headers["ETag"]).status_code == 409


def test_a_pin_is_taken_off(app, dispatcher):
    """Once or twice; the job's visit is free from then on."""
    factory = app.extensions["wrenchtime"].session_factory
    with factory.begin() as session:
        stop_id = session.scalars(select(Stop.id).where(Stop.job_id == 1)).first()
        session.get_one(Stop, stop_id).pinned = True
    assert [dispatcher.call("DELETE", "/jobs/1/pin").status_code for _ in range(2)] == [204, 204]
    with factory() as session:
        assert not session.get_one(Stop, stop_id).pinned
    assert dispatcher.call("DELETE", "/jobs/99/pin").status_code == 404
