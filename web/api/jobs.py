"""Jobs: asked for, looked at, changed, and moved from status to status."""

from collections.abc import Callable
from typing import Any

from flask import Response, url_for
from flask_login import current_user

from dispatch.accounts.users import get_user
from dispatch.customers.locations import add_location, find_place
from dispatch.entry.job_effects import list_job_effects
from dispatch.errors import Forbidden, NotFound
from dispatch.jobs.changes import JobEdit, change_job, change_promise
from dispatch.jobs.moving import change_status
from dispatch.jobs.new import create_job
from dispatch.jobs.pins import take_pin_off
from dispatch.jobs.request import JobRequest, Span
from dispatch.jobs.search import get_job, list_jobs
from web.access import ADMIN, DISPATCHER
from web.api.answers import create, dump, dump_page, page_of, read_cursor, seen_version
from web.api.job_schemas import (
    JobChange,
    JobEffectsShown,
    JobSent,
    JobShown,
    JobsQuery,
    PromiseSent,
    ReasonSent,
    StatusSent,
    StatusShown,
)
from web.api.subject import Subject
from web.context import now, reading, writing
from web.forms import has_address

subject = Subject("jobs", "What is to be done: for whom, where, when, and where it stands.")
OFFICE = (DISPATCHER, ADMIN)
ONE = "/jobs/<int(min=1, max=2147483647):job_id>"


@subject.operation("GET", "/jobs", page_of(JobShown), who=OFFICE, query=JobsQuery, within=True)
def list_of_jobs(query: dict[str, Any]) -> Any:
    """List jobs, the oldest first."""
    limit, after_id = query["limit"], read_cursor(query)
    wanted = {name: query[name] for name in query if name not in ("limit", "cursor")}
    with reading() as session:
        found = list_jobs(session, now(), after_id=after_id, limit=limit + 1, **wanted)
        return dump_page(JobShown, found, limit, lambda one: int(one.job.id))


@subject.operation(
    "POST", "/jobs", JobShown, who=OFFICE, status=201, body=JobSent, versioned=True, creates=True, within=True
)
def add_job(body: dict[str, Any]) -> Response:
    """Ask for a job.

    It is planned with the next plan of a day that it suits; what its type and the customer's contract say is added.
    """
    place = body.pop("location")
    asked = body | _read_lists(body) | {"promised": _span(body["promised"]) if "promised" in body else None}

    def work(session: Any) -> Response:
        location = add_location(session, place["address"], place.get("lat"), place.get("lon"))
        job = create_job(session, JobRequest(location_id=location.id, **asked), now(), current_user.id)
        try:
            made = get_job(session, job.id, now())
        except NotFound as elsewhere:
            raise Forbidden(
                "This place is in none of your territories; ask a dispatcher of its territory."
            ) from elsewhere
        response = dump(JobShown, made, job.version, status=201)
        response.headers["Location"] = url_for("api_jobs.one_job", job_id=job.id)
        return response

    return create(work, looks_up=has_address(place))


@subject.operation("GET", ONE, JobShown, who=OFFICE, versioned=True, within=True)
def one_job(job_id: int) -> Response:
    """Look at a job."""
    with reading() as session:
        found = get_job(session, job_id, now())
        return dump(JobShown, found, found.job.version)


@subject.operation("PATCH", ONE, JobShown, who=OFFICE, body=JobChange, versioned=True, within=True)
def edit_job(body: dict[str, Any], job_id: int) -> Response:
    """Change what an open job asks for; its effects say whether it can stay as it is planned.

    Plans follow what it asks for from now on: a published one is repaired, or a new one proposed, as the policy says.
    """
    version = seen_version()
    told, place = _read_lists(body), body.pop("location", None)
    columns = {name: value for name, value in body.items() if name not in told}
    with writing(looks_up=has_address(place)) as session:
        if place is not None:
            told["place"] = find_place(session, place["address"], place.get("lat"), place.get("lon"))
        change_job(session, job_id, version, JobEdit(columns, **told), now(), current_user.id)
        found = get_job(session, job_id, now())
        return dump(JobShown, found, found.job.version)


@subject.operation("GET", ONE + "/effects", JobEffectsShown, who=OFFICE, within=True)
def effects_of_job(job_id: int) -> Response:
    """What the job asks for, as stored now, means for where it is planned; ask after changing it."""
    with reading() as session:
        found = get_job(session, job_id, now())
        return dump(JobEffectsShown, {"sentences": list_job_effects(session, found.job, now())})


@subject.operation("POST", ONE + "/status", StatusShown, who=OFFICE, body=StatusSent, within=True)
def move_job(body: dict[str, Any], job_id: int) -> Any:
    """Dispatch a job, call it back, cancel or reopen it.

    `next` in the answer says where it may go from there. To where it stands already nothing is done.
    """
    with writing() as session:
        user = get_user(session, current_user.id)
        return change_status(session, job_id, body["status"], user, now(), body["reason"])


@subject.operation("DELETE", ONE + "/pin", None, who=OFFICE, status=204, within=True)
def unpin_job(job_id: int) -> Response:
    """Let plans move the job's visit again that somebody has moved by hand. What is not pinned stays as it is."""
    with writing() as session:
        take_pin_off(session, job_id, current_user.id, now())
    return Response(status=204)


@subject.operation("PUT", ONE + "/promise", JobShown, who=OFFICE, body=PromiseSent, versioned=True, within=True)
def promise_window(body: dict[str, Any], job_id: int) -> Response:
    """Promise the customer a window. Moving a promise needs a reason; no plan ever moves one."""
    return _change_promise(job_id, _span(body), body["is_firm"], body["reason"])


@subject.operation(
    "PUT", ONE + "/promise/withdrawn", JobShown, who=OFFICE, body=ReasonSent, versioned=True, within=True
)
def withdraw_promise(body: dict[str, Any], job_id: int) -> Response:
    """Take the promise back."""
    return _change_promise(job_id, None, True, body["reason"])


def _change_promise(job_id: int, span: Span | None, is_firm: bool, reason: str) -> Response:
    version = seen_version()
    with writing() as session:
        user = get_user(session, current_user.id)
        change_promise(session, job_id, version, span, is_firm, reason, now(), user)
        found = get_job(session, job_id, now())
        return dump(JobShown, found, found.job.version)


def _read_lists(body: dict[str, Any]) -> dict[str, Any]:
    """Of what was sent, the lists as the business takes them."""
    read: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
        "windows": lambda sent: tuple(_span(one) for one in sent),
        "skills": lambda sent: {one["name"]: one["level"] for one in sent},
        "parts": lambda sent: {one["part"]: one["count"] for one in sent},
        "assets": lambda sent: {one["asset_id"]: one["work"] for one in sent},
        "wishes": lambda sent: {one["technician_id"]: one["wish"] for one in sent},
    }
    return {name: read[name](body[name]) for name in read if name in body}


def _span(sent: dict[str, Any]) -> Span:
    return sent["from_at"], sent["until_at"]
