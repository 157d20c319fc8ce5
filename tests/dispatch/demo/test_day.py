"""A demo that is begun in the afternoon shows an afternoon: what was planned until then is done."""

import pytest
from sqlalchemy import update

from dispatch import installation
from dispatch.demo.day import live_until_now
from dispatch.errors import Conflict
from dispatch.living.incidents import list_incidents
from dispatch.living.watch import watch_today
from dispatch.models import Stop
from tests.dispatch.town import MONDAY, at, job, plan, settle, stops_of, technician, window

NOON = at(12)


@pytest.fixture
def demo(session_factory):
    """One who is done at noon, is at work, and has something before them; planned at noon for the whole day."""
    times = {"J1": at(9), "J2": at(11, 30), "J3": at(15)}
    settle(
        session_factory, [technician("T1")], [job(number, windows=(window(when, 5),)) for number, when in times.items()]
    )
    with session_factory.begin() as session:
        installation.store_setting(session, installation.DEMO, "yes")
        installation.store_setting(session, installation.PLANS_WHOLE_DAY, "yes")
    plan(session_factory, now=NOON)
    return session_factory


def live(session_factory, now=NOON):
    with session_factory.begin() as session:
        return live_until_now(session, now)


def statuses(session_factory):
    return {number: stop.status for number, (_, stop) in stops_of(session_factory).items()}


def test_what_was_planned_until_now_is_done_or_going_on(demo):
    assert live(demo) == 2
    assert statuses(demo) == {"J1": "done", "J2": "on_site", "J3": "planned"}
    done = stops_of(demo)["J1"][1]
    assert (done.actual_start_at, done.actual_end_at) == (done.planned_start_at, done.planned_end_at)


def test_nobody_is_late_for_what_nobody_could_know_of(demo):
    """Without it the watch would tell of the whole morning."""
    live(demo)
    watch_today(demo, NOON)
    with demo() as session:
        assert list_incidents(session, MONDAY) == []


def test_again_later_only_what_has_come_due_since_is_done(demo):
    live(demo)
    assert live(demo, at(15, 30)) == 1
    assert statuses(demo)["J3"] == "on_site"


def test_hours_pass_from_then_on(demo):
    live(demo)
    with demo() as session:
        assert installation.find_setting(session, installation.PLANS_WHOLE_DAY) == "no"


def test_at_night_the_whole_day_can_still_be_planned(demo):
    assert live(demo, at(23)) == 0
    assert set(statuses(demo).values()) == {"planned"}
    with demo() as session:
        assert installation.find_setting(session, installation.PLANS_WHOLE_DAY) == "yes"


def test_what_is_cancelled_stays_so(demo):
    with demo.begin() as session:
        session.execute(update(Stop).values(status="cancelled"))
    assert live(demo) == 0


def test_in_an_installation_of_somebody_only_people_report(demo):
    with demo.begin() as session:
        installation.store_setting(session, installation.DEMO, "no")
    with pytest.raises(Conflict, match="not the demo's"):
        live(demo)
