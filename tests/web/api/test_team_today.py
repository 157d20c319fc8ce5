"""Who works today, who is away, on call or lent, as programs read it."""

from datetime import timedelta

import pytest

from dispatch.models import Absence, BorrowedDay, OnCall, Technician, Territory
from tests.web.conftest import NOW, TODAY, at


@pytest.fixture
def team(app):
    """Changes Bruno by what is added to his lists, and answers what the API says of him then."""

    def change(caller, **lists):
        with app.extensions["wrenchtime"].session_factory.begin() as session:
            bruno = session.get_one(Technician, 2)
            for name, row in lists.items():
                if isinstance(row, bool):
                    setattr(bruno, name, row)
                else:
                    getattr(bruno, name).append(row)
        answer = caller.get("/technicians/today")
        assert (answer.status_code, answer.json["on"]) == (200, TODAY.isoformat())
        return next(one for one in answer.json["technicians"] if one["code"] == "T2")

    return change


def test_who_works_says_when(dispatcher, team):
    """As instants, and in words by the clock there."""
    bruno = team(dispatcher)
    assert (bruno["state"], bruno["words"], bruno["territory"]) == ("works", "08:00 to 16:00", "La Serena")
    assert bruno["shift"]["start_at"] == at(8).isoformat().replace("+00:00", "Z")
    assert (bruno["absence"], bruno["is_on_call"], bruno["is_borrowed"]) == (None, False, False)


def test_who_is_away_says_until_when_and_why(dispatcher, team):
    """There is no shift then; being on call is told all the same."""
    tomorrow = TODAY + timedelta(days=1)
    duty = OnCall(from_at=NOW, until_at=NOW + timedelta(hours=1), territory_id=1)
    bruno = team(dispatcher, absences=Absence(from_on=TODAY, to_on=tomorrow, reason="ill"), on_call=duty)
    assert (bruno["state"], bruno["shift"], bruno["absence"]["to_on"]) == ("away", None, tomorrow.isoformat())
    assert bruno["words"] == f"away until {tomorrow}: ill, on call"


def test_who_is_lent_says_to_whom(app, dispatcher, signed_in, team):
    """On the page too; whoever has left is told so."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add(Territory(name="Coquimbo", zone="America/Santiago"))
    bruno = team(dispatcher, borrowed_days=BorrowedDay(on=TODAY, territory_id=2))
    assert (bruno["is_borrowed"], bruno["territory"]) == (True, "Coquimbo")
    assert bruno["words"] == "08:00 to 16:00, lent to Coquimbo"
    assert "08:00 to 16:00, lent to Coquimbo" in signed_in("dispatcher").get("/console/team").text
    gone = team(dispatcher, active=False)
    assert (gone["state"], gone["words"], gone["is_borrowed"]) == ("left", "has left", False)
