"""The bench's judge sees what a plan breaks, so that no engine wins by cheating."""

import numpy as np
import pytest

from tests.bench.instances import Instance, Shift, Visit
from tests.bench.judge import judge

TOWN = Instance(
    name="two visits and one technician, 100 s apart",
    visits=(Visit(600, 0, 1_000, "gas", 1), Visit(600, 0, 1_000, "lifts", 2)),
    shifts=(Shift(0, 2_000, frozenset({"gas", "lifts"})),),
    travel_s=np.array([[0, 100, 100], [100, 0, 100], [100, 100, 0]]),
)


def test_a_plan_costs_its_travel_and_the_priority_it_leaves_out():
    assert judge(TOWN, [[0, 1]]).cost == 300
    assert judge(TOWN, [[0]]).cost == 200 + 2 * 7_200
    assert judge(TOWN, [[]]).cost == 3 * 7_200


@pytest.mark.parametrize(
    ("shift", "routes", "fault"),
    [
        (Shift(0, 2_000, frozenset({"gas"})), [[0, 1]], "has not the skill"),
        (Shift(0, 1_400, frozenset({"gas", "lifts"})), [[0, 1]], "ends 100 s too late"),
        (Shift(400, 2_400, frozenset({"gas", "lifts"})), [[0, 1]], "starts 200 s too late"),
        (Shift(0, 9_000, frozenset({"gas", "lifts"})), [[0, 0]], "planned twice"),
    ],
)
def test_a_broken_plan_is_named(shift, routes, fault):
    instance = Instance(TOWN.name, TOWN.visits, (shift,), TOWN.travel_s)
    assert any(fault in one for one in judge(instance, routes).faults)
