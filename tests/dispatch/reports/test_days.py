"""The manager's numbers: each defined once, true for a day that can be added up by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from dispatch.errors import InvalidInput
from dispatch.jobs.moving import change_status
from dispatch.models import Job, Stop
from dispatch.reports.days import get_utilization
from tests.dispatch.living.bad_day import tell
from tests.dispatch.town import (
    MONDAY,
    MORNING,
    hours,
    job,
    job_named,
    lunch,
    plan,
    promise,
    report,
    settle,
    technician,
    user_of,
    window,
)
from tests.dispatch.town import at as wall

TUESDAY = MONDAY + timedelta(days=1)


def utilization(session_factory, to_on=MONDAY):
    with session_factory() as session:
        return get_utilization(session, MONDAY, to_on)


def cancel(session_factory, number):
    with session_factory.begin() as session:
        office = user_of(session, "D1", "dispatcher")
        change_status(session, job_named(session, number).id, "cancelled", office, wall(8), "called off")


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
    (row,) = utilization(session_factory)["rows"]
    assert row == {
        "technician": "Technician T1", "technician_id": 1, "on": "2026-11-23", "shift_s": 32_400, "service_s": 10_800,
        "travel_s": 200, "travel_m": 2_000, "break_s": 0, "wait_s": 3_600, "overtime_s": 0, "visits": 2, "late": 0,
        "utilization": 0.3333, "busy_share": 0.3395,
    }  # fmt: skip


def test_somebody_without_visits_counts_with_the_shift(session_factory):
    """Idle time is what the report is for."""
    settle(session_factory, [technician("T1"), technician("T2", skills={})], [job(skills={"gas": 1})])
    plan(session_factory)
    shown = utilization(session_factory)
    assert [row["visits"] for row in shown["rows"]] == [1, 0]
    assert shown["totals"]["utilization"] == round(3_600 / 64_800, 4)


def test_overtime_begins_at_the_planned_end_of_the_shift(session_factory):
    """Home a quarter of an hour and the drive after five."""
    settle(session_factory, [technician()], [job(windows=(window(wall(16, 15), 0),))])
    plan(session_factory)
    assert utilization(session_factory)["totals"]["overtime_s"] == 15 * 60 + 100


def test_a_break_is_counted_apart_from_waiting(session_factory):
    """Half an hour of lunch inside two hours between visits."""
    settle(
        session_factory,
        [technician(lunch=lunch("12:00", "12:30", 30), hours=hours("08:00", "17:00"))],
        [job("J1", windows=(window(wall(11), 0),)), job("J2", windows=(window(wall(14), 0),))],
    )
    plan(session_factory)
    totals = utilization(session_factory)["totals"]
    assert (totals["break_s"], totals["wait_s"]) == (1_800, 5_400)


def test_work_that_took_longer_is_no_waiting_once_the_rest_is_planned_again(session_factory):
    """J1 takes two hours and a half for one; before J2 there is half an hour of waiting all the same."""
    settle(
        session_factory,
        [technician()],
        [job("J1", windows=(window(wall(9), 0),)), job("J2", windows=(window(wall(12), 0),))],
    )
    plan(session_factory)
    report(session_factory, "J1", "on_site", wall(9))
    plan(session_factory, now=wall(11))
    assert utilization(session_factory)["totals"]["wait_s"] == 3_600, "it could end at any moment"
    report(session_factory, "J1", "done", wall(11, 30))
    plan(session_factory, now=wall(11, 30))
    totals = utilization(session_factory)["totals"]
    assert (totals["wait_s"], totals["service_s"], totals["overtime_s"]) == (1_800, 7_200, 0)


def test_a_cancelled_visit_is_no_work_and_no_drive(session_factory):
    """Until somebody plans again it stays on the route; one to whom nobody goes leaves a day at home."""
    settle(
        session_factory,
        [technician()],
        [job("J1", windows=(window(wall(9), 0),)), job("J2", windows=(window(wall(16, 30), 0),))],
    )
    plan(session_factory)
    for number, visits, service_s, travel_s in (("J2", 1, 3_600, 200), ("J1", 0, 0, 0)):
        cancel(session_factory, number)
        totals = utilization(session_factory)["totals"]
        assert [totals[name] for name in ("visits", "service_s", "travel_s")] == [visits, service_s, travel_s]
        assert (totals["wait_s"], totals["overtime_s"]) == (0, 0), f"{number} was cancelled"


def test_the_drive_to_somebody_who_cancels_meanwhile_counts(session_factory):
    settle(session_factory, [technician()], [job()])
    plan(session_factory)
    report(session_factory, "J1", "en_route", wall(8))
    cancel(session_factory, "J1")
    totals = utilization(session_factory)["totals"]
    assert (totals["visits"], totals["service_s"], totals["travel_s"]) == (0, 0, 200)


def test_whoever_falls_ill_at_a_customers_works_no_overtime(session_factory):
    """Ill at ten and at J1 until a quarter to eleven: the shift ends at home, also in plans of the afternoon."""
    settle(session_factory, [technician("T1")], [job("J1", windows=(window(wall(9, 45), 0),))])
    plan(session_factory)
    report(session_factory, "J1", "on_site", wall(9, 45))
    tell(session_factory, "technician_ill", wall(10), who="T1")
    plan(session_factory, now=wall(10))
    planned = utilization(session_factory)["totals"]
    report(session_factory, "J1", "done", wall(10, 45))
    plan(session_factory, now=wall(15))
    for totals in (planned, utilization(session_factory)["totals"]):
        assert (totals["overtime_s"], totals["shift_s"]) == (0, 2 * 3_600 + 45 * 60 + 100)


def test_whoever_falls_ill_after_the_end_of_the_shift_has_worked_overtime(session_factory):
    """Until the end that was agreed it was a shift."""
    settle(session_factory, [technician("T1")], [job("J1", windows=(window(wall(16, 30), 0),))])
    plan(session_factory)
    report(session_factory, "J1", "on_site", wall(16, 30))
    tell(session_factory, "technician_ill", wall(16, 40), who="T1")
    plan(session_factory, now=wall(16, 40))
    totals = utilization(session_factory)["totals"]
    assert (totals["overtime_s"], totals["shift_s"]) == (30 * 60 + 100, 9 * 3_600)


def test_whoever_ended_in_time_is_home_in_time_in_later_plans_too(session_factory):
    """The day is planned again at half past five, for somebody else; T1 has been home since eleven."""
    settle(session_factory, [technician("T1")], [job("J1", windows=(window(wall(9), 0),))])
    plan(session_factory)
    report(session_factory, "J1", "on_site", wall(9))
    report(session_factory, "J1", "done", wall(11))
    plan(session_factory, now=wall(17, 30))
    totals = utilization(session_factory)["totals"]
    assert (totals["overtime_s"], totals["wait_s"]) == (0, 0)


def test_a_visit_is_late_as_it_really_was_and_not_when_it_was_cancelled(session_factory):
    """Due at half past eight, planned at nine; work really began in time."""
    due = {"due_at": wall(8, 30), "windows": (window(wall(9), 240),)}
    settle(session_factory, [technician()], [job("J1", **due), job("J2", **due)])
    plan(session_factory)
    shown = utilization(session_factory)
    assert shown["totals"]["late"] == 2
    assert "SLA" in shown["definitions"]["late"]
    for number, told in (("J1", {"actual_start_at": wall(8, 20)}), ("J2", {"status": "cancelled"})):
        with session_factory.begin() as session:
            stop = session.scalars(select(Stop).join(Stop.job).where(Job.number == number)).one()
            for name, value in told.items():
                setattr(stop, name, value)
    assert utilization(session_factory)["totals"]["late"] == 0


def test_whoever_comes_after_what_was_promised_is_late(session_factory):
    """Promised until half past eight, possible from nine; no contract says when it is due."""
    settle(session_factory, [technician()], [job(windows=(window(wall(9), 60),))])
    promise(session_factory, "J1", wall(8), wall(8, 30), is_firm=False)
    plan(session_factory)
    shown = utilization(session_factory)
    assert shown["totals"]["late"] == 1
    assert "promised" in shown["definitions"]["late"]


def test_the_report_asks_the_database_as_often_for_many_visits_as_for_few(session_factory):
    counts = []
    for many in (1, 4):
        settle(session_factory, [technician()], [job(f"J{n}") for n in range(many)])
        plan(session_factory)
        queries = []
        event.listen(session_factory.engine, "before_cursor_execute", lambda *a, q=queries: q.append(a[2]))
        assert utilization(session_factory)["totals"]["visits"] == many
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_days_are_summed_by_technician(session_factory):
    """Shares of a sum are shares of the seconds, not means of shares."""
    settle(session_factory, [technician()], [job("J1"), job("J2", on=TUESDAY, service_s=7_200)])
    plan(session_factory)
    plan(session_factory, on=TUESDAY)
    shown = utilization(session_factory, TUESDAY)
    (one,) = shown["technicians"]
    assert (one["days"], one["service_s"], one["utilization"]) == (2, 10_800, round(10_800 / 64_800, 4))
    assert {key: one[key] for key in shown["totals"]} == shown["totals"]


def test_a_span_without_plans_is_zero_and_not_an_error(session_factory):
    """Nothing is divided by nothing."""
    shown = utilization(session_factory)
    assert (shown["rows"], shown["totals"]["utilization"], shown["totals"]["busy_share"]) == ([], 0.0, 0.0)
    assert "shift time" in shown["definitions"]["utilization"]


@pytest.mark.parametrize(("days", "words"), [(-1, "after the last"), (92, "at most 92 days")])
def test_a_wrong_span_is_refused_in_words(session_factory, days, words):
    """The first day after the last, or more than a quarter of a year."""
    with pytest.raises(InvalidInput, match=words):
        utilization(session_factory, MONDAY + timedelta(days=days))


def test_the_morning_of_the_tests_is_before_every_shift():
    """Otherwise the days above could not be added up."""
    assert wall(8) > MORNING
