"""Outlines that people paste: read when they are some, and refused with all that is wrong when they are not."""

import json

import pytest

from data.outlines import BadOutline, read_outline

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
BOW = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
FAR_BOW = {"type": "Polygon", "coordinates": [[[0, 0], [900, 900], [900, 0], [0, 900], [0, 0]]]}


@pytest.mark.parametrize(
    "document",
    [
        SQUARE,
        {"type": "Feature", "properties": {}, "geometry": SQUARE},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": None, "geometry": SQUARE}]},
        {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"]]},
    ],
)
def test_one_outline_is_read_however_it_is_wrapped(document):
    assert read_outline(json.dumps(document)).area == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("7", "something else"),
        ('{"type": "Point", "coordinates": [1, 2]}', "something else"),
        ('{"type": "Polygon", "coordinates": [[[0, 0], ["x", 1]]]}', "four or more"),
        ('{"type": "Polygon"}', "four or more"),
        ('{"type": "Polygon", "coordinates": []}', "encloses nothing"),
        ('{"type": "FeatureCollection", "features": []}', "single Feature"),
        (json.dumps(BOW), "crossing itself"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(text, said):
    with pytest.raises(BadOutline, match=said):
        read_outline(text)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(BadOutline) as wrong:
        read_outline(json.dumps(FAR_BOW))
    assert len(wrong.value.problems) == 2
