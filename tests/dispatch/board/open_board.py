"""What happens on a day while its board is open, and what the board then shows."""

from dispatch.board.day import find_board_news, get_board
from dispatch.board.known_lanes import KnownLanes
from dispatch.jobs.appointments import promise
from dispatch.jobs.changes import JobEdit, change_job
from dispatch.jobs.moving import change_status, find_stop_in_force, report_status
from dispatch.jobs.new import create_job
from dispatch.jobs.request import JobRequest
from dispatch.living.reporting import EventReport, report_event
from dispatch.models import Technician
from tests.dispatch.town import MONDAY, at, job_named, user_of

NINE, TEN = at(9), at(10)


def whole(session_factory, now=TEN):
    with session_factory() as session:
        return get_board(session, MONDAY, now)


def news_of(session_factory, known, now=TEN, lanes=None):
    with session_factory() as session:
        version = known["plan"]["version"] if known["plan"] else None
        return find_board_news(session, MONDAY, now, known["seq"], version, lanes or KnownLanes())


def news_within(session, known):
    """The same for whoever the session is limited to."""
    return find_board_news(session, MONDAY, TEN, known["seq"], known["plan"]["version"], KnownLanes())


def told(known, news):
    """What a page shows that was told the news."""
    lanes = {one["id"]: one for one in news["technicians"]}
    once = {key: value for key, value in news.items() if key not in ("kpis", "technicians")}
    plan_told = {**known["plan"], "kpis": {**known["plan"]["kpis"], **news["kpis"]}}
    return (
        known | once | {"plan": plan_told, "technicians": [lanes.get(one["id"], one) for one in known["technicians"]]}
    )


def work(session, number, *statuses):
    """The technician of the job reports these, one after the other."""
    stop = find_stop_in_force(session, job_named(session, number).id)
    user = user_of(session, stop.route.technician.code)
    for status in statuses:
        report_status(session, stop.id, status, user, NINE, reason="nobody there" if status == "no_access" else "")


def cancel(session):
    change_status(
        session, job_named(session, "J3").id, "cancelled", user_of(session, "D1", "dispatcher"), NINE, "moved"
    )


def ask_for_another(session):
    known = job_named(session, "J1")
    create_job(
        session,
        JobRequest(known.customer_id, known.location_id, "A leak", requested_on=MONDAY, service_s=1_800),
        NINE,
        None,
    )


def rename(session, number):
    changed = job_named(session, number)
    change_job(session, changed.id, changed.version, JobEdit({"title": "Another leak"}), NINE, None)


def promise_early(session, number):
    """Until nine, which comes too late for whoever is second."""
    by = user_of(session, "D1", "dispatcher")
    promise(session, job_named(session, number), at(8), NINE, NINE, by, is_firm=False)


def reopen_and_rename(session):
    cancel(session)
    change_status(session, job_named(session, "J3").id, "requested", user_of(session, "D1", "dispatcher"), NINE, "oh")
    rename(session, "J3")


def call_in_late(session):
    late = session.query(Technician).filter_by(code="T2").one()
    report_event(session, EventReport("technician_late", MONDAY, technician_id=late.id, minutes=30), NINE, None)


HAPPENINGS = {
    "somebody sets out": lambda session: work(session, "J1", "en_route"),
    "somebody is done": lambda session: work(session, "J1", "en_route", "on_site", "done"),
    "nobody is there": lambda session: work(session, "J3", "en_route", "on_site", "no_access"),
    "two report": lambda session: [work(session, "J1", "en_route"), work(session, "J3", "en_route")],
    "the office cancels": cancel,
    "a job comes in": ask_for_another,
    "a planned job changes": lambda session: rename(session, "J1"),
    "customers are promised a time": lambda session: [promise_early(session, number) for number in ("J1", "J2")],
    "a job that no route has changes": reopen_and_rename,
    "somebody will be late": call_in_late,
    "nothing": lambda session: None,
}
