"""A variant of our engine really is another one, and the table says what it costs."""

import ast
import importlib
import sys
from collections import namedtuple
from types import ModuleType

import pytest

from tests.bench.ablation import AS_IT_IS, VARIANTS, table_of
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


def test_the_table_says_by_how_much_a_variant_is_dearer():
    def row(peer, instance, cost):
        return {"set": "field-60", "peer": peer, "instance": instance, "cost": cost, "faults": []}

    rows = [row(AS_IT_IS, "a", 100), row("worse", "a", 110), row(AS_IT_IS, "b", 200), row("worse", "b", 200)]
    assert table_of(rows).splitlines()[-1] == "| worse | +5.00 (2 days) |"
