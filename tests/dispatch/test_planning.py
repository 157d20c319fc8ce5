"""A day goes from rows to a verified plan and back to rows, on both databases and around every change of clock."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

import optimizer
from dispatch import installation
from dispatch.errors import Conflict, InvalidInput, PlanCancelled, PlanRefused
from dispatch.jobs import report_status
from dispatch.models import Stop, Territory
from dispatch.planning import day as day_module
from dispatch.planning.facts import find_published
from tests.dispatch.town import (
    BERLIN,
    CENTRE,
    MONDAY,
    MORNING,
    SANTIAGO,
    Grid,
    absent,
    at,
    hours,
    job,
    job_named,
    left_out,
    lunch,
    plan,
    settle,
    stops_of,
    technician,
    territory,
    user_of,
    window,
)


def test_a_day_is_planned_stored_and_published(either_database):
    """Two jobs, one technician: both on the route, with travel, the way home, and the numbers of the search."""
    settle(either_database, [technician()], [job("J1"), job("J2", windows=(window(at(14), 60),))])
    version = plan(either_database, seed=5)
    stops = stops_of(either_database)
    assert {number: code for number, (code, _) in stops.items()} == {"J1": "T1", "J2": "T1"}
    assert at(14) <= stops["J2"][1].planned_start_at <= at(15)
    assert sum(stop.travel_s for _, stop in stops.values()) == version.routes[0].travel_home_s == 100
    assert (version.version, version.status, version.seed) == (1, "published", 5)
    assert version.cost == sum(version.costs.values())
    assert version.travel_source == "grid"


def test_planning_again_supersedes_the_version_before(either_database):
    """One version of a day is published, and the older one is kept."""
    settle(either_database, [technician()], [job()])
    first = plan(either_database)
    second = plan(either_database)
    assert (first.version, second.version) == (1, 2)
    with either_database() as session:
        assert session.get(type(first), first.id).status == "superseded"
        assert find_published(session, MONDAY).id == second.id


def test_what_nobody_may_do_is_left_out_with_a_reason_for_each(session_factory):
    """The reason that binds, and one line per technician by name."""
    settle(session_factory, [technician()], [job(skills={"lifts": 1})])
    version = plan(session_factory)
    (one,) = version.unassigned
    assert one.rule == "skills"
    assert one.technicians == [{"name": "Technician T1", "rule": "skills", "sentence": "lacks lifts"}]


def test_a_job_no_road_leads_to_is_left_out_and_the_others_are_planned(session_factory):
    """One wrong address must not stop the day."""
    island = (CENTRE[0] + 5, CENTRE[1])
    settle(session_factory, [technician()], [job("J1"), job("ISLAND", location=island)])
    version = plan(session_factory, travel_source=Grid(shore=CENTRE[0] + 1))
    rule, sentence = left_out(version)["ISLAND"]
    assert rule == "travel"
    assert "9,000 m from the nearest road" in sentence
    assert set(stops_of(session_factory)) == {"J1"}


def test_a_technician_no_road_leads_home_to_is_reported_and_the_others_are_planned(session_factory):
    """It is said, as a violation, and the work goes to somebody else."""
    island = (CENTRE[0] + 5, CENTRE[1])
    settle(session_factory, [technician("T1", home=island), technician("T2")], [job()])
    version = plan(session_factory, travel_source=Grid(shore=CENTRE[0] + 1))
    assert stops_of(session_factory)["J1"][0] == "T2"
    (violation,) = version.violations
    assert violation.sentence.startswith("Technician T1 cannot be planned")


def test_wishes_parts_and_absences_reach_the_optimizer(session_factory):
    """J1 wants T2, J2 needs a part that only T3 has, and T1 is away."""
    settle(
        session_factory,
        [
            technician("T1", absences=(absent(MONDAY, MONDAY),), capacity={"valve": 9}),
            technician("T2"),
            technician("T3", capacity={"valve": 1}),
        ],
        [job("J1", required=frozenset({"T2"})), job("J2", parts={"valve": 1}), job("J3", excluded=frozenset({"T3"}))],
    )
    plan(session_factory)
    codes = {number: code for number, (code, _) in stops_of(session_factory).items()}
    assert codes["J1"] == "T2"
    assert codes["J2"] == "T3"
    assert codes["J3"] == "T2"


def test_lunch_is_taken_in_its_window(session_factory):
    """Eight hours of work and half an hour of lunch between twelve and two."""
    people = [technician(lunch=lunch("12:00", "14:00", 30), hours=hours("08:00", "18:00"))]
    settle(session_factory, people, [job(f"J{n}") for n in range(7)])
    version = plan(session_factory)
    (rest,) = version.routes[0].rests
    assert at(12) <= rest.planned_start_at <= at(14)
    assert rest.planned_end_at - rest.planned_start_at == timedelta(minutes=30)


def test_a_lunch_hour_outside_the_shift_is_none(session_factory):
    """Somebody who works in the evening does not come in for lunch."""
    people = [technician(lunch=lunch("12:00", "14:00", 30), hours=hours("15:00", "20:00"))]
    settle(session_factory, people, [job()])
    assert plan(session_factory).routes[0].rests == []


def test_what_is_started_stays_with_its_times_and_its_status(either_database):
    """On Monday at ten somebody is on site; planning again moves other work, not that."""
    settle(either_database, [technician()], [job("J1"), job("J2", windows=(window(at(15), 30),))])
    plan(either_database)
    _report(either_database, "J1", "on_site", at(9, 12))
    plan(either_database, now=at(9, 30))
    code, stop = stops_of(either_database)["J1"]
    assert (code, stop.status, stop.actual_start_at) == ("T1", "on_site", at(9, 12))
    assert stop.planned_start_at == at(9, 12)


def test_what_is_pinned_stays_with_its_technician(session_factory):
    """Though somebody else would be nearer now."""
    settle(session_factory, [technician("T1")], [job("J1", location=(CENTRE[0], CENTRE[1] - 0.2))])
    plan(session_factory)
    with session_factory.begin() as session:
        session.query(Stop).one().pinned = True
    settle(session_factory, [technician("T2", home=(CENTRE[0], CENTRE[1] - 0.2))])
    plan(session_factory)
    code, stop = stops_of(session_factory)["J1"]
    assert code == "T1"
    assert stop.pinned


def test_a_pin_to_somebody_who_fell_ill_is_free(session_factory):
    """The customer is served by another rather than by nobody."""
    settle(session_factory, [technician("T1")], [job("J1")])
    plan(session_factory)
    with session_factory.begin() as session:
        session.query(Stop).one().pinned = True
    settle(session_factory, [technician("T1", absences=(absent(MONDAY, MONDAY),)), technician("T2")])
    plan(session_factory)
    assert stops_of(session_factory)["J1"][0] == "T2"


def test_nothing_new_is_planned_in_the_past(session_factory):
    """At two in the afternoon no work can begin in the morning, and a window of the morning has passed."""
    settle(session_factory, [technician()], [job("J1"), job("J2", windows=(window(at(9), 60),))])
    version = plan(session_factory, now=at(14))
    assert stops_of(session_factory)["J1"][1].planned_start_at >= at(14)
    assert left_out(version)["J2"][0] == "time windows"
    assert "10:00" in left_out(version)["J2"][1]


def test_a_demo_may_use_hours_that_have_passed(session_factory):
    """So that it shows a whole day at any hour."""
    settle(session_factory, [technician()], [job(windows=(window(at(9), 60),))])
    with session_factory.begin() as session:
        installation.store_setting(session, installation.PLANS_WHOLE_DAY, "yes")
    plan(session_factory, now=at(22))
    assert set(stops_of(session_factory)) == {"J1"}


def test_a_status_reported_while_the_engine_works_is_kept(either_database, monkeypatch):
    """The report arrives between reading and storing; the new version carries it."""
    settle(either_database, [technician()], [job("J1"), job("J2")])
    plan(either_database)
    _while_solving(monkeypatch, lambda: _report(either_database, "J1", "en_route", at(8, 5)))
    version = plan(either_database, now=at(8))
    assert version.version == 2
    assert stops_of(either_database)["J1"][1].status == "en_route"


def test_a_plan_that_moves_what_was_started_meanwhile_is_made_again(session_factory, monkeypatch):
    """T1 has set out for the job that the new plan would have given to the nearer T2."""
    far = (CENTRE[0], CENTRE[1] - 0.2)
    settle(session_factory, [technician("T1")], [job("J1", location=far)])
    plan(session_factory)
    settle(session_factory, [technician("T2", home=far)])
    calls = _while_solving(monkeypatch, lambda: _report(session_factory, "J1", "en_route", at(8, 5)))
    plan(session_factory, now=at(8))
    assert len(calls) == 2
    code, stop = stops_of(session_factory)["J1"]
    assert (code, stop.status) == ("T1", "en_route")


def test_a_job_cancelled_while_the_engine_works_is_not_planned(session_factory, monkeypatch):
    """Nobody is sent to a customer who has just called off."""
    settle(session_factory, [technician()], [job("J1"), job("J2")])

    def cancel():
        with session_factory.begin() as session:
            job_named(session, "J1").status = "cancelled"

    _while_solving(monkeypatch, cancel)
    plan(session_factory)
    assert set(stops_of(session_factory)) == {"J2"}


def test_a_day_that_never_stops_changing_is_given_up_with_a_sentence(session_factory, monkeypatch):
    """Three attempts, then a person decides; the published plan stays."""
    settle(session_factory, [technician()], [job(f"J{n}") for n in range(5)])
    numbers = iter(range(5))

    def cancel():
        with session_factory.begin() as session:
            job_named(session, f"J{next(numbers)}").status = "cancelled"

    calls = _while_solving(monkeypatch, cancel, every_time=True)
    with pytest.raises(Conflict, match="changed while it was being planned"):
        plan(session_factory)
    assert len(calls) == day_module.ATTEMPTS


def test_no_transaction_is_open_while_the_engine_works(session_factory, monkeypatch):
    """Others can write: a writer in the middle does not even wait."""
    settle(session_factory, [technician()], [job()])

    def write():
        with session_factory.begin() as session:
            session.add(Territory(name="New", zone="UTC"))
        assert session_factory.engine.pool.checkedout() == 0

    assert len(_while_solving(monkeypatch, write)) == 0
    plan(session_factory)


def test_a_plan_that_breaks_a_rule_is_refused_with_the_rule(session_factory, monkeypatch):
    """An engine that lies is found out by the referee, and nothing is stored."""
    settle(session_factory, [technician()], [job()])

    def lie(problem, **_options):
        stop = optimizer.Stop("J1", 0, 0, 3600, 0, 0)  # at midnight, without any travel
        return optimizer.Plan((optimizer.Route("T1", 0, 3600, (stop,), (), 0, 0),), ())

    monkeypatch.setattr(optimizer, "solve", lie)
    with pytest.raises(PlanRefused) as refused:
        plan(session_factory)
    assert any("leaves" in sentence and "Technician T1" in sentence for sentence in refused.value.violations)
    with session_factory() as session:
        assert find_published(session, MONDAY) is None


def test_a_cancelled_plan_is_not_stored(session_factory):
    """What is published stays as it was."""
    settle(session_factory, [technician()], [job()])
    with pytest.raises(PlanCancelled):
        plan(session_factory, cancelled=lambda: True)
    with session_factory() as session:
        assert find_published(session, MONDAY) is None


def test_progress_is_told_and_never_goes_back(session_factory):
    """From reading to storing."""
    settle(session_factory, [technician()], [job()])
    heard = []
    plan(session_factory, on_progress=heard.append)
    shares = [step.share for step in heard]
    assert shares == sorted(shares)
    assert heard[0].message == "Reading jobs and technicians"
    assert heard[-1].message == "Storing the plan"


def test_an_unknown_policy_is_refused_with_the_known_ones(session_factory):
    """So that the next try is right."""
    settle(session_factory, [technician()], [job()])
    with pytest.raises(InvalidInput, match="balanced, customer first"):
        plan(session_factory, policy="cheapest")


def test_a_day_that_is_over_is_not_planned(session_factory):
    """A plan of yesterday would rewrite what happened."""
    with pytest.raises(Conflict, match="is over"):
        plan(session_factory, now=MORNING + timedelta(days=1))


def test_a_team_without_jobs_and_jobs_without_a_team_can_be_planned(session_factory):
    """Empty days are days too."""
    settle(session_factory, [technician()])
    assert plan(session_factory).routes[0].leave_at is None
    tuesday = MONDAY + timedelta(days=1)
    settle(session_factory, [technician(absences=(absent(tuesday, tuesday),))], [job(on=tuesday)])
    assert set(left_out(plan(session_factory, on=tuesday))) == {"J1"}


@pytest.mark.parametrize(
    ("zone", "on", "midnight", "length"),
    [
        (SANTIAGO, date(2026, 4, 4), datetime(2026, 4, 4, 3, tzinfo=UTC), 25),
        (SANTIAGO, date(2026, 4, 5), datetime(2026, 4, 5, 4, tzinfo=UTC), 24),
        (SANTIAGO, date(2026, 9, 5), datetime(2026, 9, 5, 4, tzinfo=UTC), 24),
        (SANTIAGO, date(2026, 9, 6), datetime(2026, 9, 6, 4, tzinfo=UTC), 23),
        (BERLIN, date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        (BERLIN, date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
    ],
)
def test_a_day_with_a_change_of_clock_is_planned_on_the_wall_clock(session_factory, zone, on, midnight, length):
    """The shift begins at eight on the wall and the window at ten, though the day has 23 or 25 hours."""
    wall = lambda hour: _wall(on, hour, zone)  # noqa: E731
    settle(
        session_factory,
        [technician(hours=hours("08:00", "12:00"))],
        [job(on=on, windows=(window(wall(10), 30),))],
        [territory(zone=zone)],
    )
    version = plan(session_factory, on=on, now=midnight - timedelta(hours=5))
    assert version.day_start_at == midnight
    (route,) = version.routes
    assert (route.shift_start_at, route.shift_end_at) == (wall(8), wall(12))
    assert wall(10) <= route.stops[0].planned_start_at <= wall(10) + timedelta(minutes=30)
    from dispatch import clock

    assert clock.day_end(on, zone) - midnight == timedelta(hours=length)


@pytest.mark.parametrize(
    ("zone", "on", "length"),
    [
        (SANTIAGO, date(2026, 4, 4), 9),
        (SANTIAGO, date(2026, 9, 5), 7),
        (BERLIN, date(2026, 3, 28), 7),
        (BERLIN, date(2026, 10, 24), 9),
        (BERLIN, date(2026, 11, 2), 8),
    ],
)
def test_a_night_shift_over_a_change_of_clock_is_longer_or_shorter(session_factory, zone, on, length):
    """From ten in the evening to six in the morning, seven, eight or nine hours pass."""
    people = [technician(hours=hours("22:00", "06:00"))]
    late = _wall(on + timedelta(days=1), 4, zone)
    settle(session_factory, people, [job(on=on, windows=(window(late, 30),))], [territory(zone=zone)])
    version = plan(session_factory, on=on, now=_wall(on, 1, zone))
    (route,) = version.routes
    assert route.shift_end_at - route.shift_start_at == timedelta(hours=length)
    assert late <= route.stops[0].planned_start_at <= late + timedelta(minutes=30)


def test_territories_in_two_zones_are_planned_together(session_factory):
    """Eight o'clock is another instant in each; the day counts from the head office's midnight."""
    settle(
        session_factory,
        [technician("CL"), technician("DE", territory="Stadt")],
        [job("J1"), job("J2", territory="Stadt")],
        [territory(), territory("Stadt", BERLIN)],
    )
    version = plan(session_factory, now=datetime(2026, 11, 23, 3, tzinfo=UTC))
    starts = {route.technician.code: route.shift_start_at for route in version.routes}
    assert starts == {"CL": _wall(MONDAY, 8, SANTIAGO), "DE": _wall(MONDAY, 8, BERLIN)}


def test_the_grid_of_the_tests_is_symmetric():
    """The towns' own ruler, checked once."""
    seconds, metres = Grid().matrix([(0, 0), (0, 0.01), (0.02, 0)])
    assert np.array_equal(seconds, seconds.T)
    assert metres[0, 1] == 1_000
    assert seconds[0, 1] == 100


def _wall(on: date, hour: int, zone: str) -> datetime:
    from zoneinfo import ZoneInfo

    return datetime(on.year, on.month, on.day, hour, tzinfo=ZoneInfo(zone))


def _report(session_factory, number, status, now):
    with session_factory.begin() as session:
        published = find_published(session, MONDAY)
        stop = next(s for route in published.routes for s in route.stops if s.job.number == number)
        code = stop.route.technician.code
        report_status(session, stop.id, status, user_of(session, code), now)


def _while_solving(monkeypatch, act, every_time=False):
    """Let something happen between reading the facts and storing the plan; returns the list of calls so far."""
    solve, calls = optimizer.solve, []

    def solve_and_act(*args, **options):
        calls.append(1)
        found = solve(*args, **options)
        if every_time or len(calls) == 1:
            act()
        return found

    monkeypatch.setattr(optimizer, "solve", solve_and_act, raising=False)
    return calls
