"""Random problems, solved and written, judged by somebody who knows only the two JSON documents."""

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import solve
from optimizer.formats.vroom import needed_points, parse, parse_document, read, write
from optimizer.formats.vroom.objective import FINE
from tests.optimizer.formats.vroom.answers import find_breaches
from tests.optimizer.formats.vroom.documents import make_document

EXAMPLES = Path(__file__).parents[5] / "shared/bench/real/vroom_examples"


def answer(raw, iterations=40, seed=0, limit_s=20):
    """The answer to a document with matrices."""
    vroom = read(parse_document(raw))
    return write(vroom, solve(vroom.problem, time_limit_s=limit_s, iterations=iterations, seed=seed))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_answer_keeps_every_promise(seed):
    """Precedence, loads, skills, windows, breaks, limits; times, travel and costs add up, however short the search."""
    raw = make_document(seed)
    assert find_breaches(raw, answer(raw, iterations=4, limit_s=1)) == []


@pytest.mark.parametrize("seed", range(5))
def test_costs_are_the_referees(seed):
    """What is written is what was optimized: the same cost, up to the rounding of each route."""
    vroom = read(parse_document(make_document(seed)))
    plan = solve(vroom.problem, time_limit_s=20, iterations=40)
    priced = plan.cost - plan.costs.get("leaving out", 0)
    written = write(vroom, plan)["summary"]
    assert written["cost"] <= priced * vroom.unit / FINE <= written["cost"] + written["routes"]


def test_same_iterations_and_seed_give_the_same_bytes():
    """Nothing in an answer depends on the clock."""
    raw = make_document(8, most_tasks=12)
    assert json.dumps(answer(raw, seed=3)) == json.dumps(answer(raw, seed=3))


def line(places):
    """Durations along a street on which the next place is 100 s away."""
    return [[abs(a - b) * 100 for b in range(places)] for a in range(places)]


def test_one_job_of_priority_outweighs_all_others():
    """A vehicle that can do one thing does what matters, not what is near."""
    jobs = [{"id": number, "location_index": 1} for number in range(1, 6)]
    jobs.append({"id": 6, "location_index": 9, "priority": 1})
    vehicle = {"id": 1, "start_index": 0, "end_index": 0, "max_tasks": 1, "costs": {"fixed": 100_000}}
    written = answer({"vehicles": [vehicle], "jobs": jobs, "matrices": {"car": {"durations": line(10)}}})
    assert [one["id"] for one in written["unassigned"]] == [1, 2, 3, 4, 5]
    assert written["summary"]["priority"] == 1


def test_one_job_outweighs_any_cost():
    """A job is done even where nothing but a dear vehicle can go far for it."""
    raw = {
        "vehicles": [{"id": 1, "start_index": 0, "end_index": 0, "costs": {"fixed": 4_000_000, "per_hour": 90_000}}],
        "jobs": [{"id": 1, "location_index": 39}],
        "matrices": {"car": {"durations": line(40)}},
    }
    written = answer(raw)
    assert written["summary"]["unassigned"] == 0
    assert written["summary"]["cost"] == 4_000_000 + 39 * 2 * 100 * 90_000 // 3_600


def test_huge_costs_are_rounded_while_searching_and_that_is_said():
    """Priorities and costs that do not fit in 64 bits together lose some digits of cost, never a priority."""
    size = 60
    raw = {
        "vehicles": [{"id": 1, "start_index": 0, "costs": {"per_hour": 4_000_000_019, "per_km": 4_000_000_001}}],
        "jobs": [{"id": number, "location_index": number, "priority": number} for number in range(1, size)],
        "matrices": {"car": {"durations": line(size), "distances": line(size)}},
    }
    vroom = read(parse_document(raw))
    assert any("do not fit into 64 bits" in warning for warning in vroom.warnings)
    written = write(vroom, solve(vroom.problem, time_limit_s=20, iterations=200))
    assert written["summary"]["unassigned"] == 0
    legs = 100 * (size - 1)
    assert written["summary"]["cost"] == legs * (4_000_000_019 * 10 + 4_000_000_001 * 36) // 36_000


def test_largest_numbers_that_may_be_written_are_read():
    """The ends of every range, all at once, leave no sum outside int64."""
    most, longest = 2**32 - 1, 2**31 - 1
    table = [[0, most, most], [most, 0, most], [most, most, 0]]
    costs = {"per_hour": most, "fixed": most, "per_km": most, "per_task_hour": most}
    raw = {
        "vehicles": [{"id": 1, "start_index": 0, "costs": costs}, {"id": 2, "end_index": 0, "time_window": [0, most]}],
        "jobs": [
            {
                "id": number,
                "location_index": number,
                "service": longest,
                "priority": 100,
                "time_windows": [[most, most]],
            }
            for number in (1, 2)
        ],
        "matrices": {"car": {"durations": table, "distances": table}},
    }
    assert find_breaches(raw, answer(raw, limit_s=1)) == []


def test_a_leg_too_long_for_the_search_counts_as_no_road_and_that_is_said():
    """Some write a huge number where no road leads."""
    raw = {
        "vehicles": [{"id": 1, "start_index": 0}],
        "jobs": [{"id": 1, "location_index": 1}, {"id": 2, "location_index": 2}],
        "matrices": {"car": {"durations": [[0, 5, 2**32 - 1], [5, 0, 2**32 - 1], [2**32 - 1, 2**32 - 1, 0]]}},
    }
    assert any("count as no road" in warning for warning in read(parse_document(raw)).warnings)
    assert [one["id"] for one in answer(raw)["unassigned"]] == [2]


def test_steps_are_a_hint_that_is_said_to_be_ignored():
    """A starting route is checked, but not started from; that is no secret."""
    raw = {
        "vehicles": [{"id": 1, "start_index": 0, "steps": [{"type": "start"}, {"type": "job", "id": 1}]}],
        "jobs": [{"id": 1, "location_index": 1}],
        "matrix": line(2),
    }
    assert any(warning.startswith("vehicles[0].steps") for warning in read(parse_document(raw)).warnings)


def test_old_keys_are_read():
    """`matrix` is a car's durations, and a job's `amount` is delivered."""
    raw = {
        "vehicles": [{"id": 1, "start_index": 0, "capacity": [3]}],
        "jobs": [{"id": 1, "location_index": 1, "amount": [2]}],
        "matrix": line(2),
    }
    summary = answer(raw)["summary"]
    assert (summary["cost"], summary["delivery"], summary["amount"]) == (100, [2], [2])


@pytest.mark.parametrize("number", [1, 2, 3])
def test_vrooms_own_examples_are_solved(number):
    """The examples that VROOM's documentation links to; travel between their coordinates is made up here."""
    path = EXAMPLES / f"example_{number}.json"
    if not path.is_file():
        pytest.skip("VROOM's examples are not at hand beside this checkout")
    document = parse(path.read_bytes())
    points = np.array(needed_points(document)).reshape(-1, 2)
    metres = np.rint(100_000 * np.abs(points[:, None] - points[None]).sum(axis=2)).astype(np.int64)
    vroom = read(document, metres // 20, metres)
    written = write(vroom, solve(vroom.problem, time_limit_s=20, iterations=100))
    assert written["code"] == 0
    done = sum(step["type"] in ("job", "pickup", "delivery") for route in written["routes"] for step in route["steps"])
    assert done + written["summary"]["unassigned"] == len(document.tasks)
    assert done >= len(document.tasks) - 2


def vroom_command():
    """VROOM itself, which the pyvroom package brings along."""
    if importlib.util.find_spec("vroom") is None:
        pytest.skip("pyvroom is not installed (extra: bench)")
    return shutil.which("vroom", path=str(Path(sys.executable).parent))


@pytest.mark.parametrize("seed", range(12))
def test_tiny_problems_are_served_as_well_as_by_vroom(seed):
    """No less priority, no fewer tasks, no more cost; VROOM rounds the cost of a route up or down."""
    raw = make_document(seed, most_tasks=4, most_vehicles=2)
    done = subprocess.run([vroom_command(), "-t", "1"], input=json.dumps(raw), capture_output=True, text=True)
    theirs, ours = json.loads(done.stdout), answer(raw, iterations=500, limit_s=1)["summary"]
    if theirs["code"] != 0:
        pytest.skip(f"VROOM does not take it: {theirs['error']}")
    reference = theirs["summary"]
    assert (-ours["priority"], ours["unassigned"]) <= (-reference["priority"], reference["unassigned"])
    if (ours["priority"], ours["unassigned"]) == (reference["priority"], reference["unassigned"]):
        assert ours["cost"] <= reference["cost"] + ours["routes"]
