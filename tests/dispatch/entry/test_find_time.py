"""Times to promise for the job on a form: the best of the days that are planned, as windows for the form."""

import pytest

from dispatch.entry.find_time import find_times
from dispatch.entry.forms import WrongFields
from dispatch.models import Job
from tests.dispatch.town import CENTRE, MORNING, Grid, at, job, job_named, plan, settle, technician

THERE = {"address": "Beside J1", "location": f"{CENTRE[0]}, {CENTRE[1] - 0.01}", "service": "30 min", "title": "Drips"}


@pytest.fixture
def town(session_factory):
    """T1 alone, who by ten has not reported from J1 and goes there first; today alone is planned."""
    settle(session_factory, [technician()], [job("J1")])
    plan(session_factory)
    return session_factory


TEN = at(10)


def found(factory, now=TEN, **cells):
    with factory() as session:
        customer_id = job_named(session, "J1").customer_id
        times = find_times(session, customer_id, THERE | cells, now, Grid())
        assert session.query(Job).count() == 1
        assert not session.new
        return times


def test_a_time_is_offered_with_what_it_costs_and_the_window_to_promise(town):
    """Two hours from the half hour before, and the days that are not planned are named in one sentence."""
    town_found = found(town)
    [one] = town_found.times
    assert one.words == "Mon 2026-11-23 at 11:01 with Technician T1"
    assert (one.promised_from, one.promised_until) == ("2026-11-23T11:00", "2026-11-23T13:00")
    assert (one.span, one.costs) == ("11:00 to 13:00", "as much driving as before")
    assert town_found.passed_over == ("13 days from 2026-11-24 on are not planned yet, and were passed over.",)


def test_what_the_customer_cannot_do_is_not_promised(town):
    """They are there from a quarter past two to three."""
    [one] = found(town, window_from="2026-11-23T14:15", window_until="2026-11-23T15:00").times
    assert one.span == "14:15 to 15:00"


def test_the_day_that_is_asked_for_is_the_only_one(town):
    asked = found(town, requested_on="2026-11-24")
    assert (asked.times, asked.passed_over) == ((), ("2026-11-24 is not planned yet.",))


def test_skills_and_wishes_of_the_form_count(town):
    """T1 cannot do electricity, and is the only one."""
    assert found(town, skills="electricity:1").times == ()
    assert found(town, wishes="T1:excluded").times == ()
    assert len(found(town, wishes="T1:required").times) == 1


def test_what_must_be_known_first_is_asked_for_at_its_fields(town):
    """Where, and how long."""
    with pytest.raises(WrongFields) as wrong:
        found(town, MORNING, address="", location="", service="")
    assert set(wrong.value.fields) == {"address", "service"}
