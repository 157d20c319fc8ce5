"""What a company is called and by whose clock its days begin: what is set comes first, and what nobody said is told."""

import pytest
from sqlalchemy import event

from dispatch import installation
from dispatch.board.day import get_board
from dispatch.intake import store_territories
from tests.dispatch.town import BERLIN, MONDAY, MORNING, SANTIAGO, settle, technician, territory

UNSAID = "Days begin at midnight in UTC, since nobody has said where the head office is"


def test_the_head_office_s_zone_is_what_is_set_else_stored_else_the_first_territory_s(open_installation):
    stored, mended = open_installation(), open_installation(COMPANY_ZONE=BERLIN)

    def zones():
        found = []
        for factory in (stored, mended):
            with factory() as session:
                found.append(installation.get_zone(session))
        return found

    assert zones() == ["UTC", BERLIN]
    settle(stored, territories=[territory()])
    assert zones() == [SANTIAGO, BERLIN]
    with stored.begin() as session:
        installation.store_setting(session, installation.ZONE, "Europe/Lisbon")
    assert zones() == ["Europe/Lisbon", BERLIN]


def test_the_zone_is_asked_for_once_in_a_session_and_again_where_it_may_be_another(session_factory):
    """Also where nobody has stored one: whatever comes after the first territory is in its zone at once."""
    queries = []
    event.listen(session_factory.engine, "before_cursor_execute", lambda *a: queries.append(a[2]))
    with session_factory.begin() as session:
        assert [installation.get_zone(session) for _ in range(3)] == ["UTC"] * 3
        assert len([one for one in queries if "FROM territory" in one]) == 1
        store_territories(session, [territory()], MORNING)
        assert installation.get_zone(session) == SANTIAGO
        store_territories(session, [territory(zone=BERLIN)], MORNING)
        assert installation.get_zone(session) == BERLIN


@pytest.mark.parametrize(("environment", "name"), [({}, "Demo Ltd"), ({"COMPANY_NAME": "Lifts & Co"}, "Lifts & Co")])
def test_the_company_s_name_is_what_is_set_else_stored(open_installation, environment, name):
    factory = open_installation(**environment)
    with factory.begin() as session:
        assert installation.find_company(session) == environment.get("COMPANY_NAME", "")
        installation.store_setting(session, installation.COMPANY, "Demo Ltd")
        assert installation.find_company(session) == name


def test_a_board_says_when_nobody_has_chosen_whose_days_it_shows(open_installation):
    """With a territory, or a zone that is set, it is somebody's."""
    plain, chosen = open_installation(), open_installation(COMPANY_ZONE=SANTIAGO)

    def told(factory):
        with factory() as session:
            return [notice for notice in get_board(session, MONDAY, MORNING)["notices"] if UNSAID in notice]

    [notice] = told(plain)
    assert "COMPANY_ZONE" in notice
    assert told(chosen) == []
    settle(plain, [technician()])
    assert told(plain) == []
