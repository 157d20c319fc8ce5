"""Tables say what was measured, and hide no failure."""

import pytest

from tests.bench.document import write_document
from tests.bench.results import Results
from tests.bench.sets import SETS
from tests.bench.tables import details_of, gap_of, ratios, table_of, times_sooner
from tests.bench.test_results import ROW

FIELD, SOLOMON = SETS["field-60"], SETS["solomon"]
OURS = ROW | {"peer": "Wrenchtime", "limit_s": 10, "cost": 6, "machine": "a machine"}
VROOM = ROW | {"cost": 8, "seconds": 5.0, "machine": "a machine"}
BROKEN = ROW | {"peer": "PyVRP", "limit_s": 10, "cost": 1, "faults": ["visit 3 is planned twice"]}
STOPPED = {name: value for name, value in ROW.items() if name not in ("cost", "faults", "unassigned", "seconds")} | {
    "peer": "vrp-cli",
    "failure": "did not end within 150 s",
}


def test_a_gap_on_our_days_is_against_the_best_plan_that_breaks_no_rule():
    rows = [OURS, VROOM, BROKEN, STOPPED]
    assert [gap_of(FIELD, row, rows) for row in rows] == [0, pytest.approx(100 / 3), None, None]


def test_a_gap_on_a_published_set_is_against_the_best_known():
    assert gap_of(SOLOMON, OURS | {"best": 5}, []) == pytest.approx(20)
    assert gap_of(SOLOMON, OURS | {"best": 5, "unassigned": 1}, []) is None


def test_a_peer_without_a_plan_is_counted_and_not_averaged():
    table = table_of(FIELD, [OURS, BROKEN, BROKEN | {"instance": "3", "cost": 9, "faults": []}])
    assert "| PyVRP | 1 | 2 | 2 | 1 | 1.0 | 9.0 | 0.00 | 0.00 | 0.0 | - |" in table


def test_on_a_published_set_a_plan_that_leaves_something_out_is_none():
    table = table_of(SOLOMON, [OURS | {"best": 5, "unassigned": 1}, OURS | {"best": 5, "instance": "3"}])
    assert "| Wrenchtime | 1 | 2 | 2 | 1 | 1.0 | 6.0 | 20.00 | 20.00 | 0.5 | - |" in table


def test_every_instance_shows_costs_and_what_is_left_out():
    table = details_of(FIELD, [OURS | {"unassigned": 4}, VROOM, STOPPED])
    assert table.splitlines()[-1] == "| 2 | 6 (4) | 8 | no plan |"


def test_our_share_of_others_costs_is_of_the_best_of_them():
    rows = [OURS, VROOM, ROW | {"peer": "PyVRP", "cost": 12}, BROKEN | {"peer": "OR-Tools"}]
    assert ratios(rows, ["VROOM", "PyVRP", "OR-Tools"]) == [0.75]


def test_nothing_is_said_of_the_best_of_peers_before_all_of_them_were_measured():
    rows = [OURS, VROOM, ROW | {"peer": "PyVRP", "cost": 12}]
    assert ratios(rows, ["VROOM", "PyVRP", "OR-Tools"]) == []


def test_how_much_sooner_we_were_where_another_ended():
    trace = [(0.1, 20), (0.5, 8), (3.0, 6)]
    assert times_sooner([OURS | {"trace": trace}, VROOM], "VROOM") == [10]
    assert times_sooner([OURS | {"trace": trace[:1]}, VROOM], "VROOM") == [None]


def test_the_page_shows_what_is_stored(tmp_path):
    results = Results(tmp_path, "field-60")
    for row in (OURS | {"trace": [(0.5, 8)]}, VROOM, OURS | {"limit_s": 600, "cost": 5}):
        results.store(row)
    write_document(tmp_path / "page.md", tmp_path)
    page = (tmp_path / "page.md").read_text()
    assert "| 60 | 1 | 0.750 | 0.750 | 10 | 10.0 | - | - | 20.00 (1 of 1) |" in page
    assert "## Field service, 60 visits and 8 technicians" in page
    assert "Solomon, 100" not in page


def test_the_page_says_of_how_many_days_a_share_is_where_not_all_were_measured(tmp_path):
    results = Results(tmp_path, "field-60")
    for row in (OURS, VROOM, OURS | {"instance": "3"}):
        results.store(row)
    write_document(tmp_path / "page.md", tmp_path)
    assert "| 60 | 2 | 0.750 (1 of 2) | 0.750 |" in (tmp_path / "page.md").read_text()
