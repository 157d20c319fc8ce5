"""What comes of a permitted change is worked out on everything, also for somebody who sees some territories alone."""

import pytest

from dispatch.jobs.moving import change_status
from dispatch.living.watch import watch_today
from dispatch.models import Technician
from dispatch.territories.scope import get_limits, limit_session
from tests.dispatch.living.bad_day import tell
from tests.dispatch.living.test_watch import open_alerts
from tests.dispatch.town import at, job, job_named, plan, report, settle, technician, territory, user_of, window


@pytest.fixture
def town(session_factory):
    """T1 of the valley is with J1 there, and comes to the town for J2 afterwards."""
    settle(
        session_factory,
        [technician(territory="Valley", secondary_territories=("Town",))],
        [job("J1", territory="Valley", windows=(window(at(8), 5),)), job("J2", windows=(window(at(9), 90),))],
        [territory(), territory("Valley")],
    )
    plan(session_factory)
    report(session_factory, "J1", "on_site", at(8))
    return session_factory


def decide(factory, number, status, now, reason="wrong button"):
    """By a dispatcher of the town alone."""
    with factory.begin() as session:
        row, user = job_named(session, number), user_of(session, "EVE", "dispatcher")
        town_id = job_named(session, "J2").territory_id
        limit_session(session, [town_id])
        change_status(session, row.id, status, user, now, reason)
        assert get_limits(session) == {town_id}
        assert session.query(Technician).count() == 1


def test_an_alert_stays_whoever_moves_the_visit(town):
    """J1 overruns by two hours, so J2 is late, whether or not J1 is seen."""
    tell(town, "overrun", at(8, 30), number="J1", minutes=120)
    watch_today(town, at(8, 31))
    before = open_alerts(town)
    assert set(before) == {("will_be_late", "J2")}
    decide(town, "J2", "dispatched", at(8, 32))
    assert open_alerts(town) == before


def test_a_return_visit_is_withdrawn_wherever_it_lies_by_now(town):
    report(town, "J1", "done", at(9))
    report(town, "J2", "on_site", at(9, 5))
    with town.begin() as session:
        change_status(session, job_named(session, "J2").id, "to_be_continued", user_of(session, "EVE", "dispatcher"),
                      at(9, 30), "no pump")  # fmt: skip
        job_named(session, "J2-2").territory_id = job_named(session, "J1").territory_id
    decide(town, "J2", "on_site", at(9, 40))
    with town() as session:
        assert job_named(session, "J2-2").status == "cancelled"
