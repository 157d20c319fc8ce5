"""The board's own calls about a draft: looking at it, deciding, trying and making moves, publishing, discarding."""

from datetime import date, datetime
from typing import Any

from flask import request
from flask_login import current_user

from dispatch.board.draft import get_draft_board, get_draft_lines
from dispatch.board.move_preview import preview_move
from dispatch.errors import NotFound
from dispatch.planning.by_hand import begin_draft, try_move
from dispatch.planning.deciding import decide, discard, move_by_hand
from dispatch.planning.drafts import find_open_draft, get_open_draft
from dispatch.runs.publishing import publish_or_remake
from web.access import ADMIN, DISPATCHER, role_required
from web.console.views import blueprint
from web.context import house, now, reading, today_of, writing
from web.forms import find_day, get_text_of, json_object, parse_day, refuse


@blueprint.get("/api/draft")
@role_required(DISPATCHER, ADMIN)
def draft_data() -> Any:
    """The draft of `on`, or of today, as a board with the list of its changes; null when none waits."""
    with reading() as session:
        return _draft_of(session, find_day(request.args, "on") or today_of(session))


@blueprint.get("/api/draft/routes")
@role_required(DISPATCHER, ADMIN)
def draft_routes() -> Any:
    """The way along the streets of each technician by the draft of `on`; 404 when none waits."""
    with reading() as session:
        on = find_day(request.args, "on") or today_of(session)
        found = find_open_draft(session, on)
        if found is None:
            raise NotFound(f"No draft of {on} waits for decisions.")
        return get_draft_lines(session, found, now())


@blueprint.post("/api/draft/<int:draft_id>/decide")
@role_required(DISPATCHER, ADMIN)
def decide_lines(draft_id: int) -> Any:
    """`{"revision": 1, "lines": {"17": "refused"}}`; answers with the draft as it is then."""
    body = json_object()
    lines = body.get("lines")
    if not isinstance(lines, dict) or not all(isinstance(said, str) and key.isdecimal() for key, said in lines.items()):
        refuse("`lines` must be an object that says by the id of each line what is decided about it.")
    with writing() as session:
        on = get_open_draft(session, draft_id, _revision(body)).on
        said = {int(key): value for key, value in lines.items()}
        decide(session, draft_id, _revision(body), said, current_user.id, now())
    with reading() as session:
        return _draft_of(session, on)


@blueprint.post("/api/draft/<int:draft_id>/publish")
@role_required(DISPATCHER, ADMIN)
def publish_as_decided(draft_id: int) -> Any:
    """`{"revision": 1, "reason": ""}`; when the day has changed too much, 409 says how, and the draft is made again."""
    body = json_object()
    reason = body.get("reason") or ""
    if not isinstance(reason, str) or len(reason) > 300:
        refuse("`reason` must be a text of at most 300 characters.")
    factory = house().session_factory
    version = publish_or_remake(factory, draft_id, _revision(body), current_user.id, now(), reason=reason)
    return {"version": version.version}


@blueprint.post("/api/draft/<int:draft_id>/discard")
@role_required(DISPATCHER, ADMIN)
def discard_open_draft(draft_id: int) -> Any:
    """`{"revision": 1}`; what is published stays."""
    body = json_object()
    with writing() as session:
        discard(session, draft_id, _revision(body), current_user.id, now())
    return {}


@blueprint.post("/api/moves/try")
@role_required(DISPATCHER, ADMIN)
def try_a_move() -> Any:
    """`{"on", "job_id", "technician", "start_at"}`: what that would do; without a start, where it fits best."""
    on, job_id, code, start_at = _move(json_object())
    with reading() as session:
        return preview_move(session, on, job_id, code, start_at, now())


@blueprint.post("/api/moves")
@role_required(DISPATCHER, ADMIN)
def make_a_move() -> Any:
    """The same for good: into the draft of the day, which is begun where there is none; answers with it."""
    on, job_id, code, start_at = _move(json_object())
    with reading() as session:
        tried = try_move(session, on, job_id, code, start_at, now())
    if tried is None:
        refuse("The job does not fit there beside the rest. Give a time to put it there all the same.")
    with writing() as session:
        draft = begin_draft(session, on, current_user.id, now())
        move_by_hand(session, draft.id, draft.revision, job_id, code, tried[2], current_user.id, now())
    with reading() as session:
        return _draft_of(session, on)


def _draft_of(session: Any, on: date) -> Any:
    found = find_open_draft(session, on)
    return {"draft": None if found is None else get_draft_board(session, found, now())}


def _revision(body: dict[str, object]) -> int:
    revision = body.get("revision")
    if not isinstance(revision, int):
        refuse("`revision` must be the number of the draft's revision that was seen.")
    return revision


def _move(body: dict[str, object]) -> tuple[date, int, str, datetime | None]:
    """The day, the job's id, the technician's code and the start; 400 with all that is wrong."""
    day, job_id, start = body.get("on"), body.get("job_id"), body.get("start_at")
    on = parse_day(day) if isinstance(day, str) else None
    start_at = _instant(start) if isinstance(start, str) else None
    wrong = []
    if on is None:
        wrong.append("`on` must be a day, written year-month-day, for example 2026-11-23.")
    if not isinstance(job_id, int) or isinstance(job_id, bool):
        wrong.append("`job_id` must be the number of a job.")
    if start is not None and start_at is None:
        wrong.append("`start_at` must be an instant such as 2026-11-23T14:05:00Z, or null.")
    if on is None or not isinstance(job_id, int) or wrong:
        refuse(" ".join(wrong))
    return on, job_id, get_text_of(body, "technician"), start_at


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
