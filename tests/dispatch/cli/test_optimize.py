"""`wrenchtime optimize`: files, exit codes, and what is said on standard error."""

import json

import pytest
from click.testing import CliRunner

from dispatch.cli.optimize import command

PROBLEM = {
    "vehicles": [{"id": 1, "start_index": 0, "end_index": 0}],
    "jobs": [{"id": 1, "location_index": 1}, {"id": 2, "location_index": 2}],
    "matrices": {"car": {"durations": [[0, 5, 9], [5, 0, 5], [9, 5, 0]]}},
}
PLACES = {
    "vehicles": [{"id": 1, "start": [-71.25, -29.90]}],
    "jobs": [{"id": 1, "location": [-71.26, -29.91]}, {"id": 2, "location": [-71.27, -29.92]}],
}


@pytest.fixture
def run():
    """Runs the command with text on standard input."""

    def invoke(*arguments, text=""):
        return CliRunner().invoke(command, list(arguments), input=text)

    return invoke


def test_answer_goes_to_the_file_named(run, tmp_path):
    """Nothing else is left in the folder, and nothing is printed."""
    (tmp_path / "in.json").write_text(json.dumps(PROBLEM))
    result = run(str(tmp_path / "in.json"), "-o", str(tmp_path / "out.json"), "--iterations", "20")
    assert (result.exit_code, result.output) == (0, "")
    assert json.loads((tmp_path / "out.json").read_text())["summary"]["cost"] == 19
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.json", "out.json"]


def test_answer_goes_to_standard_output_by_default(run):
    """The command works in a pipe."""
    result = run("-", "--iterations", "20", text=json.dumps(PROBLEM))
    assert json.loads(result.stdout)["code"] == 0


def test_same_iterations_and_seed_give_the_same_bytes(run):
    """Computing times, which differ from run to run, are left out when iterations are given."""
    first, second = (run("-", "--iterations", "50", "--seed", "4", text=json.dumps(PROBLEM)) for _ in range(2))
    assert first.stdout_bytes == second.stdout_bytes
    assert "computing_times" not in first.stdout


def test_computing_times_are_told_without_iterations(run):
    """As VROOM does, in milliseconds."""
    result = run("-", "--time-limit", "0.3", text=json.dumps(PROBLEM))
    assert set(json.loads(result.stdout)["summary"]["computing_times"]) == {"loading", "solving", "routing"}


def test_wrong_input_ends_with_exit_code_2_and_every_problem(run):
    """All of them on standard error, none of the answer on standard output."""
    wrong = PROBLEM | {"jobs": [{"id": 1, "location_index": 7, "time_windows": [[5, 1]]}]}
    result = run("-", text=json.dumps(wrong))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "2 problems" in result.stderr
    assert "jobs[0].time_windows[0]: ends at 1, before it starts at 5; swap its two numbers" in result.stderr
    assert "jobs[0].location_index: is 7, outside the matrices; use 0 to 2" in result.stderr


def test_problems_are_told_to_machines_as_json(run):
    """One object a line, with what and where and how to mend."""
    result = run("-", "--json", text='{"jobs": [}')
    assert result.exit_code == 2
    assert set(json.loads(result.stderr)) == {"where", "what", "mend"}


def test_odd_characters_in_the_input_do_not_break_the_report(run):
    """Half a surrogate pair is legal JSON, but nothing that a terminal can show."""
    result = run("-", text='{"\\ud800": 1}')
    assert result.exit_code == 2
    assert "not a key" in result.stderr


def test_travel_without_matrices_is_an_estimate_and_says_so(run):
    """Straight lines unless another source is named."""
    result = run("-", "--iterations", "20", text=json.dumps(PLACES))
    assert "Warning: travel is an estimate" in result.stderr
    assert json.loads(result.stdout)["summary"]["distance"] > 2_000


def test_travel_follows_the_streets_of_a_source(run):
    """The sample city has streets, so nothing is an estimate there."""
    result = run("-", "--iterations", "20", "--travel", "sample", text=json.dumps(PLACES))
    assert "estimate" not in result.stderr
    assert json.loads(result.stdout)["summary"]["unassigned"] == 0


def test_point_far_from_every_street_is_named(run):
    """It cannot be reached: said on standard error, and the job comes back with a reason."""
    far = PLACES | {"jobs": [*PLACES["jobs"], {"id": 3, "location": [-75.0, -29.0]}]}
    result = run("-", "--iterations", "20", "--travel", "sample", text=json.dumps(far))
    assert "m from the nearest road" in result.stderr
    assert [one["id"] for one in json.loads(result.stdout)["unassigned"]] == [3]


def test_unknown_travel_source_is_refused(run):
    """With the ones that there are."""
    result = run("-", "--travel", "nowhere.pbf", text=json.dumps(PLACES))
    assert result.exit_code == 2
    assert "straight-line" in result.stderr


def test_folder_that_does_not_exist_is_refused_before_the_search(run, tmp_path):
    """Nobody waits for a search whose answer cannot be kept."""
    result = run("-", "-o", str(tmp_path / "no" / "out.json"), text=json.dumps(PROBLEM))
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_time_limit_that_comes_before_the_iterations_is_told(run):
    """The answer may then differ from run to run."""
    result = run("-", "--iterations", "1000000", "--time-limit", "0.3", text=json.dumps(PROBLEM))
    assert result.exit_code == 0
    assert "the time limit came first" in result.stderr


def test_help_has_examples(run):
    """What to type stands in the help."""
    assert "wrenchtime optimize problem.json -o answer.json" in run("--help").output
