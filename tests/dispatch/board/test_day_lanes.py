"""Rows of the board are read with what may have changed alone."""

import pytest
from sqlalchemy import event

from dispatch.board.day import find_board_news, get_board
from dispatch.board.known_lanes import KnownLanes
from dispatch.events import record_event
from dispatch.jobs.moving import report_status
from dispatch.models import Job, Technician, TechnicianTerritory, Territory
from dispatch.territories.scope import limit_session
from tests.dispatch.town import MONDAY, at, job, plan, settle, technician, territory, user_of

NINE = at(9)


def test_after_a_report_nothing_of_the_technician_is_read_until_something_happens_to_them(session_factory):
    settle(session_factory, [technician("T1")], [job("J1")])
    plan(session_factory)
    lanes, queries = KnownLanes(), []
    event.listen(session_factory.engine, "before_cursor_execute", lambda *a: queries.append(a[2]))

    def open_board(known):
        with session_factory() as session:
            return get_board(session, MONDAY, NINE, known)

    def report(status):
        with session_factory.begin() as session:
            report_status(session, stop_id, status, user_of(session, "T1"), NINE)

    def hear(board):
        with session_factory() as session:
            return find_board_news(session, MONDAY, NINE, board["seq"], 1, lanes)

    board = open_board(lanes)
    stop_id = next(one["stop_id"] for one in board["technicians"][0]["items"] if one["type"] == "visit")
    report("en_route")
    queries.clear()
    assert hear(board)["technicians"] == open_board(KnownLanes())["technicians"]
    assert sum("FROM technician_skill" in one for one in queries) == 1  # by the board that knew nothing

    with session_factory.begin() as session:
        someone = session.query(Technician).one()
        someone.name = "Renamed"
        record_event(session, "technician changed", NINE, None, someone)
    assert hear(board) is None
    board = open_board(lanes)
    report("on_site")
    (row,) = hear(board)["technicians"]
    assert row["name"] == "Renamed"
    assert [row] == open_board(KnownLanes())["technicians"]


@pytest.mark.parametrize("limited_first", [True, False])
def test_who_is_limited_to_a_territory_and_who_is_not_are_never_told_each_others_rows(session_factory, limited_first):
    both = [territory("Town"), territory("Valley")]
    settle(session_factory, [technician("T1", territory="Valley")], [job("J1", territory="Valley")], both)
    plan(session_factory)
    with session_factory.begin() as session:
        town_id = session.query(Territory).filter_by(name="Town").one().id
        session.add(TechnicianTerritory(technician_id=session.query(Technician).one().id, territory_id=town_id))
    lanes = KnownLanes()

    def open_board(known, is_limited):
        with session_factory() as session:
            limit_session(session, {town_id} if is_limited else ())
            return get_board(session, MONDAY, NINE, known)

    for is_limited in (limited_first, not limited_first):
        board = open_board(lanes, is_limited)
        assert board == open_board(KnownLanes(), is_limited)
        visits = [one["number"] for one in board["technicians"][0]["items"] if one["type"] == "visit"]
        assert visits == ([] if is_limited else ["J1"])
        assert board["plan"]["kpis"]["assigned"] == len(visits)


def test_a_visit_that_leaves_the_territories_of_who_is_limited_leaves_the_row_they_know(session_factory):
    both = [territory("Town"), territory("Valley")]
    settle(session_factory, [technician("T1", territory="Valley")], [job("J1", territory="Town")], both)
    with session_factory.begin() as session:
        ids = {one.name: one.id for one in session.query(Territory)}
        session.add(TechnicianTerritory(technician_id=session.query(Technician).one().id, territory_id=ids["Town"]))
    plan(session_factory)
    lanes = KnownLanes()

    def list_visits():
        with session_factory() as session:
            limit_session(session, {ids["Town"]})
            (row,) = get_board(session, MONDAY, NINE, lanes)["technicians"]
        return [one["number"] for one in row["items"] if one["type"] == "visit"]

    assert list_visits() == ["J1"]
    with session_factory.begin() as session:
        moved = session.query(Job).one()
        moved.territory_id = ids["Valley"]
        record_event(session, "job changed", NINE, None, moved)
    assert list_visits() == []
