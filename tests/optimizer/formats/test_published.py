"""Files of published sets as problems: exact whole numbers, and everything that a set asks for."""

import pytest

from optimizer import Link, ProblemError, Window
from optimizer.formats import hhcrsp, solomon, trsp, vrplib
from tests.optimizer.formats import small_files as files


def test_solomon_counts_tenths_and_cuts_distances_off():
    """The root of 2 is 1.4, that of 13 is 3.6: the convention of the DIMACS challenge."""
    problem = solomon.read(files.SOLOMON).problem
    legs = [[0, 50, 100, 14], [50, 0, 50, 36], [100, 50, 0, 86], [14, 36, 86, 0]]
    assert problem.travel.seconds["car"].tolist() == legs
    assert problem.get_visit("2").windows == (Window(200, 600),)
    assert (problem.get_visit("2").service_s, problem.get_visit("2").delivery) == (100, (5,))
    assert [(van.id, van.capacity, van.end_s) for van in problem.shifts] == [("1", (10,), 1000), ("2", (10,), 1000)]


def test_vans_that_no_customer_could_need_are_left_at_home():
    """250 equal vans for 3 customers are 3."""
    assert len(solomon.read(files.SOLOMON.replace("  2          10", "  250 10")).problem.shifts) == 3


def test_carriage_returns_and_capitals_of_headings_do_not_matter():
    """Solomon's files come with either line end."""
    odd = files.SOLOMON.replace("\n", "\r\n").replace("CUST NO.", "Cust No.")
    assert len(solomon.read(odd.encode()).problem.visits) == 3


def test_zeros_behind_a_number_are_no_decimals():
    assert solomon.read(files.SOLOMON.replace("20    60", "20.000000000    6e1")).problem.get_visit("2").windows == (
        Window(200, 600),
    )


def test_vrptw_is_solomons_problem_with_nodes_counted_from_one():
    ours, theirs = vrplib.read(files.VRPTW), solomon.read(files.SOLOMON)
    assert ours.per_unit == theirs.per_unit == 10
    assert (ours.problem.travel.seconds["car"] == theirs.problem.travel.seconds["car"]).all()
    assert [visit.id for visit in ours.problem.visits] == ["2", "3", "4"]
    assert [v.windows for v in ours.problem.visits] == [v.windows for v in theirs.problem.visits]
    assert [v.service_s for v in ours.problem.visits] == [100, 100, 100]


def test_sdvrptw_rounds_to_thousandths_and_names_who_may_go_where():
    problem = vrplib.read(files.SDVRPTW).problem
    assert problem.travel.seconds["car"][2].tolist() == [10_000, 5_000, 0, 8_602]
    assert [sorted(visit.required) for visit in problem.visits] == [["1"], ["1", "2"], ["2"]]
    assert [(shift.capacity, shift.max_duty_s) for shift in problem.shifts] == [((9,), 30_000), ((8,), 30_000)]


def test_trsp_has_homes_skills_tools_parts_and_the_depot():
    problem = trsp.read(files.TRSP).problem
    first, visit = problem.shifts[0], problem.get_visit("4")
    assert (first.start_location, first.end_location, first.depot) == (1, 1, 0)
    assert (first.skills, first.tools, first.capacity) == ({"0": 1}, frozenset(), (1,))
    assert (first.duty_cost_per_s, first.travel_cost_per_s) == (1, 0)
    assert (visit.skills, visit.tools, visit.delivery, visit.service_s) == ({"0": 1}, {"0"}, (1,), 20_000)


def test_trsp_rounds_distances_up_so_that_what_is_planned_is_possible():
    """The root of 164 is 12.80624847; 10 stays 10."""
    seconds = trsp.read(files.TRSP).problem.travel.seconds["car"]
    assert (seconds[0, 4], seconds[0, 1]) == (128_063, 100_000)


def test_hhcrsp_links_services_of_one_patient_and_lets_them_be_late():
    problem = hhcrsp.read(files.HHCRSP).problem
    assert problem.links == (
        Link("p1/s1", "p1/s2", 0, 0, "different"),
        Link("p3/s2", "p3/s1", 50, 100, "different"),
    )
    visit = problem.get_visit("p2/s1")
    assert (visit.location, visit.due_s, visit.windows[0].open_s, visit.skills) == (2, 80, 0, {"s1": 1})
    assert visit.windows[0].close_s == problem.shifts[0].end_s > 310
    assert (problem.policy.lateness_per_s, problem.policy.worst_lateness_per_s, problem.policy.travel) == (1, 1, 1)


def test_hhcrsp_counts_in_the_finest_decimal_and_ignores_the_noise_of_floats():
    """10.5 asks for tenths; the 20.00000000000001 of a window does not."""
    instance = hhcrsp.read(files.HHCRSP)
    assert (instance.per_unit, instance.problem.get_visit("p1/s1").due_s) == (10, 200)


def test_hhcrsp_service_takes_what_is_usual_where_the_patient_does_not_say():
    text = files.HHCRSP.replace('"service": "s1", "duration": 5', '"service": "s1"')
    text = text.replace('"id": "s1", "default_duration": 5', '"id": "s1", "default_duration": 7')
    problem = hhcrsp.read(text).problem
    assert [problem.get_visit(name).service_s for name in ("p1/s1", "p1/s2")] == [70, 50]


@pytest.mark.parametrize("read", [solomon.read, vrplib.read, trsp.read, hhcrsp.read])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"hello", b"0 0 0", b"[1, 2]", b"{", b"NODE_COORD_SECTION\n1"])
def test_rubbish_is_refused_with_a_remedy(read, content):
    with pytest.raises(ProblemError) as caught:
        read(content)
    assert all(fault.where and fault.what and fault.mend for fault in caught.value.faults)
