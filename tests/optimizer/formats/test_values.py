"""Problems and plans survive being written as JSON exactly, whatever they hold."""

import json
from dataclasses import fields, replace

import numpy as np
import pytest

from optimizer import Plan, Problem, solve
from optimizer.formats.values import ValueFault, from_value, to_value
from optimizer.problem import Visit
from optimizer.rules import RULES
from tests.optimizer.random_towns import random_problem
from tests.optimizer.town import town, visit

ALL = frozenset(rule.name for rule in RULES)


def there_and_back(kind, thing):
    return from_value(kind, json.loads(json.dumps(to_value(thing))))


def assert_same_problem(one, other):
    """Field by field, since problems compare by identity; arrays with their types."""
    for field in fields(Problem):
        if field.name != "travel":
            assert getattr(one, field.name) == getattr(other, field.name), field.name
    for table in ("seconds", "metres", "tolls"):
        left, right = getattr(one.travel, table), getattr(other.travel, table)
        assert list(left) == list(right)
        for profile in left:
            np.testing.assert_array_equal(left[profile], right[profile])
            assert left[profile].dtype == right[profile].dtype


@pytest.mark.parametrize("seed", range(40))
def test_problems_of_every_kind_come_back_as_they_were(seed):
    problem = random_problem(seed, ALL, workdays=True, linked=True)
    assert_same_problem(there_and_back(Problem, problem), problem)


def test_matrices_keep_their_type_and_shape():
    small = town()
    narrow = replace(small.travel, seconds={"car": small.travel.seconds["car"].astype(np.int32)})
    assert_same_problem(there_and_back(Problem, replace(small, travel=narrow)), replace(small, travel=narrow))


def test_plans_come_back_with_their_run():
    plan = solve(town(), time_limit_s=5, iterations=300, threads=2)
    back = there_and_back(Plan, plan)
    assert back == plan
    assert back.run.iterations == 300
    assert back.run.start == plan.run.start


def test_what_has_its_default_is_not_written():
    assert to_value(visit("a", 3)) == {"id": "a", "location": 3, "service_s": 600}


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"id": "a", "location": "3", "service_s": 600}, r"\$\.location: is '3', should be int"),
        ({"id": "a", "location": True, "service_s": 600}, r"\$\.location: is True, should be int"),
        ({"id": "a", "location": 3, "service_s": 600, "colour": 1}, r"\$: colour is not known to this version"),
        ({"id": "a"}, "location"),
        ({"id": "a", "location": 3, "service_s": 600, "windows": [{"open_s": 1, "close_s": None}]},
         r"\$\.windows\[0\]\.close_s: is None"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_with_its_place(value, says):
    with pytest.raises(ValueFault, match=says):
        from_value(Visit, value)
