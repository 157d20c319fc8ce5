"""A variant of our engine really is another one, and the table says what it costs."""

import ast
import importlib
import sys
from collections import namedtuple
from types import ModuleType

import pytest

from tests.bench import ablation
from tests.bench.ablation import AS_IT_IS, VARIANTS, main, table_of
from tests.bench.child import apply_changes

Settings = namedtuple("Settings", "blink")


@pytest.fixture
def modules(monkeypatch):
    """A module with constants, and another of its package that has imported one."""
    here, there = ModuleType("made_up.here"), ModuleType("made_up.there")
    here.BLINK, here.SETTINGS = 0.01, Settings(0.5)
    there.BLINK = here.BLINK
    monkeypatch.setitem(sys.modules, "made_up.here", here)
    monkeypatch.setitem(sys.modules, "made_up.there", there)
    return here, there


def test_a_constant_is_set_wherever_it_has_been_imported(modules):
    apply_changes(["made_up.here:BLINK=0.0"])
    assert [one.BLINK for one in modules] == [0.0, 0.0]


def test_a_field_of_a_named_tuple_is_set(modules):
    apply_changes(["made_up.here:SETTINGS.blink=0.25"])
    assert Settings(0.25) == modules[0].SETTINGS


def test_a_constant_that_does_not_exist_is_refused(modules):
    with pytest.raises(AttributeError):
        apply_changes(["made_up.here:BLNK=0.0"])


@pytest.mark.parametrize("change", [one for changes in VARIANTS.values() for one in changes])
def test_every_variant_changes_a_part_that_there_is(change):
    where, value = change.split("=")
    module, name = where.split(":")
    assert getattr(importlib.import_module(module), name) != ast.literal_eval(value)


def row(peer, instance, cost, **more):
    """One measurement."""
    return {"set": "field-200", "peer": peer, "instance": instance, "seed": 1, "cost": cost, "faults": []} | more


ROWS = [row(AS_IT_IS, "a", 100), row("worse", "a", 110), row(AS_IT_IS, "b", 200), row("worse", "b", 200)]


def test_the_table_says_by_how_much_a_variant_is_dearer_and_how_sure_that_is():
    assert table_of(ROWS).splitlines()[-1] == "| worse | +5.00 ± 5.00 (2 runs) |"


def test_a_variant_is_compared_with_the_same_day_and_seed_alone():
    other = [row(AS_IT_IS, "a", 50, seed=2), row("worse", "b", 999, seed=2)]
    assert table_of(ROWS + other).splitlines()[-1] == "| worse | +5.00 ± 5.00 (2 runs) |"


def test_the_table_says_where_a_variant_is_the_same_engine():
    name = "trying every shift"
    found = table_of([row(AS_IT_IS, "a", 100), row(name, "a", 101)]).splitlines()
    assert found[-1] == f"| {name} | +1.00 (1 runs) = chance |"


def test_at_equal_iterations_the_table_says_what_share_of_the_time_was_needed():
    rows = [row(AS_IT_IS, "a", 100, iterations=5, cpu_s=4.0), row("worse", "a", 110, iterations=5, cpu_s=3.0)]
    assert table_of(rows).splitlines()[-1] == "| worse | +10.00 (1 runs) | 0.75 |"


def test_iterations_take_the_place_of_a_time_limit(tmp_path, monkeypatch):
    measured = []

    def note(chosen, row, source, environment):
        measured.append((row["limit_s"], row["iterations"], row["seed"], row["changes"]))
        return row | {"cost": 1, "faults": [], "unassigned": 0, "seconds": 1.0, "best": None, "on": "2026-11-22"}

    monkeypatch.setattr(ablation, "measure", note)
    asked = ["--set", "field-60", "--variant", "cooling down once", "--days", "1", "--out", str(tmp_path)]
    main([*asked, "--iterations", "7", "--seed", "1", "2"])
    change = VARIANTS["cooling down once"]
    assert measured == [(None, 7, 1, []), (None, 7, 1, change), (None, 7, 2, []), (None, 7, 2, change)]
    main([*asked, "--iterations", "7", "--resume"])
    main([*asked, "--iterations", "8", "--resume"])
    assert [iterations for _, iterations, _, _ in measured] == [7, 7, 7, 7, 8, 8]
