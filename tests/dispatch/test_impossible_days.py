"""What cannot have happened on a day, been told or been kept is refused by the database, by the rule that says so."""

from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from dispatch.models import (
    ApiToken,
    Base,
    CustomerLink,
    CustomerRequest,
    Feedback,
    Incident,
    IncidentPolicy,
    KeptAnswer,
    MaintenancePlan,
    MaintenanceVisit,
    Notice,
    PlanChange,
    PlanRoute,
    PlanVersion,
    PlanViolation,
    RequestCount,
    Rest,
    Stop,
    TaskRun,
    Webhook,
    WebhookDelivery,
)
from tests.dispatch.backup.every_table import HASH
from tests.dispatch.backup.filled import fill
from tests.dispatch.town import MONDAY, MORNING

TUESDAY, LATER = MONDAY + timedelta(days=1), MORNING + timedelta(hours=1)
TWICE = "unique"
"""A second row where there can be one; SQLite names the columns then, and not the rule."""


def plan(**changes: Any) -> PlanVersion:
    facts: dict[str, Any] = {
        "on": TUESDAY, "version": 9, "status": "draft", "made_at": MORNING, "day_start_at": MORNING, "zone": "UTC",
        "policy": "balanced", "threads": 1, "seed": 0, "time_limit_s": 1, "engine_seconds": 1, "cost": 0, "costs": {},
        "travel_source": "grid", "travel_is_estimate": False, "travel_attribution": "", "input_hash": "",
    }  # fmt: skip
    return PlanVersion(**facts | changes)


def stop(**changes: Any) -> Stop:
    facts: dict[str, Any] = {
        "plan_id": 1, "route_id": 2, "job_id": 1, "position": 9, "planned_arrive_at": MORNING,
        "planned_start_at": MORNING, "planned_end_at": LATER, "travel_s": 0, "travel_m": 0,
    }  # fmt: skip
    return Stop(**facts | changes)


def route(**changes: Any) -> PlanRoute:
    facts = {"plan_id": 1, "technician_id": 1, "shift_start_at": MORNING, "shift_end_at": LATER, "latest_end_at": LATER}
    return PlanRoute(**facts | changes)


def change(**changes: Any) -> PlanChange:
    facts = {"plan_id": 1, "job_id": 3, "kind": "added", "to_technician_id": 1, "to_start_at": LATER, "reason": "x"}
    return PlanChange(**facts | changes)


def incident(**changes: Any) -> Incident:
    facts = {"kind": "overrun", "on": MONDAY, "job_id": 2, "from_at": LATER, "reported_at": LATER, "action": "warn"}
    return Incident(**facts | changes)


def recurring(**changes: Any) -> MaintenancePlan:
    facts = {"title": "x", "customer_id": 1, "location_id": 3, "service_s": 60, "every": 1, "unit": "week"}
    return MaintenancePlan(**facts | {"first_due_on": MONDAY} | changes)


def notice(**changes: Any) -> Notice:
    facts = {"job_id": 1, "kind": "late", "channel": "SMS", "about": "event 2", "queued_at": LATER, "next_at": LATER}
    return Notice(**facts | {"useful_until_at": LATER} | changes)


def run(**changes: Any) -> TaskRun:
    return TaskRun(**{"task": "plan", "due_at": LATER} | changes)


def kept(**changes: Any) -> KeptAnswer:
    facts = {
        "user_id": 1,
        "key": "x",
        "request_sha256": HASH,
        "kept_at": LATER,
        "status": 201,
        "headers": {},
        "body": 1,
    }
    return KeptAnswer(**facts | changes)


IMPOSSIBLE: dict[str, tuple[str, Base]] = {
    "two published plans of a day": (TWICE, plan(on=MONDAY, status="published", published_at=MORNING)),
    "two drafts of a day": (TWICE, plan(on=MONDAY)),
    "two plans of one number": (TWICE, plan(on=MONDAY, version=3, status="discarded")),
    "a plan published at no time": ("published_has_time", plan(status="published")),
    "a draft that was published": ("published_has_time", plan(published_at=MORNING)),
    "a plan that is half done": ("status_known", plan(status="nearly")),
    "one technician on two routes": (TWICE, route()),
    "a route of no length": ("shift_has_length", route(shift_end_at=MORNING)),
    "a technician who leaves and never returns": ("leaves_and_returns", route(leave_at=MORNING)),
    "a job twice in a plan": (TWICE, stop()),
    "a visit that starts before anybody arrives": ("starts_after_arriving", stop(planned_arrive_at=LATER)),
    "a visit that ends before it starts": ("ends_after_starting", stop(planned_start_at=LATER + timedelta(1))),
    "somebody on site since never": ("on_site_has_start", stop(status="on_site")),
    "work that is done and never ended": ("finished_has_end", stop(status="done", actual_start_at=MORNING)),
    "a visit seen before it was sent": ("seen_after_sent", stop(sent_at=LATER, seen_at=MORNING)),
    "a break of no time": ("has_length", Rest(route_id=1, planned_start_at=LATER, planned_end_at=LATER)),
    "a change from nowhere to nowhere": ("from_or_to", change(to_technician_id=None, to_start_at=None)),
    "a change to somebody at no time": ("to_whole", change(to_start_at=None)),
    "a change decided at no time": ("decision_has_time", change(decision="accepted")),
    "a broken rule kept by nobody": (
        "kept_by_somebody", PlanViolation(plan_id=1, rule="x", sentence="x", kept_reason="x")
    ),
    "one thing open twice about a job": (TWICE, incident(kind="road_closed", job_id=1)),
    "one thing open twice about a technician": (
        TWICE, incident(kind="technician_ill", job_id=None, technician_id=1)
    ),
    "what is closed at no time": ("closed_has_time", incident(status="repaired")),
    "what is dismissed without a reason": ("dismissed_for_a_reason", incident(status="dismissed", closed_at=LATER)),
    "what is over before it began": ("ends_after_start", incident(until_at=MORNING)),
    "half a place that is closed": ("area_whole", incident(lat=1, lon=1)),
    "an illness that ended yesterday": ("lasts_from_its_day", incident(until_on=MONDAY - timedelta(1))),
    "a policy for what cannot happen": ("kind_known", IncidentPolicy(kind="luck", action="warn")),
    "recurring work of no known length": ("length_known", recurring(service_s=None)),
    "recurring work that never recurs": ("every_in_range", recurring(every=0)),
    "a turn without a job or a reason": ("job_or_reason", MaintenanceVisit(plan_id=1, turn=1, due_on=TUESDAY)),
    "one turn twice": (TWICE, MaintenanceVisit(plan_id=1, turn=1, due_on=MONDAY, left_out_reason="x")),
    "a customer told half of when": ("told_whole", notice(told_from_at=LATER)),
    "a customer told by smoke": ("channel_known", notice(channel="smoke")),
    "a customer told the same twice": (TWICE, notice(about="event 1")),
    "six of five stars": ("score_in_range", Feedback(job_id=2, at=LATER, score=6)),
    "a wish answered by nobody": (
        "answered_by_somebody", CustomerRequest(job_id=1, at=LATER, wants="cancel", answered_at=LATER)
    ),
    "a link never revoked": ("was_revoked", CustomerLink(job_id=2, revoked=0)),
    "a webhook that signs with nothing": (
        "has_secret", Webhook(url="x", secret="", kinds=[], told_seq=0, added_at=LATER)
    ),
    "an event told twice": (TWICE, WebhookDelivery(webhook_id=1, event_seq=1, next_at=LATER)),
    "a run that failed without a word": ("failure_has_error", run(status="failed", ended_at=LATER)),
    "a run that ended at no time": ("ended_has_end", run(status="done")),
    "a run that is more than done": ("progress_in_range", run(progress=1.5)),
    "a task that runs twice at once": (TWICE, run(due_at=MORNING)),
    "a refusal that is kept": ("status_of_success", kept(status=409)),
    "a token for nothing": (
        "named", ApiToken(user_id=1, name="", hint="x", sha256=HASH[::-1], scopes=[], made_at=LATER)
    ),
    "no requests at all": ("count_positive", RequestCount(bucket="x", since_at=LATER, count=0)),
}  # fmt: skip


def test_impossible_days_are_refused(session_factory):
    """Each by its own rule, in a town where all else is possible."""
    fill(session_factory)
    with session_factory.begin() as session:
        session.add_all([plan(on=MONDAY, version=4), incident(kind="technician_ill", job_id=None, technician_id=1)])
    wrong = {}
    for what, (rule, row) in IMPOSSIBLE.items():
        facts = {key: value for key, value in vars(row).items() if key != "_sa_instance_state"}
        try:
            with session_factory.begin() as session:
                session.add(type(row)(**facts))
        except IntegrityError as error:
            if rule not in str(error.orig).lower():
                wrong[what] = str(error.orig)
        else:
            wrong[what] = "taken"
    assert wrong == {}


def test_possible_days_are_taken(session_factory):
    """What the impossible ones are made from is no more wrong than that."""
    fill(session_factory)
    rows = [plan(), change(), incident(), recurring(), notice(), run(), kept()]
    with session_factory.begin() as session:
        session.add_all(rows)
