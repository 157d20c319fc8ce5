"""What is expected of today is worked out once a minute, however many boards ask."""

from datetime import timedelta

import pytest

from dispatch.board import expected
from dispatch.board.expected import get_expected
from dispatch.board.known_lanes import KnownLanes
from dispatch.models import Territory
from dispatch.territories.scope import limit_session
from tests.dispatch.town import MONDAY, at, job, plan, settle, stops_of, technician, territory

NOON = at(12)


@pytest.fixture
def counted(monkeypatch):
    """How often it was worked out."""
    times, really = [], expected.list_expected

    def work_out(session, on, now):
        times.append(now)
        return really(session, on, now)

    monkeypatch.setattr(expected, "list_expected", work_out)
    return times


@pytest.fixture
def late_town(session_factory):
    """At noon nobody has reported anything."""
    settle(session_factory, [technician("T1")], [job("J1")])
    plan(session_factory)
    return session_factory


def ask(session_factory, known, now, *territory_ids, on=MONDAY):
    with session_factory() as session:
        limit_session(session, territory_ids)
        return get_expected(session, on, now, known)["expected"]


def test_many_boards_within_a_minute_cost_one_reckoning(late_town, counted):
    known = KnownLanes()
    stop_id = stops_of(late_town)["J1"][1].id
    assert ask(late_town, known, NOON) == {stop_id: "2026-11-23T15:00:00Z"}
    assert ask(late_town, known, NOON + timedelta(seconds=59)) == {stop_id: "2026-11-23T15:00:00Z"}
    assert ask(late_town, known, NOON + timedelta(seconds=60)) == {stop_id: "2026-11-23T15:01:00Z"}
    assert len(counted) == 2


def test_another_plan_is_reckoned_at_once(late_town, counted):
    known = KnownLanes()
    before = ask(late_town, known, NOON)
    plan(late_town, now=NOON)
    after = ask(late_town, known, NOON)
    assert len(counted) == 2
    assert before.keys() != after.keys()


def test_a_day_without_a_plan_expects_nothing(late_town, counted):
    assert ask(late_town, KnownLanes(), NOON, on=MONDAY + timedelta(days=1)) == {}
    assert counted == []


def test_who_is_limited_is_told_of_no_visit_of_another_territory(session_factory):
    settle(
        session_factory,
        [technician("T1"), technician("T2", territory="Valley")],
        [job("J1", required=frozenset({"T1"})), job("J2", territory="Valley", required=frozenset({"T2"}))],
        [territory("Town"), territory("Valley")],
    )
    plan(session_factory)
    with session_factory() as session:
        valley_id = session.query(Territory).filter_by(name="Valley").one().id
    stops, known = stops_of(session_factory), KnownLanes()
    assert set(ask(session_factory, known, NOON)) == {stops["J1"][1].id, stops["J2"][1].id}
    assert set(ask(session_factory, known, NOON, valley_id)) == {stops["J2"][1].id}
