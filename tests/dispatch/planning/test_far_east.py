"""Territories far east of the head office: their mornings are its evenings of the day before."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from dispatch import clock
from dispatch.board.day import get_board
from dispatch.db import make_session_factory
from dispatch.living.watch import watch_today
from dispatch.models import Incident, PlanVersion, Technician
from dispatch.on_site.day import get_today
from dispatch.planning.drafts import lay_out_draft
from dispatch.planning.facts import read_day
from dispatch.planning.problem import build_problem
from dispatch.reports.days import get_utilization
from tests.databases import settings_for
from tests.dispatch.town import (
    BERLIN,
    MONDAY,
    SANTIAGO,
    Grid,
    absent,
    hours,
    job,
    plan,
    report,
    settle,
    stops_of,
    technician,
    territory,
)

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("on", [date(2026, 11, 24), date(2026, 7, 7)])
@pytest.mark.parametrize(
    ("office", "far"),
    [
        ("Europe/Madrid", "Pacific/Auckland"),
        ("America/Los_Angeles", "Pacific/Auckland"),
        (SANTIAGO, "Australia/Sydney"),
        (SANTIAGO, "Pacific/Auckland"),
        ("Europe/Madrid", "Asia/Tokyo"),
    ],
)
def test_shifts_that_begin_long_before_the_head_offices_midnight_are_planned_whole(session_factory, office, far, on):
    """Ten to twenty-one hours east: the morning too, on the plan of the date that is written there and on no other,
    beside the head office's own people, and the board begins with it."""
    here = [territory("Office", office), territory("Far", far)]
    people = [technician("OFFICE", territory="Office"), technician("FAR", territory="Far")]
    nine, three = _wall(on, 9, far), _wall(on, 15, far)
    ours = _wall(on, 9, office)
    jobs = [
        job("MORNING", on=None, territory="Far", windows=((nine, nine + HOUR),)),
        job("AFTERNOON", on=None, territory="Far", windows=((three, three + HOUR),)),
        job("OURS", on=None, territory="Office", windows=((ours, ours + HOUR),)),
    ]
    settle(session_factory, people, jobs, here)
    now = _wall(on - timedelta(days=2), 20, office)
    for day in (on - timedelta(days=1), on, on + timedelta(days=1)):
        version = plan(session_factory, day, now=now)
        found = {stop.job.number: stop.planned_start_at for route in version.routes for stop in route.stops}
        assert version.unassigned == []
        assert sorted(found) == (["AFTERNOON", "MORNING", "OURS"] if day == on else [])
        if day != on:
            continue
        assert nine <= found["MORNING"] <= nine + HOUR
        assert three <= found["AFTERNOON"] <= three + HOUR
        shift_at = {route.technician.code: (route.shift_start_at, route.shift_end_at) for route in version.routes}
        assert shift_at == {
            code: (_wall(on, 8, zone), _wall(on, 17, zone)) for code, zone in (("OFFICE", office), ("FAR", far))
        }
        with session_factory() as session:
            board = get_board(session, on, now)
            assert board["day_start_at"] == clock.to_iso(min(_wall(on, 8, far), clock.day_start(on, office)))
            assert board["unassigned"] == []
            assert get_today(session, 2, nine) == on
            rows = get_utilization(session, on, on)["rows"]
            assert [row["service_s"] for row in rows] == [7200, 3600]


def test_the_work_of_a_day_that_has_begun_far_east_is_watched_while_it_is_yesterday_at_the_head_office(session_factory):
    """Nobody has reported from Auckland since nine o'clock there: the office hears of it in its evening."""
    nine = _wall(MONDAY, 9, "Pacific/Auckland")
    here = [territory("Office", "Europe/Madrid"), territory("Far", "Pacific/Auckland")]
    settle(
        session_factory,
        [technician("FAR", territory="Far")],
        [job(on=None, territory="Far", windows=((nine, nine + HOUR / 2),))],
        here,
    )
    plan(session_factory, now=_wall(MONDAY - timedelta(days=1), 12, "Europe/Madrid"))
    assert watch_today(session_factory, nine - 2 * HOUR) == "Raised or changed 0 alert(s), cleared 0"
    assert watch_today(session_factory, nine + HOUR).startswith("Raised or changed ")
    with session_factory() as session:
        assert {one.on for one in session.query(Incident)} == {MONDAY}


def test_shifts_that_begin_before_the_evening_on_which_they_are_planned_are_named_on_the_board(home):
    """Eight in the morning in Sydney is eighteen o'clock of the day before in Chile, and plans are made at twenty; with
    a horizon of two days they were made an evening earlier."""
    factory = make_session_factory(settings_for(home))
    people = [technician("CL"), technician("AU", territory="Sydney"), technician("DE", territory="Stadt")]
    zones = [territory(), territory("Sydney", "Australia/Sydney"), territory("Stadt", BERLIN)]
    settle(factory, people, [], zones)
    now = datetime(2026, 11, 22, 3, tzinfo=UTC)
    with factory() as session:
        (notice,) = get_board(session, MONDAY, now)["notices"]
        assert "set PLAN_HORIZON_DAYS to 2 or more" in notice
        assert notice.endswith(": Technician AU.")
        session.info["settings"] = settings_for(home, PLAN_HORIZON_DAYS="2")
        assert get_board(session, MONDAY, now)["notices"] == []
    factory.engine.dispose()


def test_a_draft_of_before_somebodys_hours_far_east_were_changed_is_read_by_its_own_clock(session_factory):
    """What was decided stays at its time, though the day begins three hours sooner since."""
    here = [territory("Office", "Europe/Madrid"), territory("Far", "Pacific/Auckland")]
    ten = _wall(MONDAY, 10, "Pacific/Auckland")
    late = technician("FAR", territory="Far", hours=hours("09:00", "17:00"))
    settle(session_factory, [late], [job(territory="Far", windows=((ten, ten),))], here)
    now = _wall(MONDAY - timedelta(days=1), 12, "Europe/Madrid")
    draft = plan(session_factory, now=now, as_draft=True)
    settle(session_factory, [technician("FAR", territory="Far", hours=hours("06:00", "17:00"))], [], ())
    with session_factory() as session:
        laid_out = lay_out_draft(session, session.get(PlanVersion, draft.id), now, Grid())
        assert clock.after(laid_out.facts.day_start_at, laid_out.decided.places["J1"].start_s) == ten
        assert laid_out.decided.obstacles == ()


@pytest.mark.parametrize("how", ["away", "left"])
def test_what_somebody_far_east_began_is_no_time_before_the_day_though_they_have_no_shift_any_more(
    session_factory, how
):
    """In Auckland somebody works since nine and is away then: in Madrid it is Sunday evening. With that the day begins,
    as if they had their shift still."""
    here = [territory("Office", "Europe/Madrid"), territory("Far", "Pacific/Auckland")]
    nine, three = _wall(MONDAY, 9, "Pacific/Auckland"), _wall(MONDAY, 15, "Pacific/Auckland")
    jobs = [
        job("MORNING", on=None, territory="Far", windows=((nine, nine + HOUR),)),
        job("AFTERNOON", on=None, territory="Far", windows=((three, three + HOUR),)),
    ]
    settle(session_factory, [technician("FAR", territory="Far")], jobs, here)
    plan(session_factory, now=_wall(MONDAY - timedelta(days=1), 9, "Europe/Madrid"))
    report(session_factory, "MORNING", "on_site", nine)
    if how == "away":
        settle(session_factory, [technician("FAR", territory="Far", absences=(absent(MONDAY, MONDAY),))], [], ())
    with session_factory.begin() as session:
        session.scalars(select(Technician)).one().active = how == "away"
    with session_factory() as session:
        facts = read_day(session, MONDAY, now=nine + HOUR / 2)
        begun = build_problem(facts, Grid(), "balanced").begun["FAR"]
    assert facts.day_start_at <= begun.start_at
    version = plan(session_factory, now=nine + HOUR / 2)
    assert version.day_start_at <= nine
    code, stop = stops_of(session_factory)["MORNING"]
    assert (code, stop.status, stop.actual_start_at) == ("FAR", "on_site", nine)


def _wall(on: date, hour: int, zone: str) -> datetime:
    return datetime(on.year, on.month, on.day, hour, tzinfo=ZoneInfo(zone))
