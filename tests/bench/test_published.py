"""A published file reaches every peer as the checker reads it, and their routes come back as an answer it accepts."""

from tests.bench.checkers.vans import check_fleet
from tests.bench.checkers.vrplib import read
from tests.bench.published import as_answer, as_instance, find_best

FILE = """NAME: two
TYPE: SDVRPTW
EDGE_WEIGHT_TYPE: EUC_2D
DIMENSION: 3
VEHICLES: 2
VEHICLES_MAX_DURATION: 50
NODE_COORD_SECTION
1	0	0
2	3	4
3	0	-2
DEMAND_SECTION
1	0
2	5
3	7
SERVICE_TIME_SECTION
1	0
2	10
3	20
TIME_WINDOW_SECTION
1	0	100
2	10	20
3	0	90
CAPACITY_SECTION
1	9
2	8
VEHICLES_ALLOWED_CLIENTS_SECTION
1	2	3
2	3
EOF
"""


def test_vans_become_shifts_and_who_may_be_served_a_skill():
    instance = as_instance(read(FILE), "two")
    assert [[instance.can(shift, visit) for visit in (0, 1)] for shift in (0, 1)] == [[True, True], [False, True]]
    assert [shift.capacity for shift in instance.shifts] == [9, 8]
    assert {shift.longest_s for shift in instance.shifts} == {50_000}
    assert instance.travel_s[0, instance.home(1)] == 5_000
    assert instance.visits[0] == type(instance.visits[0])(10_000, 10_000, 20_000, "1", 1, 5)


def test_routes_come_back_as_an_answer_that_the_checker_accepts():
    fleet = read(FILE)
    answer = as_answer(fleet, "two", [[0], [1]], seconds=1.0)
    assert answer["routes"][1] == {"resource": 2, "visits": [3], "starts": [2.0]}
    assert (check_fleet(fleet, answer).cost, check_fleet(fleet, answer).faults) == (14, ())


def test_what_is_served_by_nobody_is_left_out():
    assert as_answer(read(FILE), "two", [[0], []], seconds=1.0)["unassigned"] == [3]


def test_the_best_known_cost_is_that_of_the_solution_beside_or_of_the_sets_table(tmp_path):
    path = tmp_path / "two.vrp"
    path.write_text(FILE)
    assert find_best(path, "best.csv", "cost") is None
    (tmp_path / "best.csv").write_text("instance,cost\none,3\ntwo,15.5\n")
    assert find_best(path, "best.csv", "cost") == 15.5
    (tmp_path / "two.sol").write_text("Route #1: 1\nRoute #2: 2\nCost: 14000\n")
    assert find_best(path, "best.csv", "cost") == 14
