"""The board, the map and the phone show the published plan, and nothing that is not so."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import event

from dispatch import installation
from dispatch.board.day import get_basemap, get_board, get_route_lines, initials
from dispatch.jobs.moving import report_status
from dispatch.models import Rest, Stop
from dispatch.on_site.day import get_day, get_today
from dispatch.planning.facts import find_published
from dispatch.runs.queue import request_plan
from tests.dispatch.town import (
    CENTRE,
    MONDAY,
    MORNING,
    absent,
    at,
    hours,
    job,
    lunch,
    plan,
    settle,
    technician,
    user_of,
    window,
)

BOARD_KEYS = {
    "actions",
    "on_call",
    "on",
    "seq",
    "zone",
    "day_start_at",
    "day_end_at",
    "over_at",
    "now_at",
    "notices",
    "alerts",
    "away",
    "draft",
    "plan",
    "run",
    "territories",
    "technicians",
    "unassigned",
    "violations",
}


def board(session_factory, now=MORNING):
    with session_factory() as session:
        return get_board(session, MONDAY, now)


def test_a_day_without_a_plan_shows_the_team_and_what_waits(session_factory):
    """Nobody has planned yet, and the board says so for each job."""
    settle(session_factory, [technician()], [job()])
    shown = board(session_factory)
    assert set(shown) == BOARD_KEYS
    assert shown["plan"] is None
    assert shown["technicians"][0]["items"] == []
    assert [(one["number"], one["rule"]) for one in shown["unassigned"]] == [("J1", "not planned")]


@pytest.mark.both_databases
def test_a_planned_day_shows_travel_visits_and_breaks_in_order(session_factory):
    """Away from home, to work, lunch, and home again; every instant in UTC, ending in Z."""
    settle(
        session_factory,
        [technician(lunch=lunch("12:00", "13:00", 30))],
        [job("J1", service_s=14_400), job("J2", service_s=7_200, location=(CENTRE[0], CENTRE[1] - 0.03))],
    )
    plan(session_factory)
    shown = board(session_factory)
    json.dumps(shown)
    (lane,) = shown["technicians"]
    kinds = [item["type"] for item in lane["items"]]
    assert kinds.count("visit") == 2
    assert kinds.count("break") == 1
    assert kinds[0] == kinds[-1] == "travel"
    times = [time for item in lane["items"] for time in (item["start_at"], item["end_at"])]
    assert times == sorted(times)
    assert all(time.endswith("Z") for time in times)
    assert lane["leave_at"] == times[0]
    assert lane["home_at"] == times[-1]
    assert sum(item["travel_s"] for item in lane["items"] if item["type"] == "travel") == 600
    assert (
        shown["plan"]["kpis"] | {"visits": 2, "assigned": 2, "unassigned": 0, "travel_s": 600} == shown["plan"]["kpis"]
    )
    assert lane["utilization"] == round(21_600 / 32_400, 4)
    assert lane["busy_share"] == round(22_200 / 32_400, 4)


def test_a_break_on_the_way_cuts_the_travel_in_two(session_factory):
    """The bars lie around the break and keep the leg's seconds and metres."""
    settle(session_factory, [technician()], [job(windows=(window(at(10), 0),), location=(CENTRE[0], CENTRE[1] - 0.12))])
    plan(session_factory)
    with session_factory.begin() as session:
        (route,) = find_published(session, MONDAY).routes
        arrive_at = route.stops[0].planned_arrive_at
        end_at = arrive_at - timedelta(minutes=5)
        route.rests.append(Rest(planned_start_at=end_at - timedelta(minutes=10), planned_end_at=end_at))
    first, rest, second, visit, _home = board(session_factory)["technicians"][0]["items"]
    assert [item["type"] for item in (first, rest, second, visit)] == ["travel", "break", "travel", "visit"]
    assert (first["travel_s"], second["travel_s"]) == (900, 300)
    assert first["travel_m"] + second["travel_m"] == 12_000
    assert first["end_at"] == rest["start_at"]
    assert rest["end_at"] == second["start_at"]


def test_absence_and_days_off_are_told_apart(session_factory):
    """One is away with a reason, the other has no shift."""
    settle(session_factory, [technician("T1", absences=(absent(MONDAY, MONDAY),)), technician("T2", hours={})])
    away, off = board(session_factory)["technicians"]
    assert away["shift"] is None
    assert away["absence"]["reason"] == "Holiday"
    assert (off["shift"], off["absence"]) == (None, None)


def test_a_job_that_comes_in_after_the_plan_is_shown(session_factory):
    """It waits for the next plan, where everybody can see it."""
    settle(session_factory, [technician()], [job("J1")])
    plan(session_factory)
    settle(session_factory, [], [job("J2", priority=90)])
    (waiting,) = board(session_factory)["unassigned"]
    assert (waiting["number"], waiting["rule"]) == ("J2", "not planned")
    assert waiting["sentence"].startswith("Came in after")


def test_what_would_fit_a_job_is_shown_with_why_it_does_not(session_factory):
    """The smallest change first, in a sentence with the technician's name; none where nothing is planned yet."""
    settle(session_factory, [technician()], [job("J1", skills={"lifts": 1})])
    assert board(session_factory)["unassigned"][0]["remedies"] == []
    plan(session_factory)
    (left,) = board(session_factory)["unassigned"]
    assert left["remedies"] == ["Technician T1 could do it with lifts."]


def test_nobody_is_told_to_plan_a_day_that_is_over(session_factory):
    """What came in since waits on the board of today, and is not counted among that day's jobs."""
    settle(session_factory, [technician()], [job("J1")])
    later = MORNING + timedelta(days=2)
    (waiting,) = board(session_factory, later)["unassigned"]
    assert "over" in waiting["sentence"]
    plan(session_factory)
    settle(session_factory, [], [job("J2", on=None)])
    assert len(board(session_factory)["unassigned"]) == 1
    shown = board(session_factory, later)
    assert (shown["unassigned"], shown["plan"]["kpis"]["unassigned"]) == ([], 0)


def test_the_board_tells_which_plan_is_being_made(session_factory):
    """So that a page that is opened now can show how far it is."""
    settle(session_factory, [technician()], [job()])
    assert board(session_factory)["run"] is None
    with session_factory.begin() as session:
        run_id = request_plan(session, MONDAY, "balanced", None, MORNING)
    run = board(session_factory)["run"]
    assert (run["id"], run["status"]) == (run_id, "queued")


def test_lateness_against_the_due_time_is_shown_and_counted(session_factory):
    """Due at half past eight, possible from nine."""
    settle(session_factory, [technician()], [job(due_at=at(8, 30), windows=(window(at(9), 60),))])
    plan(session_factory)
    shown = board(session_factory)
    visit = next(item for item in shown["technicians"][0]["items"] if item["type"] == "visit")
    assert visit["late_s"] == 1_800
    assert shown["plan"]["kpis"]["late"] == 1
    with session_factory.begin() as session:
        session.query(Stop).one().status = "cancelled"
    assert board(session_factory)["plan"]["kpis"]["late"] == 0


def test_what_really_happened_is_shown_where_it_is_known(session_factory):
    """Work began at 9:07, so it is expected to end at 10:07."""
    settle(session_factory, [technician()], [job()])
    plan(session_factory)
    with session_factory.begin() as session:
        stop = find_published(session, MONDAY).routes[0].stops[0]
        report_status(session, stop.id, "on_site", user_of(session, "T1"), at(9, 7))
    visit = next(item for item in board(session_factory)["technicians"][0]["items"] if item["type"] == "visit")
    assert (visit["status"], visit["start_at"], visit["end_at"]) == (
        "on_site",
        "2026-11-23T12:07:00Z",
        "2026-11-23T13:07:00Z",
    )


def test_the_board_asks_the_database_as_often_for_many_jobs_as_for_few(session_factory):
    """No query per row."""
    counts = []
    for many in (2, 12):
        settle(session_factory, [technician(f"T{n}") for n in range(many)], [job(f"J{n}") for n in range(many)])
        plan(session_factory)
        queries = []
        event.listen(session_factory.engine, "before_cursor_execute", lambda *a, q=queries: q.append(a[2]))
        board(session_factory)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_routes_are_drawn_from_home_to_home(session_factory):
    """One line per technician with work, longitude first."""
    settle(session_factory, [technician("T1"), technician("T2", hours={})], [job()])
    plan(session_factory)
    with session_factory() as session:
        lines = get_route_lines(session, MONDAY, MORNING)
        assert get_basemap(session)["features"] == []  # the straight line knows no roads
    (feature,) = lines["features"]
    assert feature["properties"]["name"] == "Technician T1"
    assert feature["geometry"]["coordinates"][0] == feature["geometry"]["coordinates"][-1] == [CENTRE[1], CENTRE[0]]


def test_the_sample_city_gives_the_map_its_main_roads(session_factory):
    """And says whose data it is."""
    with session_factory.begin() as session:
        installation.store_setting(session, installation.TRAVEL_SOURCE, "sample")
    with session_factory() as session:
        basemap = get_basemap(session)
    assert "OpenStreetMap" in basemap["attribution"]
    assert {feature["properties"]["class"] for feature in basemap["features"]} >= {"primary", "secondary"}


@pytest.mark.both_databases
def test_the_phone_shows_the_stops_of_one_technician_in_order(session_factory):
    """With what is needed at the door: telephone, parts, notes."""
    settle(
        session_factory,
        [technician("T1", capacity={"valve": 2})],
        [
            job("J1", parts={"valve": 2}, notes="Ring twice.", customer_phone="+56 51 255 0114"),
            job("J2", windows=(window(at(15), 30),)),
        ],
    )
    plan(session_factory)
    with session_factory() as session:
        day = get_day(session, 1, MONDAY, MORNING)
    json.dumps(day)
    first, second = day["stops"]
    assert (first["position"], first["of"], second["position"]) == (1, 2, 2)
    assert (first["parts"], first["notes"]) == (
        [{"name": "valve", "count": 2, "used": None, "on_van": 2}], "Ring twice.",
    )  # fmt: skip
    assert first["phone"] == "+56 51 255 0114"
    assert day["plan_version"] == 1
    assert day["zone"] == "America/Santiago"


def test_the_phone_of_somebody_without_a_plan_shows_an_empty_day(session_factory):
    """Not an error: there is just nothing yet."""
    settle(session_factory, [technician()])
    with session_factory() as session:
        day = get_day(session, 1, MONDAY, MORNING)
    assert (day["stops"], day["plan_version"], day["leave_at"]) == ([], None, None)


def test_the_phone_of_somebody_without_a_route_knows_that_the_day_is_planned(session_factory):
    """Such as somebody who came to the team after the plan was made."""
    settle(session_factory, [technician("T1")], [job()])
    plan(session_factory)
    settle(session_factory, [technician("T2")])
    with session_factory() as session:
        day = get_day(session, 2, MONDAY, MORNING)
    assert (day["stops"], day["plan_version"]) == ([], 1)


def test_today_is_what_the_technicians_calendar_shows(session_factory):
    """At two in the morning in Greenwich it is still Sunday in Chile."""
    settle(session_factory, [technician(hours=hours("08:00", "17:00"))])
    with session_factory() as session:
        assert get_today(session, 1, MORNING.replace(hour=2)) == MONDAY - timedelta(days=1)


def test_initials_are_first_and_last():
    """Two letters at most, whatever the name."""
    assert [initials(name) for name in ("Ana María Soto", "Pelé", "bruno díaz", " ")] == ["AS", "P", "BD", ""]
