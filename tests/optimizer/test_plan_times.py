"""Routes that wait for one another: the least starts that satisfy all, and breaks where they suit everybody."""

import time
from dataclasses import replace

import pytest

from optimizer import Link, Pin, check
from optimizer.assemble import assemble, find_all_times
from optimizer.engines import ruin
from optimizer.rules import lower
from tests.optimizer.engines.test_crews import day_of_crews
from tests.optimizer.town import BALANCED, pause, shift, town, visit

PEOPLE = [shift("Ana"), shift("Ben")]


def starts(problem, sequences):
    """The starts of each route's visits, or None."""
    times = find_all_times(lower(problem), sequences)
    return times and [list(one.starts_s) if one else [] for one in times]


def test_a_crew_starts_when_the_last_of_them_is_there():
    problem = town([visit("a", 1), visit("b", 3)], PEOPLE, links=[Link("a", "b", 0, 0)])
    assert starts(problem, [[0], [1]]) == [[300], [300]]


LAGS = [
    (0, None, [100, 300]),
    (500, None, [100, 600]),
    (0, 100, [200, 300]),
    (150, 150, [150, 300]),
    (700, 900, [100, 800]),
]


@pytest.mark.parametrize(("least_s", "most_s", "expected"), LAGS)
def test_lags_delay_either_of_two_as_little_as_can_be(least_s, most_s, expected):
    """Alone they would start at 100 and at 300."""
    problem = town([visit("a", 1), visit("b", 3)], PEOPLE, links=[Link("a", "b", least_s, most_s)])
    assert starts(problem, [[0], [1]]) == [expected[:1], expected[1:]]


def test_waiting_is_handed_on_along_routes_and_links():
    """Ben waits for Ana, and then Cem for Ben."""
    visits = [visit("a", 5), visit("b", 1), visit("c", 1), visit("d", 1)]
    links = [Link("a", "b", 0, 0), Link("c", "d", 0, 0)]
    problem = town(visits, [*PEOPLE, shift("Cem")], links=links)
    assert starts(problem, [[0], [1, 2], [3]]) == [[500], [500, 1_100], [1_100]]


def test_waiting_for_somebody_who_waits_for_oneself_never_ends():
    """Each does first what the other does last; with shifts that never have to end, too."""
    visits = [visit(name, 1) for name in "abcd"]
    links = [Link("a", "d", 0, 0), Link("b", "c", 0, 0)]
    problem = town(visits, PEOPLE, links=links)
    assert starts(problem, [[0, 1], [2, 3]]) is None
    assert starts(problem, [[0, 1], [3, 2]]) == [[100, 700], [100, 700]]
    endless = town(visits, [replace(one, end_s=2**39) for one in PEOPLE], links=links)
    assert starts(endless, [[0, 1], [2, 3]]) is None


def test_both_wait_for_the_next_window_that_suits_both():
    """Their first windows do not meet, nor do the second of one and the first of the other."""
    visits = [visit("a", 1, windows=[(100, 200), (1_000, 1_100)]), visit("b", 1, windows=[(500, 600), (1_050, 1_200)])]
    assert starts(town(visits, PEOPLE, links=[Link("a", "b", 0, 0)]), [[0], [1]]) == [[1_050], [1_050]]
    late = [visits[0], visit("b", 1, windows=[(500, 600), (1_150, 1_200)])]
    assert starts(town(late, PEOPLE, links=[Link("a", "b", 0, 0)]), [[0], [1]]) is None


def test_one_person_does_linked_visits_one_after_the_other():
    problem = town([visit("a", 1), visit("b", 1)], links=[Link("a", "b", 900, 900)])
    assert starts(problem, [[0, 1]]) == [[100, 1_000]]
    assert starts(problem, [[1, 0]]) is None


def test_a_link_with_one_visit_left_out_delays_nobody():
    problem = town([visit("a", 1), visit("b", 3)], PEOPLE, links=[Link("a", "b", 0, 0)])
    assert starts(problem, [[0], []]) == [[100], []]


@pytest.mark.parametrize(("technicians", "apart", "together"), [("different", True, False), ("same", False, True)])
def test_who_comes_is_looked_at_over_all_shifts_of_a_person(technicians, apart, together):
    shifts = [shift("Ana"), replace(shift("Ana late"), technician="Ana", start_s=5_000), shift("Ben")]
    problem = town([visit("a"), visit("b")], shifts, links=[Link("a", "b", technicians=technicians)])
    assert (starts(problem, [[0], [1], []]) is not None) == together
    assert (starts(problem, [[0], [], [1]]) is not None) == apart


RESTING = [visit("with Ben", 1), visit("after", 1), visit("with Ana", 1)]


@pytest.mark.parametrize("limits", [{"due_s": 800}, {"windows": [(0, 800)]}])
def test_a_break_falls_where_it_keeps_nobody_else_waiting(limits):
    """Before the first visit or after it is the same to Ana, but not to Ben, who has to be elsewhere at 800."""
    ana = shift("Ana", breaks=(pause(300, (0, 750)),))
    crew = Link("with Ben", "with Ana", 0, 0)
    problem = town([*RESTING, visit("next", 2, **limits)], [ana, shift("Ben")], links=[crew])
    assert starts(problem, [[0, 1], [2, 3]]) == [[100, 1_000], [100, 800]]


@pytest.mark.parametrize(("rate", "expected"), [(0, [100, 700, 1_300, 2_600]), (10, [400, 1_000, 1_600, 2_200])])
def test_a_break_falls_where_the_largest_lateness_is_smallest(rate, expected):
    """Taken first it delays all four by 300 s, taken late only the last one, but by 700 s."""
    visits = [visit(name, 1, due_s=due_s) for name, due_s in zip("abcd", (100, 700, 1_300, 1_900), strict=True)]
    ana = shift("Ana", breaks=(pause(300, (0, 50), (2_300, 2_400)),))
    problem = town(visits, [ana], policy=replace(BALANCED, worst_lateness_per_s=rate))
    assert starts(problem, [[0, 1, 2, 3]]) == [expected]


def test_pinned_visits_wait_for_each_other_where_their_pins_allow_it():
    problem = town([visit("a", 1, pin=Pin("Ana")), visit("b", 3, pin=Pin("Ben"))], PEOPLE, links=[Link("a", "b", 0, 0)])
    assert starts(problem, [[0], [1]]) == [[300], [300]]
    fixed = [visit("a", 1, pin=Pin("Ana", 100)), visit("b", 3, pin=Pin("Ben", 900))]
    assert starts(replace(problem, visits=tuple(fixed)), [[0], [1]]) == [[100], [900]]


def test_duty_is_not_bought_with_a_later_start_of_a_crew():
    """Ana leaves late for what only she does, and the crew starts as early as it can."""
    ana = shift("Ana", duty_cost_per_s=1)
    problem = town(
        [visit("a", 1), visit("b", 3), visit("later", 1, windows=[(3_000, 4_000)])],
        [ana, shift("Ben")],
        links=[Link("a", "b", 0, 0)],
    )
    assert starts(problem, [[0, 2], [1]]) == [[300, 3_000], [300]]


def crowd(people, crews, breaks):
    """A day of crews of two, each of them with another neighbour, in an order that everybody shares."""
    shifts = [shift(f"p{n:02}", end_s=100_000, breaks=breaks) for n in range(people)]
    sequences, visits, links = [[] for _ in shifts], [], []
    for number in range(crews):
        one, other = number % people, (number + 1 + number // people) % people
        for person in (one, other):
            sequences[person].append(len(visits))
            visits.append(visit(f"v{len(visits):03}", 1 + (number * 7 + person) % 5, due_s=3_000))
        links.append(Link(visits[-2].id, visits[-1].id, 0, 0, "different"))
    return town(visits, shifts, links=links), sequences


@pytest.mark.parametrize("breaks", [(), (pause(1_800, (3_000, 9_000)),)], ids=["no breaks", "lunch"])
def test_hundreds_of_crews_are_timed_in_a_moment(breaks):
    problem, sequences = crowd(30, 150, breaks)
    primitives = lower(problem)
    began = time.process_time()
    times = find_all_times(primitives, sequences)
    took_s = time.process_time() - began
    assert times is not None
    assert check(problem, assemble(problem, primitives, sequences)).is_valid
    assert took_s < 2


def test_many_crews_have_times_though_breaks_must_move_on_many_routes_at_once():
    """Everybody would rest at home first, to be home sooner, which is too late for what their partners do next."""
    visits, shifts, links, sequences = [], [], [], []
    for crew in range(8):
        visits += [visit(f"a{crew}"), visit(f"then{crew}", windows=[(1_400, 1_400)])]
        visits += [visit(f"b{crew}"), visit(f"next{crew}", windows=[(0, 1_000)])]
        rest = pause(450, (0, 300), (2_000, 2_050))
        shifts += [shift(f"Ana{crew}", end_s=2_100, latest_end_s=9_000, breaks=(rest,)), shift(f"Ben{crew}")]
        links.append(Link(f"a{crew}", f"b{crew}", 0, 0))
        sequences += [[4 * crew, 4 * crew + 1], [4 * crew + 2, 4 * crew + 3]]
    problem = town(visits, shifts, links=links)
    assert starts(problem, sequences) == [[100, 1_400], [100, 700]] * 8


@pytest.mark.parametrize("seed", [0, 3, 4])
def test_a_day_of_crews_with_two_breaks_each_has_times_without_a_searchs_bounds(seed):
    """Starts are raised in turn, again and again: whose turn comes never would be waited for in vain."""
    primitives = lower(day_of_crews(seed, visits=100, people=14, crews=40))
    found = ruin.search(primitives, 60, seed=seed, iterations=100)
    assert find_all_times(primitives, found.sequences) is not None
