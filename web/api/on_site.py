"""What is written down, ticked and photographed at a job."""

from typing import Any

from flask import Response, request
from flask_login import current_user

from dispatch.accounts.users import get_user
from dispatch.jobs.moving import get_job
from dispatch.jobs.page import get_job_page
from dispatch.on_site.checklist import tick
from dispatch.on_site.notes import LONGEST, add_job_note
from dispatch.on_site.photos import LONGEST_CAPTION, add_photo, get_photo_data, list_photos
from dispatch.on_site.pictures import LARGEST_FILE, clean_picture
from web.access import ADMIN, DISPATCHER, TECHNICIAN
from web.api.answers import create, dump
from web.api.fields import Body, Day, Flag, Moment, Part, Query, Several, Shown, Text, Whole
from web.api.jobs import ONE as ONE_JOB
from web.api.jobs import subject
from web.context import now, reading, writing
from web.uploads import takes_bytes

__all__ = ["subject"]

OFFICE = (DISPATCHER, ADMIN)
PICTURE = {"type": "string", "contentMediaType": "image/jpeg"}
SENT = {
    "requestBody": {
        "required": True,
        "description": f"A JPEG, PNG or WebP file of at most {LARGEST_FILE:,} bytes, by its content, not its name.",
        "content": {"image/*": {"schema": {"type": "string", "contentMediaType": "image/*"}}},
    }
}
SEEN = {"responses": {"200": {"description": "The picture.", "content": {"image/jpeg": {"schema": PICTURE}}}}}


class JobNoteSent(Body):
    """What was seen or said."""

    text = Text(LONGEST, 1, required=True)


class StepShown(Shown):
    """One step of the checklist."""

    position = Whole(1, attribute="row.position")
    text = Text(attribute="row.text")
    required = Flag(attribute="row.required")
    done_at = Moment(attribute="row.done_at", allow_none=True)


class ChecklistShown(Shown):
    """In their order."""

    steps = Several(Part(StepShown))


class StepSent(Body):
    """Whether it is done."""

    done = Flag(required=True)


class PhotoShown(Shown):
    """A photo of a job."""

    id = Whole(1)
    taken_at = Moment()
    caption = Text()


class PhotosShown(Shown):
    """The first taken first."""

    photos = Several(Part(PhotoShown))


class CaptionQuery(Query):
    """What the picture shows."""

    caption = Text(LONGEST_CAPTION, load_default="")


class SizeQuery(Query):
    """How large."""

    small = Flag(load_default=False, description="true: a thumbnail.")


class JobLineShown(Shown):
    """One thing that happened or was said, on the head office's wall clock."""

    at = Text()
    what = Text()
    who = Text()
    words = Text()


class JobVisitShown(Shown):
    """Where a version of a plan had the job, on its territory's wall clock; drafts are left out."""

    on = Day()
    plan_id = Whole(1, description="Of the version, as in /plans.")
    version = Text(description="Its number, and whether it was replaced.")
    technician = Text()
    planned = Text()
    status = Text(description="Of the version in force.")
    really = Text(description="When work began and ended; empty for a visit that never began.")
    is_in_force = Flag()


class JobMessageShown(Shown):
    """What the customer was told of it, or is going to be."""

    at = Text()
    channel = Text()
    kind = Text()
    status = Text()
    words = Text()


class ContinuedByShown(Shown):
    """A return visit."""

    id = Whole(1)
    number = Text()


class JobHistoryShown(Shown):
    """Everything, the newest first."""

    history = Several(Part(JobLineShown))
    visits = Several(Part(JobVisitShown))
    messages = Several(Part(JobMessageShown))
    continued_by = Several(Part(ContinuedByShown))


@subject.operation("GET", ONE_JOB + "/history", JobHistoryShown, who=OFFICE, within=True)
def history_of_job(job_id: int) -> Response:
    """All that ever happened to the job, with notes; its visits in every version, messages, and return visits."""
    with reading() as session:
        return dump(JobHistoryShown, get_job_page(session, job_id, get_user(session, current_user.id), now()))


@subject.operation(
    "POST", ONE_JOB + "/notes", JobNoteSent, who=OFFICE, status=201, body=JobNoteSent, creates=True, within=True
)
def note_at_job(body: dict[str, Any], job_id: int) -> Response:
    """Write something down about the job; the same again within minutes is one note."""

    def work(session: Any) -> Response:
        user = get_user(session, current_user.id)
        add_job_note(session, get_job(session, job_id), body["text"], user, now())
        return dump(JobNoteSent, body, status=201)

    return create(work)


@subject.operation("GET", ONE_JOB + "/steps", ChecklistShown, who=OFFICE, within=True)
def steps_of_job(job_id: int) -> Response:
    """The checklist, with what is done."""
    with reading() as session:
        return dump(ChecklistShown, get_job_page(session, job_id, get_user(session, current_user.id), now()))


@subject.operation(
    "PUT",
    ONE_JOB + "/steps/<int(min=1, max=2147483647):position>",
    ChecklistShown,
    who=OFFICE,
    body=StepSent,
    within=True,
)
def tick_step(body: dict[str, Any], job_id: int, position: int) -> Response:
    """Tick a step, or take a tick back. 409 when the job is closed."""
    with writing() as session:
        user = get_user(session, current_user.id)
        tick(session, get_job(session, job_id), position, body["done"], user, now())
        session.flush()
        return dump(ChecklistShown, get_job_page(session, job_id, user, now()))


@subject.operation("GET", ONE_JOB + "/photos", PhotosShown, who=OFFICE, within=True)
def photos_of_job(job_id: int) -> Response:
    """Which photos there are."""
    with reading() as session:
        return dump(PhotosShown, {"photos": list_photos(session, [get_job(session, job_id).id])})


@subject.operation(
    "POST", ONE_JOB + "/photos", PhotoShown, who=OFFICE, status=201, query=CaptionQuery, describes=SENT, within=True
)
@takes_bytes(LARGEST_FILE)
def add_photo_to_job(query: dict[str, Any], job_id: int) -> Response:
    """Store a picture, of which nothing is kept but what can be seen; the same one again is the photo that is there."""
    picture = clean_picture(request.get_data(cache=False))
    with writing() as session:
        user = get_user(session, current_user.id)
        photo = add_photo(session, get_job(session, job_id), picture, query["caption"], user, now())
        return dump(PhotoShown, photo, status=201)


@subject.operation(
    "GET",
    "/photos/<int(min=1, max=2147483647):photo_id>",
    None,
    who=(TECHNICIAN, *OFFICE),
    query=SizeQuery,
    describes=SEEN,
    within=True,
)
def one_photo(query: dict[str, Any], photo_id: int) -> Response:
    """The picture; technicians see those of their own jobs."""
    with reading() as session:
        data = get_photo_data(session, photo_id, get_user(session, current_user.id), small=query["small"])
    return Response(data, content_type="image/jpeg")
