"""A visit that the office sends to the phone is new there until its technician has looked at it."""

import pytest
from sqlalchemy import select

from dispatch.errors import Forbidden
from dispatch.events import list_events_of
from dispatch.jobs.moving import change_status, find_stop_in_force
from dispatch.models import Technician
from dispatch.news import SEEN, SENT, list_news
from dispatch.on_site.day import get_day
from dispatch.on_site.seen import mark_seen
from tests.dispatch.town import MONDAY, at, job, job_named, plan, settle, stops_of, technician, user_of

pytestmark = pytest.mark.both_databases


@pytest.fixture
def town(session_factory):
    settle(session_factory, [technician()], [job()])
    plan(session_factory)
    return session_factory


def move(factory, to, now):
    with factory.begin() as session:
        change_status(session, job_named(session, "J1").id, to, user_of(session, "D1", "dispatcher"), now)


def look(factory, now, told_at=None, who="technician"):
    with factory.begin() as session:
        stop = find_stop_in_force(session, job_named(session, "J1").id)
        user = user_of(session, "T1" if who == "technician" else "D1", who)
        mark_seen(session, stop.id, user, told_at or now, now)


def new_since(factory):
    with factory() as session:
        technician_id = session.scalars(select(Technician.id)).one()
        return get_day(session, technician_id, MONDAY, at(9))["stops"][0]["new_since"]


def happened(factory):
    with factory() as session:
        return [event.kind for event in list_events_of(session, job_named(session, "J1"))][-2:]


def test_what_is_sent_is_new_until_it_was_looked_at(town):
    """A visit that is only planned is not; what is looked at again was seen the first time."""
    assert new_since(town) is None
    move(town, "dispatched", at(8))
    assert new_since(town) == "2026-11-23T11:00:00Z"
    assert SENT in happened(town)
    look(town, at(8, 10), told_at=at(8, 40))
    look(town, at(8, 30))
    assert new_since(town) is None
    assert stops_of(town)["J1"][1].seen_at == at(8, 10)
    assert happened(town)[-1] == SEEN


def test_its_technicians_open_phone_hears_of_it(town):
    move(town, "dispatched", at(8))
    with town() as session:
        technician_id = session.scalars(select(Technician.id)).one()
        news = [one for one in list_news(session, 0, 100) if one.kind == SENT]
        assert [one.is_for("technician", technician_id) for one in news] == [True]
        assert not news[0].is_for("technician", technician_id + 1)


def test_what_was_called_back_and_sent_again_is_new_again(town):
    move(town, "dispatched", at(8))
    look(town, at(8, 5))
    move(town, "planned", at(8, 10))
    assert stops_of(town)["J1"][1].sent_at is None
    move(town, "dispatched", at(8, 20))
    assert new_since(town) == "2026-11-23T11:20:00Z"


def test_another_plan_keeps_what_was_sent_and_seen(town):
    """The new stop stands for the old one."""
    move(town, "dispatched", at(8))
    look(town, at(8, 5))
    before = stops_of(town)["J1"][1]
    plan(town, now=at(8, 10))
    after = stops_of(town)["J1"][1]
    assert after.id != before.id
    assert (after.sent_at, after.seen_at) == (at(8), at(8, 5))


def test_nobody_else_has_seen_it(town):
    """A dispatcher who looks at the day is not the one it was sent to."""
    move(town, "dispatched", at(8))
    with pytest.raises(Forbidden, match="sent to"):
        look(town, at(8, 5), who="dispatcher")
