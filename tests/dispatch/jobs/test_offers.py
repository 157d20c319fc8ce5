"""Slots are offered around what somebody who runs late still has to do."""

from dispatch import installation
from dispatch.jobs.offers import SlotRequest, list_slot_offers
from tests.dispatch.town import CENTRE, MONDAY, Grid, at, job, plan, settle, technician, window


def offered(factory, minutes):
    """To T1, who was to be at J1 at nine, which may be begun so many minutes long, and at twenty to ten has reported
    nothing."""
    settle(factory, [technician()], [job("J1", windows=(window(at(9), minutes),))])
    plan(factory)
    request = SlotRequest(MONDAY, *CENTRE, 1800)
    with factory() as session:
        return [one.start_at for one in list_slot_offers(session, request, at(9, 40), 5, Grid())]


def test_who_runs_late_goes_to_their_visit_first(session_factory):
    [start_at] = offered(session_factory, 240)
    assert start_at >= at(10, 40)


def test_who_is_late_for_a_visit_that_no_plan_can_have_any_more_is_offered_to_nobody(session_factory):
    """They go there all the same."""
    assert offered(session_factory, 5) == []


def test_a_late_visit_goes_after_the_next_where_it_would_make_that_late(session_factory):
    """J1 takes an hour, and J2 must begin at ten: J1 is from eleven to twelve then, and slots come afterwards."""
    settle(session_factory, [], [job("J2", windows=(window(at(10), 5),))])
    [start_at] = offered(session_factory, 240)
    assert start_at >= at(12)


def test_nothing_is_offered_in_the_past_where_whole_days_are_planned(session_factory):
    """A demo shows its day from morning on, whatever the time is."""
    settle(session_factory, [technician()], [job("J1")])
    plan(session_factory)
    with session_factory.begin() as session:
        installation.store_setting(session, installation.PLANS_WHOLE_DAY, "yes")
    with session_factory() as session:
        [one] = list_slot_offers(session, SlotRequest(MONDAY, *CENTRE, 1800), at(14), 5, Grid())
    assert one.start_at >= at(14)
