"""A draft takes nothing off a route that it does not mention, and no wish of it is dropped without a word."""

from datetime import timedelta

import pytest

from dispatch.errors import Conflict, DraftOutdated
from dispatch.planning.by_hand import try_move
from tests.dispatch.drafting import begin_by_hand, codes_of, draft_of, line_of, move, publish, say
from tests.dispatch.living.bad_day import tell
from tests.dispatch.town import (
    CENTRE,
    MONDAY,
    Grid,
    at,
    job,
    job_named,
    plan,
    report,
    settle,
    stops_of,
    technician,
    window,
)

TUESDAY = MONDAY + timedelta(days=1)
LATE = at(14, 31)


@pytest.fixture
def moved(session_factory):
    """T1 has J5 in a window that closes at half past two; a draft moves J1 by hand, in the evening."""
    in_time = job("J5", required=frozenset({"T1"}), windows=(window(at(13), 90),))
    evening = {"windows": (window(at(16), 30),)}
    settle(session_factory, [technician("T1"), technician("T2")], [job("J1", **evening), in_time])
    plan(session_factory)
    begin_by_hand(session_factory)
    move(session_factory, draft_of(session_factory), "J1", other_than(codes_of(session_factory)["J1"]))
    return session_factory


def other_than(code):
    return {"T1": "T2", "T2": "T1"}[code]


def test_a_visit_whose_window_has_closed_stays_when_a_draft_about_another_is_published(moved):
    before, start_at = codes_of(moved), stops_of(moved)["J5"][1].planned_start_at
    draft = draft_of(moved, LATE)
    assert (draft["outdated"], draft["obstacles"], draft["violations"]) == ([], [], [])
    version = publish(moved, draft, now=LATE)
    assert codes_of(moved) == before | {"J1": other_than(before["J1"])}
    stop = stops_of(moved)["J5"][1]
    assert (stop.planned_start_at, stop.status, stop.pinned) == (start_at, "planned", False)
    assert ([line.kind for line in version.changes], version.violations) == (["moved"], [])


def test_a_draft_that_is_made_again_says_so_and_is_published(moved):
    before = codes_of(moved)
    plan(moved, now=LATE, as_draft=True)
    draft = draft_of(moved, LATE)
    assert {line["number"]: line["kind"] for line in draft["changes"]} == {"J1": "moved", "J5": "retimed"}
    publish(moved, draft, now=LATE)
    assert codes_of(moved) == before | {"J1": other_than(before["J1"])}
    assert stops_of(moved)["J5"][1].planned_start_at > LATE


def test_who_refuses_that_it_is_later_leaves_it_where_it_is(moved):
    before = codes_of(moved)
    plan(moved, now=LATE, as_draft=True)
    say(moved, draft_of(moved, LATE), J5="refused")
    draft = draft_of(moved, LATE)
    assert (draft["outdated"], draft["obstacles"]) == ([], [])
    publish(moved, draft, now=LATE)
    assert codes_of(moved) == before | {"J1": other_than(before["J1"])}


def test_what_is_refused_is_not_proposed_again_when_the_draft_is_made_again(moved):
    plan(moved, now=LATE, as_draft=True)
    say(moved, draft_of(moved, LATE), J5="refused")
    settle(moved, [], [job("J9")])
    plan(moved, now=LATE, as_draft=True)
    draft = draft_of(moved, LATE)
    assert {line["number"]: line["kind"] for line in draft["changes"]} == {"J1": "moved", "J9": "added"}
    publish(moved, draft, now=LATE)
    assert codes_of(moved)["J5"] == "T1"


def test_a_visit_whose_window_has_closed_is_not_moved_by_hand_and_it_is_said_why(moved):
    """Whoever wants it elsewhere agrees on a time with the customer first."""
    with moved() as session, pytest.raises(Conflict, match="The last time window closed on 2026-11-23 at 14:30"):
        try_move(session, MONDAY, job_named(session, "J5").id, "T2", None, LATE, Grid())


def test_a_visit_behind_a_road_that_is_closed_meanwhile_is_not_passed_over(moved):
    """That is more than being late: people hear of it before they publish."""
    tell(moved, "road_closed", at(14), lat=CENTRE[0], lon=CENTRE[1] - 0.01, radius_m=500, until_at=at(18))
    with pytest.raises(DraftOutdated, match="J5 would be left out, which the draft did not say: The road there"):
        publish(moved, draft_of(moved, LATE), now=LATE)


def test_what_has_begun_in_time_does_no_harm(moved):
    before = codes_of(moved)
    report(moved, "J5", "on_site", at(14))
    assert draft_of(moved, LATE)["outdated"] == []
    publish(moved, draft_of(moved, LATE), now=LATE)
    assert codes_of(moved) == {"J1": other_than(before["J1"]), "J5": "T1"}


def test_a_line_about_a_job_that_is_wanted_on_another_day_by_now_is_not_dropped_in_silence(moved):
    settle(moved, [], [job("J9")])
    plan(moved, as_draft=True)
    draft = say(moved, draft_of(moved), J9="accepted")
    settle(moved, [], [job("J9", on=TUESDAY)])
    with pytest.raises(DraftOutdated, match=r"J9 cannot be planned here any more: It is wanted on another day now"):
        publish(moved, draft)


def test_a_visit_of_a_job_that_is_wanted_on_another_day_by_now_is_not_dropped_in_silence(moved):
    settle(moved, [], [job("J7")])
    plan(moved, as_draft=False)
    plan(moved, as_draft=True)
    draft = draft_of(moved)
    assert line_of(draft, "J1")["decision"] == "edited"
    settle(moved, [], [job("J7", on=TUESDAY)])
    with pytest.raises(DraftOutdated, match=r"J7 would be left out, which the draft did not say: It is wanted"):
        publish(moved, draft)
