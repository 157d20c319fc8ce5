"""A road that is closed until tomorrow or later is closed in the plans of those days too."""

from datetime import timedelta

import pytest

from dispatch.living.incidents import dismiss
from dispatch.planning.hindrances import read_hindrances
from tests.dispatch.living.bad_day import tell
from tests.dispatch.town import CENTRE, MONDAY, at, job, plan, settle, stops_of, technician

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def tuesdays(session_factory):
    """J2 is for Tuesday, anywhere in its day."""
    settle(session_factory, [technician()], [job("J2", on=TUESDAY)])
    return session_factory


@pytest.mark.parametrize(
    ("until_at", "first_start_at"),
    [(at(36), at(36)), (at(23, 59), at(32, 1)), (None, at(32, 1))],
    ids=["until Tuesday noon", "until Monday night", "nobody said until when"],
)
def test_what_is_closed_until_tomorrow_is_closed_tomorrow(tuesdays, until_at, first_start_at):
    """At noon or after it; before, nothing is in the way of whoever begins at eight and drives for 100 s."""
    tell(tuesdays, "road_closed", at(8), lat=CENTRE[0], lon=CENTRE[1] - 0.01, radius_m=300, until_at=until_at)
    plan(tuesdays, TUESDAY, now=at(20))
    start_at = stops_of(tuesdays, TUESDAY)["J2"][1].planned_start_at
    assert first_start_at <= start_at < first_start_at + timedelta(minutes=30)


def test_a_closure_that_was_dismissed_is_over_tomorrow_too(tuesdays):
    incident_id = tell(
        tuesdays, "road_closed", at(8), lat=CENTRE[0], lon=CENTRE[1] - 0.01, radius_m=300, until_at=at(36)
    )
    with tuesdays.begin() as session:
        dismiss(session, incident_id, "It is open.", None, at(9))
        assert read_hindrances(session, TUESDAY).closures == ()
