"""After midnight, through the pages: events and calls are of the shifts that go on, and the forms say so."""

import re
from datetime import time, timedelta

import pytest

from dispatch.models import Incident, Job, PlanRoute, Technician
from tests.web.conftest import TODAY, at
from tests.web.test_events import event_id

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def dispatcher(app, signed_in, clock):
    """At one in the morning: Ana works from 22 to 6, and Bruno went home in the afternoon."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        [pattern] = session.get_one(Technician, 1).shift_patterns
        pattern.starts, pattern.ends = time(22), time(6)
        ana = session.query(PlanRoute).filter_by(technician_id=1).one()
        ana.shift_start_at, ana.shift_end_at, ana.latest_end_at = at(22), at(30), at(30)
    clock.now = at(25)
    return signed_in("dispatcher")


@pytest.mark.parametrize(("technician", "on"), [("1", TODAY), ("2", TOMORROW)])
def test_an_illness_told_after_midnight_is_of_the_shift_that_goes_on(dispatcher, database, technician, on):
    """So that it ends this night and not the next; who has gone home is ill on the new day."""
    answer = dispatcher.post("/console/events", kind="technician_ill", on=str(TOMORROW), technician=technician)
    assert database.get_one(Incident, event_id(answer)).on == on


def test_the_form_says_whose_shifts_go_on_and_offers_their_visits(dispatcher):
    form = dispatcher.get("/console/events/new?kind=overrun").text
    assert re.search(r"Shifts of [^.]*23[^.]* go on", form)
    assert "J-1 Boiler 1" in form


def test_a_call_after_midnight_is_for_the_shifts_that_go_on_unless_another_day_is_chosen(dispatcher, database):
    """The choice comes back with what was typed, where something is wrong."""
    form = dispatcher.get("/console/events/new?kind=emergency&job=3").text
    offered = r'<option value="(2026-11-2\d)"( selected)?>'
    assert re.findall(offered, form) == [(str(TODAY), ""), (str(TOMORROW), "")]
    typed = {"kind": "emergency", "job": "3", "due": "02:00"}
    refused = dispatcher.post("/console/events", **{**typed, "due": "00:30"}, on=str(TOMORROW))
    assert re.findall(offered, refused.text) == [(str(TODAY), ""), (str(TOMORROW), " selected")]
    told = database.get_one(Incident, event_id(dispatcher.post("/console/events", **typed, on=str(TODAY))))
    assert (told.on, database.get_one(Job, 3).due_at) == (TODAY, at(26))
