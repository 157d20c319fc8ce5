"""One more visit is lowered as it would be in a problem of its own, whatever was asked about before."""

import random
from dataclasses import fields, replace

import numpy as np
import pytest

from optimizer import RULES
from optimizer.insert.day import Day
from optimizer.insert.rows import COLUMNS, LISTS, TABLES
from optimizer.plan import Plan
from optimizer.primitives import Primitives, blank, of_visits
from optimizer.rules import lower
from tests.optimizer.random_towns import random_problem

ALL = frozenset(rule.name for rule in RULES)


def alike(one, other):
    return np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other


@pytest.mark.parametrize("seed", range(6_000, 6_040))
def test_the_spare_row_is_what_the_whole_problem_says_of_the_visit(seed):
    problem = random_problem(seed, ALL, most_visits=6, most_shifts=3)
    problem = replace(problem, visits=tuple(replace(one, pin=None) for one in problem.visits), pairs=(), links=())
    whole = lower(problem)
    day = Day(problem, whole, Plan((), ()), RULES)
    visits = [*problem.visits, *problem.visits]
    random.Random(seed).shuffle(visits)
    for one in visits:
        day.with_spare(one)
        for name in (*TABLES, *COLUMNS, *LISTS):
            asked = getattr(whole, name)[problem.visit_index[one.id]]
            assert alike(getattr(day.primitives, name)[-1], asked), name


def test_every_row_that_a_visit_has_is_filled():
    """A primitive that gets a row for each visit must be known to the spare row."""
    problem = random_problem(1, ALL)
    assert set(of_visits(problem)) == {*TABLES, *COLUMNS, *LISTS, "pairs", "links"}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.of_shifts], ids=lambda rule: rule.name)
@pytest.mark.parametrize("seed", range(6_100, 6_110))
def test_rules_of_shifts_write_nothing_about_visits(rule, seed):
    problem = random_problem(seed, ALL, most_visits=6, most_shifts=3)
    touched, untouched = blank(problem), blank(problem)
    rule.lower(problem, touched)
    names = {one.name for one in fields(Primitives)} & set(of_visits(problem))
    assert all(alike(getattr(touched, name), getattr(untouched, name)) for name in names)
