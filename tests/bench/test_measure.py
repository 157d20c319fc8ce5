"""What a peer does wrong is its result, and who gets how much time is fair."""

import pytest

from tests.bench import measure as measuring
from tests.bench.__main__ import main
from tests.bench.instances import TUNING_SEEDS
from tests.bench.measure import Asked, ask, measure
from tests.bench.sets import OURS, PEERS, SETS


@pytest.fixture(autouse=True)
def versions(monkeypatch):
    """The other engines need not be installed."""
    monkeypatch.setattr(measuring, "version_of", lambda peer: "1")


def test_everybody_gets_the_same_time_and_the_threads_they_can_use(tmp_path):
    rows = {name: ask(SETS["field-60"], "1", peer, Asked(tmp_path, 2, 1)) for name, peer in PEERS.items()}
    assert {name: (row["limit_s"], row["threads"]) for name, row in rows.items()} == {
        OURS: (10, 2),
        "VROOM": (None, 2),
        "PyVRP": (10, 1),
        "vrp-cli": (10, 2),
        "OR-Tools": (10, 1),
    }


def test_a_peer_that_fails_has_a_result_that_says_why(tmp_path):
    """Here there is no file to read."""
    row = measure(SETS["solomon"], ask(SETS["solomon"], "R101", PEERS["PyVRP"], Asked(tmp_path, 1, 1)), tmp_path)
    assert "No such file" in row["failure"]


def test_a_peer_that_does_not_end_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(measuring, "START_S", 0)
    row = ask(SETS["solomon"], "R101", PEERS["PyVRP"], Asked(tmp_path, 1, 1, time_limit_s=0.01))
    assert measure(SETS["solomon"], row, tmp_path)["failure"] == "did not end within 0.03 s"


def test_a_run_that_was_stopped_goes_on_where_it_stopped(tmp_path, monkeypatch):
    """What is stored is not measured again, unless nobody asks to resume."""
    measured = []

    def note(chosen, row, source):
        measured.append(row["instance"])
        return row | {"cost": 1, "faults": [], "unassigned": 0, "seconds": 1.0, "best": None, "on": "2026-11-22"}

    monkeypatch.setattr(measuring, "measure", note)
    asked = ["--set", "field-60", "--peer", OURS, "--out", str(tmp_path)]
    main([*asked, "--only", "[12]"])
    main([*asked, "--only", "[23]", "--resume"])
    assert measured == ["1", "2", "3"]
    main([*asked, "--only", "3"])
    assert measured == ["1", "2", "3", "3"]


def test_a_set_whose_files_are_not_there_is_skipped_with_a_sentence(tmp_path, capsys):
    main(["--set", "trsp", "--from", str(tmp_path), "--out", str(tmp_path)])
    assert "skipped, for no file of it is in" in capsys.readouterr().out


def test_a_seed_of_a_day_that_is_tuned_on_is_not_reported():
    for one in SETS.values():
        if one.size:
            assert not set(one.list_instances(None)) & set(map(str, TUNING_SEEDS))
