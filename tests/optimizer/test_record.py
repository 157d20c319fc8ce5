"""A record holds all that is needed to find a plan again, and says when it cannot be read."""

import gzip
import json
from dataclasses import replace

import pytest

from optimizer import replay, solve
from optimizer.record import Record, RecordError, dump, list_differences, load
from tests.optimizer.town import pause, plan_by_hand, shift, town, visit

PROBLEM = town(
    [visit("a", 1, due_s=500), visit("b", 3), visit("c", 5)], [shift("Ana", breaks=(pause(300, (500, 900)),))]
)


@pytest.mark.parametrize("options", [{"time_limit_s": 0.4}, {"time_limit_s": 60, "iterations": 333}])
def test_a_plan_found_under_a_time_limit_is_found_again_from_its_record(options):
    plan = solve(PROBLEM, threads=2, seed=3, start=plan_by_hand(PROBLEM, {"Ana": ["c", "b"]}), **options)
    record = load(dump(Record(PROBLEM, plan, "1.0")))
    assert record.made_by == "1.0"
    assert list_differences(record.plan, replay(record.problem, record.plan.run)) == []


def test_the_same_record_gives_the_same_bytes():
    plan = solve(PROBLEM, time_limit_s=60, iterations=20)
    assert dump(Record(PROBLEM, plan)) == dump(Record(PROBLEM, plan))


def test_a_refused_case_is_kept_with_its_reason():
    record = load(dump(Record(PROBLEM, refused=((0, 0), ()), reason="twice")))
    assert (record.plan, record.refused, record.reason) == (None, ((0, 0), ()), "twice")


def test_differences_are_told_by_cost_route_and_visit():
    one, other = (plan_by_hand(PROBLEM, {"Ana": order}) for order in (["a", "b"], ["b"]))
    assert list_differences(one, one) == []
    found = list_differences(replace(one, costs={"travel": 1}), other)
    assert found == ["the cost was 1 and is 0", "the routes of Ana differ", "left out only in one of them: a"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"not gzip", "not a record"),
        (gzip.compress(b"{"), "not a record"),
        (gzip.compress(b"[1]"), "not a record"),
        (gzip.compress(json.dumps({"format": "wrenchtime record", "version": 99}).encode()), "version 99"),
        (gzip.compress(json.dumps({"format": "wrenchtime record", "version": 1}).encode()), "cannot be read"),
        (dump(Record(PROBLEM))[:-20], "not a record"),
    ],
    ids=["no gzip", "no JSON", "no object", "another version", "no fields", "cut off"],
)
def test_what_is_no_record_of_ours_is_refused_with_a_sentence(data, says):
    with pytest.raises(RecordError, match=says):
        load(data)
