"""The page of vans, and calling somebody in from the board."""

import re

import pytest

from dispatch.models import OnCall, Part, Technician, VanStock
from tests.web.conftest import at


@pytest.fixture
def eve(app, signed_in):
    """A dispatcher; Ana's van carries two valves."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.get_one(Technician, 1).van_stock = [VanStock(part="valve", count=2)]
    return signed_in("dispatcher")


def test_a_van_is_shown_counted_and_filled(eve):
    assert "2 × valve" in eve.get("/console/vans").get_data(as_text=True)
    assert 'name="count-valve" value="2"' in eve.get("/console/vans?technician=1").get_data(as_text=True)
    answer = eve.post("/console/vans/1", **{"count-valve": "9", "seen-valve": "2"})
    assert answer.status_code == 302
    assert "9 × valve" in eve.get("/console/vans").get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"count-valve": "many", "seen-valve": "2"}, 400, "no number of pieces"),
        ({"count-valve": "-1", "seen-valve": "2"}, 400, "no number of pieces"),
        ({"count-valve": "10001", "seen-valve": "2"}, 400, "from 0 to 10,000"),
        ({"count-flux": "1", "seen-flux": "0"}, 400, "flux"),
        ({"count-valve": "9", "seen-valve": "5"}, 409, "Meanwhile"),
    ],
)
def test_what_cannot_be_stored_is_said_and_nothing_is(eve, fields, status, words):
    answer = eve.post("/console/vans/1", **fields)
    assert (answer.status_code, words in answer.get_data(as_text=True)) == (status, True)
    assert "2 × valve" in eve.get("/console/vans").get_data(as_text=True)


def test_counts_that_were_typed_outlive_a_refusal(app, eve):
    """Where a part was used meanwhile, what is there now stands beside it; what nobody typed over is as it is now."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add_all([Part(name="flux"), Part(name="tap")])
        session.add(VanStock(technician_id=1, part="tap", count=4))
    typed = {
        "count-valve": "9", "seen-valve": "5", "count-flux": "7", "seen-flux": "0", "count-tap": "3", "seen-tap": "3",
    }  # fmt: skip
    refused = eve.post("/console/vans/1", **typed)
    assert (refused.status_code, "Now: 2" in refused.text) == (409, True)
    fields = dict(re.findall(r'name="((?:count|seen)-[a-z]+)" value="([^"]*)"', refused.text))
    assert fields == {
        "count-valve": "9", "seen-valve": "2", "count-flux": "7", "seen-flux": "0", "count-tap": "4", "seen-tap": "4",
    }  # fmt: skip
    assert eve.post("/console/vans/1", **fields).status_code == 302
    faulty = eve.post(
        "/console/vans/1", **{"count-valve": "many", "seen-valve": "5", "count-flux": "8", "seen-flux": "7"}
    )
    fields = dict(re.findall(r'name="((?:count|seen)-[a-z]+)" value="([^"]*)"', faulty.text))
    assert (fields["seen-valve"], fields["count-flux"]) == ("5", "8")


def test_a_van_that_does_not_exist_is_not_found(eve):
    assert eve.post("/console/vans/99", **{"count-valve": "1", "seen-valve": "0"}).status_code == 404


def test_somebody_on_call_is_called_in_from_the_board(app, eve, clock):
    """409 with the reason while they are not, or are at work anyway."""
    path = "/console/api/on-call/1"
    refused = eve.post_json(path, {"reason": "Gas smell"})
    assert (refused.status_code, "not on call" in refused.json["detail"]) == (409, True)
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add(OnCall(technician_id=1, territory_id=1, from_at=at(18), until_at=at(23)))
    clock.now = at(19)
    assert eve.post_json(path, {}).status_code == 400
    answer = eve.post_json(path, {"reason": "Gas smell"})
    assert (answer.status_code, "from 08:00 to 23:00" in answer.json["sentence"]) == (200, True)
