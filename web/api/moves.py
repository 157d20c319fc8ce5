"""Moving a job by hand: what that would do, and doing it in the day's draft, which is begun where there is none."""

from typing import Any

from flask import Response
from flask_login import current_user

from dispatch.board.move_preview import preview_move
from dispatch.errors import InvalidInput
from dispatch.planning.by_hand import begin_draft, try_move
from dispatch.planning.deciding import move_by_hand
from web.api.answers import dump
from web.api.drafts import FITS_NOWHERE, OFFICE, DraftShown, MoveSent, show_draft, subject
from web.api.fields import Day, Flag, Moment, Several, Shown, Text
from web.context import now, reading, writing

__all__ = ["subject"]


class DayMoveSent(MoveSent):
    """Where somebody wants a job of a day; without a time, where it fits best with that technician."""

    on = Day(required=True)


class TriedMoveShown(Shown):
    """What a move would do; nothing is stored. `start_at` is null where it fits nowhere with that technician."""

    start_at = Moment(allow_none=True)
    fits = Flag(description="Whether the rest of the day can stay beside it.")
    costs = Several(Text(), description="Travel, later starts, lateness and promises, in sentences.")
    obstacles = Several(Text(), description="What would have to give way.")
    broken = Several(Text(), description="Rules that it breaks, which somebody may keep for a reason.")


@subject.operation("POST", "/moves/preview", TriedMoveShown, who=OFFICE, body=DayMoveSent)
def try_a_move(body: dict[str, Any]) -> Response:
    """What moving a job would do to the day as it stands in its draft, or as published."""
    with reading() as session:
        tried = preview_move(session, body["on"], body["job_id"], body["technician_code"], body.get("start_at"), now())
        return dump(TriedMoveShown, tried)


@subject.operation("POST", "/moves", DraftShown, who=OFFICE, body=DayMoveSent, versioned=True)
def move_a_job(body: dict[str, Any]) -> Response:
    """Put a job where somebody wants it, in the day's draft; one is begun from what is published where there is none.

    Nobody works by it until the draft is published. To name the draft that was seen, send `/drafts/{id}/move`.
    """
    on, job_id, code = body["on"], body["job_id"], body["technician_code"]
    with reading() as session:
        tried = try_move(session, on, job_id, code, body.get("start_at"), now())
    if tried is None:
        raise InvalidInput([FITS_NOWHERE])
    with writing() as session:
        draft = begin_draft(session, on, current_user.id, now())
        move_by_hand(session, draft.id, draft.revision, job_id, code, tried[2], current_user.id, now())
        draft_id = draft.id
    with reading() as session:
        return show_draft(session, draft_id)
