"""Days, runs of planning and offers over the API."""

from datetime import timedelta

from tests.web.conftest import NOW

ASKED = {"on": "2026-11-23", "lat": -29.9, "lon": -71.26, "service_s": 1800}


def test_a_day_is_answered_as_the_board_shows_it(dispatcher):
    """Today without asking for a day; another day is not planned."""
    today = dispatcher.get("/board").json
    assert (today["on"], today["plan"]["version"]) == ("2026-11-23", 3)
    assert [one["name"] for one in today["technicians"]] == ["Ana Rojas", "Bruno Díaz"]
    assert dispatcher.get("/board?on=2026-11-30").json["plan"] is None
    assert dispatcher.get("/routes?on=2026-11-23").json["type"] == "FeatureCollection"


def test_a_day_that_goes_on_says_when_visits_are_expected_that_will_be_late(dispatcher, make_caller, clock):
    """Nobody has reported anything forty minutes after the first visits were to begin."""
    clock.now = NOW + timedelta(minutes=40)
    board = dispatcher.get("/board").json
    assert board["expected"]["1"] == "2026-11-23T12:40:00Z"
    assert dispatcher.get("/board?on=2026-11-30").json["expected"] == {}
    first, second = make_caller("technician").get("/technicians/1/day").json["stops"]
    assert first["expected_at"] == board["expected"]["1"]
    assert second["expected_at"] == board["expected"].get("2")


def test_a_plan_is_asked_for_watched_and_taken_back(dispatcher):
    """The answer comes at once; the same request before it starts is the same run."""
    asked = dispatcher.post("/runs", {"on": "2026-11-23", "policy": "customer first"})
    assert (asked.status_code, asked.json["status"]) == (202, "queued")
    assert asked.json["arguments"] == {"on": "2026-11-23", "policy": "customer first", "as_draft": True}
    assert dispatcher.post("/runs", {"on": "2026-11-23", "policy": "customer first"}).json["id"] == asked.json["id"]
    path = asked.headers["Location"].removeprefix("/api/v1")
    assert dispatcher.get(path).json["message"] == "Waiting to start"
    assert dispatcher.post(f"{path}/cancel", None).json["status"] == "cancelled"
    assert dispatcher.post(f"{path}/cancel", None).status_code == 409
    assert dispatcher.post("/runs", {"on": "2026-11-20"}).status_code == 409


def test_offers_say_who_could_come_when_and_what_it_costs(dispatcher, clock):
    """At nine, with an hour free before Ana's break; nothing is stored."""
    clock.now = NOW
    answer = dispatcher.post("/offers", ASKED)
    assert answer.status_code == 200, answer.json
    offers = answer.json["offers"]
    assert {one["technician"] for one in offers} == {"Ana Rojas", "Bruno Díaz"}
    assert [one["price"] for one in offers] == sorted(one["price"] for one in offers)
    for one in offers:
        assert "2026-11-23T12:00:00Z" <= one["arrive_at"] <= one["start_at"] < one["end_at"]
        assert one["pays"] is True
    assert dispatcher.get("/jobs").json["next"] is None
    assert len(dispatcher.get("/jobs").json["items"]) == 3


def test_offers_of_several_days_name_the_days_that_are_passed_over(dispatcher):
    """The best of all of them; a day that is not planned is no reason to offer nothing."""
    answer = dispatcher.post("/offers", {**ASKED, "until_on": "2026-11-25", "count": 1}).json
    assert [one["on"] for one in answer["offers"]] == ["2026-11-23"]
    assert [(one["on"], one["sentence"]) for one in answer["passed_over"]] == [
        (on, f"{on} is not planned yet.") for on in ("2026-11-24", "2026-11-25")
    ]
    for until_on in ("2026-11-22", "2026-12-07"):
        refused = dispatcher.post("/offers", {**ASKED, "until_on": until_on})
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "#/until_on")


def test_offers_are_made_by_whom_the_customer_wishes_with_what_is_on_their_van(dispatcher):
    wish = {"technician_id": 2, "wish": "required"}
    offers = dispatcher.post("/offers", {**ASKED, "wishes": [wish]}).json["offers"]
    assert [one["technician_id"] for one in offers] == [2]
    assert dispatcher.post("/offers", {**ASKED, "parts": [{"part": "valve", "count": 1}]}).json["offers"] == []
    unknown = dispatcher.post("/offers", {**ASKED, "wishes": [{**wish, "technician_id": 99}]})
    assert unknown.json["errors"] == [{"pointer": "#/wishes", "what": "there is no technician with id 99."}]


def test_offers_keep_the_windows_and_skills_that_are_asked_for(dispatcher):
    """Nobody can do electricity; after the window closed nothing is offered; an unplanned day is said to be one."""
    assert dispatcher.post("/offers", {**ASKED, "skills": [{"name": "electricity"}]}).json["offers"] == []
    window = {"from_at": "2026-11-23T17:00:00Z", "until_at": "2026-11-23T18:00:00Z"}
    for one in dispatcher.post("/offers", {**ASKED, "windows": [window]}).json["offers"]:
        assert "2026-11-23T17:00:00Z" <= one["start_at"] <= "2026-11-23T18:00:00Z"
    passed = {"from_at": "2026-11-23T09:00:00Z", "until_at": "2026-11-23T10:00:00Z"}
    assert dispatcher.post("/offers", {**ASKED, "windows": [passed]}).status_code == 422
    assert dispatcher.post("/offers", {**ASKED, "on": "2026-11-24"}).status_code == 409
