"""What is reported from a stop: its status, steps, parts, notes and photos; by technicians from their own."""

from datetime import datetime, timedelta
from typing import Any

from flask import Response, request
from flask_login import current_user

from dispatch.accounts.users import get_user
from dispatch.jobs.moving import report_status
from dispatch.jobs.statuses import STATUSES
from dispatch.on_site.checklist import tick
from dispatch.on_site.missing import report_part_missing
from dispatch.on_site.notes import LONGEST, add_job_note
from dispatch.on_site.own_stops import get_own_stop, get_published_stop
from dispatch.on_site.parts_used import report_used
from dispatch.on_site.photos import LONGEST_CAPTION, add_photo
from dispatch.on_site.pictures import LARGEST_FILE, clean_picture
from dispatch.on_site.seen import mark_seen
from dispatch.on_site.van import MOST
from web.access import ADMIN, DISPATCHER, TECHNICIAN
from web.api.answers import create, dump
from web.api.fields import Body, Choice, Flag, Moment, Query, Several, Shown, Text, Whole
from web.api.job_schemas import StatusSent
from web.api.on_site import SENT, PhotoShown
from web.api.technicians import subject
from web.context import now, writing
from web.refusals import telling_the_office
from web.uploads import takes_bytes

__all__ = ["subject"]

WHO = (TECHNICIAN, DISPATCHER, ADMIN)
ONE = "/stops/<int(min=1, max=2147483647):stop_id>"
WAITED: dict[str, Any] = {
    "load_default": 0,
    "description": "So many seconds ago it happened, when there was no network to tell of it.",
}
LONGEST_WAIT_S = 7 * 24 * 3600


class StopStatusSent(StatusSent):
    """Where the job is to stand, why where a reason is asked for, and since when."""

    waited_s = Whole(0, LONGEST_WAIT_S, **WAITED)


class StopStepSent(Body):
    """Whether a step is done."""

    done = Flag(required=True)
    waited_s = Whole(0, LONGEST_WAIT_S, **WAITED)


class StopSeenSent(Body):
    """Since when it is seen."""

    waited_s = Whole(0, LONGEST_WAIT_S, **WAITED)


class SeenShown(Shown):
    """When it was sent to the phone and seen there; null where it was not sent."""

    stop_id = Whole(1, attribute="id")
    job_id = Whole(1)
    sent_at = Moment(allow_none=True)
    seen_at = Moment(allow_none=True)


class PartUsedSent(Body):
    """How many pieces of a part the job has really used up."""

    part = Text(200, 1, required=True)
    used = Whole(0, MOST, required=True)


class PartMissingSent(Body):
    """What is missing."""

    part = Text(200, 1, required=True)
    count = Whole(1, MOST, load_default=1)
    words = Text(1_000, load_default="")
    waited_s = Whole(0, LONGEST_WAIT_S, **WAITED)


class StopNoteSent(Body):
    """What was seen or said."""

    text = Text(LONGEST, 1, required=True)
    waited_s = Whole(0, LONGEST_WAIT_S, **WAITED)


class StopPhotoQuery(Query):
    """What the picture shows, and since when it is there."""

    caption = Text(LONGEST_CAPTION, load_default="")
    waited_s = Whole(0, LONGEST_WAIT_S, in_query=True, **WAITED)


class ReportShown(Shown):
    """How the stop stands now, and where it may go from there."""

    stop_id = Whole(1)
    job_id = Whole(1)
    status = Choice(STATUSES)
    next = Several(Choice(STATUSES))


class PartMissingShown(Shown):
    """How the stop stands now: to be continued where somebody was at work."""

    stop_id = Whole(1)
    job_id = Whole(1)
    status = Choice(STATUSES)
    part = Text()


@subject.operation("POST", ONE + "/status", ReportShown, who=WHO, body=StopStatusSent, within=True)
def report_from_stop(body: dict[str, Any], stop_id: int) -> Response:
    """Report what happened at a stop: on the way, on site, done. Technicians report from their own."""
    status, reason, at = body["status"], body["reason"], _at(body)
    with telling_the_office(stop_id, status, at, reason), writing() as session:
        user = get_user(session, current_user.id)
        return dump(ReportShown, report_status(session, stop_id, status, user, now(), reason, at))


@subject.operation(
    "PUT",
    ONE + "/steps/<int(min=1, max=2147483647):position>",
    StopStepSent,
    who=WHO,
    body=StopStepSent,
    within=True,
)
def tick_step_at_stop(body: dict[str, Any], stop_id: int, position: int) -> Response:
    """Tick a step, or take a tick back. 409 when the job is closed."""
    with writing() as session:
        user = get_user(session, current_user.id)
        job = get_published_stop(session, stop_id, user).job
        tick(session, job, position, body["done"], user, now(), _at(body))
    return dump(StopStepSent, body)


@subject.operation("POST", ONE + "/seen", SeenShown, who=(TECHNICIAN,), body=StopSeenSent)
def seen_at_stop(body: dict[str, Any], stop_id: int) -> Response:
    """Say that its technician has looked at a visit that the office sent; again, it changes nothing."""
    with writing() as session:
        return dump(SeenShown, mark_seen(session, stop_id, get_user(session, current_user.id), now(), _at(body)))


@subject.operation("PUT", ONE + "/parts", PartUsedSent, who=WHO, body=PartUsedSent, within=True)
def part_used_at_stop(body: dict[str, Any], stop_id: int) -> Response:
    """Say how many pieces of a part were really used; the difference leaves the van, or goes back on it."""
    with writing() as session:
        user = get_user(session, current_user.id)
        stop = get_own_stop(session, stop_id, user)
        report_used(session, stop.job, stop.route.technician, body["part"], body["used"], user.id, now())
    return dump(PartUsedSent, body)


@subject.operation("POST", ONE + "/missing", PartMissingShown, who=WHO, body=PartMissingSent)
def part_missing_at_stop(body: dict[str, Any], stop_id: int) -> Response:
    """A part is missing: on site the visit ends and is continued with it; before that, the day is repaired for it.

    The same again within hours is one report.
    """
    with writing() as session:
        user = get_user(session, current_user.id)
        told = report_part_missing(session, stop_id, body["part"], body["count"], body["words"], user, now(), _at(body))
        return dump(PartMissingShown, told)


@subject.operation(
    "POST", ONE + "/notes", StopNoteSent, who=WHO, status=201, body=StopNoteSent, creates=True, within=True
)
def note_at_stop(body: dict[str, Any], stop_id: int) -> Response:
    """Write down what was seen or said; the same again within minutes is one note."""

    def work(session: Any) -> Response:
        user = get_user(session, current_user.id)
        add_job_note(session, get_own_stop(session, stop_id, user).job, body["text"], user, now(), _at(body))
        return dump(StopNoteSent, body, status=201)

    return create(work)


@subject.operation(
    "POST", ONE + "/photos", PhotoShown, who=WHO, status=201, query=StopPhotoQuery, describes=SENT, within=True
)
@takes_bytes(LARGEST_FILE)
def photo_at_stop(query: dict[str, Any], stop_id: int) -> Response:
    """Store a picture, of which nothing is kept but what can be seen; the same one again is the photo that is there."""
    picture = clean_picture(request.get_data(cache=False))
    with writing() as session:
        user = get_user(session, current_user.id)
        job = get_own_stop(session, stop_id, user).job
        photo = add_photo(session, job, picture, query["caption"], user, now(), _at(query))
        return dump(PhotoShown, photo, status=201)


def _at(told: dict[str, Any]) -> datetime:
    return now() - timedelta(seconds=told["waited_s"])
