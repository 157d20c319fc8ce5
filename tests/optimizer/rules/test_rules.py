"""What holds for every rule: a name, a sentence, and a check that passes on what `solve` made."""

import pytest

from optimizer import RULES, solve, without
from optimizer.primitives import Primitives
from optimizer.rules import lower
from tests.optimizer.random_towns import random_problem
from tests.optimizer.town import town

ALL = frozenset(rule.name for rule in RULES)
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def test_names_are_unique_and_stable():
    """They are stored with plans and shown: changing one changes what old plans mean."""
    assert [rule.name for rule in RULES] == [
        "skills", "territory", "technician", "preferred technician", "changes", "tools", "time windows", "shift hours",
        "duty limit", "breaks", "capacity", "maximum visits", "travel limits", "leaving out", "travel", "work cost",
        "duty cost", "balance", "lateness", "worst lateness", "moved later", "open shift", "pairs", "links", "pinned",
    ]  # fmt: skip


@each_rule
def test_every_rule_says_in_a_sentence_what_it_is(rule):
    first = rule.__doc__.splitlines()[0]
    assert first.endswith(".")
    assert first[0].isupper()
    assert type(rule).__doc__ != type(rule).__mro__[1].__doc__


@each_rule
def test_lowering_keeps_the_shape_of_the_primitives(rule):
    """A rule writes into the arrays; it does not turn them into something else."""
    problem = random_problem(3, ALL)
    plain, ruled = lower(problem, ()), lower(problem, (rule,))
    assert isinstance(ruled, Primitives)
    for name in ("allowed", "assignment_cost", "service_s", "drop_cost", "earliest_s", "hard_end_s", "open_cost"):
        assert getattr(ruled, name).shape == getattr(plain, name).shape, name
        assert getattr(ruled, name).dtype == getattr(plain, name).dtype, name


@pytest.mark.parametrize("seed", range(1_000, 1_025))
def test_plans_pass_every_rules_check_and_cost_what_the_rules_say(seed):
    problem = random_problem(seed, ALL, errands=False)
    plan = solve(problem, time_limit_s=30, iterations=100)
    for rule in RULES:
        assert all(violation.excused for violation in rule.check(problem, plan)), rule.name
        assert plan.costs.get(rule.name, 0) == rule.cost(problem, plan), rule.name
    assert plan.cost == sum(rule.cost(problem, plan) for rule in RULES)


@each_rule
def test_a_rule_has_nothing_against_an_ample_town(rule):
    problem = town()
    assert rule.why_not(problem, problem.visits[0], problem.shifts[0]) is None


def test_leaving_out_a_rule_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError, match="no rule is called gravity"):
        without("gravity")
