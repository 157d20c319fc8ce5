"""A board that is open follows the day: what has changed is told, and whenever that may be anything, all is read."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event

from dispatch.board.day import find_board_news, get_board
from dispatch.board.known_lanes import KnownLanes, Lane, LanesOf
from dispatch.events import record_event
from dispatch.jobs.changes import JobEdit, change_job
from dispatch.jobs.moving import change_status, find_stop_in_force, report_status
from dispatch.jobs.new import create_job
from dispatch.jobs.request import JobRequest
from dispatch.living.reporting import EventReport, report_event
from dispatch.models import Customer, Incident, Job, TaskRun, Technician
from dispatch.runs.queue import request_plan
from dispatch.territories.scope import limit_session
from tests.dispatch.town import MONDAY, at, job, job_named, plan, settle, stops_of, technician, user_of

NINE, TEN = at(9), at(10)


@pytest.fixture
def known(session_factory):
    """The board of two people with two jobs each, as it was read at nine."""
    team = [technician("T1"), technician("T2")]
    wishes = {"J1": "T1", "J2": "T1", "J3": "T2", "J4": "T2"}
    settle(session_factory, team, [job(number, required=frozenset({code})) for number, code in wishes.items()])
    plan(session_factory)
    return whole(session_factory, NINE)


def whole(session_factory, now=TEN):
    with session_factory() as session:
        return get_board(session, MONDAY, now)


def news_of(session_factory, known, now=TEN, lanes=None):
    with session_factory() as session:
        version = known["plan"]["version"] if known["plan"] else None
        return find_board_news(session, MONDAY, now, known["seq"], version, lanes or KnownLanes())


def news_within(session, known):
    """The same for whoever the session is limited to."""
    return find_board_news(session, MONDAY, TEN, known["seq"], known["plan"]["version"], KnownLanes())


def told(known, news):
    """What a page shows that was told the news."""
    lanes = {one["id"]: one for one in news["technicians"]}
    once = {key: value for key, value in news.items() if key not in ("kpis", "technicians")}
    plan_told = {**known["plan"], "kpis": {**known["plan"]["kpis"], **news["kpis"]}}
    return (
        known | once | {"plan": plan_told, "technicians": [lanes.get(one["id"], one) for one in known["technicians"]]}
    )


def work(session, number, *statuses):
    """The technician of the job reports these, one after the other."""
    stop = find_stop_in_force(session, job_named(session, number).id)
    user = user_of(session, stop.route.technician.code)
    for status in statuses:
        report_status(session, stop.id, status, user, NINE, reason="nobody there" if status == "no_access" else "")


def cancel(session):
    change_status(
        session, job_named(session, "J3").id, "cancelled", user_of(session, "D1", "dispatcher"), NINE, "moved"
    )


def ask_for_another(session):
    known = job_named(session, "J1")
    create_job(
        session,
        JobRequest(known.customer_id, known.location_id, "A leak", requested_on=MONDAY, service_s=1_800),
        NINE,
        None,
    )


def rename(session, number):
    changed = job_named(session, number)
    change_job(session, changed.id, changed.version, JobEdit({"title": "Another leak"}), NINE, None)


def reopen_and_rename(session):
    cancel(session)
    change_status(session, job_named(session, "J3").id, "requested", user_of(session, "D1", "dispatcher"), NINE, "oh")
    rename(session, "J3")


def call_in_late(session):
    late = session.query(Technician).filter_by(code="T2").one()
    report_event(session, EventReport("technician_late", MONDAY, technician_id=late.id, minutes=30), NINE, None)


HAPPENINGS = {
    "somebody sets out": lambda session: work(session, "J1", "en_route"),
    "somebody is done": lambda session: work(session, "J1", "en_route", "on_site", "done"),
    "nobody is there": lambda session: work(session, "J3", "en_route", "on_site", "no_access"),
    "two report": lambda session: [work(session, "J1", "en_route"), work(session, "J3", "en_route")],
    "the office cancels": cancel,
    "a job comes in": ask_for_another,
    "a planned job changes": lambda session: rename(session, "J1"),
    "a job that no route has changes": reopen_and_rename,
    "somebody will be late": call_in_late,
    "nothing": lambda session: None,
}


@pytest.mark.parametrize("happening", HAPPENINGS)
def test_a_board_that_is_told_the_news_is_the_board(session_factory, known, happening):
    with session_factory.begin() as session:
        HAPPENINGS[happening](session)
    news = news_of(session_factory, known)
    assert news is not None
    assert told(known, news) == whole(session_factory)


def test_what_is_left_out_is_told_only_where_it_may_have_changed(session_factory, known):
    with session_factory.begin() as session:
        work(session, "J1", "en_route", "on_site", "done")
    assert "unassigned" not in news_of(session_factory, known)
    with session_factory.begin() as session:
        cancel(session)
    assert "unassigned" in news_of(session_factory, known)


def test_a_planned_job_that_changes_leaves_what_is_left_out_as_it_is(session_factory, known):
    with session_factory.begin() as session:
        rename(session, "J1")
    assert "unassigned" not in news_of(session_factory, known)


def test_what_is_left_out_is_read_for_one_board_and_told_to_all_who_see_as_much(session_factory, known):
    """Until something may have changed it, or a minute has passed."""
    lanes, queries = KnownLanes(), []
    with session_factory.begin() as session:
        ask_for_another(session)
    event.listen(session_factory.engine, "before_cursor_execute", lambda *a: queries.append(a[2]))

    def count_readings(now=TEN, territory_ids=()):
        queries.clear()
        with session_factory() as session:
            limit_session(session, territory_ids)
            news = find_board_news(session, MONDAY, now, known["seq"], known["plan"]["version"], lanes)
        assert len(news["unassigned"]) == 1
        return sum("FROM unassigned_job" in one for one in queries)

    assert [count_readings(), count_readings()] == [1, 0]
    assert count_readings(territory_ids=[9]) == 1
    with session_factory.begin() as session:
        work(session, "J1", "en_route")
    assert count_readings() == 0
    assert count_readings(now=TEN + timedelta(minutes=1)) == 1
    with session_factory.begin() as session:
        record_event(session, "job changed", NINE, None, session.query(Job).filter_by(title="A leak").one())
    assert count_readings(now=TEN + timedelta(minutes=1)) == 1


def test_what_is_shown_beside_visits_is_read_for_one_board_and_told_to_all_who_see_as_much(session_factory, known):
    """Until something happens to more than visits, or some seconds have passed."""
    lanes, queries = KnownLanes(), []
    event.listen(session_factory.engine, "before_cursor_execute", lambda *a: queries.append(a[2]))

    def count_readings(now=TEN, territory_ids=()):
        queries.clear()
        with session_factory() as session:
            limit_session(session, territory_ids)
            find_board_news(session, MONDAY, now, known["seq"], known["plan"]["version"], lanes)
        return sum("FROM on_call" in one for one in queries)

    assert [count_readings(), count_readings()] == [1, 0]
    assert count_readings(territory_ids=[9]) == 1
    with session_factory.begin() as session:
        record_event(session, "note added", NINE, None, job_named(session, "J1"))
    assert count_readings() == 0
    for happen in (call_in_late, lambda session: rename(session, "J1"), cancel):
        with session_factory.begin() as session:
            happen(session)
        assert [count_readings(), count_readings()] == [1, 0]
    assert count_readings(now=TEN + timedelta(seconds=5)) == 1


def test_how_far_planning_is_is_read_for_every_board(session_factory, known):
    """No event tells that it goes on."""
    lanes = KnownLanes()
    with session_factory.begin() as session:
        request_plan(session, MONDAY, "balanced", None, NINE)
    assert news_of(session_factory, known, lanes=lanes)["run"]["progress"] == 0
    with session_factory.begin() as session:
        session.query(TaskRun).one().progress = 0.5
    assert news_of(session_factory, known, lanes=lanes)["run"]["progress"] == 0.5


def test_only_the_rows_that_something_happened_on_are_read(session_factory, known):
    with session_factory.begin() as session:
        work(session, "J3", "en_route")
    assert [one["code"] for one in news_of(session_factory, known)["technicians"]] == ["T2"]


@pytest.mark.parametrize("happening", HAPPENINGS)
def test_what_one_board_was_told_serves_the_next_until_something_happens(session_factory, known, happening):
    lanes = KnownLanes()
    with session_factory.begin() as session:
        work(session, "J1", "en_route")
    news_of(session_factory, known, lanes=lanes)
    queries = []
    event.listen(session_factory.engine, "before_cursor_execute", lambda *a: queries.append(a[2]))
    news = news_of(session_factory, known, lanes=lanes)
    assert not any("FROM plan_route" in one for one in queries)
    assert told(known, news) == whole(session_factory)
    if happening not in ("somebody sets out", "somebody is done", "two report"):  # for which it is too late
        with session_factory.begin() as session:
            HAPPENINGS[happening](session)
        assert told(known, news_of(session_factory, known, lanes=lanes)) == whole(session_factory)


@pytest.mark.parametrize("happening", [*HAPPENINGS, "a technician changes", "another plan"])
def test_a_board_that_is_opened_is_the_same_whether_rows_are_known_or_not(session_factory, known, happening):
    lanes = KnownLanes()
    with session_factory() as session:
        assert get_board(session, MONDAY, NINE, lanes) == known
    with session_factory.begin() as session:
        if happening == "a technician changes":
            someone = session.query(Technician).filter_by(code="T2").one()
            someone.name = "Renamed"
            record_event(session, "technician changed", NINE, None, someone)
        elif happening != "another plan":
            HAPPENINGS[happening](session)
    if happening == "another plan":
        settle(session_factory, [], [job("J9")])
        plan(session_factory, now=NINE)
    with session_factory() as session:
        assert get_board(session, MONDAY, TEN, lanes) == whole(session_factory)


def test_a_board_that_is_opened_reads_no_row_that_is_known(session_factory, known):
    lanes = KnownLanes()
    with session_factory() as session:
        get_board(session, MONDAY, TEN, lanes)
    queries = []
    event.listen(session_factory.engine, "before_cursor_execute", lambda *a: queries.append(a[2]))
    with session_factory() as session:
        get_board(session, MONDAY, TEN, lanes)
    assert not any(f"FROM {table}" in one for one in queries for table in ("shift_pattern", "technician_skill"))


def test_boards_that_are_opened_at_once_read_the_day_but_once(session_factory, known):
    lanes, queries = KnownLanes(), []
    event.listen(session_factory.engine, "before_cursor_execute", lambda *a: queries.append(a[2]))

    def open_board(_):
        with session_factory() as session:
            return get_board(session, MONDAY, NINE, lanes)

    with ThreadPoolExecutor(6) as people:
        assert list(people.map(open_board, range(6))) == [known] * 6
    assert sum("FROM technician_skill" in one for one in queries) == 1


def test_an_older_reading_does_not_replace_a_newer_one():
    lanes = KnownLanes()
    lanes.keep(LanesOf(1, frozenset()), 1, 7, Lane({"leave_at": "eight"}, None))
    lanes.keep(LanesOf(1, frozenset()), 1, 6, Lane({"leave_at": "seven"}, None))
    assert lanes.find(LanesOf(1, frozenset()), 1, 7) == Lane({"leave_at": "eight"}, None)


def test_after_another_plan_all_is_read(session_factory, known):
    settle(session_factory, [], [job("J9")])
    plan(session_factory, now=NINE)
    assert news_of(session_factory, known) is None


@pytest.mark.parametrize("subject", [Technician, Customer, None])
def test_after_what_may_have_changed_anything_all_is_read(session_factory, known, subject):
    with session_factory.begin() as session:
        row = session.query(subject).first() if subject else None
        record_event(session, "something changed", NINE, None, row)
    assert news_of(session_factory, known) is None


def test_what_happens_to_accounts_is_no_news_for_boards(session_factory, known):
    with session_factory.begin() as session:
        record_event(session, "password changed", NINE, None, user_of(session, "D1", "dispatcher"))
    assert news_of(session_factory, known)["technicians"] == []


def test_who_was_away_for_long_reads_all(session_factory, known):
    with session_factory.begin() as session:
        for _ in range(1_000):
            record_event(session, "note added", NINE, None, job_named(session, "J1"))
    assert news_of(session_factory, known) is None


def test_a_number_that_never_was_reads_all(session_factory, known):
    """A backup was restored: the numbers begin anew."""
    assert news_of(session_factory, known | {"seq": known["seq"] + 1}) is None


def test_a_limited_dispatcher_is_told_of_own_rows_only(session_factory, known):
    with session_factory.begin() as session:
        territory = session.query(Technician).filter_by(code="T1").one().territory_id
        assert session.query(Incident).count() == 0
        work(session, "J3", "en_route")
    with session_factory() as session:
        limit_session(session, [territory + 1_000])
        assert news_within(session, known)["technicians"] == []


def test_the_news_ask_the_database_as_often_for_many_rows_as_for_one(session_factory):
    counts = []
    for many in (2, 10):
        settle(session_factory, [technician(f"T{n}") for n in range(many)],
               [job(f"J{n}", required=frozenset({f"T{n}"})) for n in range(many)])  # fmt: skip
        plan(session_factory, now=at(7))
        known = whole(session_factory, at(7))
        with session_factory.begin() as session:
            for code, _ in stops_of(session_factory).values():
                record_event(session, "note added", NINE, None, job_named(session, f"J{code[1:]}"))
        queries = []
        event.listen(session_factory.engine, "before_cursor_execute", lambda *a, q=queries: q.append(a[2]))
        assert len(news_of(session_factory, known)["technicians"]) == many
        counts.append(len(queries))
    assert counts[0] == counts[1]
