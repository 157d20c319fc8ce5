"""When visits are expected to begin is told of the day that goes on, where that is not as planned."""

import pytest

from dispatch.living.expected import list_expected
from dispatch.living.predictions import list_predictions
from dispatch.models import TechnicianTerritory, Territory
from dispatch.territories.scope import limit_session
from tests.dispatch.living.bad_day import tell
from tests.dispatch.living.test_watch import TUESDAY
from tests.dispatch.town import CENTRE, MONDAY, at, job, lunch, plan, report, settle, stops_of, technician, territory

pytestmark = pytest.mark.both_databases

FAR = (CENTRE[0], CENTRE[1] - 0.1)


@pytest.fixture
def town(session_factory):
    """T1 from eight, a lunch break between; J1 to J3 on the first day, J4 on the second."""
    jobs = [job("J1"), job("J2", location=FAR), job("J3"), job("J4", on=TUESDAY)]
    settle(session_factory, [technician(lunch=lunch("11:00", "13:00", 30))], jobs)
    for day in (MONDAY, TUESDAY):
        plan(session_factory, on=day)
    return session_factory


def expected(session_factory, now, on=MONDAY):
    """By job number: by how many minutes later than planned."""
    with session_factory() as session:
        found = list_expected(session, on, now)
    planned = {stop.id: (number, stop.planned_start_at) for number, (_, stop) in stops_of(session_factory, on).items()}
    return {
        planned[stop_id][0]: round((start_at - planned[stop_id][1]).total_seconds() / 60)
        for stop_id, start_at in found.items()
    }


def in_order(session_factory):
    """The numbers of the jobs and their stops, as they are planned."""
    stops = {number: stop for number, (_, stop) in stops_of(session_factory).items()}
    return sorted(stops, key=lambda number: stops[number].position), stops


def test_a_day_that_goes_as_planned_expects_nothing_else(town):
    assert expected(town, at(7)) == {}


def test_who_is_late_comes_later_to_all_that_follow_until_there_is_time_again(town):
    (first, second, third), stops = in_order(town)
    report(town, first, "on_site", stops[first].planned_start_at)
    now = stops[first].planned_end_at
    assert expected(town, now) == {}
    late = expected(town, now.replace() + (at(0, 35) - at(0)))
    assert late == {second: 35, third: late[third]}
    assert 0 < late[third] <= 35


def test_less_than_five_minutes_are_nothing(town):
    (first, second, _), stops = in_order(town)
    report(town, first, "on_site", stops[first].planned_start_at)
    end_at = stops[first].planned_end_at
    assert expected(town, end_at + (at(0, 4) - at(0))) == {}
    assert expected(town, end_at + (at(0, 5) - at(0)))[second] == 5


def test_what_has_begun_or_ended_is_expected_no_more(town):
    (first, second, _), stops = in_order(town)
    late_at = stops[first].planned_start_at + (at(0, 40) - at(0))
    assert expected(town, late_at)[first] == 40
    report(town, first, "on_site", late_at)
    assert first not in expected(town, late_at)
    report(town, first, "done", late_at)
    report(town, second, "en_route", late_at)
    assert first not in expected(town, late_at)


def test_other_days_than_the_one_that_goes_on_expect_nothing(town):
    """Before it begins, and when its last shift is over."""
    assert expected(town, at(14), on=TUESDAY) == {}
    assert expected(town, at(14)) != {}
    assert expected(town, at(9, on=TUESDAY)) == {}
    assert expected(town, at(14, on=TUESDAY), on=TUESDAY) != {}


def test_nobody_is_expected_who_is_known_to_be_away(town):
    """The office finds somebody else; what has been begun is expected still."""
    (first, second, _), stops = in_order(town)
    late_at = stops[first].planned_start_at + (at(0, 40) - at(0))
    report(town, second, "en_route", stops[second].planned_start_at)
    tell(town, "technician_ill", late_at, who="T1")
    assert set(expected(town, stops[second].planned_start_at + (at(1) - at(0)))) == {second}


@pytest.mark.parametrize("minutes", [0, 25, 70, 200])
def test_it_is_what_is_predicted_of_each_visit(town, minutes):
    """Whoever is held up, sets out, works on, or begins with another visit than the first."""
    (first, _, third), stops = in_order(town)
    tell(town, "technician_late", at(7), who="T1", minutes=45)
    now = at(8, minutes)
    report(town, third, "on_site", at(8))
    with town() as session:
        predicted = {
            one.stop.id: one.start_at
            for one in list_predictions(session, MONDAY, now)
            if one.stop.actual_start_at is None and one.delay_s >= 300
        }
        assert list_expected(session, MONDAY, now) == predicted
    assert stops[first].id in predicted


def test_a_limit_to_territories_hides_no_visit_that_makes_somebody_late(session_factory):
    """T1 works in the valley first: whoever sees the town alone is told when they really come there."""
    both = [territory("Town"), territory("Valley")]
    jobs = [job("J1", territory="Valley", windows=((at(8), at(8, 30)),)), job("J2", windows=((at(10), at(16)),))]
    settle(session_factory, [technician("T1", territory="Valley")], jobs, both)
    with session_factory.begin() as session:
        town_id = session.query(Territory).filter_by(name="Town").one().id
        session.add(TechnicianTerritory(technician_id=1, territory_id=town_id))
    plan(session_factory)
    report(session_factory, "J1", "on_site", at(8, 10))
    with session_factory() as session:
        limit_session(session, [town_id])
        seen = list_expected(session, MONDAY, at(12))
    with session_factory() as session:
        assert seen == list_expected(session, MONDAY, at(12)) != {}
