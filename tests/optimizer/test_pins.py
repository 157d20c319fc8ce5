"""What pinned visits need by themselves: how far they widen limits, and no further."""

from optimizer import Pin, Planned
from optimizer.pins import find_pin_needs, pinned_visits
from tests.optimizer.town import pause, shift, solved, town, visit


def needs(visits, ana):
    problem = town(visits, [ana])
    return find_pin_needs(problem, problem.shifts[0])


def test_a_shift_without_pins_needs_nothing():
    assert needs([visit()], shift()) is None
    assert town().pin_needs == {}


def test_pins_come_in_the_order_of_their_moments():
    """A pinned start, else the published one, else the end of the last window, else the end of the shift."""
    visits = [
        visit("free", pin=Pin("Ana")),
        visit("by noon", pin=Pin("Ana"), windows=[(0, 500)]),
        visit("at 600", pin=Pin("Ana", 600)),
        visit("at 100", pin=Pin("Ana", 100)),
    ]
    problem = town(visits, [shift()])
    assert [one.id for one in pinned_visits(problem, problem.shifts[0])] == ["at 100", "by noon", "at 600", "free"]


def test_pins_without_a_start_come_in_the_order_in_which_they_are_published():
    """By their windows alone "early" would come last, and the day would be widened for no reason."""
    published = {"early": Planned("Ana", 100), "late": Planned("Ana", 3_000)}
    visits = [
        visit("late", pin=Pin("Ana"), windows=[(3_000, 3_000)], planned=published["late"]),
        visit("early", pin=Pin("Ana"), windows=[(0, 9_000)], planned=published["early"]),
    ]
    problem = town(visits, [shift(end_s=4_000)])
    assert [one.id for one in pinned_visits(problem, problem.shifts[0])] == ["early", "late"]
    assert problem.pin_needs["Ana"].home_s <= 4_000


def test_what_is_published_for_another_shift_says_nothing_of_the_order():
    visits = [
        visit("by noon", pin=Pin("Ana"), windows=[(0, 500)], planned=Planned("Ben", 3_000)),
        visit("by one", pin=Pin("Ana"), windows=[(0, 800)], planned=Planned("Ben", 100)),
    ]
    problem = town(visits, [shift(), shift("Ben")])
    assert [one.id for one in pinned_visits(problem, problem.shifts[0])] == ["by noon", "by one"]


def test_a_pin_before_the_shift_asks_for_an_earlier_leave():
    found = needs([visit(pin=Pin("Ana", 50))], shift())
    assert (found.earliest_s, found.starts_s) == (-50, {"v": 50})


def test_a_pin_after_the_shift_asks_for_a_later_end():
    found = needs([visit(pin=Pin("Ana", 20_000))], shift())
    assert (found.earliest_s, found.home_s) == (0, 20_700)


def test_travel_is_counted_along_the_pins():
    visits = [visit("a", 1, pin=Pin("Ana", 100)), visit("b", 4, pin=Pin("Ana", 5_000))]
    found = needs(visits, shift())
    assert (found.travel_s, found.travel_m, found.longest_leg_s) == (800, 8_000, 400)


def test_pins_too_close_together_push_the_later_one():
    visits = [visit("a", 1, pin=Pin("Ana", 100)), visit("b", 1, pin=Pin("Ana", 200))]
    assert needs(visits, shift()).starts_s == {"a": 100, "b": 700}


def test_set_up_is_paid_once_at_a_site():
    visits = [visit("a", setup_s=60, pin=Pin("Ana", 100)), visit("b", setup_s=60, pin=Pin("Ana", 200))]
    assert needs(visits, shift()).starts_s == {"a": 100, "b": 760}


def test_a_break_fits_around_the_pins_if_it_can():
    found = needs([visit(pin=Pin("Ana", 100))], shift(breaks=(pause(300, (0, 800)),)))
    assert (found.starts_s, found.rests_s) == ({"v": 100}, {"lunch": 800})


def test_a_break_that_pins_leave_no_room_for_comes_later():
    """Lunch may start until 400, when Ana is at work; she has it at home, rather than be late at what is pinned."""
    found = needs([visit(pin=Pin("Ana", 100))], shift(breaks=(pause(300, (150, 400)),)))
    assert found.starts_s == {"v": 100}
    assert found.rests_s["lunch"] >= 700
    [lunch] = solved(town([visit(pin=Pin("Ana", 100))], [shift(breaks=(pause(300, (150, 400)),))])).violations
    assert (lunch.rule, lunch.excused) == ("breaks", True)


def test_a_break_that_was_over_before_the_shift_asks_for_nothing():
    """Not even where another break has to give way."""
    early, noon = pause(300, (-500, -400), name="early"), pause(300, (150, 400), name="noon")
    found = needs([visit(pin=Pin("Ana", 100))], shift(breaks=(early, noon)))
    assert set(found.rests_s) == {"noon"}
