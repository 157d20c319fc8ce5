"""A problem that makes no sense is refused with everything that is wrong, each with its place and its remedy."""

from dataclasses import replace

import numpy as np
import pytest

from optimizer import Break, Pair, Pin, Problem, ProblemError, Travel, Window
from tests.optimizer.town import shift, street, town, visit

GOOD = town([visit("a"), visit("b")], [shift("Ana"), shift("Ben")])


def faults_of(**changes):
    """All faults of the good town after these changes, as `where: what`."""
    with pytest.raises(ProblemError) as caught:
        replace(GOOD, **changes)
    assert all(fault.mend for fault in caught.value.faults)
    return [f"{fault.where}: {fault.what}" for fault in caught.value.faults]


VISITS = [
    ({"at": 6}, "location 6 is not in the travel matrices"),
    ({"at": -1}, "location -1 is not in the travel matrices"),
    ({"service_s": -1}, "service_s is -1"),
    ({"setup_s": -1}, "setup_s is -1"),
    ({"price": -1}, "price is -1"),
    ({"priority": 101}, "priority is 101"),
    ({"priority": -1}, "priority is -1"),
    ({"skills": {"gas": -1}}, "a skill level is negative"),
    ({"delivery": (0, -1)}, "a load is negative"),
    ({"pickup": (-1,)}, "a load is negative"),
    ({"windows": [(5, 4)]}, "a window closes at 4 before it opens at 5"),
    ({"windows": [(5, 9), (9, 12)]}, "its windows overlap or are out of order"),
    ({"windows": [(20, 30), (5, 9)]}, "its windows overlap or are out of order"),
    ({"price": 2**49}, "costs 562,949,953,428,512 to leave out"),
    ({"service_s": 2**31}, "takes 2,147,483,648 seconds"),
    ({"pin": Pin("Cem")}, "is pinned to shift 'Cem', which does not exist"),
]


@pytest.mark.parametrize(("wrong", "what"), VISITS)
def test_a_visit_that_makes_no_sense_is_named(wrong, what):
    assert faults_of(visits=(visit("a"), visit("b", **wrong))) == [f"visits[1] (b): {what}"]


SHIFTS = [
    ({"profile": "boat"}, "travel profile 'boat' is not in the matrices"),
    ({"start": 6}, "start_location 6 is not in the travel matrices"),
    ({"end": -2}, "end_location -2 is not in the travel matrices"),
    ({"start_s": 10_001}, "does not run forward in time"),
    ({"latest_end_s": 9_999}, "does not run forward in time"),
    ({"max_visits": -1}, "max_visits is -1"),
    ({"max_travel_s": -1}, "max_travel_s is -1"),
    ({"fixed_cost": -1}, "fixed_cost is -1"),
    ({"pace_percent": 0}, "pace_percent is 0"),
    ({"capacity": (-1,)}, "a capacity is negative"),
    ({"depot": 6}, "depot 6 is not in the travel matrices"),
    ({"duty_cost_per_s": -1}, "duty_cost_per_s is -1"),
    ({"max_duty_s": -1}, "max_duty_s is -1"),
]


@pytest.mark.parametrize(("wrong", "what"), SHIFTS)
def test_a_shift_that_makes_no_sense_is_named(wrong, what):
    assert faults_of(shifts=(shift("Ana"), shift("Ben", **wrong))) == [f"shifts[1] (Ben): {what}"]


BREAKS = [
    (Break("b", -1, (Window(0, 1),)), "length_s is -1"),
    (Break("b", 1, ()), "has no window"),
    (Break("b", 1, (Window(2, 1),)), "a window closes at 1 before it opens at 2"),
]


@pytest.mark.parametrize(("pause", "what"), BREAKS)
def test_a_break_that_makes_no_sense_is_named(pause, what):
    assert faults_of(shifts=(shift("Ana", breaks=(pause,)),)) == [f"shifts[0] (Ana), break b: {what}"]


SQUARE = np.zeros((6, 6), dtype=np.int64)
TRAVEL = [
    (Travel({"car": SQUARE}, {}), "travel: seconds and metres name different profiles"),
    (Travel({"car": SQUARE[:5]}, {"car": SQUARE}), "travel.seconds['car']: has shape (5, 6)"),
    (Travel({"car": SQUARE.astype(float)}, {"car": SQUARE}), "travel.seconds['car']: holds float64"),
    (Travel({"car": SQUARE - 2}, {"car": SQUARE}), "travel.seconds['car']: holds negative numbers"),
    (Travel({"car": SQUARE}, {"car": SQUARE}, {"car": SQUARE - 1}), "travel.tolls['car']: holds negative numbers"),
    (Travel({"car": SQUARE}, {"car": SQUARE[:5, :5]}), "travel: the matrices differ in size"),
    (
        Travel({"car": SQUARE - 1}, {"car": SQUARE}),
        "travel: seconds and metres of 'car' disagree about where roads lead",
    ),
]


@pytest.mark.parametrize(("travel", "fault"), TRAVEL)
def test_travel_that_makes_no_sense_is_named(travel, fault):
    assert fault in faults_of(travel=travel)


PAIRS = [
    ([Pair("a", "ghost")], "pairs[0]: visit 'ghost' does not exist"),
    ([Pair("a", "b"), Pair("b", "a")], "pairs[1]: visit 'b' is in a pair already"),
]


@pytest.mark.parametrize(("pairs", "fault"), PAIRS)
def test_pairs_that_make_no_sense_are_named(pairs, fault):
    assert fault in faults_of(pairs=tuple(pairs))


def test_a_pinned_visit_is_in_no_pair():
    wrong = (visit("a", pin=Pin("Ana")), visit("b"))
    assert faults_of(visits=wrong, pairs=(Pair("a", "b"),)) == ["pairs[0]: visit 'a' is pinned"]


@pytest.mark.parametrize(("picked", "brought"), [((1,), (2,)), ((1,), ()), ((), (1,)), ((1, 0), (1, 1))])
def test_the_second_of_a_pair_delivers_what_the_first_picked_up(picked, brought):
    """Else the van would carry less than nothing, or be left with things for nobody."""
    wrong = (visit("a", pickup=picked), visit("b", delivery=brought))
    assert faults_of(visits=wrong, pairs=(Pair("a", "b"),)) == ["pairs[0]: 'b' delivers other than what 'a' picks up"]


def test_ids_are_given_once():
    assert faults_of(visits=(visit("a"), visit("a"))) == ["visits: id 'a' is given more than once"]
    assert faults_of(shifts=(shift("Ana"), shift("Ana"))) == ["shifts: id 'Ana' is given more than once"]


def test_no_road_between_pinned_visits_is_a_fault():
    pinned = (visit("a", 1, pin=Pin("Ana", 100)), visit("b", 2, pin=Pin("Ana", 900)))
    faults = faults_of(visits=pinned, travel=street(broken=[(1, 2)]))
    assert faults == ["shift Ana: no road leads from location 1 to 2 between its pinned visits"]


def test_everything_wrong_is_said_at_once():
    """Ten wrong things in four places: ten faults, and the message names them all."""
    wrong = visit("a", 9, service_s=-1, priority=-5, windows=[(5, 4)])
    other = shift("Ana", start=9, max_visits=-1, pace_percent=0, breaks=(Break("b", -1, ()),))
    found = faults_of(visits=(wrong, visit("b"), visit("b")), shifts=(other,))
    assert len(found) == 10
    with pytest.raises(ProblemError) as caught:
        replace(GOOD, visits=(wrong, visit("b"), visit("b")), shifts=(other,))
    assert len(str(caught.value).splitlines()) == 10


def test_an_empty_problem_makes_sense():
    assert Problem((), (), Travel({}, {})).visits == ()


def test_a_leg_longer_than_32_bits_can_tell_from_no_road_is_refused():
    seconds = GOOD.travel.seconds["car"].copy()
    seconds[0, 1] = 2**29
    found = faults_of(travel=Travel({"car": seconds}, GOOD.travel.metres))
    assert found == ["travel.seconds['car']: holds 536,870,912, more than 536,870,911"]
