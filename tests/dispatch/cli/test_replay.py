"""`wrenchtime replay` proves that a plan is found again or says what differs; Ctrl-C ends a search with its best."""

import gzip
import json
import os
import signal
from dataclasses import replace

import pytest
from click.testing import CliRunner

from dispatch.cli import main
from dispatch.cli.interrupt import SENTENCE, first_interrupt_ends_search
from optimizer.record import Record, dump, load
from tests.databases import lose_tables, settings_for
from tests.dispatch.cli.test_optimize import PROBLEM
from tests.dispatch.town import MONDAY, job, plan, settle, technician


@pytest.fixture
def run(home, monkeypatch):
    """Runs a command in an installation with an empty database."""
    for name in ("SECRET_KEY", "TRAVEL_SOURCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WRENCHTIME_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", settings_for(home).database_url)
    return lambda *arguments, **options: CliRunner().invoke(main, arguments, **options)


def test_a_published_plan_is_found_again(run, session_factory):
    settle(session_factory, [technician()], [job("J1"), job("J2")])
    version = plan(session_factory, iterations=None, time_limit_s=0.4)
    result = run("replay", str(MONDAY))
    assert result.exit_code == 0, result.output
    assert f"The same plan to the second, at a cost of {version.cost}." in result.output


def test_another_plan_ends_with_one_and_says_what_differs(run, tmp_path, recorded):
    record = load(recorded.read_bytes())
    changed = replace(record, plan=replace(record.plan, costs={"travel": 1}), made_by="wrenchtime 0.0")
    recorded.write_bytes(dump(changed))
    result = run("replay", str(recorded))
    assert result.exit_code == 1
    assert "different: the cost was 1 and is 19" in result.output
    assert "Recorded by wrenchtime 0.0." in result.output
    answer = json.loads(run("replay", str(recorded), "--json").stdout)
    assert (answer["same"], answer["differences"]) == (False, ["the cost was 1 and is 19"])


@pytest.fixture
def recorded(run, tmp_path):
    """The record of a small search."""
    path = tmp_path / "record.json.gz"
    result = run("optimize", "-", "--time-limit", "0.3", "--record", str(path), input=json.dumps(PROBLEM))
    assert result.exit_code == 0, result.output
    return path


def test_a_search_of_a_file_is_recorded_and_found_again_without_a_database(run, recorded, home):
    lose_tables(home)
    result = run("replay", str(recorded))
    assert result.exit_code == 0, result.output
    assert "The same plan to the second, at a cost of 19." in result.output


def test_the_folder_of_a_record_must_exist(run):
    result = run("optimize", "-", "--record", "no/such/folder/record.json.gz", input=json.dumps(PROBLEM))
    assert result.exit_code == 2
    assert "--record" in result.output


def test_a_refused_case_is_judged_again(run, tmp_path, recorded):
    problem = load(recorded.read_bytes()).problem
    for refused, code, says in (((0, 0), 1, "Still refused: the referee finds"), ((0, 1), 0, "It is accepted now.")):
        case = tmp_path / "case.json.gz"
        case.write_bytes(dump(Record(problem, refused=(refused,), reason="a doubt")))
        result = run("replay", str(case))
        assert result.exit_code == code, result.output
        assert "Was refused: a doubt." in result.output
        assert says in result.output


def test_what_is_no_record_and_what_does_not_exist_are_said_in_a_sentence(run, tmp_path):
    (tmp_path / "x.gz").write_bytes(gzip.compress(b"{}"))
    assert "is not a record of a search" in run("replay", str(tmp_path / "x.gz")).output
    assert "There is no run, plan or file '2026-12-01'" in run("replay", "2026-12-01").output


def test_the_first_interrupt_ends_the_search_and_the_second_gives_up(capsys):
    before = signal.getsignal(signal.SIGINT)
    with first_interrupt_ends_search() as interrupted:
        assert not interrupted()
        os.kill(os.getpid(), signal.SIGINT)
        assert interrupted()
        assert SENTENCE in capsys.readouterr().err
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupted_optimization_answers_with_the_best_plan_so_far(run, monkeypatch):
    """Ten minutes were allowed."""
    import optimizer

    solve = optimizer.solve

    def solve_and_interrupt(*arguments, **options):
        os.kill(os.getpid(), signal.SIGINT)
        return solve(*arguments, **options)

    monkeypatch.setattr(optimizer, "solve", solve_and_interrupt, raising=False)
    result = run("optimize", "-", "--time-limit", "600", input=json.dumps(PROBLEM))
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["code"] == 0
    assert SENTENCE in result.stderr
