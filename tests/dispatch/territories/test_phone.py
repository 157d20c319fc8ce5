"""Where customers of a territory call, and who changed it."""

from dataclasses import replace

import pytest

from dispatch.errors import InvalidInput, NotFound, Stale
from dispatch.events import list_events_of
from dispatch.models import Territory
from dispatch.territories.phone import change_phone, find_phone
from tests.dispatch.town import at, job, job_named, settle, territory, user_of

pytestmark = pytest.mark.both_databases


@pytest.fixture
def town(session_factory):
    """J1 in Town, J2 in no territory; the company has a number."""
    settle(session_factory, [], [job("J1"), job("J2", territory=None)], [territory()])
    return session_factory


def give(town, phone, version=1, territory_id=1):
    with town.begin() as session:
        return change_phone(session, territory_id, version, phone, user_of(session, "EVE", "dispatcher").id, at(8))


def numbers(town):
    settings = replace(town.settings, company_phone="+56 2 100")
    with town() as session:
        return [find_phone(job_named(session, number), settings) for number in ("J1", "J2")]


def test_a_territory_s_own_number_goes_before_the_company_s(town):
    """Who gave it and what was before is on record; taken away, the company's holds again."""
    assert numbers(town) == ["+56 2 100", "+56 2 100"]
    give(town, " 051 221-0000 ")
    assert numbers(town) == ["051 221-0000", "+56 2 100"]
    give(town, "", version=2)
    assert numbers(town) == ["+56 2 100", "+56 2 100"]
    with town() as session:
        row = session.get(Territory, 1)
        told = [(one.before, one.after) for one in list_events_of(session, row) if one.kind == "territory changed"]
    assert told == [
        ({"phone": None}, {"phone": "051 221-0000"}),
        ({"phone": "051 221-0000"}, {"phone": None}),
    ]


def test_what_nobody_can_dial_and_a_lost_update_are_refused(town):
    with pytest.raises(InvalidInput, match="'call Ana' is no telephone number; write one such as"):
        give(town, "call Ana")
    with pytest.raises(Stale):
        give(town, "112", version=7)
    with pytest.raises(NotFound):
        give(town, "112", territory_id=99)
