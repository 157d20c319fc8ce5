"""What a draft costs as published, as proposed and as decided: three numbers of one day by now, to be compared."""

import pytest

from dispatch.planning.draft_description import get_draft
from dispatch.planning.drafts import find_open_draft
from tests.dispatch import drafting
from tests.dispatch.drafting import draft_of, propose_a_move
from tests.dispatch.living.bad_day import repair, tell
from tests.dispatch.town import CENTRE, MONDAY, Grid, at, job, plan, report, settle, technician, window

FAR = (CENTRE[0], CENTRE[1] - 0.2)


@pytest.fixture
def repaired(session_factory):
    """T1 has done J1, far away, and is ill at ten; it is proposed that T2 comes to J2 and J3."""
    jobs = [
        job("J1", location=FAR, windows=(window(at(8), 60),)),
        job("J2", windows=(window(at(12), 60),)),
        job("J3", windows=(window(at(14), 60),)),
    ]
    settle(session_factory, [technician("T1")], jobs)
    plan(session_factory)
    settle(session_factory, [technician("T2", home=FAR)])
    report(session_factory, "J1", "on_site", at(8, 30))
    report(session_factory, "J1", "done", at(9, 30))
    repair(session_factory, tell(session_factory, "technician_ill", at(10), who="T1"), at(10), as_draft=True)
    return session_factory


def draft_at(factory, now):
    with factory() as session:
        return get_draft(session, find_open_draft(session, MONDAY), now, Grid())


def say(factory, **said):
    """The draft as it is at ten, when that was said."""
    drafting.say(factory, draft_at(factory, at(10)), **said)
    return draft_at(factory, at(10))


@pytest.mark.parametrize("hour", [10, 11])
def test_a_draft_to_which_nobody_has_said_anything_costs_as_decided_what_it_costs_as_proposed(repaired, hour):
    """Of a repair, too, at any time: what was driven before it is in none of the numbers."""
    draft = draft_at(repaired, at(hour))
    assert {line["number"]: line["to"]["code"] for line in draft["changes"]} == {"J2": "T2", "J3": "T2"}
    assert draft["cost"] == draft["cost_decided"] < draft["cost_published"]


def test_what_is_proposed_costs_the_same_whatever_was_said_to_it(repaired):
    """Also where what was said does not go together."""
    proposed = draft_at(repaired, at(10))
    assert say(repaired, J2="accepted")["cost"] == proposed["cost"]
    refused = say(repaired, J2="refused")
    assert refused["obstacles"] == ["Job J2 does not fit with Technician T1 at about 12:00."]
    assert (refused["cost"], refused["cost_decided"]) == (proposed["cost"], None)


def test_a_line_that_is_refused_changes_what_is_decided_and_not_what_is_proposed(session_factory):
    propose_a_move(session_factory)
    proposed = draft_of(session_factory)
    refused = drafting.say(session_factory, proposed, J1="refused")
    assert refused["cost"] == proposed["cost"] == proposed["cost_decided"]
    assert refused["cost_decided"] == refused["cost_published"] > refused["cost"]
