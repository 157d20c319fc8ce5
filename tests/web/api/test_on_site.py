"""Notes, steps and photos of a job over the API."""

from io import BytesIO

import pytest
from PIL import Image

from dispatch.models import JobCheck, PlanVersion
from dispatch.on_site.pictures import LARGEST_FILE


def picture(kind: str = "JPEG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 480), "teal").save(out, kind)
    return out.getvalue()


def send(caller, path: str, data: bytes, content_type: str = "image/jpeg"):
    headers = {"Authorization": f"Bearer {caller.secret}"}
    return caller.app.test_client().post(f"/api/v1{path}", data=data, headers=headers, content_type=content_type)


def test_a_note_stands_in_the_history_of_the_job(dispatcher):
    """With who wrote it down; an empty one is refused."""
    assert dispatcher.post("/jobs/1/notes", {"text": "The dog bites."}).status_code == 201
    newest = dispatcher.get("/jobs/1/history").json["history"][0]
    assert (newest["words"], newest["who"]) == ("The dog bites.", "Dispatcher Example")
    assert newest.keys() == {"at", "what", "who", "words"}
    [visit] = dispatcher.get("/jobs/1/history").json["visits"]
    assert (visit["on"], visit["version"], visit["technician"]) == ("2026-11-23", "3", "Ana Rojas")
    assert (visit["planned"], visit["status"], visit["is_in_force"]) == ("09:00 to 10:00", "planned", True)
    assert dispatcher.post("/jobs/1/notes", {"text": " "}).status_code == 422
    assert dispatcher.post("/jobs/99/notes", {"text": "x"}).status_code == 404


def test_a_step_is_ticked_and_the_tick_taken_back(app, dispatcher):
    """As for somebody who telephones."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add(JobCheck(job_id=1, position=1, text="Valve shut", required=True))
    done = dispatcher.call("PUT", "/jobs/1/steps/1", {"done": True})
    assert done.json["steps"][0] | {"done_at": ""} == {"position": 1, "text": "Valve shut", "required": True,
                                                       "done_at": ""}  # fmt: skip
    assert done.json == dispatcher.get("/jobs/1/steps").json
    assert dispatcher.call("PUT", "/jobs/1/steps/1", {"done": False}).json["steps"][0]["done_at"] is None
    assert dispatcher.call("PUT", "/jobs/1/steps/2", {"done": True}).status_code == 404


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_stored_once_and_seen_by_those_who_may(dispatcher, make_caller, kind: str):
    """Whatever is said of its kind: the content decides. Ana sees those of her jobs."""
    made = send(dispatcher, "/jobs/1/photos?caption=Leak", picture(kind), "application/octet-stream")
    assert (made.status_code, made.json["caption"]) == (201, "Leak"), made.text
    assert send(dispatcher, "/jobs/1/photos", picture(kind)).json == made.json
    assert dispatcher.get("/jobs/1/photos").json == {"photos": [made.json]}
    ana = make_caller("technician")
    whole, small = (ana.get(f"/photos/{made.json['id']}{size}") for size in ("", "?small=true"))
    assert (whole.status_code, whole.content_type) == (200, "image/jpeg")
    assert Image.open(BytesIO(whole.data)).size == (640, 480)
    assert len(small.data) < len(whole.data)
    of_bruno = send(dispatcher, "/jobs/3/photos", picture(kind)).json["id"]
    assert ana.get(f"/photos/{of_bruno}").status_code == 403


def test_what_is_no_picture_or_too_large_is_refused(dispatcher):
    """By what it is, and before it is read."""
    assert send(dispatcher, "/jobs/1/photos", b"<script>", "image/jpeg").status_code == 422
    assert send(dispatcher, "/jobs/1/photos", b"x" * (LARGEST_FILE + 1)).status_code == 413
    assert dispatcher.get("/jobs/1/photos").json == {"photos": []}


def test_technicians_report_from_their_own_stops_as_a_phone_does(make_caller, dispatcher):
    """Notes, parts and photos, also late; nobody reports from the stop of somebody else."""
    ana = make_caller("technician")
    [stop, *_] = ana.get("/technicians/1/day").json["stops"]
    own = f"/stops/{stop['stop_id']}"
    assert ana.post(f"{own}/status", {"status": "en_route", "waited_s": 600}).status_code == 200
    assert ana.post(f"{own}/status", {"status": "on_site", "waited_s": 60}).status_code == 200
    visit = dispatcher.get("/jobs/1").json["visit"]
    assert visit["actual_start_at"] == "2026-11-23T11:59:00Z"
    assert ana.post(f"{own}/notes", {"text": "Old boiler"}, Idempotency_Key="n").status_code == 201
    assert "Old boiler" in dispatcher.get("/jobs/1/history").text
    assert ana.call("PUT", f"{own}/parts", {"part": "valve", "used": 2}).json == {"part": "valve", "used": 2}
    missing = ana.post(f"{own}/missing", {"part": "valve", "count": 3})
    assert (missing.status_code, missing.json["status"]) == (200, "to_be_continued"), missing.json
    told = dispatcher.get("/jobs/1/history").json
    assert (told["visits"][0]["really"][:5], told["messages"]) == ("08:59", [])
    [again] = told["continued_by"]
    assert dispatcher.get(f"/jobs/{again['id']}").json["return_of_id"] == 1
    [other] = dispatcher.get("/technicians/2/day").json["stops"]
    for method, what, body in (("POST", "notes", {"text": "x"}), ("PUT", "parts", {"part": "valve", "used": 0}),
                               ("POST", "missing", {"part": "valve"}), ("PUT", "steps/1", {"done": True})):  # fmt: skip
        assert ana.call(method, f"/stops/{other['stop_id']}/{what}", body).status_code == 403


def test_the_office_hears_of_a_late_report_that_cannot_be_taken(app, make_caller, dispatcher):
    """Also where a program tells of it for the technician."""
    ana = make_caller("technician")
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.get_one(PlanVersion, 1).status = "superseded"
    assert ana.post("/stops/1/status", {"status": "on_site", "waited_s": 3600}).status_code == 409
    (told,) = dispatcher.get("/incidents?status=open").json["incidents"]
    assert (told["kind"], told["job_id"]) == ("report_refused", 1)
