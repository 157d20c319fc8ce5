"""What a job asks for is changed while it is open: told with what it said before, and followed by the plans."""

import pytest
from sqlalchemy import select

from data.records import TerritoryRecord
from data.territories import Polygon
from dispatch.entry.job_effects import list_job_effects
from dispatch.errors import Conflict, Forbidden, InvalidInput, Stale
from dispatch.events import list_events_of
from dispatch.jobs.changes import JobEdit, change_job
from dispatch.models import Asset, JobPart, Stop, Technician, Territory
from dispatch.planning.facts import read_day
from dispatch.planning.fingerprint import hash_facts
from dispatch.territories.scope import limit_session
from tests.dispatch.town import (
    CENTRE,
    MONDAY,
    MORNING,
    SANTIAGO,
    at,
    job,
    job_named,
    plan,
    report,
    settle,
    stops_of,
    technician,
)

WEST, EAST = (
    Polygon([(lon, CENTRE[0] - 1), (lon + 1, CENTRE[0] - 1), (lon + 1, CENTRE[0] + 1), (lon, CENTRE[0] + 1)])
    for lon in (CENTRE[1] - 1, CENTRE[1])
)
ACROSS = ("Over the river", (CENTRE[0], CENTRE[1] + 0.01))


@pytest.fixture
def town(session_factory):
    """J1 is planned for T1, who alone works in the west; T2 works in the east."""
    areas = [TerritoryRecord("East", SANTIAGO, EAST), TerritoryRecord("Town", SANTIAGO, WEST)]
    people = [technician(capacity={"valve": 2}), technician("T2", territory="East", skills={"lifts": 3})]
    settle(session_factory, people, [job(skills={"gas": 1}, parts={"valve": 1}, territory=None)], areas)
    plan(session_factory)
    return session_factory


def change(factory, seen=1, now=None, limits=(), **told):
    with factory.begin() as session:
        row = job_named(session, "J1")
        limit_session(session, limits)
        change_job(session, row.id, seen, JobEdit(**told), now or at(7), None)
        return list_job_effects(session, row, now or at(7))


def test_lists_and_the_place_are_changed_with_one_event_of_old_and_new(town):
    """The territory follows the place, and the version rises once."""
    change(town, skills={"lifts": 2}, parts={}, wishes={2: "required"}, place=ACROSS, columns={"priority": 7})
    with town() as session:
        row = job_named(session, "J1")
        assert (row.version, row.territory.name, row.location.address) == (2, "East", "Over the river")
        [told] = list_events_of(session, row)[-1:]
        assert (told.kind, told.before["skills"], told.after["skills"]) == ("job changed", {"gas": 1}, {"lifts": 2})
        assert (told.before["territory"], told.after["wishes"]) == ("Town", {"Technician T2 (T2)": "required"})
        assert set(told.after) == {"skills", "parts", "wishes", "address", "place", "territory", "priority"}


def test_a_change_between_two_of_one_name_is_told(town):
    """Of two people, and of two boilers: the history says which, and open phones hear of it."""
    with town.begin() as session:
        row = job_named(session, "J1")
        for one in session.scalars(select(Technician)):
            one.name = "José Rojas"
        whose = {"customer_id": row.customer_id, "location_id": row.location_id}
        session.add_all([Asset(name="Boiler", **whose), Asset(name="Boiler", **whose)])
    change(town, wishes={1: "preferred"}, assets={1: "repair"})
    change(town, seen=2, wishes={2: "preferred"}, assets={2: "repair"})
    with town() as session:
        told = list_events_of(session, job_named(session, "J1"))[-1]
    assert told.before == {"wishes": {"José Rojas (T1)": "preferred"}, "assets": {"Boiler (1)": "repair"}}
    assert told.after == {"wishes": {"José Rojas (T2)": "preferred"}, "assets": {"Boiler (2)": "repair"}}


def test_what_says_the_same_changes_nothing(town):
    """No version, no event: somebody pressed the button."""
    change(town, skills={"gas": 1}, parts={"valve": 1}, wishes={}, assets={}, columns={"priority": 0})
    with town() as session:
        assert job_named(session, "J1").version == 1
        assert "job changed" not in [one.kind for one in list_events_of(session, job_named(session, "J1"))]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"skills": {"gas": 3}}, "it needs gas"),
        ({"wishes": {2: "required"}}, "only Technician T2 may come"),
        ({"wishes": {1: "excluded"}}, "just this technician must not come"),
        ({"place": ACROSS}, "it is in East now, where they are not sent"),
        ({"windows": ((at(15), at(16)),)}, "nobody lets them in at that time"),
        ({"parts": {"valve": 3}}, "the van does not carry valve"),
        ({"columns": {"service_s": 11 * 3600}}, "it takes longer than the shift lasts"),
    ],
)
def test_what_makes_the_planned_visit_impossible_is_said_and_plans_look_again(town, told, why):
    """And a change that leaves it possible says nothing."""

    def fingerprint():
        with town() as session:
            return hash_facts(read_day(session, MONDAY, now=MORNING), "grid", "balanced")

    before = fingerprint()
    first, then = change(town, **told)
    assert first.startswith("It cannot stay with Technician T1 on 2026-11-23 at ")
    assert first.endswith(f": {why}.")
    assert "within minutes" in then or "plan the day again" in then
    assert fingerprint() != before, "the watch over changed days sees it"


def test_a_change_that_the_plan_can_keep_says_nothing(town):
    assert change(town, wishes={1: "preferred"}, skills={"gas": 2}) == []


def test_who_is_on_the_way_has_to_be_called_and_what_is_pinned_has_to_be_freed(town):
    """No plan moves these."""
    with town.begin() as session:
        session.get_one(Stop, stops_of(town)["J1"][1].id).pinned = True
    assert "take the pin off" in change(town, skills={"gas": 3})[1]
    report(town, "J1", "en_route", at(8))
    with town() as session:
        seen = job_named(session, "J1").version
    told = change(town, seen, now=at(8, 1), wishes={2: "required"})
    assert told[0] == "Technician T1 is on the way to it already: call and tell what has changed."


def test_all_that_is_wrong_with_a_change_is_said_at_once(town):
    """A part that was used up already stays, too; an older version, and a closed job, are refused."""
    with town.begin() as session:
        session.get_one(JobPart, (1, "valve")).used = 1
    with pytest.raises(InvalidInput) as refused:
        change(town, parts={"gold": 1}, wishes={99: "required"}, assets={7: "admire"}, columns={"title": ""})
    assert [one.split(":")[0] for one in refused.value.problems] == [
        "title", "parts", "assets", "assets", "wishes", "parts",
    ]  # fmt: skip
    with pytest.raises(Stale):
        change(town, seen=0, parts={})
    with town.begin() as session:
        job_named(session, "J1").status = "cancelled"
    with pytest.raises(Conflict, match="reopen it"):
        change(town, seen=2, parts={})


def test_nobody_moves_a_job_out_of_their_territories(town):
    """They would not find it again."""
    with town() as session:
        own = session.query(Territory).filter_by(name="Town").one().id
    with pytest.raises(Forbidden):
        change(town, limits=[own], place=ACROSS)
