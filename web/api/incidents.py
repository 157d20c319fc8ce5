"""What happens on a day that the plan did not know: reported, repaired, dismissed, taken back; and emergencies."""

from typing import Any

from flask import Response, url_for
from flask_login import current_user

from dispatch.accounts.users import get_user
from dispatch.db import Session
from dispatch.living.done import list_done
from dispatch.living.emergencies import Caller, EmergencyCall, take_call
from dispatch.living.incidents import dismiss, get_incident, get_incident_for, list_incidents
from dispatch.living.lines import get_line
from dispatch.living.reporting import EventReport, report_event
from dispatch.living.taking_back import take_back
from dispatch.living.ways import choose_way, find_ways
from dispatch.models import Incident
from dispatch.planning.spent import find_spent
from dispatch.runs.queue import get_run, request_repair
from web.access import ADMIN, DISPATCHER, TECHNICIAN
from web.api.answers import create, dump, read_cursor, seen_version, write_cursor
from web.api.events import subject
from web.api.incident_schemas import (
    AnswerShown,
    EmergencySent,
    IncidentHistoryShown,
    IncidentSent,
    IncidentShown,
    IncidentsQuery,
    IncidentsShown,
    RepairSent,
    WaySent,
    WaysShown,
)
from web.api.job_schemas import ReasonSent
from web.api.plans import RunShown
from web.context import house, now, reading, today_of, writing
from web.forms import has_address

__all__ = ["subject"]

OFFICE = (DISPATCHER, ADMIN)
ONE = "/incidents/<int(min=1, max=2147483647):incident_id>"


@subject.operation("GET", "/incidents", IncidentsShown, who=OFFICE, query=IncidentsQuery, within=True)
def list_of_incidents(query: dict[str, Any]) -> Response:
    """What happened on a day, also what the watch has seen, and what was done about it; the newest first."""
    statuses = [query["status"]] if "status" in query else None
    limit, before_id = query["limit"], read_cursor(query) or None
    with reading() as session:
        on = query.get("on") or today_of(session)
        found = list_incidents(session, on, statuses, before_id=before_id, limit=limit + 1)
        after = write_cursor(found[limit - 1].id) if len(found) > limit else None
        page = {"budget": find_spent(session, on, now()), "incidents": found[:limit], "next": after}
        return dump(IncidentsShown, {"on": on, **page})


@subject.operation(
    "POST",
    "/incidents",
    IncidentShown,
    who=(TECHNICIAN, *OFFICE),
    status=201,
    body=IncidentSent,
    versioned=True,
    creates=True,
)
def report_incident(body: dict[str, Any]) -> Response:
    """Say what has happened; the day is repaired, a repair proposed, or only a warning given, as the policy says.

    What is open about the same already is brought up to date. Technicians tell of themselves and of their own visits.
    """

    def work(session: Session) -> Response:
        return _made(report_event(session, EventReport(**body), now(), get_user(session, current_user.id)))

    return create(work)


@subject.operation(
    "POST", "/emergencies", IncidentShown, who=OFFICE, status=201, body=EmergencySent, versioned=True, creates=True
)
def take_emergency(body: dict[str, Any]) -> Response:
    """Take an emergency call: the job is stored at once, and its ways say who could come.

    Also of somebody new, at an address that is looked up, and for a job that is stored, planned or not.
    """
    place, caller = body.pop("location", None), body.pop("customer", None)
    call = EmergencyCall(
        **body
        | (place or {})
        | {
            "skills": {one["name"]: one["level"] for one in body.get("skills", ())},
            "caller": Caller(**caller) if caller else None,
        }
    )

    def work(session: Session) -> Response:
        return _made(take_call(session, call, now(), get_user(session, current_user.id)))

    return create(work, looks_up=has_address(place))


@subject.operation("GET", ONE, IncidentShown, who=(TECHNICIAN, *OFFICE), versioned=True, within=True)
def one_incident(incident_id: int) -> Response:
    """How it stands, what the policy did about it, and the draft or the version that answers it. Technicians see what
    they have told themselves."""
    with reading() as session:
        incident = get_incident_for(session, incident_id, get_user(session, current_user.id))
        return dump(IncidentShown, incident, incident.version)


@subject.operation("GET", ONE + "/history", IncidentHistoryShown, who=OFFICE)
def history_of_incident(incident_id: int) -> Response:
    """What the draft or the version that answers it changes, job by job, and all that happened to it."""
    with reading() as session:
        done = list_done(session, get_incident(session, incident_id))
        told = {"done": [{"what": what, "jobs": jobs} for what, jobs in done]}
        return dump(IncidentHistoryShown, told | {"history": get_line(session, incident_id)["history"]})


@subject.operation("POST", ONE + "/repair", RunShown, who=OFFICE, status=202, body=RepairSent)
def repair_incident(body: dict[str, Any], incident_id: int) -> Response:
    """Repair the day; the answer comes at once, and the run tells how far it is. Asking twice is one run."""
    with writing() as session:
        on = get_incident(session, incident_id).on
        run_id = request_repair(session, on, incident_id, body["as_draft"], current_user.id, now())
        response = dump(RunShown, get_run(session, run_id), status=202)
    response.headers["Location"] = url_for("api_plans.one_run", run_id=run_id)
    return response


@subject.operation("PUT", ONE + "/dismissed", IncidentShown, who=OFFICE, body=ReasonSent, versioned=True)
def dismiss_incident(body: dict[str, Any], incident_id: int) -> Response:
    """It needs nothing, or was no such thing: plans no longer reckon with it."""
    version = seen_version()
    with writing() as session:
        dismiss(session, incident_id, body["reason"], current_user.id, now(), version)
    with reading() as session:
        incident = get_incident(session, incident_id)
        return dump(IncidentShown, incident, incident.version)


@subject.operation("POST", ONE + "/taken-back", AnswerShown, who=OFFICE, body=ReasonSent)
def take_incident_back(body: dict[str, Any], incident_id: int) -> Response:
    """Publish the day as it was before the repair, and dismiss. 409 where a job that moved has begun."""
    return dump(AnswerShown, take_back(house().session_factory, incident_id, body["reason"], now(), current_user.id))


@subject.operation("GET", ONE + "/ways", WaysShown, who=OFFICE)
def ways_to_serve(incident_id: int) -> Response:
    """The best ways to serve an emergency now, each with its price and whom it displaces; nothing is stored."""
    with reading() as session:
        return dump(WaysShown, find_ways(session, get_incident(session, incident_id), now())[0])


@subject.operation("POST", ONE + "/way", AnswerShown, who=OFFICE, body=WaySent)
def choose_way_to_serve(body: dict[str, Any], incident_id: int) -> Response:
    """Serve an emergency by one of its ways, at once or as a draft."""
    chosen = body["technician_code"], body["moved"], body["start_at"]
    version = choose_way(
        house().session_factory, incident_id, *chosen, now(), current_user.id, as_draft=body["as_draft"]
    )
    return dump(AnswerShown, version)


def _made(incident: Incident) -> Response:
    response = dump(IncidentShown, incident, incident.version, status=201)
    response.headers["Location"] = url_for("api_events.one_incident", incident_id=incident.id)
    return response
