"""Small files of published sets, planned and answered: the checkers agree with every answer, and it is the best."""

import pytest

from optimizer import solve
from optimizer.formats import hhcrsp, solomon, trsp, vrplib
from tests.bench.checkers import hhcrsp as hhcrsp_checker
from tests.bench.checkers import solomon as solomon_checker
from tests.bench.checkers import trsp as trsp_checker
from tests.bench.checkers import vrplib as vrplib_checker
from tests.optimizer.formats import small_files as files

SETS = {
    "solomon": (solomon, solomon_checker, files.SOLOMON, files.SOLOMON_BEST),
    "vrptw": (vrplib, vrplib_checker, files.VRPTW, files.VRPTW_BEST),
    "sdvrptw": (vrplib, vrplib_checker, files.SDVRPTW, files.SDVRPTW_BEST),
    "sdvrptw without its limit": (
        vrplib,
        vrplib_checker,
        files.SDVRPTW.replace("DURATION: 30", "DURATION: 60"),
        files.SDVRPTW_BEST_WITHOUT_LIMIT,
    ),
    "trsp": (trsp, trsp_checker, files.TRSP, files.TRSP_BEST),
    "hhcrsp": (hhcrsp, hhcrsp_checker, files.HHCRSP, files.HHCRSP_BEST),
}


def answer_to(module, text):
    instance = module.read(text)
    plan = solve(instance.problem, time_limit_s=20, iterations=60)
    return module.write(instance, plan, name="tiny", seconds=1.5)


@pytest.mark.parametrize("name", SETS)
def test_small_file_is_answered_with_its_best_plan(name):
    """By a checker that shares no code with the engines nor with the reader."""
    module, checker, text, best = SETS[name]
    answer = answer_to(module, text)
    said = checker.check(text, answer)
    assert said.faults == ()
    assert (said.left_out, said.cost) == (0, pytest.approx(best, abs=1e-4))
    assert set(answer) == {"instance", "seconds", "cost", "routes", "unassigned"}
    assert (answer["instance"], answer["seconds"]) == ("tiny", 1.5)


def test_what_cannot_be_served_is_left_out_by_its_number_and_costs_nothing():
    """No van holds 50; the others go on one: 10 + 8.6 + 1.4."""
    text = files.SOLOMON.replace("1   3   4   5", "1   3   4  50")
    answer = answer_to(solomon, text)
    assert (answer["unassigned"], answer["cost"]) == ([1], 20)
    assert solomon_checker.check(text, answer).faults == ()


def test_trsp_tells_exact_times_and_the_call_at_the_depot():
    """Planned in ten-thousandths rounded up, answered without rounding."""
    answer = answer_to(trsp, files.TRSP)
    route = next(route for route in answer["routes"] if route["resource"] == 1)
    assert route["visits"] == ["depot", 4, 3]
    assert answer["cost"] == pytest.approx(files.TRSP_BEST, abs=1e-9)
    assert route["starts"][1] - route["starts"][0] == pytest.approx(164**0.5, abs=1e-9)


def test_hhcrsp_names_visits_by_patient_and_service():
    answer = answer_to(hhcrsp, files.HHCRSP)
    visits = {route["resource"]: route["visits"] for route in answer["routes"]}
    assert visits == {"c1": ["p2/s1", "p1/s1", "p3/s1"], "c2": ["p1/s2", "p3/s2"]}
