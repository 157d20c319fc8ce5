"""What technicians send from a visit beside its status; late, twice, and only from their own."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from dispatch.models import JobCheck, Note, Photo, Stop, VanStock
from tests.web.conftest import NOW

ANA_STOP, BRUNO_STOP = 1, 3


@pytest.fixture
def step(app):
    """Ana's first visit has a required step, and her van a valve."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        stop = session.get_one(Stop, ANA_STOP)
        stop.job.checks = [JobCheck(position=1, text="Gas off", required=True)]
        stop.route.technician.van_stock = [VanStock(part="valve", count=3)]


@pytest.fixture
def ana(signed_in, step):
    """Ana, signed in."""
    return signed_in("technician")


def jpeg(colour: str = "teal", side: int = 64) -> bytes:
    out = BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "JPEG")
    return out.getvalue()


def send_photo(visitor, stop_id: int, data: bytes, query: str = ""):
    headers = {"X-CSRFToken": visitor.token(), "Content-Type": "image/jpeg"}
    return visitor.client.post(f"/phone/api/stops/{stop_id}/photos{query}", data=data, headers=headers)


def page(visitor, on: str = "2026-11-23"):
    return visitor.get(f"/phone/api/day?on={on}").json


def test_the_day_shows_steps_parts_notes_and_photos(ana):
    """With how many of each part are on the van."""
    assert ana.post_json("/phone/api/stops/1/notes", {"text": "The dog bites."}).status_code == 201
    photo_id = send_photo(ana, ANA_STOP, jpeg(), "?caption=The+leak").json["id"]
    stop = page(ana)["stops"][0]
    assert stop["checks"] == [{"position": 1, "text": "Gas off", "required": True, "done": False}]
    assert stop["parts"] == [{"name": "valve", "count": 1, "used": None, "on_van": 3}]
    assert stop["written"] == [{"at": "2026-11-23T12:00:00Z", "who": "Technician Example", "text": "The dog bites."}]
    assert stop["photos"] == [{"id": photo_id, "caption": "The leak"}]
    assert page(ana)["van"] == [{"name": "valve", "count": 3}]
    assert page(ana)["catalogue"] == ["valve"]


def test_work_is_done_when_its_required_step_is(ana, database):
    """409 with the step's name before; after it the part has left the van."""
    ana.post_json("/phone/api/stops/1/status", {"status": "on_site"})
    refused = ana.post_json("/phone/api/stops/1/status", {"status": "done"})
    assert (refused.status_code, "Gas off" in refused.json["detail"]) == (409, True)
    ana.post_json("/phone/api/stops/1/steps/1", {"done": True})
    assert ana.post_json("/phone/api/stops/1/status", {"status": "done"}).status_code == 200
    assert [one["count"] for one in page(ana)["van"]] == [2]


def test_the_same_customers_last_visits_are_shown(app, ana):
    """What was done there before, and what was written down."""
    ana.post_json("/phone/api/stops/2/status", {"status": "on_site"})
    ana.post_json("/phone/api/stops/2/notes", {"text": "Boiler is old."})
    ana.post_json("/phone/api/stops/2/status", {"status": "done"})
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        first, second = session.get_one(Stop, 1), session.get_one(Stop, 2)
        first.job.customer = second.job.customer
        second.route = session.get_one(Stop, BRUNO_STOP).route
        second.position = 9
    [before] = page(ana)["stops"][0]["before"]
    assert (before["title"], before["status"], before["words"]) == ("Boiler 2", "done", "Boiler is old.")


def test_parts_used_are_reported_with_their_number(ana):
    assert ana.post_json("/phone/api/stops/1/parts", {"part": "valve", "used": 2}).status_code == 200
    assert page(ana)["stops"][0]["parts"] == [{"name": "valve", "count": 1, "used": 2, "on_van": 1}]


def test_a_missing_part_is_reported_with_its_number(ana):
    ana.post_json("/phone/api/stops/1/status", {"status": "on_site"})
    answer = ana.post_json("/phone/api/stops/1/missing", {"part": "valve", "count": 1, "words": "too short"})
    assert (answer.status_code, answer.json["status"]) == (200, "to_be_continued")


def test_what_waited_for_a_network_happened_when_the_phone_says(ana, database):
    ana.post_json("/phone/api/stops/1/status", {"status": "on_site", "waited_s": 600})
    ana.post_json("/phone/api/stops/1/notes", {"text": "Wet.", "waited_s": 300.5})
    send_photo(ana, ANA_STOP, jpeg(), "?waited_s=60")
    waited = [
        NOW - database.get_one(Stop, ANA_STOP).actual_start_at,
        NOW - database.scalars(select(Note)).one().at,
        NOW - database.scalars(select(Photo)).one().taken_at,
    ]
    assert [one.total_seconds() for one in waited] == [600, 300.5, 60]


@pytest.mark.parametrize("waited", [-1, 10_000_000, "soon", None, [1], "nan"])
def test_a_wait_that_cannot_be_is_refused(ana, waited):
    body = {"status": "on_site", "waited_s": waited}
    answer = ana.post_json("/phone/api/stops/1/status", body)
    assert (answer.status_code, "waited_s" in answer.json["detail"]) == (400, True)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("steps/1", {"done": True}),
        ("parts", {"part": "valve", "used": 1}),
        ("missing", {"part": "valve", "count": 1}),
        ("notes", {"text": "x"}),
    ],
)
def test_nobody_reports_from_somebody_elses_visit(ana, path: str, body: dict):
    assert ana.post_json(f"/phone/api/stops/{BRUNO_STOP}/{path}", body).status_code == 403


def test_nobody_sends_or_sees_photos_of_somebody_elses_visit(app, ana, signed_in):
    assert send_photo(ana, BRUNO_STOP, jpeg()).status_code == 403
    own = send_photo(ana, ANA_STOP, jpeg()).json["id"]
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        other = Photo(job_id=3, taken_at=NOW, content_type="image/jpeg", sha256="0" * 64, data=jpeg("red"))
        session.add(other)
        session.flush()
        other_id = other.id
    answers = {photo_id: ana.get(f"/photos/{photo_id}") for photo_id in (own, other_id)}
    assert [one.status_code for one in answers.values()] == [200, 403]
    assert signed_in("dispatcher").get(f"/photos/{other_id}?size=small").content_type == "image/jpeg"


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("steps/1", {"done": "yes"}, "true or false"),
        ("steps/9", {"done": True}, "no step 9"),
        ("parts", {"part": "valve", "used": "two"}, "whole number"),
        ("parts", {"part": "valve", "used": True}, "whole number"),
        ("parts", {"part": "flux", "used": 1}, "catalogue"),
        ("notes", {"text": " "}, "`text`"),
    ],
)
def test_what_says_nothing_usable_is_refused_in_words(ana, path: str, body: dict, words: str):
    answer = ana.post_json(f"/phone/api/stops/1/{path}", body)
    assert (answer.status_code in (400, 404), words in answer.json["detail"]) == (True, True)


def test_a_photo_may_be_larger_than_any_other_request(ana):
    """A whole picture of a camera; more than that is refused before it is read."""
    noise = Image.effect_noise((2_400, 2_400), 90)
    out = BytesIO()
    noise.convert("RGB").save(out, "JPEG", quality=95)
    assert len(out.getvalue()) > 1024 * 1024
    assert send_photo(ana, ANA_STOP, out.getvalue()).status_code == 201
    assert send_photo(ana, ANA_STOP, bytes(12_000_001)).status_code == 413
    assert ana.post_json("/phone/api/stops/1/notes", {"text": "x" * 1_100_000}).status_code == 413


def test_what_is_no_picture_is_refused_in_words(ana):
    answer = send_photo(ana, ANA_STOP, b"<svg/>")
    assert (answer.status_code, "JPEG" in answer.json["detail"]) == (400, True)
