"""Links that make no sense are refused with everything that is wrong; what only pins contradict is not refused."""

import pytest

from optimizer import Link, Pin, ProblemError
from tests.optimizer.town import shift, town, visit

PEOPLE = [shift("Ana"), shift("Ben")]


def faults_of(links, visits=(), shifts=()):
    """All faults of a town with these links, as `where: what`."""
    with pytest.raises(ProblemError) as caught:
        town(visits or [visit("a"), visit("b"), visit("c")], shifts or PEOPLE, links=links)
    assert all(fault.mend for fault in caught.value.faults)
    return [f"{fault.where}: {fault.what}" for fault in caught.value.faults]


WRONG = [
    (Link("a", "ghost"), "visit 'ghost' does not exist"),
    (Link("a", "a"), "visit 'a' is linked with itself"),
    (Link("a", "b", -1), "min_lag_s is -1"),
    (Link("a", "b", 10, 9), "max_lag_s is 9, less than min_lag_s, 10"),
    (Link("a", "b", technicians="two"), "technicians is 'two'"),
    (
        Link("a", "b", 0, 599, "same"),
        "the same technician cannot start 'b' within 599 s after starting 'a'",
    ),
]


@pytest.mark.parametrize(("link", "what"), WRONG)
def test_a_link_that_makes_no_sense_is_named(link, what):
    assert faults_of([Link("a", "c"), link]) == [f"links[1]: {what}"]


def test_all_that_is_wrong_with_links_is_said_at_once():
    assert len(faults_of([Link("ghost", "a", -1), Link("b", "b", 5, 4, "two")])) == 5


def test_one_person_who_is_quick_enough_may_do_both():
    links = [Link("a", "b", 0, 300, "same")]
    assert town([visit("a"), visit("b")], [shift(pace_percent=50)], links=links).links
    assert town([visit("a", service_s=0), visit("b")], links=[Link("a", "b", 0, 0, "same")]).links
    assert town([visit("a"), visit("b", service_s=0)], links=[Link("a", "b", 0, 0, "same")]).links


def test_a_firm_that_sends_several_people_at_once_may_do_both():
    firm = [shift("one", technician="firm"), shift("two", technician="firm")]
    assert town([visit("a"), visit("b")], firm, links=[Link("a", "b", 0, 0, "same")]).links


ENDLESS = [
    [Link("a", "b", 1), Link("b", "a")],
    [Link("a", "b", 100), Link("b", "c", 100), Link("a", "c", 0, 199)],
    [Link("a", "b", 0, 0), Link("a", "b", 5)],
]


@pytest.mark.parametrize("links", ENDLESS)
def test_lags_that_contradict_each_other_are_named(links):
    assert [one.split(":")[0] for one in faults_of(links)] == ["links"]


def test_lags_that_just_agree_are_fine():
    links = [Link("a", "b", 100), Link("b", "c", 100), Link("a", "c", 0, 200)]
    assert town([visit("a"), visit("b"), visit("c")], links=links).links == tuple(links)


def test_what_pins_contradict_is_not_refused():
    pinned = [visit("a", pin=Pin("Ana", 500)), visit("b", pin=Pin("Ben", 100))]
    links = [Link("a", "b", 1), Link("b", "a"), Link("a", "b", 0, 10, "same")]
    assert town(pinned, PEOPLE, links=links).links == tuple(links)
