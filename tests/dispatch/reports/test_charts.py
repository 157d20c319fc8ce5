"""The chart of a report: its marks are the report's own figures."""

import pytest

from dispatch.reports.charts import PARTS, shift_share_chart


def row(name: str, *, number: int = 1, shift_s: int = 28_800, service_s: int = 0, travel_s: int = 0) -> dict:
    return {
        "technician": name,
        "technician_id": number,
        "shift_s": shift_s,
        "service_s": service_s,
        "travel_s": travel_s,
        "wait_s": 0,
        "break_s": 0,
    }


def shares(spec: dict, part: str) -> dict[str, float]:
    return {mark["technician"]: mark["share"] for mark in spec["layer"][0]["data"]["values"] if mark["part"] == part}


def test_the_first_segment_is_utilization_and_the_first_two_are_the_busy_share():
    """Four hours of service and two of travel in an eight-hour shift: 50 % and 75 %."""
    spec = shift_share_chart([row("Ana", service_s=14_400, travel_s=7_200)])
    assert list(PARTS)[:2] == ["Service", "Travel"]
    assert shares(spec, "Service") == {"Ana": 0.5}
    assert shares(spec, "Service")["Ana"] + shares(spec, "Travel")["Ana"] == 0.75


def test_the_busiest_stands_on_top():
    """By utilization, not by seconds: half of a short shift beats a third of a long one."""
    spec = shift_share_chart(
        [row("Long", shift_s=36_000, service_s=12_000), row("Short", shift_s=18_000, service_s=9_000)]
    )
    assert spec["layer"][0]["encoding"]["y"]["sort"] == ["Short", "Long"]


def test_someone_without_a_shift_has_no_bar():
    """A share of nothing is not zero."""
    assert shares(shift_share_chart([row("Ana"), row("Guest", shift_s=0)]), "Service") == {"Ana": 0.0}


def test_two_people_of_one_name_have_two_bars():
    """Vega would add up the marks of one name."""
    spec = shift_share_chart([row("Ana", number=1), row("Ana", number=2)])
    assert set(shares(spec, "Service")) == {"Ana (1)", "Ana (2)"}


@pytest.mark.parametrize("rows", [[], [row("Guest", shift_s=0)]])
def test_a_chart_of_nobody_is_still_a_chart(rows: list[dict]):
    """An empty period must not break the page."""
    spec = shift_share_chart(rows)
    assert spec["layer"][0]["data"]["values"] == []
    assert spec["height"] > 0
