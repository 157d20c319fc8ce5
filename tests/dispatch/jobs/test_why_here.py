"""Why a job is with this technician: what others would cost, in sentences and in data, and who cannot come."""

from datetime import timedelta

import pytest

from dispatch.errors import Conflict, NotFound
from dispatch.jobs.why_here import explain_place
from dispatch.models import Stop
from tests.dispatch.drafting import EAST
from tests.dispatch.town import MORNING, Grid, at, job, job_named, plan, report, settle, technician


@pytest.fixture
def town(session_factory):
    """J1 is beside T1; T2 lives twenty kilometres away, and T3 cannot do gas."""
    people = [technician("T1"), technician("T2", home=EAST), technician("T3", skills={})]
    settle(session_factory, people, [job("J1", skills={"gas": 1})])
    plan(session_factory)
    return session_factory


def why(factory, number="J1", now=MORNING, **options):
    with factory() as session:
        return explain_place(session, job_named(session, number).id, now, travel_source=Grid(), **options)


def test_the_next_technician_costs_so_much_more_travel(town):
    """T2 would drive 1,900 s there and as much back, T1 drives 100 s."""
    told = why(town)
    [other] = told.alternatives
    assert (told.technician, told.start_at) == ("Technician T1", at(8) + timedelta(seconds=100))
    assert told.sentence == "Nobody else costs less; Technician T2 comes next."
    assert (other.technician, other.start_at) == ("Technician T2", at(8) + timedelta(seconds=1_900))
    assert (other.difference, other.differences) == (3_600, {"travel": 3_600})
    assert other.sentence == "Technician T2 could start at 08:31; that is dearer by what 1 h of travel cost."


def test_whoever_cannot_come_is_named_with_the_rule(town):
    [unable] = why(town).cannot
    assert (unable.technician, unable.rule, unable.sentence) == ("Technician T3", "skills", "lacks gas")


def test_of_several_rules_each_says_its_part(session_factory):
    """T1 is also the one whom the customer likes."""
    people = [technician("T1"), technician("T2", home=EAST)]
    settle(session_factory, people, [job("J1", preferred=frozenset({"T1"}))])
    plan(session_factory)
    [other] = why(session_factory).alternatives
    assert other.difference == 4_500
    assert other.sentence.endswith(
        "that is dearer by what 1 h 15 min of travel cost (travel 1 h, not the preferred technician 15 min)."
    )


def test_a_day_that_could_be_better_by_now_says_so(town):
    """Somebody who lives next door has come since."""
    settle(town, [technician("T4", home=(-29.9, -71.26))])
    told = why(town)
    assert told.sentence.startswith("As the day stands by now, Technician T4 would cost less")
    assert told.alternatives[0].sentence.endswith("that is cheaper by what 3 min of travel cost.")


def test_what_is_held_says_what_holds_it_and_what_others_would_cost_all_the_same(town):
    with town.begin() as session:
        session.query(Stop).one().pinned = True
    assert why(town).sentence == (
        "It is pinned where somebody has put it: plans leave it with Technician T1. "
        "Nobody else costs less; Technician T2 comes next."
    )
    with town.begin() as session:
        session.query(Stop).one().status = "dispatched"
    told = why(town)
    assert told.sentence.startswith("It was sent to the phone of Technician T1: plans leave it there. Nobody else")
    assert [one.difference for one in told.alternatives] == [3_600]


def test_what_has_begun_is_nobody_elses(town):
    report(town, "J1", "en_route", at(8))
    told = why(town, now=at(8, 1))
    assert told.sentence == "Technician T1 has begun it, so nobody else can have it."
    assert told.alternatives == told.cannot == ()


def test_what_is_on_no_route_or_of_a_day_that_is_over_is_refused(town):
    settle(town, [], [job("J2")])
    with pytest.raises(Conflict, match="Job J2 is on no published route"):
        why(town, "J2")
    with pytest.raises(Conflict, match="2026-11-23 is over"):
        why(town, now=at(30))
    with pytest.raises(NotFound), town() as session:
        explain_place(session, 99, MORNING, travel_source=Grid())
