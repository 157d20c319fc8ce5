"""Wrong input: everything that is wrong, each with its path and its remedy, and never a traceback."""

import copy
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import ProblemError
from optimizer.formats.vroom import parse, parse_document, read
from tests.optimizer.formats.vroom.documents import make_document

MATRIX = [[0, 1, 2], [1, 0, 3], [2, 3, 0]]


def document(**changes):
    """A right document of one vehicle and two jobs."""
    right = {
        "vehicles": [{"id": 1, "start_index": 0}],
        "jobs": [{"id": 1, "location_index": 1}, {"id": 2, "location_index": 2}],
        "matrices": {"car": {"durations": MATRIX}},
    }
    return right | changes


def vehicle(**changes):
    return document(vehicles=[{"id": 1, "start_index": 0} | changes])


def job(**changes):
    return document(jobs=[{"id": 1, "location_index": 1} | changes])


def faults_of(raw):
    with pytest.raises(ProblemError) as caught:
        parse_document(raw)
    return {fault.where: str(fault) for fault in caught.value.faults}


WRONG = {
    "not an object": ([], "input", "an array of 0"),
    "no vehicles": (document(vehicles=[]), "vehicles", "at least one"),
    "nothing to do": (document(jobs=[]), "jobs", "nothing to do"),
    "unknown key": (document(vehicels=[]), "vehicels", "did you mean vehicles?"),
    "unknown key with nothing near": (job(colour=3), "jobs[0].colour", "known here are"),
    "missing id": (document(jobs=[{"location_index": 1}]), "jobs[0].id", "is missing"),
    "id of the wrong type": (job(id="1"), "jobs[0].id", 'the string "1"'),
    "true is not a number": (job(service=True), "jobs[0].service", "is true"),
    "negative time": (job(service=-1), "jobs[0].service", "from 0"),
    "fraction": (job(setup=1.5), "jobs[0].setup", "is 1.5"),
    "priority above 100": (job(priority=101), "jobs[0].priority", "0 to 100"),
    "inverted window": (job(time_windows=[[5, 1]]), "jobs[0].time_windows[0]", "swap its two numbers"),
    "half a window": (job(time_windows=[[5]]), "jobs[0].time_windows[0]", "[start, end]"),
    "window of text": (job(time_windows=[["8", 9]]), "jobs[0].time_windows[0][0]", "whole number"),
    "no window at all": (job(time_windows=[]), "jobs[0].time_windows", "any time"),
    "overlapping windows": (job(time_windows=[[5, 9], [0, 5]]), "jobs[0].time_windows", "merge"),
    "job id twice": (document(jobs=[{"id": 1, "location_index": 1}] * 2), "jobs[1].id", "jobs[0].id"),
    "vehicle id twice": (document(vehicles=[{"id": 1, "end_index": 0}] * 2), "vehicles[1].id", "vehicles[0].id"),
    "index outside": (job(location_index=3), "jobs[0].location_index", "0 to 2"),
    "start outside": (vehicle(start_index=7), "vehicles[0].start_index", "0 to 2"),
    "nowhere": (document(jobs=[{"id": 1}]), "jobs[0].location_index", "is missing"),
    "coordinates without index": (document(jobs=[{"id": 1, "location": [1, 2]}]), "jobs[0].location_index", "row"),
    "place not on Earth": (job(location=[10, 100]), "jobs[0].location", "swap the two"),
    "neither start nor end": (document(vehicles=[{"id": 1}]), "vehicles[0].start", "or both"),
    "unknown profile": (vehicle(profile="bike"), "vehicles[0].profile", "matrices.bike.durations"),
    "odd profile name": (vehicle(profile="my van"), "vehicles[0].profile", 'matrices["my van"].durations'),
    "rate without distances": (vehicle(costs={"per_km": 1}), "vehicles[0].costs.per_km", "distances"),
    "limit without distances": (vehicle(max_distance=9), "vehicles[0].max_distance", "distances"),
    "speed 0": (vehicle(speed_factor=0), "vehicles[0].speed_factor", "above 0"),
    "speed 6": (vehicle(speed_factor=6), "vehicles[0].speed_factor", "up to 5"),
    "capacity missing": (job(delivery=[1]), "jobs[0].delivery", "names 0"),
    "break outside the hours": (
        vehicle(time_window=[0, 9], breaks=[{"id": 1, "service": 10}]),
        "vehicles[0].breaks[0]",
        "between 0 and 9",
    ),
    "break id twice": (vehicle(breaks=[{"id": 1}, {"id": 1}]), "vehicles[0].breaks[1].id", "breaks[0].id"),
    "break with a load limit": (
        vehicle(capacity=[2], breaks=[{"id": 1, "max_load": [1]}]),
        "vehicles[0].breaks[0].max_load",
        "not supported",
    ),
    "step that is not there": (vehicle(steps=[{"type": "job", "id": 9}]), "vehicles[0].steps[0]", "no job 9"),
    "step of no kind": (vehicle(steps=[{"type": "nap"}]), "vehicles[0].steps[0].type", "use one of"),
    "not square": (document(matrices={"car": {"durations": [[0, 1], [1]]}}), "matrices.car.durations[1]", "square"),
    "negative duration": (
        document(matrices={"car": {"durations": [[0, -1], [1, 0]]}}),
        "matrices.car.durations[0][1]",
        "is -1",
    ),
    "no durations": (document(matrices={"car": {"distances": MATRIX}}), "matrices.car.durations", "is missing"),
    "sizes differ": (document(matrices={"car": {"durations": MATRIX, "costs": [[0]]}}), "matrices.car.costs", "3"),
    "both old and new matrices": (document(matrix=MATRIX), "matrix", "keep matrices"),
    "index without matrices": (
        {"vehicles": [{"id": 1, "start": [1, 2]}], "jobs": [{"id": 1, "location_index": 1}]},
        "jobs[0].location_index",
        "without matrices",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_is_named_by_its_path(name):
    """The fault stands where the input is wrong, and says what would be right."""
    raw, where, words = WRONG[name]
    faults = faults_of(raw)
    assert words in faults[where]


def test_all_faults_are_told_at_once():
    """One round of corrections is enough."""
    wrong = document(
        vehicles=[{"id": 1, "start_index": 5, "skills": ["gas"]}],
        jobs=[{"id": 1, "location_index": 1, "priority": -1}, {"id": 1, "location_index": 2, "servce": 5}],
    )
    assert set(faults_of(wrong)) == {
        "jobs[0].priority", "jobs[1].servce", "vehicles[0].skills[0]", "jobs[1].id", "vehicles[0].start_index",
    }  # fmt: skip


def test_many_wrong_cells_of_a_matrix_are_counted():
    """Twenty examples are enough to see what is wrong with a thousand cells."""
    faults = faults_of(document(matrices={"car": {"durations": [[-1] * 30 for _ in range(30)]}}))
    assert "880 more" in faults["matrices.car.durations"]
    assert len(faults) == 21


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        (b'{"jobs": [\n1,]}', "line 2, column 3", "not JSON"),
        (b"", "line 1, column 1", "not JSON"),
        (b'{"jobs": "\xff"}', "input", "UTF-8"),
        (b"[" * 100_000, "input", "nested too deep"),
        (b'{"jobs": ' + b"9" * 5_000 + b"}", "input", "digits"),
        (b'{"vehicles": [], "vehicles": []}', "vehicles", "more than once"),
        (b'{"vehicles": NaN}', "vehicles", "is NaN"),
        (b'{"vehicles": [{"id": 1, "start": [1e999, 0]}]}', "vehicles[0].start", "array of 2"),
    ],
)
def test_bad_text_is_told_with_its_place(text, where, what):
    """Text that is no JSON, or that JSON readers swallow silently."""
    with pytest.raises(ProblemError) as caught:
        parse(text)
    assert any(fault.where == where and what in fault.what for fault in caught.value.faults)


def test_setup_that_differs_by_vehicle_is_refused_where_it_may_be_shared():
    """Two jobs at one place, of which the second pays no set-up, cannot be told apart by vehicle yet."""
    both = [{"id": number, "location_index": 1, "setup": 5, "setup_per_type": {"van": 9}} for number in (1, 2)]
    vehicles = [{"id": 1, "start_index": 0, "type": "van"}, {"id": 2, "start_index": 0}]
    with pytest.raises(ProblemError, match=r"jobs\[1\]\.setup_per_type: .*not supported"):
        read(parse_document(document(jobs=both, vehicles=vehicles)))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from([2**32, 10**400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def damaged_documents(draw):
    """A right document in which one to three values, anywhere, are replaced, doubled or taken away."""
    raw = make_document(draw(st.integers(0, 10_000)))
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(list(places(raw))))
        action = draw(st.sampled_from(["replace", "double", "remove"]))
        if action == "replace":
            holder[key] = draw(values)
        elif action == "remove":
            del holder[key]
        elif isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
    return raw


def places(value):
    """Every (container, key) in a document, the root's keys at least."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(items):
        yield value, key
        if isinstance(inner, dict | list):
            yield from places(inner)
    if not value:
        yield {"": None}, ""


@settings(max_examples=300, deadline=None)
@given(raw=damaged_documents())
def test_damaged_input_is_read_or_told_but_never_crashes(raw):
    """Whatever stands where: a problem comes out, or a list of faults that have a place, a fact and a remedy."""
    faults = []
    try:
        read(parse(json.dumps(raw)), *no_travel(raw))
    except ProblemError as error:
        faults = error.faults
    assert all(fault.where and fault.what and fault.mend for fault in faults)


def no_travel(raw):
    """Documents that lost their matrices are read as far as the faults go."""
    return () if "matrices" in raw else (np.zeros((50, 50), dtype=np.int64), np.zeros((50, 50), dtype=np.int64))


@settings(max_examples=200, deadline=None)
@given(raw=values)
def test_any_value_is_refused_with_a_fault(raw):
    """No random value is a document."""
    with pytest.raises(ProblemError):
        parse_document(raw)
