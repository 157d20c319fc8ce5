"""Long lists are cut by id: nothing is shown twice or left out, also where more comes in while somebody turns pages."""

import pytest
from sqlalchemy import select

from dispatch.models import Customer
from dispatch.slices import Cut, cut_in_order, cut_newest_first


def add_customers(session_factory, *names):
    with session_factory.begin() as session:
        session.add_all(Customer(name=name) for name in names)


@pytest.fixture
def part(session_factory):
    """Names of a part of at most two customers, which of all it is, and where to go on."""

    def find(cut=None, like="%"):
        with session_factory() as session:
            query = select(Customer).where(Customer.name.like(like))
            found = cut_newest_first(session, query, Customer.id, cut or Cut(), most=2)
            return [one.name for one in found.rows], (found.first, found.total), found.back, found.on

    return find


def test_a_short_list_is_whole(session_factory, part):
    assert part() == ([], (1, 0), None, None)
    add_customers(session_factory, "a", "b")
    assert part() == (["b", "a"], (1, 2), None, None)


def test_pages_are_turned_to_the_end_and_back(session_factory, part):
    add_customers(session_factory, *"abcde")
    rows, where, newer, older = part()
    assert (rows, where, newer) == (["e", "d"], (1, 5), None)
    rows, where, newer, older = part(older)
    assert (rows, where) == (["c", "b"], (3, 5))
    back = newer
    rows, where, newer, older = part(older)
    assert (rows, where, older) == (["a"], (5, 5), None)
    assert part(newer)[:2] == (["c", "b"], (3, 5))
    assert part(back)[:2] == (["e", "d"], (1, 5))


def test_what_comes_in_meanwhile_moves_nothing(session_factory, part):
    """Somebody who turns to the next page sees what follows, not the last row once more."""
    add_customers(session_factory, *"abcd")
    _, _, _, older = part()
    add_customers(session_factory, "new")
    rows, where, newer, _ = part(older)
    assert (rows, where) == (["b", "a"], (4, 5))
    assert part(newer)[:2] == (["d", "c"], (2, 5))


def test_the_newest_part_is_filled_up(session_factory, part):
    """Back from the second page there may be fewer than a page: older ones fill it."""
    add_customers(session_factory, *"abc")
    assert part(Cut(after=2))[:2] == (["c", "b"], (1, 3))


def test_parts_are_of_what_is_wanted(session_factory, part):
    add_customers(session_factory, "x1", "y", "x2", "y", "x3")
    rows, where, _, older = part(like="x%")
    assert (rows, where) == (["x3", "x2"], (1, 3))
    assert part(older, "x%")[:2] == (["x1"], (3, 3))


def test_beyond_the_oldest_there_is_a_way_back(session_factory, part):
    add_customers(session_factory, "a")
    assert part(Cut(before=1)) == ([], (2, 1), Cut(), None)


def test_lists_in_another_order_are_turned_too(session_factory):
    """By name, two at a time, to the end and back; beyond the end there is a way back."""
    add_customers(session_factory, *"ebadc")

    def find(cut):
        with session_factory() as session:
            found = cut_in_order(session, select(Customer).order_by(Customer.name), cut, most=2)
            return "".join(one.name for one in found.rows), (found.first, found.total), found.back, found.on

    assert find(Cut()) == ("ab", (1, 5), None, Cut(skip=2))
    assert find(Cut(skip=2)) == ("cd", (3, 5), Cut(), Cut(skip=4))
    assert find(Cut(skip=4)) == ("e", (5, 5), Cut(skip=2), None)
    assert find(Cut(skip=9)) == ("", (10, 5), Cut(skip=3), None)
