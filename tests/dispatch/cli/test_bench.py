"""`wrenchtime bench run`: a folder in, an answer for each instance out, and nothing that is wrong goes unsaid."""

import json
import os
import signal

import pytest
from click.testing import CliRunner

import optimizer
from dispatch.cli.bench import command
from tests.optimizer.formats import small_files as files

VROOM = {
    "vehicles": [{"id": 7, "start_index": 0, "end_index": 0}],
    "jobs": [{"id": 1, "location_index": 1}],
    "shipments": [{"pickup": {"id": 1, "location_index": 1}, "delivery": {"id": 2, "location_index": 2}}],
    "matrices": {"car": {"durations": [[0, 5, 5], [5, 0, 5], [5, 5, 0]]}},
}


@pytest.fixture
def run(tmp_path):
    """Runs the command on a folder with these files for a moment each."""

    def invoke(set_name, contents, *arguments):
        folder = tmp_path / "instances"
        folder.mkdir(exist_ok=True)
        for name, text in contents.items():
            (folder / name).write_text(text)
        options = ("--set", set_name, "--from", folder, "--out", tmp_path / "answers", "--time-limit", "0.3")
        return CliRunner().invoke(command, ["run", *map(str, (*options, *arguments))])

    return invoke


def answers(tmp_path):
    return {path.name: json.loads(path.read_text()) for path in sorted((tmp_path / "answers").iterdir())}


def test_every_instance_has_its_answer_and_its_line(run, tmp_path):
    """Named as the file is; the cost in the set's own unit, beside the best known and the gap to it."""
    best = "instance,distance_truncated_to_0.1\nA,20\nB,22.8\n"
    result = run("solomon", {"A.txt": files.SOLOMON, "B.txt": files.SOLOMON, "best_known.csv": best})
    assert result.exit_code == 0, result.output
    assert list(answers(tmp_path)) == ["A.json", "B.json"]
    assert (answers(tmp_path)["A.json"]["instance"], answers(tmp_path)["A.json"]["cost"]) == ("A", 22.8)
    rows = [line.split() for line in result.stdout.splitlines()]
    assert rows[1][:5] == ["A", "22.8000", "20.0000", "+14.00", "0"]
    assert rows[2][:5] == ["B", "22.8000", "22.8000", "+0.00", "0"]
    assert rows[3][-4:] == ["known", "+7.00%", "over", "2."]


def test_solution_beside_a_vrplib_file_is_its_best_known(run):
    """Those of site-dependent files count thousandths."""
    solution = "Route #1: 1\nCost: 40000\n"
    result = run(
        "vrplib", {"A.vrp": files.SDVRPTW.replace("DURATION: 30", "DURATION: 90"), "A.sol": solution}, "--json"
    )
    assert json.loads(result.stdout)["best"] == 40
    result = run("vrplib", {"A.vrp": files.VRPTW, "A.sol": "Cost 20.5\n"}, "--json")
    assert json.loads(result.stdout)["best"] == 20.5


def test_hhcrsp_visits_are_patient_and_service(run, tmp_path):
    result = run("hhcrsp", {"A.json": files.HHCRSP, "best.csv": "instance,best_cost\nA.json,16\n"})
    assert result.exit_code == 0, result.output
    assert answers(tmp_path)["A.json"]["cost"] == 16
    assert "p1/s1" in str(answers(tmp_path)["A.json"]["routes"])


def test_vroom_documents_are_run_and_solutions_passed_over(run, tmp_path):
    """Jobs by their number, ends of a shipment by what is done there."""
    result = run("vroom", {"A.json": json.dumps(VROOM), "A_sol.json": "{}"})
    assert result.exit_code == 0, result.output
    (route,) = answers(tmp_path)["A.json"]["routes"]
    assert (answers(tmp_path)["A.json"]["cost"], route["resource"]) == (15, 7)
    assert sorted(map(str, route["visits"])) == ["1", "delivery/2", "pickup/1"]
    assert len(route["starts"]) == 3


def test_wrong_file_does_not_stop_the_others(run, tmp_path):
    """All its faults are listed, and the exit code says that something was wrong."""
    result = run("solomon", {"A.txt": files.SOLOMON.replace("20    60", "60    x"), "B.txt": files.SOLOMON})
    assert result.exit_code == 2
    assert list(answers(tmp_path)) == ["B.json"]
    assert "the file has 2 problems" in result.stdout
    assert "line 12: the due time is 'x'; give a number" in result.stdout
    assert "1 of 2 planned" in result.stdout


def test_instance_that_cannot_be_planned_does_not_stop_the_others(run, tmp_path, monkeypatch):
    """The reason is told, the exit code is 1."""
    solve = optimizer.solve

    def fails_on_two(problem, **options):
        if len(problem.shifts) == 2:
            raise RuntimeError("the engine is out of order")
        return solve(problem, **options)

    monkeypatch.setattr(optimizer, "solve", fails_on_two, raising=False)
    result = run("solomon", {"A.txt": files.SOLOMON, "B.txt": files.SOLOMON.replace("  2          10", "  1 99")})
    assert result.exit_code == 1
    assert (
        "A  could not be planned, which is a fault of ours: RuntimeError: the engine is out of order" in result.stdout
    )
    assert list(answers(tmp_path)) == ["B.json"]


def test_interrupt_keeps_the_best_so_far_and_stops_there(run, tmp_path, monkeypatch):
    """What has been found after hours is not thrown away."""
    solve = optimizer.solve

    def interrupted(problem, *, cancelled, **options):
        os.kill(os.getpid(), signal.SIGINT)
        assert cancelled()
        return solve(problem, **options)

    monkeypatch.setattr(optimizer, "solve", interrupted, raising=False)
    result = run("solomon", {"A.txt": files.SOLOMON, "B.txt": files.SOLOMON})
    assert result.exit_code == 130
    assert list(answers(tmp_path)) == ["A.json"]
    assert "1 of 2 planned" in result.stdout


def test_only_takes_the_files_whose_name_fits(run, tmp_path):
    result = run("solomon", {"A1.txt": files.SOLOMON, "B1.txt": files.SOLOMON}, "--only", "B*")
    assert result.exit_code == 0
    assert list(answers(tmp_path)) == ["B1.json"]


def test_folder_without_instances_is_refused(run):
    result = run("trsp", {"A.vrp": ""}, "--only", "R*")
    assert result.exit_code == 2
    assert "ends in .txt whose name fits R*" in result.stderr


def test_answers_do_not_go_among_the_instances(run, tmp_path):
    """They could overwrite them."""
    result = run("hhcrsp", {"A.json": files.HHCRSP}, "--out", tmp_path / "instances")
    assert result.exit_code == 2
    assert "name another folder" in result.stderr
    assert (tmp_path / "instances" / "A.json").read_text() == files.HHCRSP


def test_progress_is_told_apart_from_the_table(run):
    """Standard error says what is going on; standard output holds the table alone."""
    result = run("solomon", {"A.txt": files.SOLOMON})
    assert "A, 1 of 1: searching" in result.stderr
    assert "searching" not in result.stdout


def test_what_a_vroom_document_leaves_open_is_said(run):
    """Without matrices travel is an estimate, which nobody should take for a measurement."""
    document = {
        "vehicles": [{"id": 1, "start": [8.55, 47.37]}],
        "jobs": [{"id": 1, "location": [8.56, 47.38]}],
    }
    result = run("vroom", {"A.json": json.dumps(document)}, "--travel", "straight-line")
    assert result.exit_code == 0, result.output
    assert "A: travel is an estimate" in result.stderr
