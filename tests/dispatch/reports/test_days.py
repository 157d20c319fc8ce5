"""The manager's numbers: each defined once, true for a day that can be added up by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from dispatch.errors import InvalidInput
from dispatch.models import Job, Stop
from dispatch.reports.days import get_utilization
from tests.dispatch.town import MONDAY, MORNING, hours, job, lunch, plan, promise, settle, technician, window
from tests.dispatch.town import at as wall

TUESDAY = MONDAY + timedelta(days=1)


def report(session_factory, to_on=MONDAY):
    with session_factory() as session:
        return get_utilization(session, MONDAY, to_on)


def test_a_day_adds_up(session_factory):
    """Nine hours: three of service, 200 s on the road, an hour of waiting between two visits, no overtime."""
    settle(
        session_factory,
        [technician()],
        [
            job("J1", service_s=7_200, windows=(window(wall(9), 0),)),
            job("J2", windows=(window(wall(12), 0),)),
        ],
    )
    plan(session_factory)
    (row,) = report(session_factory)["rows"]
    assert row == {
        "technician": "Technician T1", "technician_id": 1, "on": "2026-11-23", "shift_s": 32_400, "service_s": 10_800,
        "travel_s": 200, "travel_m": 2_000, "break_s": 0, "wait_s": 3_600, "overtime_s": 0, "visits": 2, "late": 0,
        "utilization": 0.3333, "busy_share": 0.3395,
    }  # fmt: skip


def test_somebody_without_visits_counts_with_the_shift(session_factory):
    """Idle time is what the report is for."""
    settle(session_factory, [technician("T1"), technician("T2", skills={})], [job(skills={"gas": 1})])
    plan(session_factory)
    shown = report(session_factory)
    assert [row["visits"] for row in shown["rows"]] == [1, 0]
    assert shown["totals"]["utilization"] == round(3_600 / 64_800, 4)


def test_overtime_begins_at_the_planned_end_of_the_shift(session_factory):
    """Home a quarter of an hour and the drive after five."""
    settle(session_factory, [technician()], [job(windows=(window(wall(16, 15), 0),))])
    plan(session_factory)
    assert report(session_factory)["totals"]["overtime_s"] == 15 * 60 + 100


def test_a_break_is_counted_apart_from_waiting(session_factory):
    """Half an hour of lunch inside two hours between visits."""
    settle(
        session_factory,
        [technician(lunch=lunch("12:00", "12:30", 30), hours=hours("08:00", "17:00"))],
        [job("J1", windows=(window(wall(11), 0),)), job("J2", windows=(window(wall(14), 0),))],
    )
    plan(session_factory)
    totals = report(session_factory)["totals"]
    assert (totals["break_s"], totals["wait_s"]) == (1_800, 5_400)


def test_a_visit_is_late_as_it_really_was_and_not_when_it_was_cancelled(session_factory):
    """Due at half past eight, planned at nine; work really began in time."""
    due = {"due_at": wall(8, 30), "windows": (window(wall(9), 240),)}
    settle(session_factory, [technician()], [job("J1", **due), job("J2", **due)])
    plan(session_factory)
    shown = report(session_factory)
    assert shown["totals"]["late"] == 2
    assert "SLA" in shown["definitions"]["late"]
    for number, told in (("J1", {"actual_start_at": wall(8, 20)}), ("J2", {"status": "cancelled"})):
        with session_factory.begin() as session:
            stop = session.scalars(select(Stop).join(Stop.job).where(Job.number == number)).one()
            for name, value in told.items():
                setattr(stop, name, value)
    assert report(session_factory)["totals"]["late"] == 0


def test_whoever_comes_after_what_was_promised_is_late(session_factory):
    """Promised until half past eight, possible from nine; no contract says when it is due."""
    settle(session_factory, [technician()], [job(windows=(window(wall(9), 60),))])
    promise(session_factory, "J1", wall(8), wall(8, 30), is_firm=False)
    plan(session_factory)
    shown = report(session_factory)
    assert shown["totals"]["late"] == 1
    assert "promised" in shown["definitions"]["late"]


def test_the_report_asks_the_database_as_often_for_many_visits_as_for_few(session_factory):
    counts = []
    for many in (1, 4):
        settle(session_factory, [technician()], [job(f"J{n}") for n in range(many)])
        plan(session_factory)
        queries = []
        event.listen(session_factory.engine, "before_cursor_execute", lambda *a, q=queries: q.append(a[2]))
        assert report(session_factory)["totals"]["visits"] == many
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_days_are_summed_by_technician(session_factory):
    """Shares of a sum are shares of the seconds, not means of shares."""
    settle(session_factory, [technician()], [job("J1"), job("J2", on=TUESDAY, service_s=7_200)])
    plan(session_factory)
    plan(session_factory, on=TUESDAY)
    shown = report(session_factory, TUESDAY)
    (one,) = shown["technicians"]
    assert (one["days"], one["service_s"], one["utilization"]) == (2, 10_800, round(10_800 / 64_800, 4))
    assert {key: one[key] for key in shown["totals"]} == shown["totals"]


def test_a_span_without_plans_is_zero_and_not_an_error(session_factory):
    """Nothing is divided by nothing."""
    shown = report(session_factory)
    assert (shown["rows"], shown["totals"]["utilization"], shown["totals"]["busy_share"]) == ([], 0.0, 0.0)
    assert "shift time" in shown["definitions"]["utilization"]


@pytest.mark.parametrize(("days", "words"), [(-1, "after the last"), (92, "at most 92 days")])
def test_a_wrong_span_is_refused_in_words(session_factory, days, words):
    """The first day after the last, or more than a quarter of a year."""
    with pytest.raises(InvalidInput, match=words):
        report(session_factory, MONDAY + timedelta(days=days))


def test_the_morning_of_the_tests_is_before_every_shift():
    """Otherwise the days above could not be added up."""
    assert wall(8) > MORNING
