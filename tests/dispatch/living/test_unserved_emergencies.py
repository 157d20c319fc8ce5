"""An emergency stays open until somebody serves it, whatever else a plan does that was made for it."""

import pytest

from dispatch.living.emergencies import EmergencyCall, take_call
from tests.dispatch.drafting import codes_of, draft_of, publish, say
from tests.dispatch.living.bad_day import incident_of, repair
from tests.dispatch.town import MONDAY, at, job, job_named, plan, settle, technician, user_of, window

NOW = at(10, 30)


@pytest.fixture
def make_town(session_factory):
    """T1 has not come to J5, for which no time is left; J9, for which there is no room so far, is an emergency."""

    def make(hours_of_work):
        long = job("J9", service_s=hours_of_work * 3600, windows=(window(at(17, 59), 1),))
        settle(session_factory, [technician("T1")], [job("J5", windows=(window(at(9), 60),), service_s=8 * 3600), long])
        plan(session_factory)
        assert codes_of(session_factory) == {"J5": "T1"}
        with session_factory.begin() as session:
            told = EmergencyCall(MONDAY, job_id=job_named(session, "J9").id)
            return session_factory, take_call(session, told, NOW, user_of(session, "EVE", "dispatcher")).id

    return make


def test_a_repair_that_only_changes_something_else_does_not_end_it(make_town):
    town, emergency = make_town(10)
    repair(town, emergency, NOW)
    assert codes_of(town) == {}
    found = incident_of(town, emergency)
    assert found.status == "open"
    assert found.outcome.endswith("J5 is left out. Nobody serves it by that: it stays open.")


def test_publishing_the_rest_of_a_draft_without_it_does_not_end_it(make_town):
    town, emergency = make_town(1)
    repair(town, emergency, NOW, as_draft=True)
    publish(town, say(town, draft_of(town, NOW), J9="refused"), NOW)
    assert codes_of(town) == {}
    assert incident_of(town, emergency).status == "open"


def test_a_repair_that_serves_it_ends_it(make_town):
    town, emergency = make_town(1)
    repair(town, emergency, NOW)
    assert codes_of(town) == {"J9": "T1"}
    assert incident_of(town, emergency).status == "repaired"
