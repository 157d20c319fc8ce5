"""Rows as forms and files say them, over the API: one definition, and the same faults in the same words."""

import pytest

NEW = {
    "technicians": {"code": "T9", "name": "Eva Soto", "hours": "Mon-Fri 08:00-17:00", "skills": "gas:3; lifts:2"},
    "assets": {"customer_id": 1, "name": "Boiler", "address": "Street 1", "latitude": "-29.9", "longitude": "-71.25"},
    "contracts": {"customer_id": 1, "name": "Gold", "starts_on": "2026-01-01", "respond_within": "4"},
    "job-types": {"name": "Service", "service": "45 min", "skills": "gas:2", "checklist": "Valve shut (required)"},
    "parts": {"name": "gas meter", "number": "GM-1"},
}
CHANGE = {
    "technicians": {"phone": "+56 1"},
    "assets": {"serial": "A-1"},
    "contracts": {"ends_on": "2027-01-01"},
    "job-types": {"priority": "20"},
    "parts": {"number": "GM-2"},
}


@pytest.mark.parametrize("table", NEW)
def test_a_row_is_added_changed_and_listed(dispatcher, table: str):
    """By the version that was seen; what a change leaves out stays."""
    made = dispatcher.post(f"/tables/{table}", NEW[table], Idempotency_Key="one")
    assert made.status_code == 201, made.json
    assert dispatcher.post(f"/tables/{table}", NEW[table], Idempotency_Key="one").json == made.json
    path = made.headers["Location"].removeprefix("/api/v1")
    assert dispatcher.get(path).json == made.json
    assert dispatcher.patch(path, CHANGE[table]).status_code == 428
    changed = dispatcher.patch(path, CHANGE[table], If_Match=made.headers["ETag"])
    assert changed.status_code == 200, changed.json
    assert changed.json == made.json | CHANGE[table] | {"version": 2}
    assert dispatcher.patch(path, CHANGE[table], If_Match=made.headers["ETag"]).status_code == 412
    assert dispatcher.get(f"/tables/{table}").json["items"][-1] == changed.json


def test_a_row_tells_what_was_changed_by_whom(dispatcher):
    """The newest first, cell by cell; a row that is not there has no history."""
    made = dispatcher.post("/tables/parts", NEW["parts"])
    path = made.headers["Location"].removeprefix("/api/v1")
    dispatcher.patch(path, CHANGE["parts"], If_Match=made.headers["ETag"])
    newest, first = dispatcher.get(f"{path}/history").json["changes"]
    assert newest["facts"] == [{"name": "number", "before": "GM-1", "after": "GM-2"}]
    assert (newest["what"], newest["who"], newest["at"]) == ("part changed", "Dispatcher Example", "2026-11-23 09:00")
    assert first["what"] == "part added"
    assert dispatcher.get("/tables/parts/99/history").status_code == 404


def test_the_catalogue_tells_which_skills_are_needed_and_held(dispatcher):
    """A need that nobody can serve is seen before a job waits for it."""
    assert dispatcher.get("/catalogue").json == {
        "skills": [{"name": "gas", "held_by": 0, "job_types": 0, "open_jobs": 3}], "stock": []
    }  # fmt: skip
    assert dispatcher.post("/tables/technicians", NEW["technicians"]).status_code == 201
    skills = {one["name"]: one["held_by"] for one in dispatcher.get("/catalogue").json["skills"]}
    assert skills == {"gas": 1, "lifts": 1}


def test_everything_wrong_with_a_row_is_said_at_once_by_cell(dispatcher):
    """As beside the fields of the form."""
    wrong = dispatcher.post("/tables/technicians", {"code": "T1", "email": "nobody", "hours": "always"})
    assert wrong.status_code == 422
    assert {one["pointer"] for one in wrong.json["errors"]} == {"#/code", "#/name", "#/email", "#/hours"}
    asset = dispatcher.post("/tables/assets", {"customer_id": 99, "name": "Lift"})
    assert [one["pointer"] for one in asset.json["errors"]] == ["#/customer_id"]
    unread = dispatcher.patch("/tables/technicians/1", {"code": "T5", "phone": 7}, If_Match='"1"')
    assert {one["pointer"] for one in unread.json["errors"]} == {"#/code", "#/phone"}


@pytest.mark.parametrize(
    ("path", "item", "cell", "said"),
    [
        ("technicians/1/skills", {"name": "gas", "level": "3", "until": "2027-01-31"}, "skills",
         "gas:3 until 2027-01-31"),
        ("technicians/1/special-shifts", {"on": "2026-12-24", "starts": "08:00", "ends": "12:00"}, "special_shifts",
         "2026-12-24 08:00-12:00"),
        ("technicians/1/loans", {"from": "2026-12-01", "territory": "La Serena"}, "loans",
         "2026-12-01..2026-12-01 La Serena"),
        ("technicians/1/on-call", {"from": "2026-11-27T17:00", "until": "2026-11-28T08:00", "territory": "La Serena"},
         "on_call", "2026-11-27 17:00..2026-11-28 08:00 La Serena"),
        ("technicians/1/limits", {"most": "10", "unit": "visits", "period": "week"}, "limits", "10 visits a week"),
        ("technicians/1/capacity", {"part": "valve", "count": "3"}, "capacity", "valve:3"),
        ("holidays/1/holidays", {"on": "2026-12-25", "name": "Christmas"}, "holidays", "2026-12-25 Christmas"),
    ],
)  # fmt: skip
def test_items_of_lists_come_and_go(dispatcher, path: str, item: dict, cell: str, said: str):
    """Without a version, on the row as it is; what has gone already is said."""
    made = dispatcher.post(f"/tables/{path}", item)
    assert (made.status_code, made.json.get(cell)) == (201, said), made.json
    gone = dispatcher.call("DELETE", f"/tables/{path}?item={said}")
    assert (gone.status_code, gone.json[cell]) == (200, "")
    assert dispatcher.call("DELETE", f"/tables/{path}?item={said}").status_code == 409
    wrong = dispatcher.post(f"/tables/{path}", {})
    assert (wrong.status_code, [one["pointer"] for one in wrong.json["errors"]]) == (400, [f"#/{next(iter(item))}"])


def test_assets_are_listed_by_customer(dispatcher):
    """As the customer's page has them."""
    dispatcher.post("/tables/assets", NEW["assets"])
    assert [one["name"] for one in dispatcher.get("/tables/assets?customer_id=1").json["items"]] == ["Boiler"]
    assert dispatcher.get("/tables/assets?customer_id=2").json["items"] == []


def test_a_customer_gets_another_address(dispatcher):
    """Or none; jobs keep theirs."""
    place = {"address": "Calle Prat 12", "lat": -29.9, "lon": -71.25}
    moved = dispatcher.patch("/customers/1", {"location": place}, If_Match='"1"')
    assert moved.json["location"] == place
    gone = dispatcher.patch("/customers/1", {"location": None}, If_Match=moved.headers["ETag"])
    assert (gone.status_code, gone.json["location"]) == (200, None)


def test_a_van_is_counted_unless_pieces_were_used_meanwhile(dispatcher):
    """409 says which part has changed."""
    counted = {"counts": [{"part": "valve", "seen": 0, "count": 4}]}
    stored = dispatcher.call("PUT", "/technicians/1/van", counted)
    assert (stored.status_code, stored.json) == (200, {"stock": [{"part": "valve", "count": 4}]})
    assert dispatcher.get("/technicians/1/van").json == stored.json
    other = {"counts": [{"part": "valve", "seen": 1, "count": 9}]}
    assert "valve" in dispatcher.call("PUT", "/technicians/1/van", other).json["detail"]
    unknown = {"counts": [{"part": "gold", "seen": 0, "count": 1}]}
    assert dispatcher.call("PUT", "/technicians/1/van", unknown).status_code == 422


def test_a_territory_gets_another_outline_and_open_jobs_follow(dispatcher):
    """By the version that was seen; what is no outline is refused in words."""
    [town] = dispatcher.get("/territories").json["territories"]
    far = {"type": "Polygon", "coordinates": [[[-72, -31], [-71.9, -31], [-71.9, -30.9], [-72, -30.9], [-72, -31]]]}
    path = f"/territories/{town['id']}/outline"
    drawn = dispatcher.call("PUT", path, {"outline": far}, If_Match='"1"')
    assert (drawn.status_code, drawn.json["moved_jobs"]) == (200, 3), drawn.json
    assert dispatcher.call("PUT", path, {"outline": far}, If_Match='"1"').status_code == 412
    bad = dispatcher.call("PUT", path, {"outline": {"type": "Point"}}, If_Match=drawn.headers["ETag"])
    assert bad.status_code == 422
    kinds = {one["properties"]["kind"] for one in dispatcher.get("/territories/map").json["features"]}
    assert kinds == {"territory", "job"}


def test_absences_that_share_a_day_are_refused_alike_by_pages_programs_and_lists(dispatcher, signed_in):
    """The sentence names the other one; another edit of somebody with such absences goes through."""
    away = {"from_on": "2026-12-01", "to_on": "2026-12-05", "reason": "holiday"}
    assert dispatcher.post("/technicians/1/absences", away).status_code == 201
    sentence = "2026-12-01 to 2026-12-05 is an absence already (holiday)"
    told = dispatcher.post("/technicians/1/absences", {**away, "from_on": "2026-12-05", "to_on": "2026-12-06"})
    assert told.json["errors"][0]["what"] == sentence
    fields = {"from": "2026-12-05", "to": "2026-12-06", "reason": "ill"}
    page = signed_in("dispatcher").post("/console/team/1/lists/absences", **fields)
    assert page.status_code == 400
    assert sentence in page.text
    seen = dispatcher.get("/tables/technicians/1")
    both = {"absences": f"{seen.json['absences']}; 2026-12-05..2026-12-06 ill"}
    refused = dispatcher.patch("/tables/technicians/1", both, If_Match=seen.headers["ETag"])
    assert sentence in refused.json["errors"][0]["what"]


def test_hours_that_overlap_are_refused_alike_by_pages_and_programs(dispatcher, signed_in):
    """With the other hours and the days, beside all else that is wrong."""
    sentence = "Sunday 2026-12-06 22:00-09:00 ends after Monday 2026-12-07 08:00-16:00, of the weekly hours, begins"
    night = {"on": "2026-12-06", "starts": "22:00", "ends": "09:00"}
    page = signed_in("dispatcher").post("/console/team/1/lists/special_shifts", **night)
    assert (page.status_code, sentence in page.text) == (400, True)
    seen = dispatcher.get("/tables/technicians/1")
    told = {"special_shifts": "2026-12-06 22:00-09:00", "max_visits": "many"}
    refused = dispatcher.patch("/tables/technicians/1", told, If_Match=seen.headers["ETag"])
    assert refused.status_code == 422
    assert {one["pointer"].removeprefix("#/") for one in refused.json["errors"]} == {"special_shifts", "max_visits"}
    assert sentence in str(refused.json["errors"])
    item = dispatcher.post("/tables/technicians/1/special-shifts", night)
    assert (item.status_code, sentence in item.text) == (422, True)
    week = dispatcher.patch("/tables/technicians/1", {"hours": "Sun 20:00-09:00; Mon 08:00-16:00"}, If_Match='"1"')
    assert "Sunday 20:00-09:00 ends after Monday 08:00-16:00 begins" in week.json["errors"][0]["what"]


def test_a_territory_gets_its_own_telephone(dispatcher):
    """By the version that was seen; empty is the company's again."""
    [town] = dispatcher.get("/territories").json["territories"]
    assert town["phone"] is None
    path = f"/territories/{town['id']}/phone"
    given = dispatcher.call("PUT", path, {"phone": "051 221 0000"}, If_Match='"1"')
    assert (given.status_code, given.json["phone"]) == (200, "051 221 0000")
    assert dispatcher.get("/territories").json["territories"] == [given.json]
    assert dispatcher.call("PUT", path, {"phone": ""}, If_Match='"1"').status_code == 412
    bad = dispatcher.call("PUT", path, {"phone": "call Ana"}, If_Match=given.headers["ETag"])
    assert (bad.status_code, bad.json["errors"][0]["pointer"]) == (422, "#/phone")
    gone = dispatcher.call("PUT", path, {"phone": ""}, If_Match=given.headers["ETag"])
    assert gone.json["phone"] is None
