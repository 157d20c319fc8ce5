"""What is dismissed is no fact any more: a proposed repair of it is not published for reasons that are not true."""

from datetime import timedelta

import pytest

from dispatch.living.incidents import dismiss
from dispatch.planning.drafts import find_open_draft
from tests.dispatch.drafting import codes_of, draft_of, say
from tests.dispatch.living.bad_day import incident_of, repair, tell
from tests.dispatch.test_replanning import queued
from tests.dispatch.town import MONDAY, at, job, plan, settle, technician

pytestmark = pytest.mark.both_databases


@pytest.fixture
def town(session_factory):
    """J1 is T1's and J2 is T2's; T3 could come instead."""
    settle(
        session_factory,
        [technician("T1"), technician("T2")],
        [job("J1", preferred=frozenset({"T1"})), job("J2", preferred=frozenset({"T2"}))],
    )
    plan(session_factory)
    settle(session_factory, [technician("T3")])
    return session_factory


def proposed(town, who, now):
    """They call in sick, and a draft has their day for others; returns the incident's id."""
    ill = tell(town, "technician_ill", now, who=who)
    repair(town, ill, now, as_draft=True)
    return ill


def dismissed(town, incident_id, now):
    with town.begin() as session:
        dismiss(session, incident_id, "It was another Ana", None, now)


def has_draft(town):
    with town() as session:
        return find_open_draft(session, MONDAY) is not None


def test_the_repair_that_waited_goes_with_it(town):
    ill = proposed(town, "T1", at(7))
    dismissed(town, ill, at(7, 5))
    assert not has_draft(town)
    assert codes_of(town) == {"J1": "T1", "J2": "T2"}
    assert (incident_of(town, ill).status, incident_of(town, ill).plan_id) == ("dismissed", None)


def test_what_else_waited_in_the_draft_is_proposed_anew_alone(town):
    """T1 and T2 were ill; T1 was not."""
    first, second = proposed(town, "T1", at(7)), proposed(town, "T2", at(7, 2))
    assert {line["number"] for line in draft_of(town, at(7, 3))["changes"]} == {"J1", "J2"}
    dismissed(town, first, at(7, 5))
    assert not has_draft(town)
    assert incident_of(town, second).outcome == "Another event that draft 3 was for was dismissed; proposed anew."
    assert (queued(town)[-1]["incident_id"], queued(town)[-1]["as_draft"]) == (second, True)
    repair(town, second, at(7, 6), as_draft=True)
    assert {line["number"] for line in draft_of(town, at(7, 7))["changes"]} == {"J2"}


def test_a_draft_in_which_somebody_has_decided_waits_to_be_made_anew(town):
    """What people have said is never thrown away."""
    first, second = proposed(town, "T1", at(7)), proposed(town, "T2", at(7, 2))
    say(town, draft_of(town), J2="accepted")
    dismissed(town, first, at(7, 5))
    assert has_draft(town)
    assert queued(town)[-1]["incident_id"] == second
    dismissed(town, second, at(7, 6))
    assert has_draft(town)
    assert "incident_id" not in queued(town)[-1]
    assert queued(town)[-1]["as_draft"]


def test_on_the_day_after_nothing_is_made_anew(town):
    """The draft was left lying; nobody can publish it any more."""
    ill = proposed(town, "T1", at(7))
    say(town, draft_of(town), J1="accepted")
    before = len(queued(town))
    dismissed(town, ill, at(9, on=MONDAY + timedelta(days=1)))
    assert len(queued(town)) == before
