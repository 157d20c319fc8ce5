"""Whom the office should call, since nothing true can be sent by itself."""

from datetime import timedelta

from dispatch.jobs.appointments import promise
from dispatch.notices.office import get_office_page
from tests.dispatch.notices.conftest import EVENING, SETTLED, shift
from tests.dispatch.town import at, job_named, user_of


def list_whom_to_call(town, now):
    """The numbers of their jobs."""
    with town.factory() as session:
        return [job.number for _, job in get_office_page(session, now).unplanned]


def test_whoever_was_told_a_time_of_a_visit_that_has_moved_to_a_tentative_day_should_be_called(told):
    """They are told of that day when it is firm; until then they would wait on Monday in vain."""
    assert list_whom_to_call(told, SETTLED) == []
    shift(told, "J1", 4 * 24 * 60)
    told.tell(SETTLED)
    told.tell(SETTLED + timedelta(minutes=10))
    assert told.mails() == []
    assert list_whom_to_call(told, SETTLED) == ["J1"]


def test_whoever_was_told_a_promise_that_is_not_planned_yet_need_not_be_called(town):
    """It holds; the plan of its day is made on the evening before."""
    with town.factory.begin() as session:
        by = user_of(session, "d", "dispatcher")
        promise(session, job_named(session, "J1"), at(9), at(12), EVENING, by)
    town.tell(EVENING)
    town.tell(SETTLED)
    assert len(town.mails()) == 1
    assert list_whom_to_call(town, SETTLED) == []
