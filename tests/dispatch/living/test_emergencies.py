"""A stored job becomes an emergency: what was agreed for later gives way, and nobody loses it on the way."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from shapely.geometry import box

from data.records import TerritoryRecord
from dispatch.errors import Conflict, InvalidInput
from dispatch.events import list_events_of
from dispatch.jobs.appointments import promise
from dispatch.jobs.moving import change_status, find_stop_in_force
from dispatch.living.emergencies import EmergencyCall, take_call
from dispatch.living.incidents import get_incident
from dispatch.living.ways import choose_way, find_ways
from dispatch.models import Contract, Stop
from dispatch.planning.facts import read_day
from tests.dispatch.town import (
    MONDAY,
    SANTIAGO,
    Grid,
    at,
    job,
    job_named,
    plan,
    report,
    settle,
    stops_of,
    technician,
    user_of,
    window,
)

TUESDAY = MONDAY + timedelta(days=1)


def call(factory, number, now, **facts):
    with factory.begin() as session:
        told = EmergencyCall(MONDAY, job_id=job_named(session, number).id, **facts)
        return take_call(session, told, now, user_of(session, "EVE", "dispatcher")).id


def ways_of(factory, incident_id, now):
    with factory() as session:
        return find_ways(session, get_incident(session, incident_id), now, Grid())[0]


@pytest.fixture
def town(session_factory):
    """T1 has J1, J2 and J3 on Monday one after the other; T2 has nothing, and J4 is planned for Tuesday."""
    monday = [job(f"J{n}", required=frozenset({"T1"}), priority=10 - n) for n in (1, 2, 3)]
    settle(session_factory, [technician(), technician("T2")], [*monday, job("J4", on=TUESDAY)])
    plan(session_factory)
    plan(session_factory, on=TUESDAY)
    return session_factory


def choose(factory, incident_id, now, code):
    """Send that technician; returns the version."""
    best = next(one for one in ways_of(factory, incident_id, now).ways if one.code == code)
    return choose_way(
        factory, incident_id, best.code, best.moved, best.start_at, now, None, as_draft=False, travel_source=Grid()
    )


def last_of_monday(factory):
    stops = stops_of(factory)
    return max(stops, key=lambda number: stops[number][1].planned_start_at)


@pytest.mark.both_databases
def test_a_planned_job_is_served_sooner_and_keeps_its_place_until_then(town):
    """Whoever has it already may be the one who comes sooner."""
    number = last_of_monday(town)
    before = stops_of(town)[number][1].planned_start_at
    incident_id = call(town, number, at(8))
    found = ways_of(town, incident_id, at(8))
    assert found.planned.startswith("Technician T1 at ")
    assert found.ways
    assert all(one.start_at < before for one in found.ways)
    assert stops_of(town)[number][1].planned_start_at == before
    best = found.ways[0]
    choose(town, incident_id, at(8), best.code)
    assert stops_of(town)[number][1].planned_start_at == best.start_at
    assert len(stops_of(town)) == 3


@pytest.mark.both_databases
def test_a_job_of_another_day_leaves_that_day_and_can_be_served_today(town):
    """The plan of that day is told, and so is the job's history."""
    incident_id = call(town, "J4", at(8), due_at=at(9))
    found = ways_of(town, incident_id, at(8))
    assert (found.planned, bool(found.ways)) == ("", True)
    with town() as session:
        row = job_named(session, "J4")
        assert find_stop_in_force(session, row.id).status == "cancelled"
        assert (row.requested_on, row.priority, row.due_at, row.status) == (MONDAY, 100, at(9), "open")
        assert "J4" not in [one.number for one in read_day(session, TUESDAY, now=at(8)).jobs]
        told = [(one.kind, one.after.get("status")) for one in list_events_of(session, row)]
        assert ("job status", "requested") in told
        assert told[-1] == ("job changed", None)


def starts_of(factory):
    return {number: stop.planned_start_at for number, (_, stop) in stops_of(factory).items()}


@pytest.mark.both_databases
def test_who_comes_leaves_the_routes_of_those_who_run_late_as_they_are(town):
    """T1 has reported nothing by twenty to eleven, and T2 goes."""
    before = starts_of(town)
    incident_id = call(town, "J4", at(10, 40))
    [way] = [one for one in ways_of(town, incident_id, at(10, 40)).ways if one.code == "T2"]
    assert way.displaces == ()
    version = choose(town, incident_id, at(10, 40), "T2")
    after = starts_of(town)
    assert {number: after[number] for number in before} == before
    assert [line.job.number for line in version.changes] == ["J4"]


@pytest.mark.both_databases
def test_who_comes_and_runs_late_keeps_all_visits_in_their_order(town):
    before = starts_of(town)
    incident_id = call(town, "J4", at(10, 40))
    choose(town, incident_id, at(10, 40), "T1")
    after = starts_of(town)
    assert set(after) == {*before, "J4"}
    assert sorted(before, key=before.__getitem__) == sorted(before, key=after.__getitem__)
    assert min(after.values()) >= at(10, 40)


def test_who_would_come_too_late_is_told_to_be_left_out(session_factory):
    """T1 was to be at J1 by half past eight; T2 can come to J4 without that."""
    settle(session_factory, [technician(), technician("T2")], [
        job("J1", required=frozenset({"T1"}), windows=(window(at(8), 30),)), job("J4", on=TUESDAY)])  # fmt: skip
    plan(session_factory)
    incident_id = call(session_factory, "J4", at(8, 40))
    told = {one.code: one.displaces for one in ways_of(session_factory, incident_id, at(8, 40)).ways}
    at_time = starts_of(session_factory)["J1"].astimezone(ZoneInfo(SANTIAGO)).strftime("%H:%M")
    sentence = f"J1 (Customer J1) of {at_time} can no longer be planned where it is, and is left out."
    assert told == {"T1": (sentence,), "T2": ()}
    choose(session_factory, incident_id, at(8, 40), "T2")
    assert set(stops_of(session_factory)) == {"J1", "J4"}


@pytest.mark.both_databases
def test_a_promise_for_later_is_withdrawn_with_the_reason(town):
    with town.begin() as session:
        promise(session, job_named(session, "J2"), at(15), at(17), at(7), user_of(session, "EVE", "dispatcher"))
    call(town, "J2", at(8))
    with town() as session:
        [one] = job_named(session, "J2").appointments
        assert one.withdrawn_reason == "It is an emergency now."


FRIDAY = MONDAY + timedelta(days=4)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("stored", "said", "due"),
    [
        (at(4, on=FRIDAY), None, at(12)),
        (at(10), None, at(10)),
        (None, None, at(12)),
        (at(4, on=FRIDAY), at(13), at(13)),
        (at(10), at(13), at(13)),
    ],
    ids=["contract is sooner", "stored is sooner", "none is stored", "somebody says", "somebody says later"],
)
def test_a_job_for_later_is_due_as_its_contract_says_of_a_call_now(town, stored, said, due):
    """Within four hours of eight o'clock, and mended within twelve, unless it is due sooner or somebody says when."""
    with town.begin() as session:
        row = job_named(session, "J4")
        gold = Contract(
            customer_id=row.customer_id, name="Gold", starts_on=date(2026, 1, 1), respond_within_s=4 * 3600,
            restore_within_s=12 * 3600, zone=SANTIAGO,
        )  # fmt: skip
        session.add(gold)
        session.flush()
        row.contract_id, row.due_at, row.restore_by_at = gold.id, stored, at(12, on=FRIDAY)
    call(town, "J4", at(8), due_at=said)
    with town() as session:
        row = job_named(session, "J4")
        assert (row.due_at, row.restore_by_at) == (due, at(20))


def cancel_and_reopen(factory, number):
    with factory.begin() as session:
        row, eve = job_named(session, number), user_of(session, "EVE", "dispatcher")
        for status in ("cancelled", "requested"):
            change_status(session, row.id, status, eve, at(7), "By mistake.")


@pytest.mark.both_databases
@pytest.mark.parametrize("of", ["somebody who may serve it", "somebody who may not any more"])
def test_a_job_that_was_cancelled_by_mistake_is_served_too(town, of):
    """Its place of before is nobody's; whose route the repair is not about keeps no visit of it either."""
    number = last_of_monday(town)
    cancel_and_reopen(town, number)
    settle(town, [], [job(number, required=frozenset({"T1" if of == "somebody who may serve it" else "T2"}))])
    incident_id = call(town, number, at(8))
    found = ways_of(town, incident_id, at(8))
    best = found.ways[0]
    assert found.planned == ""
    choose_way(
        town, incident_id, best.code, best.moved, best.start_at, at(8), None, as_draft=False, travel_source=Grid()
    )
    assert (stops_of(town)[number][0], stops_of(town)[number][1].status) == (best.code, "planned")


@pytest.mark.both_databases
def test_a_pin_of_another_day_goes_away_with_the_visit(town):
    """That day is planned without it once today has it."""
    with town.begin() as session:
        session.get_one(Stop, stops_of(town, TUESDAY)["J4"][1].id).pinned = True
    call(town, "J4", at(8))
    plan(town, now=at(8, 1))
    plan(town, on=TUESDAY, now=at(8, 2))
    assert "J4" in stops_of(town)
    assert stops_of(town, TUESDAY) == {}


@pytest.mark.both_databases
def test_what_somebody_is_with_and_what_is_held_is_not_taken_from_them(town):
    """The office hears who is there, or how it can be freed."""
    first = min(stops_of(town), key=lambda number: stops_of(town)[number][1].planned_start_at)
    report(town, first, "en_route", at(8))
    with pytest.raises(Conflict, match="Technician T1 is with job"):
        call(town, first, at(8, 1))
    number = last_of_monday(town)
    with town.begin() as session:
        session.get_one(Stop, stops_of(town)[number][1].id).pinned = True
    found = ways_of(town, call(town, number, at(8, 2)), at(8, 2))
    assert (found.ways, found.remedies) == (
        (), ("It is pinned there: take the pin off, and who could come sooner is shown here.",),
    )  # fmt: skip


@pytest.mark.parametrize("is_stored", [False, True])
def test_until_when_somebody_must_come_is_meant_by_the_clock_of_the_place(session_factory, is_stored):
    """The head office's hour is another one there; late in the evening, the next morning is meant."""
    isles = TerritoryRecord("Isles", "Pacific/Easter", box(-110, -28, -109, -27))
    place = job("J1", territory="Isles", location=(-27.1, -109.4))
    settle(session_factory, [technician()], [place], [TerritoryRecord("Town", SANTIAGO), isles])
    with session_factory.begin() as session:
        row, eve = job_named(session, "J1"), user_of(session, "EVE", "dispatcher")
        where = {"job_id": row.id} if is_stored else {"customer_id": row.customer_id, "location_id": row.location_id}
        facts = {"title": "Lift stuck", "minutes": 60, **where}
        told = EmergencyCall(MONDAY, due_by=time(10), **facts)
        assert take_call(session, told, at(9), eve).job.due_at == at(12)
        if not is_stored:
            early = EmergencyCall(MONDAY, due_by=time(8), **facts)
            assert take_call(session, early, at(23), eve).job.due_at == at(10, on=TUESDAY)
            with pytest.raises(InvalidInput, match="due_at: it has passed already"):
                take_call(session, told, at(12), eve)


@pytest.mark.parametrize(
    ("zone", "location", "now", "due_at"),
    [
        ("Pacific/Easter", (-27.1, -109.4), at(0, 30, on=TUESDAY), at(1, on=TUESDAY)),  # it is Monday, 22:30, there
        ("Pacific/Auckland", (-36.8, 174.8), at(18), at(7, on=TUESDAY)),  # and here Tuesday, 10:00
    ],
)
def test_until_when_somebody_must_come_is_of_the_day_that_it_is_there(session_factory, zone, location, now, due_at):
    """When the head office has another date than the place."""
    wall = due_at.astimezone(ZoneInfo(zone)).time()
    (lat, lon), on = location, now.astimezone(ZoneInfo(SANTIAGO)).date()
    there = TerritoryRecord("There", zone, box(lon - 1, lat - 1, lon + 1, lat + 1))
    place = job("J1", territory="There", location=location)
    settle(session_factory, [technician()], [place], [TerritoryRecord("Town", SANTIAGO), there])
    with session_factory.begin() as session:
        row, eve = job_named(session, "J1"), user_of(session, "EVE", "dispatcher")
        told = EmergencyCall(on, job_id=row.id, due_by=wall, minutes=60)
        assert take_call(session, told, now, eve).job.due_at == due_at
