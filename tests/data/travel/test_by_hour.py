"""Hours at which everything takes longer."""

from datetime import time

import numpy as np
import pytest

from data.travel import ByHour, Hour, StraightLine, TravelError, TravelSource, at_percent, read_hours


def test_a_table_of_hours_is_read():
    assert read_hours("7:00 150, 09:30 100 %,") == (Hour(time(7), 150), Hour(time(9, 30), 100))
    assert read_hours(" ") == ()


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(TravelError) as refused:
        read_hours("7:00 150, 25:00 100, 6:00 120, 8:00 900, soon")
    assert str(refused.value).split("; ") == [
        '"25:00 100" is not an hour and a percentage', 'write such as "7:30 150"', '"8:00 900": use 50 to 500 percent',
        '"soon" is not an hour and a percentage', 'write such as "7:30 150"',
        "06:00 does not come after 07:00", "list the hours of one day in order",
    ]  # fmt: skip


def test_percentages_are_rounded_up_and_what_is_unreachable_stays_so():
    assert at_percent(np.array([[0, 101], [-1, 10]]), 150).tolist() == [[0, 152], [-1, 15]]


def test_a_source_by_the_hour_is_the_usual_one_under_another_name():
    usual = StraightLine()
    source = ByHour(usual, read_hours("7:00 150, 9:00 100"))
    assert isinstance(source, TravelSource)
    assert source.name == "straight line, 07:00 150 %, 09:00 100 %"
    points = [(52.5, 13.4), (52.6, 13.5)]
    assert source.matrix(points)[0].tolist() == usual.matrix(points)[0].tolist()
    assert (source.route(*points), source.routes_along(points)) == (usual.route(*points), usual.routes_along(points))
    assert (source.is_estimate, source.error_note) == (True, usual.error_note)
