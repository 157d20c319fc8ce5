"""Who falls ill in the middle of a day is away on the board for the rest of it, and plans name whom they are for."""

from dispatch.clock import to_iso
from dispatch.models import Incident, PlanVersion
from tests.web.conftest import NOW, TODAY


def report_illness(dispatcher) -> int:
    """Of Ana, by the form; the id of the event."""
    answer = dispatcher.post("/console/events", kind="technician_ill", on=str(TODAY), technician="1")
    return int(answer.location.rpartition("/")[2])


def test_who_falls_ill_is_away_from_that_moment_also_once_the_day_is_repaired(signed_in, app):
    """Their row is free, and nobody is to think that they are; an illness that is dismissed keeps nobody away."""
    dispatcher = signed_in("dispatcher")
    event = report_illness(dispatcher)
    told = [{"technician_id": 1, "from_at": to_iso(NOW), "reason": "Ill"}]
    assert dispatcher.get(f"/console/api/board?on={TODAY}").json["away"] == told
    for status, away in (("repaired", told), ("dismissed", [])):
        with app.extensions["wrenchtime"].session_factory.begin() as session:
            row = session.get_one(Incident, event)
            row.status, row.reason, row.closed_at = status, "She is well.", NOW
        assert dispatcher.get(f"/console/api/board?on={TODAY}").json["away"] == away


def test_a_plan_names_who_was_ill_where_it_says_what_it_answers(signed_in, app):
    """Two were ill that day: "Technician ill" alone says nothing."""
    dispatcher = signed_in("dispatcher")
    event = report_illness(dispatcher)
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        published = session.query(PlanVersion).filter_by(on=TODAY, status="published").one()
        session.get_one(Incident, event).plan_id = published.id
        path = f"/console/plans/{published.id}"
    for page in (path, f"/console/plans?on={TODAY}"):
        assert "Technician ill: Ana Rojas" in dispatcher.get(page).text
