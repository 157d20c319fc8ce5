"""A day goes from rows to a verified plan and back to rows."""

import re
from datetime import timedelta

import numpy as np
import pytest

from dispatch import installation
from dispatch.errors import Conflict, InvalidInput
from tests.dispatch.town import (
    CENTRE,
    MONDAY,
    MORNING,
    Grid,
    absent,
    at,
    hours,
    job,
    left_out,
    lunch,
    plan,
    settle,
    stops_of,
    technician,
    window,
)


@pytest.mark.both_databases
def test_a_day_is_planned_stored_and_published(session_factory):
    """Two jobs, one technician: both on the route, with travel, the way home, and the numbers of the search."""
    settle(session_factory, [technician()], [job("J1"), job("J2", windows=(window(at(14), 60),))])
    version = plan(session_factory, seed=5)
    stops = stops_of(session_factory)
    assert {number: code for number, (code, _) in stops.items()} == {"J1": "T1", "J2": "T1"}
    assert at(14) <= stops["J2"][1].planned_start_at <= at(15)
    assert sum(stop.travel_s for _, stop in stops.values()) == version.routes[0].travel_home_s == 100
    assert (version.version, version.status, version.seed) == (1, "published", 5)
    assert version.cost == sum(version.costs.values())
    assert version.travel_source == "grid"


def test_what_nobody_may_do_is_left_out_with_a_reason_for_each(session_factory):
    """The reason that binds, and one line per technician by name."""
    settle(session_factory, [technician()], [job(skills={"lifts": 1})])
    version = plan(session_factory)
    (one,) = version.unassigned
    assert one.rule == "skills"
    assert one.technicians == [{"name": "Technician T1", "rule": "skills", "sentence": "lacks lifts"}]
    assert one.remedies == ["Technician T1 could do it with lifts."]


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


def test_a_missing_part_is_named(session_factory):
    """So that somebody can fetch it."""
    settle(session_factory, [technician(capacity={"filter": 1})], [job(parts={"door drive": 1, "filter": 1})])
    (one,) = plan(session_factory).unassigned
    assert "door drive" in one.technicians[0]["sentence"]


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


def test_progress_is_told_and_never_goes_back(session_factory):
    """From reading to storing."""
    settle(session_factory, [technician()], [job()])
    heard = []
    plan(session_factory, on_progress=heard.append)
    shares = [step.share for step in heard]
    assert shares == sorted(shares)
    assert heard[0].message == "Reading jobs and technicians"
    assert heard[-1].message == "Storing the plan"


def test_what_a_plan_took_is_written_down_stage_by_stage(session_factory, caplog):
    settle(session_factory, [technician()], [job()])
    with caplog.at_level("INFO", logger="dispatch.planning.stages"):
        plan(session_factory)
    (line,) = caplog.messages
    assert re.fullmatch(
        r"version 1 of 2026-11-23, published: reading jobs and technicians \d+\.\d s, working out travel times "
        r"\d+\.\d s, searching for better routes \d+\.\d s, listing what changes \d+\.\d s, "
        r"storing the plan \d+\.\d s",
        line,
    )


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


def test_the_grid_of_the_tests_is_symmetric():
    """The towns' own ruler, checked once."""
    seconds, metres = Grid().matrix([(0, 0), (0, 0.01), (0.02, 0)])
    assert np.array_equal(seconds, seconds.T)
    assert metres[0, 1] == 1_000
    assert seconds[0, 1] == 100
