"""Measurements are kept, found again, and replaced by newer ones."""

from tests.bench.__main__ import STORED
from tests.bench.results import Results
from tests.bench.sets import OURS, SETS

ROW = {
    "set": "field-60", "instance": "2", "peer": "VROOM", "version": "1", "threads": 2, "limit_s": None, "seed": 1,
    "cost": 7, "faults": [], "unassigned": 0, "seconds": 1.0, "best": None, "on": "2026-11-22",
}  # fmt: skip


def test_a_measurement_is_found_by_the_next_run(tmp_path):
    Results(tmp_path, "field-60").store(ROW)
    assert Results(tmp_path, "field-60").find(ROW) == ROW


def test_another_version_or_time_limit_has_to_be_measured_again(tmp_path):
    results = Results(tmp_path, "field-60")
    results.store(ROW)
    assert results.find(ROW | {"version": "2"}) is None
    assert results.find(ROW | {"limit_s": 10}) is None


def test_measuring_again_replaces_what_was_measured_before(tmp_path):
    results = Results(tmp_path, "field-60")
    results.store(ROW)
    results.store(ROW | {"version": "2", "cost": 6})
    assert [row["cost"] for row in Results(tmp_path, "field-60")] == [6]


def test_seeds_are_kept_in_the_order_of_numbers(tmp_path):
    results = Results(tmp_path, "field-60")
    for seed in ("10", "9", "2"):
        results.store(ROW | {"instance": seed})
    assert [row["instance"] for row in Results(tmp_path, "field-60")] == ["2", "9", "10"]


def test_our_engine_kept_its_time_limit_in_every_measurement_that_is_published():
    """From start to answer, within 5 % or 0.3 s, on sets of 25 to 10,000 visits."""
    rows = [row for name in SETS for row in Results(STORED, name) if row["peer"] == OURS]
    assert len(rows) > 150
    late = [row for row in rows if row["seconds"] > max(1.05 * row["limit_s"], row["limit_s"] + 0.3)]
    assert late == []
