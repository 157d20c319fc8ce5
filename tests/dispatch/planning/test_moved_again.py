"""What was moved by hand is moved by hand again, and what is on a phone is called back first: no wish is lost."""

import pytest

from dispatch.errors import Conflict, DraftOutdated
from dispatch.jobs.moving import change_status
from dispatch.planning.deciding import find_best_start
from dispatch.planning.drafts import find_open_draft, lay_out_draft
from tests.dispatch.drafting import begin_by_hand, codes_of, draft_of, line_of, move, publish
from tests.dispatch.living.bad_day import tell
from tests.dispatch.town import (
    CENTRE,
    MONDAY,
    MORNING,
    Grid,
    at,
    job,
    job_named,
    plan,
    settle,
    stops_of,
    technician,
    user_of,
    window,
)


@pytest.fixture
def pinned(session_factory):
    """J1 was moved to T2 at ten by hand; T3 is free, and a new draft is begun."""
    settle(session_factory, [technician(f"T{n}") for n in (1, 2, 3)], [job("J1")])
    plan(session_factory)
    by_hand(session_factory, "T2", at(10))
    assert is_at(session_factory, "T2", at(10))
    begin_by_hand(session_factory)
    return session_factory


def by_hand(factory, code, start_at):
    begin_by_hand(factory)
    publish(factory, move(factory, draft_of(factory), "J1", code, start_at))


def is_at(factory, code, start_at):
    found, stop = stops_of(factory)["J1"]
    return (found, stop.planned_start_at, stop.pinned) == (code, start_at, True)


def send(factory):
    with factory.begin() as session:
        change_status(session, job_named(session, "J1").id, "dispatched", user_of(session, "D1", "dispatcher"), MORNING)


def test_it_goes_to_somebody_else(pinned):
    draft = move(pinned, draft_of(pinned), "J1", "T3", at(11))
    assert (draft["outdated"], draft["obstacles"], draft["violations"]) == ([], [], [])
    version = publish(pinned, draft)
    assert is_at(pinned, "T3", at(11))
    assert [(line.kind, line.reason) for line in version.changes] == [("moved", "Moved by hand.")]


def test_it_gets_another_time_with_the_same_technician(pinned):
    version = publish(pinned, move(pinned, draft_of(pinned), "J1", "T2", at(14)))
    assert is_at(pinned, "T2", at(14))
    assert [line.kind for line in version.changes] == ["retimed"]


def test_it_is_moved_in_the_draft_that_is_made_again_too(pinned):
    """Something came in before it was published."""
    move(pinned, draft_of(pinned), "J1", "T3", at(11))
    settle(pinned, [], [job("J9")])
    plan(pinned, as_draft=True)
    draft = draft_of(pinned)
    assert (line_of(draft, "J1")["to"]["code"], line_of(draft, "J1")["decision"]) == ("T3", "edited")
    publish(pinned, draft)
    assert is_at(pinned, "T3", at(11))
    assert set(codes_of(pinned)) == {"J1", "J9"}


def test_it_fits_best_at_a_time_that_has_not_passed(pinned):
    """Its windows are what a pin has nothing to do with."""
    settle(pinned, [], [job("J1", windows=(window(at(8), 60), window(at(15), 60)))])
    draft = move(pinned, draft_of(pinned), "J1", "T3")
    assert line_of(draft, "J1")["to"]["start_at"] == "2026-11-23T11:01:40Z"


def test_it_fits_nowhere_where_a_closed_road_keeps_everybody_away_until_its_windows_have_closed(pinned):
    settle(pinned, [], [job("J1", windows=(window(at(10), 120),))])
    tell(pinned, "road_closed", at(8), lat=CENTRE[0], lon=CENTRE[1] - 0.01, radius_m=500, until_at=at(13))
    with pinned() as session:
        laid_out = lay_out_draft(session, find_open_draft(session, MONDAY), at(8), Grid())
        assert find_best_start(laid_out, job_named(session, "J1").id, "T3") is None


def test_what_is_on_a_phone_is_called_back_before_it_is_moved(pinned):
    send(pinned)
    with pytest.raises(Conflict, match="J1 was sent to the phone of Technician T2: call it back"):
        move(pinned, draft_of(pinned), "J1", "T2", at(14))


def test_what_was_sent_to_the_phone_since_keeps_its_time_and_that_is_said(pinned):
    draft = move(pinned, draft_of(pinned), "J1", "T2", at(14))
    send(pinned)
    with pytest.raises(DraftOutdated, match="J1 was begun by Technician T2 or pinned there meanwhile"):
        publish(pinned, draft)
    assert is_at(pinned, "T2", at(10))


def test_what_is_pinned_is_not_moved_by_others_moves(pinned):
    settle(pinned, [], [job("J2")])
    plan(pinned)
    begin_by_hand(pinned)
    publish(pinned, move(pinned, draft_of(pinned), "J2", "T3"))
    assert is_at(pinned, "T2", at(10))
