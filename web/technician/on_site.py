"""What a technician reports from a visit beside its status: steps, parts, notes and photos.

A phone sends what happened as soon as it has a network, in order, and again when it is unsure whether it arrived:
everything here may come late, and twice.
"""

from typing import Any

from flask import request
from flask_login import current_user

from dispatch.accounts.users import get_user
from dispatch.on_site.checklist import tick
from dispatch.on_site.missing import report_part_missing
from dispatch.on_site.notes import add_job_note
from dispatch.on_site.own_stops import get_own_stop, get_published_stop
from dispatch.on_site.parts_used import report_used
from dispatch.on_site.photos import add_photo
from dispatch.on_site.pictures import LARGEST_FILE, clean_picture
from dispatch.on_site.seen import mark_seen
from web.access import TECHNICIAN, role_required
from web.context import now, writing
from web.forms import find_text_of, get_count_of, get_text_of, json_object, refuse
from web.technician.moments import moment_of
from web.technician.views import blueprint
from web.uploads import takes_bytes


@blueprint.post("/api/stops/<int:stop_id>/steps/<int:position>")
@role_required(TECHNICIAN)
def step(stop_id: int, position: int) -> Any:
    """{"done": true}: a step was done, or was not after all."""
    body = json_object()
    done = body.get("done")
    if not isinstance(done, bool):
        refuse("Say whether the step is done: `done` must be true or false.")
    with writing() as session:
        user = get_user(session, current_user.id)
        stop = get_published_stop(session, stop_id, user)
        tick(session, stop.job, position, done, user, now(), moment_of(body))
    return {"position": position, "done": done}


@blueprint.post("/api/stops/<int:stop_id>/seen")
@role_required(TECHNICIAN)
def seen(stop_id: int) -> Any:
    """What the office sent to the phone was looked at."""
    body = json_object()
    with writing() as session:
        stop = mark_seen(session, stop_id, get_user(session, current_user.id), now(), moment_of(body))
        return {"stop_id": stop.id}


@blueprint.post("/api/stops/<int:stop_id>/parts")
@role_required(TECHNICIAN)
def part_used(stop_id: int) -> Any:
    """{"part": "valve", "used": 2}: so many were really used; they leave the van."""
    body = json_object()
    part, used = get_text_of(body, "part"), get_count_of(body, "used")
    with writing() as session:
        user = get_user(session, current_user.id)
        stop = get_own_stop(session, stop_id, user)
        report_used(session, stop.job, stop.route.technician, part, used, user.id, now())
    return {"part": part, "used": used}


@blueprint.post("/api/stops/<int:stop_id>/missing")
@role_required(TECHNICIAN)
def part_missing(stop_id: int) -> Any:
    """{"part": "valve", "count": 1, "words": ""}: on site the visit ends and is continued with the part."""
    body = json_object()
    part, count, words = get_text_of(body, "part"), get_count_of(body, "count"), find_text_of(body, "words")
    with writing() as session:
        user = get_user(session, current_user.id)
        return report_part_missing(session, stop_id, part, count, words, user, now(), moment_of(body))


@blueprint.post("/api/stops/<int:stop_id>/notes")
@role_required(TECHNICIAN)
def note(stop_id: int) -> Any:
    """{"text": "..."}: what was seen or said."""
    body = json_object()
    text = get_text_of(body, "text")
    with writing() as session:
        user = get_user(session, current_user.id)
        stop = get_own_stop(session, stop_id, user)
        add_job_note(session, stop.job, text, user, now(), moment_of(body))
    return {"text": text}, 201


@blueprint.post("/api/stops/<int:stop_id>/photos")
@role_required(TECHNICIAN)
@takes_bytes(LARGEST_FILE)
def photo(stop_id: int) -> Any:
    """The picture itself as the body; `caption` and `waited_s` in the address."""
    picture = clean_picture(request.get_data(cache=False))
    with writing() as session:
        user = get_user(session, current_user.id)
        stop = get_own_stop(session, stop_id, user)
        caption = request.args.get("caption", "")
        stored = add_photo(session, stop.job, picture, caption, user, now(), moment_of(request.args))
        return {"id": stored.id, "caption": stored.caption}, 201
