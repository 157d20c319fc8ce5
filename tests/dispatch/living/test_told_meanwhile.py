"""What is told while a plan of the day is in the making is not answered by that plan, which knows nothing of it."""

import pytest

from tests.dispatch.drafting import codes_of, draft_of
from tests.dispatch.living.bad_day import incident_of, repair, tell
from tests.dispatch.test_replanning import queued
from tests.dispatch.town import at, job, plan, settle, technician, while_solving


@pytest.fixture
def town(session_factory):
    """J1 is T1's; T2 could come instead."""
    settle(session_factory, [technician("T1")], [job("J1", preferred=frozenset({"T1"}))])
    plan(session_factory)
    settle(session_factory, [technician("T2")])
    return session_factory


def fall_ill(town, ill):
    ill.append(tell(town, "technician_ill", at(8), who="T1"))


def test_a_draft_that_takes_the_place_of_a_repair_it_knows_nothing_of_answers_nothing(town, monkeypatch):
    """J9 came in; while that is planned T1 falls ill, and draft 2 is about it; draft 3 still has T1 come to J1."""
    ill = []

    def repair_meanwhile():
        fall_ill(town, ill)
        repair(town, ill[0], at(8), as_draft=True)
        assert incident_of(town, ill[0]).plan.version == 2

    settle(town, [], [job("J9")])
    while_solving(monkeypatch, repair_meanwhile)
    plan(town, as_draft=True, now=at(8))
    assert draft_of(town, at(8))["version"] == 3
    assert "J1" not in [one["number"] for one in draft_of(town, at(8))["changes"]]
    found = incident_of(town, ill[0])
    assert (found.status, found.plan_id) == ("open", None)
    assert found.outcome == "Draft 3, begun before this was told, took its repair's place meanwhile; proposed anew."
    assert queued(town)[-1]["incident_id"] == ill[0]
    repair(town, ill[0], at(8, 5), as_draft=True)
    assert "J1" in [one["number"] for one in draft_of(town, at(8, 5))["changes"]]
    assert incident_of(town, ill[0]).plan.version == 4


def test_a_whole_plan_has_repaired_nothing_that_was_told_while_it_was_made(town, monkeypatch):
    """Its repair waits in the queue, and finds it open."""
    ill = []
    while_solving(monkeypatch, lambda: fall_ill(town, ill))
    plan(town, now=at(8))
    assert codes_of(town) == {"J1": "T1"}
    assert incident_of(town, ill[0]).status == "open"
    repair(town, ill[0], at(8, 5))
    assert codes_of(town) == {"J1": "T2"}
    assert incident_of(town, ill[0]).status == "repaired"


def test_a_whole_plan_still_repairs_what_was_told_before(town):
    ill = []
    fall_ill(town, ill)
    plan(town, now=at(8))
    assert codes_of(town) == {"J1": "T2"}
    assert incident_of(town, ill[0]).status == "repaired"
