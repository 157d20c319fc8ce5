"""Forms of jobs mean the clock of the place where the work is, as every page and message does that shows the time."""

from datetime import date

import pytest
from shapely.geometry import box

from data.records import TerritoryRecord
from dispatch.customers.page import get_customer_page
from dispatch.entry.find_time import find_times
from dispatch.entry.job_edit import open_job_edit, save_job_edit
from dispatch.entry.job_terms import describe_terms
from dispatch.entry.new_job import enter_job, open_job_form
from dispatch.entry.promises import keep_promise, open_promise
from dispatch.jobs.page import get_job_page
from dispatch.models import Contract, Customer
from dispatch.notices.visits import read_visits
from tests.dispatch.town import CENTRE, SANTIAGO, Grid, at, job, job_named, plan, settle, technician, territory, user_of

EASTER = "Pacific/Easter"  # two hours behind Santiago
OUTLINE = box(CENTRE[1] - 0.5, CENTRE[0] - 0.5, CENTRE[1] + 0.5, CENTRE[0] + 0.5)
HOTEL = {"customer_name": "Hotel", "customer_phone": "1"}
THERE = {"title": "Lift stuck", "service": "1h", "address": "Harbour 1", "location": f"{CENTRE[0]}, {CENTRE[1] - 0.01}"}
ELSEWHERE = THERE | {"location": "10.5, 10.5"}  # in no territory


@pytest.fixture
def island(session_factory):
    """The head office is in Santiago; J1, of the hotel, is on the island."""
    settle(session_factory, territories=[territory(), TerritoryRecord("Island", EASTER, OUTLINE)])
    settle(session_factory, [technician(territory="Island")], [job("J1", territory="Island", **HOTEL)], territories=[])
    return session_factory


def enter(factory, cells):
    with factory.begin() as session:
        customer_id = job_named(session, "J1").customer_id
        made = enter_job(session, customer_id, cells, at(7), None)
        promise = made.find_promise()
        return [promise and promise.promised_from_at, *(one.opens_at for one in made.windows)]


def test_a_promise_of_ten_is_ten_on_the_island_on_the_form_the_pages_and_in_the_message(island):
    """Noon at the head office."""
    cells = {"from": "2026-11-23T10:00", "until": "2026-11-23T12:00", "firm": "yes"}
    with island.begin() as session:
        found, office = job_named(session, "J1"), user_of(session, "D1", "dispatcher")
        keep_promise(session, found.id, cells, at(7), office)
        promise = found.find_promise()
        assert (promise.promised_from_at, promise.promised_until_at) == (at(12), at(14))
        assert open_promise(session, found.id)[1] == cells
        facts = dict(get_job_page(session, found.id, office, at(7)).facts)
        [line] = get_customer_page(session, found.customer_id, at(7)).jobs.rows
        assert facts["Promised"] == line.promised == "2026-11-23 10:00 to 2026-11-23 12:00"
        visit = read_visits(session, [found.id], at(7))[found.id]
        assert (visit.zone, visit.window) == (EASTER, (at(12), at(14)))


def test_windows_and_due_times_of_a_stored_job_are_those_of_its_place(island):
    cells = {"windows": "2026-11-23 09:00..2026-11-23 11:00", "due_at": "2026-11-23T10:00"}
    with island.begin() as session:
        found = job_named(session, "J1")
        shown = open_job_edit(session, found.id)[1]
        save_job_edit(session, found.id, found.version, shown | cells, at(7), None)
        assert [(one.opens_at, one.closes_at) for one in found.windows] == [(at(11), at(13))]
        assert found.due_at == at(12)
        shown = open_job_edit(session, found.id)[1]
        assert {name: shown[name] for name in cells} == cells


def test_what_the_contract_says_is_told_by_the_same_clock(island):
    with island.begin() as session:
        found = job_named(session, "J1")
        found.contract = Contract(
            customer_id=found.customer_id, name="Gold", starts_on=date(2026, 1, 1), respond_within_s=3600, zone=SANTIAGO
        )
        found.reported_at = at(9)
        session.flush()
        assert describe_terms(session, found)["due_at"].endswith("from 2026-11-23 07:00, so by 2026-11-23 08:00.")


def test_a_new_job_takes_the_clock_of_the_place_that_it_names(island):
    """That of the head office in no territory."""
    times = {
        "window_from": "2026-11-23T09:00", "window_until": "2026-11-23T15:00",
        "promised_from": "2026-11-23T10:00", "promised_until": "2026-11-23T12:00",
    }  # fmt: skip
    assert enter(island, THERE | times) == [at(12), at(11)]
    assert enter(island, ELSEWHERE | times) == [at(10), at(9)]


def test_a_time_that_is_found_is_offered_by_that_clock(island):
    plan(island)
    with island() as session:
        customer_id = job_named(session, "J1").customer_id
        [one] = find_times(session, customer_id, THERE | {"requested_on": "2026-11-23"}, at(7), Grid()).times
    assert one.words.endswith(f"with Technician T1 (time in {EASTER})")
    start = one.promised_from[-5:]
    assert f" at {start[:2]}:" in one.words
    [stored_at] = enter(island, THERE | {"promised_from": one.promised_from, "promised_until": one.promised_until})
    assert stored_at == at(int(start[:2]) + 2, int(start[3:]))


def test_the_form_of_a_new_job_says_whose_clock_is_meant_where_there_are_several(island, session_factory):
    with island() as session:
        customer = session.query(Customer).one()
        assert open_job_form(session, customer.id, "", at(7)).is_in_several_zones


def test_it_says_nothing_of_clocks_where_there_is_one(session_factory):
    settle(session_factory, [technician()], [job("J1", **HOTEL)])
    with session_factory() as session:
        customer = session.query(Customer).one()
        assert not open_job_form(session, customer.id, "", at(7)).is_in_several_zones
