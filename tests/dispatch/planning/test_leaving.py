"""Who leaves in the middle of a day: what they have done stays theirs, and others do the rest."""

from datetime import timedelta

import pytest

from dispatch.board.day import get_board
from dispatch.planning.facts import find_published, read_day
from dispatch.planning.fingerprint import hash_facts
from dispatch.reports.kpis import route_totals
from tests.dispatch.drafting import draft_of, propose_a_move, publish
from tests.dispatch.living.bad_day import incident_of, repair, tell
from tests.dispatch.town import CENTRE, MONDAY, Grid, at, job, plan, report, settle, stops_of, technician, window

ISLAND = (CENTRE[0] + 1, CENTRE[1])
SHORE = CENTRE[0] + 0.5
LATER = window(at(14), 30)


@pytest.fixture
def begun(session_factory):
    """T1 has done J1 at ten and was to come to J2 at two; T2 has nothing to do."""
    settle(session_factory, [technician("T1")], [job("J1", windows=(window(at(8), 60),)), job("J2", windows=(LATER,))])
    plan(session_factory)
    settle(session_factory, [technician("T2")])
    report(session_factory, "J1", "on_site", at(8, 30))
    report(session_factory, "J1", "done", at(10))
    return session_factory


def leave(session_factory, code="T1"):
    """The office says that somebody works there no more."""
    settle(session_factory, [technician(code, active=False)])


def by_technician(session_factory):
    """By job number: whose it is and how far."""
    return {number: (code, stop.status) for number, (code, stop) in stops_of(session_factory).items()}


def route_of(session_factory, code="T1"):
    with session_factory() as session:
        return next(one for one in find_published(session, MONDAY).routes if one.technician.code == code)


def test_what_somebody_did_before_leaving_stays_theirs_and_others_do_the_rest(begun):
    leave(begun)
    version = plan(begun, now=at(10, 5))
    assert by_technician(begun) == {"J1": ("T1", "done"), "J2": ("T2", "planned")}
    (line,) = version.changes
    assert line.reason == "Technician T1 does not work then any more."
    plan(begun, now=at(11))
    assert by_technician(begun) == {"J1": ("T1", "done"), "J2": ("T2", "planned")}, "nor does the next plan forget it"


def test_their_shift_ends_with_what_they_have_done(begun):
    leave(begun)
    plan(begun, now=at(12))
    route = route_of(begun)
    assert (route.shift_start_at, route.shift_end_at, route.home_at) == (at(8), at(10), at(10))
    with begun() as session:
        totals = route_totals(session.merge(route))
    assert (totals.visits, totals.overtime_s, totals.shift_s) == (1, 0, 2 * 3600)


def test_who_leaves_after_all_their_work_keeps_the_way_home(session_factory):
    settle(session_factory, [technician("T1"), technician("T2", skills={})], [job("J1", skills={"gas": 1})])
    plan(session_factory)
    report(session_factory, "J1", "on_site", at(8, 2))
    report(session_factory, "J1", "done", at(10))
    leave(session_factory)
    plan(session_factory, now=at(18))
    route = route_of(session_factory)
    home_at = at(10) + timedelta(seconds=100)
    assert (route.travel_home_s, route.home_at, route.shift_end_at) == (100, home_at, home_at)


def test_who_is_still_at_it_ends_it(begun):
    report(begun, "J2", "on_site", at(14))
    leave(begun)
    plan(begun, now=at(14, 10))
    report(begun, "J2", "done", at(15, 30))
    plan(begun, now=at(16))
    assert by_technician(begun) == {"J1": ("T1", "done"), "J2": ("T1", "done")}
    assert route_of(begun).shift_end_at > at(15, 30)


@pytest.mark.parametrize("held", ["pinned", "sent to the phone"])
def test_what_was_held_to_them_is_free(begun, held):
    with begun.begin() as session:
        (stop,) = (s for one in find_published(session, MONDAY).routes for s in one.stops if s.job.number == "J2")
        if held == "pinned":
            stop.pinned = True
        else:
            stop.status, stop.sent_at = "dispatched", at(9)
    leave(begun)
    plan(begun, now=at(10, 5))
    assert by_technician(begun)["J2"][0] == "T2"


def test_a_draft_is_published_after_somebody_has_left(session_factory):
    """Of a move that has nothing to do with them."""
    propose_a_move(session_factory)
    report(session_factory, "J2", "on_site", at(7))
    report(session_factory, "J2", "done", at(7, 30))
    leave(session_factory)
    draft = draft_of(session_factory, at(7, 31))
    assert draft["outdated"] == []
    publish(session_factory, draft, at(7, 31))
    assert by_technician(session_factory) == {"J1": ("T2", "planned"), "J2": ("T1", "done")}


def test_a_repair_about_who_has_left_gives_others_the_rest(begun):
    ill = tell(begun, "technician_ill", at(10, 5), who="T1")
    leave(begun)
    repair(begun, ill, at(10, 6))
    assert by_technician(begun) == {"J1": ("T1", "done"), "J2": ("T2", "planned")}
    assert incident_of(begun, ill).status == "repaired"


def test_whose_home_no_road_reaches_any_more_keeps_what_they_have_done(begun):
    settle(begun, [technician("T1", home=ISLAND)])
    version = plan(begun, now=at(10, 5), travel_source=Grid(SHORE))
    assert by_technician(begun) == {"J1": ("T1", "done"), "J2": ("T2", "planned")}
    (told,) = version.violations
    assert told.sentence.startswith("Technician T1 cannot be planned: the place is 9,000 m")


def test_that_they_have_left_is_new_once(begun):
    """Then nothing they report of what they are at is a reason to plan again."""
    hashes = []
    for act in (lambda: None, lambda: leave(begun), lambda: report(begun, "J2", "on_site", at(14))):
        act()
        with begun() as session:
            hashes.append(hash_facts(read_day(session, MONDAY, now=at(14)), "grid", "balanced"))
    assert hashes[0] != hashes[1] == hashes[2]


def test_who_left_before_anything_began_is_not_planned_at_all(session_factory):
    settle(session_factory, [technician("T1")], [job("J1", windows=(LATER,))])
    plan(session_factory)
    leave(session_factory)
    settle(session_factory, [technician("T2")])
    version = plan(session_factory, now=at(9))
    assert [route.technician.code for route in version.routes] == ["T2"]


def test_the_board_shows_what_was_done_by_somebody_who_has_left(begun):
    leave(begun)
    plan(begun, now=at(10, 5))
    with begun() as session:
        board = get_board(session, MONDAY, at(10, 6))
    lanes = {row["code"]: row["items"] for row in board["technicians"]}
    visits = {code: [one["number"] for one in items if one["type"] == "visit"] for code, items in lanes.items()}
    assert visits == {"T1": ["J1"], "T2": ["J2"]}
    assert board["plan"]["kpis"]["assigned"] == 2
