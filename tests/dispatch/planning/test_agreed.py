"""What reaches the plan from the business side: promises, contracts, expiry, holidays, loans, single shifts, limits."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from dispatch.models import (
    Appointment,
    BorrowedDay,
    Holiday,
    Limit,
    PlanVersion,
    SpecialShift,
    Technician,
    TechnicianSkill,
    Territory,
)
from dispatch.on_site.day import get_day
from dispatch.planning.agreed import find_due_at, list_spans
from dispatch.planning.limits import count_taken, find_left
from dispatch.planning.shifts import find_shift, find_zone
from tests.dispatch.town import (
    BERLIN,
    MONDAY,
    MORNING,
    SANTIAGO,
    at,
    job,
    job_named,
    left_out,
    plan,
    promise,
    settle,
    stops_of,
    technician,
    territory,
    window,
)

TUESDAY = MONDAY + timedelta(days=1)


def give(owner, what, row):
    """Add to what belongs to the owner; a name for the owner keeps it in memory meanwhile."""
    getattr(owner, what).append(row)


def one(session, code="T1"):
    return session.scalars(select(Technician).where(Technician.code == code)).one()


def town_row(session, name="Town"):
    return session.scalars(select(Territory).where(Territory.name == name)).one()


@pytest.mark.both_databases
def test_a_firm_promise_is_kept_inside_the_customers_own_windows(session_factory):
    """Told from ten to noon, open from eleven: it starts from eleven to noon."""
    settle(session_factory, [technician()], [job(windows=(window(at(11), 240),))])
    promise(session_factory, "J1", at(10), at(12))
    plan(session_factory)
    assert stops_of(session_factory)["J1"][1].planned_start_at == at(11)
    with session_factory() as session:
        assert list_spans(job_named(session, "J1")) == [(at(11), at(12))]


def test_a_promise_that_is_not_firm_may_be_late_but_never_early(session_factory):
    """The one technician works until ten at the first; the second was told nine to half past."""
    first = job("J1", windows=(window(at(8, 30), 0),), service_s=5400)
    settle(session_factory, [technician(lunch=None)], [first, job("J2", service_s=600)])
    promise(session_factory, "J2", at(9), at(9, 30), is_firm=False)
    plan(session_factory)
    assert stops_of(session_factory)["J2"][1].planned_start_at == at(10)
    with session_factory() as session:
        assert find_due_at(job_named(session, "J2")) == at(9, 30)
    settle(session_factory, jobs=[job("J1", service_s=60)])
    plan(session_factory)
    assert stops_of(session_factory)["J2"][1].planned_start_at >= at(9)


def test_a_promise_decides_the_day(session_factory):
    """Asked for on Monday, promised for Tuesday."""
    settle(session_factory, [technician()], [job()])
    promise(session_factory, "J1", at(10, on=TUESDAY), at(12, on=TUESDAY))
    plan(session_factory)
    assert stops_of(session_factory) == {}
    plan(session_factory, TUESDAY)
    assert stops_of(session_factory, TUESDAY)["J1"][1].planned_start_at == at(10, on=TUESDAY)


def test_a_promise_that_is_over_is_shown_today_with_that_reason(session_factory):
    """Nobody forgets the customer."""
    settle(session_factory, [technician()], [job()])
    promise(session_factory, "J1", at(10), at(12))
    rule, sentence = left_out(plan(session_factory, TUESDAY, now=at(9, on=TUESDAY)))["J1"]
    assert rule == "time windows"
    assert "The promised window closed on 2026-11-23 at 12:00" in sentence


def test_a_promise_outside_the_customers_windows_is_said_to_be_impossible(session_factory):
    """Instead of planning somebody in front of a closed door."""
    settle(session_factory, [technician()], [job(windows=(window(at(14), 60),))])
    promise(session_factory, "J1", at(10), at(12))
    assert "none of the job's time windows" in left_out(plan(session_factory))["J1"][1]


def test_work_is_due_in_time_to_end_when_the_contract_says(session_factory):
    """Whatever is the earliest of all that was agreed."""
    settle(session_factory, [technician()], [job(service_s=3600, setup_s=600, due_at=at(15))])
    with session_factory.begin() as session:
        row = job_named(session, "J1")
        assert find_due_at(row) == at(15)
        row.restore_by_at = at(15, 10)
        assert find_due_at(row) == at(14)


def test_a_skill_holds_through_its_last_day(session_factory):
    """Certified until Monday."""
    settle(session_factory, [technician()], [job("J1", skills={"gas": 1}), job("J2", skills={"gas": 1}, on=TUESDAY)])
    with session_factory.begin() as session:
        session.scalars(select(TechnicianSkill)).one().expires_on = MONDAY
    plan(session_factory)
    assert "J1" in stops_of(session_factory)
    assert left_out(plan(session_factory, TUESDAY))["J2"][0] == "skills"


def test_nobody_works_by_pattern_on_a_holiday_of_their_territory(session_factory):
    """Unless a shift was agreed for the very day."""
    settle(session_factory, [technician("T1"), technician("T2")], [job()])
    with session_factory.begin() as session:
        give(town_row(session), "holidays", Holiday(on=MONDAY, name="Founders' day"))
        give(one(session, "T2"), "special_shifts", SpecialShift(on=MONDAY, starts=time(10), ends=time(14)))
    plan(session_factory)
    code, stop = stops_of(session_factory)["J1"]
    assert (code, stop.planned_start_at >= at(10)) == ("T2", True)
    with session_factory() as session:
        assert find_shift(one(session), TUESDAY, BERLIN) is not None
        assert get_day(session, one(session).id, MONDAY, MORNING)["technician"]["shift"] is None


def test_somebody_lent_works_there_and_not_at_home_that_day(session_factory):
    """By the clock of the territory that borrows them."""
    towns = [territory(), territory("Berlin", BERLIN)]
    settle(session_factory, [technician()], [job("J1"), job("J2", territory="Berlin")], towns)
    with session_factory.begin() as session:
        give(one(session), "borrowed_days", BorrowedDay(on=MONDAY, territory_id=town_row(session, "Berlin").id))
    with session_factory() as session:
        assert [find_zone(one(session), on, "UTC") for on in (MONDAY, TUESDAY)] == [BERLIN, "America/Santiago"]
    found = plan(session_factory, now=at(0))
    assert left_out(found)["J1"][0] == "territory"
    assert stops_of(session_factory)["J2"][1].planned_start_at >= at(4), "eight o'clock in Berlin"


def test_somebody_borrowed_for_some_days_is_there_on_no_other(session_factory):
    """Somebody borrowed without days is there until further notice."""
    settle(session_factory, [technician(kind="borrowed")])
    with session_factory.begin() as session:
        row = one(session)
        assert find_shift(row, TUESDAY, "UTC") is not None
        give(row, "borrowed_days", BorrowedDay(on=MONDAY, territory_id=town_row(session).id))
        session.flush()
    with session_factory() as session:
        found = [find_shift(one(session), on, "UTC") is not None for on in (MONDAY, TUESDAY)]
    assert found == [True, False]


@pytest.mark.both_databases
@pytest.mark.parametrize(("unit", "most", "served"), [("visits", 3, 1), ("work_s", 3 * 3600, 1), ("work_s", 9000, 0)])
def test_a_contractor_takes_on_no_more_than_agreed_for_the_week(session_factory, unit, most, served):
    """Two jobs of an hour on Monday are two of the week's; on Sunday a new week has not begun."""
    settle(
        session_factory,
        [technician(kind="contractor")],
        [job("J1"), job("J2"), *(job(f"K{n}", on=TUESDAY) for n in range(3))],
    )
    plan(session_factory)
    with session_factory.begin() as session:
        give(one(session), "limits", Limit(period="week", unit=unit, most=most))
    plan(session_factory, TUESDAY)
    assert len(stops_of(session_factory, TUESDAY)) == served
    with session_factory() as session:
        row, sunday = one(session), MONDAY - timedelta(days=1)
        assert find_left(row, unit, count_taken(session, [row], sunday, at(8), SANTIAGO)) == most


def test_the_plan_is_made_again_when_what_was_agreed_changes(session_factory):
    """A promise, an expiry date and a loan are facts of the day."""
    settle(session_factory, [technician()], [job()])
    changes = [
        lambda session: give(
            job_named(session, "J1"),
            "appointments",
            Appointment(promised_from_at=at(10), promised_until_at=at(12), promised_at=MORNING),
        ),
        lambda session: setattr(session.scalars(select(TechnicianSkill)).one(), "expires_on", TUESDAY),
        lambda session: give(one(session), "limits", Limit(period="day", unit="visits", most=5)),
    ]
    hashes = {plan(session_factory).input_hash}
    for change in changes:
        with session_factory.begin() as session:
            change(session)
        hashes.add(plan(session_factory).input_hash)
    assert len(hashes) == 1 + len(changes)
    with session_factory() as session:
        assert session.query(PlanVersion).count() == len(hashes)
