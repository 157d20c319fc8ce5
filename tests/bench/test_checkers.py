"""The checkers of published sets: they price published solutions as published, and refuse what is bent."""

import runpy
from copy import deepcopy
from pathlib import Path

import pytest

from tests.bench.checkers import hhcrsp, solomon, trsp, vroom, vrplib
from tests.bench.checkers.vans import check_fleet
from tests.optimizer.formats import small_files as files

PUBLISHED = Path(__file__).parents[3] / "shared/bench"
SOLUTIONS = sorted(PUBLISHED.glob("*/*.sol"))


def of(cost, *routes, unassigned=()):
    """An answer; routes are (resource, visits, starts)."""
    named = [{"resource": one, "visits": visits, "starts": starts} for one, visits, starts in routes]
    return {"instance": "tiny", "seconds": 1, "cost": cost, "routes": named, "unassigned": list(unassigned)}


VROOM = """{
  "vehicles": [{"id": 7, "start_index": 0, "end_index": 0, "capacity": [2], "skills": [1], "time_window": [0, 100]}],
  "jobs": [{"id": 1, "location_index": 1, "service": 5, "delivery": [1], "skills": [1], "time_windows": [[20, 30]]}],
  "shipments": [{"amount": [1], "pickup": {"id": 1, "location_index": 1}, "delivery": {"id": 2, "location_index": 2}}],
  "matrices": {"car": {"durations": [[0, 10, 10], [10, 0, 10], [10, 10, 0]]}}
}"""

RIGHT = {
    "solomon": (
        solomon,
        files.SOLOMON,
        of(files.SOLOMON_BEST, (1, [1, 2], [5, 20]), (2, [3], [1.4])),
    ),
    "vrplib": (vrplib, files.SDVRPTW, of(files.SDVRPTW_BEST, (1, [2], [5]), (2, [3, 4], [40, 50.602]))),
    "trsp": (
        trsp,
        files.TRSP,
        of(files.TRSP_BEST, (1, ["depot", 4, 3], [10, 10 + 164**0.5, 15 + 164**0.5]), (2, [5], [50])),
    ),
    "hhcrsp": (
        hhcrsp,
        files.HHCRSP,
        of(16, ("c1", ["p2/s1", "p1/s1", "p3/s1"], [4, 12.5, 35]), ("c2", ["p1/s2", "p3/s2"], [12.5, 30])),
    ),
    "vroom": (vroom, VROOM, of(30, (7, ["pickup/1", 1, "delivery/2"], [10, 20, 35]))),
}

# the set, the path to what is changed, the new value, what the checker says
BENT = [
    ("solomon", ("cost",), 22.7, "the cost is"),
    ("solomon", ("routes", 0, "starts"), [4.9, 20], "leaves 1 before the depot opens"),
    ("solomon", ("routes", 0, "starts"), [5, 19.9], "at 2 "),
    ("solomon", ("routes", 0, "starts"), [5, 60.1], "outside its window"),
    ("solomon", ("routes", 0, "starts"), [5.05, 20.5], "more decimals"),
    ("solomon", ("routes", 0, "starts"), [5], "2 visits, but 1 starts"),
    ("solomon", ("routes", 0, "visits"), [1, 1], "1: 2 times"),
    ("solomon", ("routes", 1, "visits"), [4], "4: no visit of the file"),
    ("solomon", ("routes", 1, "resource"), 1, "1: 2 routes"),
    ("solomon", ("routes", 1, "resource"), 3, "3: no resource"),
    ("solomon", ("routes", 1), {"resource": 2, "visits": [], "starts": []}, "without visits"),
    ("solomon", ("routes",), [{"resource": 1, "visits": [1, 2, 3], "starts": [5, 20, 40]}], "carries 15, holds 10"),
    ("vrplib", ("routes", 0, "resource"), 3, "no resource"),
    ("vrplib", ("routes",),
     [{"resource": 1, "visits": [2, 3], "starts": [10, 40]}, {"resource": 2, "visits": [4], "starts": [45]}],
     "takes 47000, 30000 are the most"),
    ("vrplib", ("routes",), [{"resource": 1, "visits": [2, 3, 4], "starts": [10, 40, 50.602]}], "may not serve [4]"),
    ("vrplib", ("routes", 1, "starts"), [40, 50.601], "at 4 1 before it can be"),
    ("trsp", ("cost",), 42.8, "the cost is"),
    ("trsp", ("routes", 0), {"resource": 1, "visits": [4, 3], "starts": [20, 30]}, "not the tools of 4"),
    ("trsp", ("routes", 0), {"resource": 1, "visits": [3, 4], "starts": [20, 30]}, "no spare parts left for 4"),
    ("trsp", ("routes", 0, "visits"), ["depot", "depot", 3], "4: 0 times"),
    ("trsp", ("routes", 0), {"resource": 1, "visits": ["depot", 4, 3, "depot"], "starts": [10, 30, 50, 80]}, "twice"),
    ("trsp", ("routes", 0, "starts"), [10, 22.8, 30], "at 4 before that can be"),
    ("trsp", ("routes", 1, "starts"), [49], "outside its window"),
    ("trsp", ("routes", 0, "starts"), [10, 40, 93.5], "home too late"),
    ("trsp", ("routes", 1, "resource"), 1, "1: 2 routes"),
    ("hhcrsp", ("cost",), 15, "the cost is"),
    ("hhcrsp", ("routes", 0, "starts"), [4, 12.6, 35], "p1/s2 begins -0.1 after p1/s1"),
    ("hhcrsp", ("routes", 0, "starts"), [4, 12.5, 34], "p3/s1 begins 4.0 after p3/s2, not 5.0 to 10.0"),
    ("hhcrsp", ("routes", 0, "starts"), [4, 12.5, 41], "begins 11.0 after"),
    ("hhcrsp", ("routes", 0, "starts"), [3.9, 12.5, 35], "begins p2/s1 before being there"),
    ("hhcrsp", ("routes", 1, "starts"), [12.5, 29], "before its window"),
    ("hhcrsp", ("routes", 0, "resource"), "c2", "c2: 2 routes"),
    ("hhcrsp", ("routes",), [
        {"resource": "c1", "visits": ["p2/s1", "p1/s1", "p3/s2", "p3/s1"], "starts": [4, 12.5, 30, 35]},
        {"resource": "c2", "visits": ["p1/s2"], "starts": [12.5]}], "by the same caregiver"),
    ("hhcrsp", ("routes",), [
        {"resource": "c1", "visits": ["p1/s2", "p3/s2"], "starts": [12.5, 30]},
        {"resource": "c2", "visits": ["p2/s1", "p1/s1", "p3/s1"], "starts": [4, 12.5, 35]}], "cannot do p2/s1"),
    ("vroom", ("routes", 0, "starts"), [10, 19, 35], "outside its windows"),
    ("vroom", ("routes", 0, "starts"), [9, 20, 35], "before that can be"),
    ("vroom", ("routes", 0, "visits"), ["delivery/2", "pickup/1", 1], "not brought by one vehicle"),
    ("vroom", ("routes", 0, "starts"), [10, 20, 91], "home too late"),
    ("vroom", ("cost",), 31, "the cost is"),
]  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_right_answer_has_no_faults(name):
    checker, text, answer = RIGHT[name]
    assert checker.check(text, answer).faults == ()


@pytest.mark.parametrize(("name", "path", "value", "said"), BENT)
def test_bent_answer_is_refused(name, path, value, said):
    """Each of the changes makes a right answer wrong in one way at least."""
    checker, text, answer = RIGHT[name]
    bent = deepcopy(answer)
    place = bent
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    faults = checker.check(text, bent).faults
    assert any(said in fault for fault in faults), faults


def test_what_is_left_out_is_counted_and_costs_nothing():
    said = solomon.check(files.SOLOMON, of(2.8, (2, [3], [1.4]), unassigned=[1, 2]))
    assert (said.cost, said.left_out, said.faults) == (2.8, 2, ())


def test_hhcrsp_wants_both_services_of_a_patient_or_none():
    routes = ("c1", ["p2/s1", "p1/s1"], [4, 12.5]), ("c2", ["p1/s2", "p3/s2"], [12.5, 30])
    faults = hhcrsp.check(files.HHCRSP, of(0, *routes, unassigned=["p3/s1"])).faults
    assert "p3/s2 and p3/s1: one without the other" in faults


def test_vroom_document_with_breaks_is_not_judged():
    """Better no verdict than half of one."""
    with pytest.raises(ValueError, match="breaks"):
        vroom.check(VROOM.replace('"id": 7,', '"id": 7, "breaks": [],'), of(0))


@pytest.mark.skipif(not SOLUTIONS, reason="the published sets are not at hand beside this checkout")
@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_published_solution_is_legal_and_costs_what_it_says(path):
    """Distances, windows, capacities, vans that may not go everywhere, and the longest route in time."""
    fleet = vrplib.read(path.with_suffix(".vrp").read_text())
    assert check_fleet(fleet, vrplib.read_solution(path.read_text(), fleet)).faults == ()


@pytest.mark.skipif(not SOLUTIONS, reason="the published sets are not at hand beside this checkout")
def test_published_solutions_keep_a_limit_on_time_and_come_close_to_it():
    """VEHICLES_MAX_DURATION limits the time from leaving to returning, with waits and service: every published route
    keeps it, most files have one within 1.5% of it, and no distance comes near."""
    closest, farthest = [], []
    for path in PUBLISHED.glob("sdvrptw/*.sol"):
        fleet = vrplib.read(path.with_suffix(".vrp").read_text())
        spans, lengths = [], []
        for route in vrplib.read_solution(path.read_text(), fleet)["routes"]:
            visits, starts = route["visits"], route["starts"]
            leave = round(starts[0] * 1000) - fleet.leg(1, visits[0])
            done = round(starts[-1] * 1000) + fleet.places[visits[-1]].service
            spans.append((done + fleet.leg(visits[-1], 1) - leave) / fleet.vans[1].longest)
            lengths.append(fleet.length(visits) / fleet.vans[1].longest)
        closest.append(max(spans))
        farthest.append(max(lengths))
    assert max(closest) <= 1
    assert sum(one > 0.985 for one in closest) >= 7
    assert max(farthest) < 0.84


def test_an_answer_without_an_instance_is_named_and_the_rest_go_on(tmp_path, monkeypatch, capsys):
    (tmp_path / "instances").mkdir()
    (tmp_path / "lost.json").write_text("{}")
    monkeypatch.setattr("sys.argv", ["checkers", "solomon", str(tmp_path / "instances"), str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("tests.bench.checkers", run_name="__main__")
    assert ended.value.code == 1
    assert "lost: there is no such instance" in capsys.readouterr().out
