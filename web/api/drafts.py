"""Drafts: what a new plan would change, decided line by line, and published."""

from typing import Any

from flask import Response
from flask_login import current_user

from dispatch.board.draft import get_draft_lines
from dispatch.db import Session
from dispatch.errors import InvalidInput
from dispatch.planning.by_hand import refuse_what_is_not_planned
from dispatch.planning.deciding import DECISIONS, decide, discard, find_best_start, move_by_hand
from dispatch.planning.draft_description import get_draft
from dispatch.planning.drafts import find_open_draft, get_open_draft, lay_out_draft
from dispatch.runs.publishing import publish_or_remake
from web.access import ADMIN, DISPATCHER
from web.api.answers import dump, seen_version
from web.api.fields import Body, Choice, Day, Moment, Object, Part, Several, Shown, Text, Whole
from web.api.plans import DayQuery, RoutesShown, subject
from web.context import house, now, reading, today_of, writing

__all__ = ["subject"]

OFFICE = (DISPATCHER, ADMIN)
ONE = "/drafts/<int(min=1, max=2147483647):draft_id>"
FITS_NOWHERE = "start_at: the job does not fit there beside the rest; send a time to put it there."


class DraftShown(Shown):
    """A draft: its lines, what it costs as published, as proposed and as decided, and why it cannot be published."""

    id = Whole(1)
    on = Day()
    zone = Text()
    version = Whole(1)
    revision = Whole(1)
    made_at = Moment()
    policy = Text()
    base_version = Whole(1, allow_none=True)
    cost = Whole(allow_none=True, description="As proposed, by now; as the two below.")
    cost_published = Whole(allow_none=True)
    cost_decided = Whole(allow_none=True)
    outdated = Several(Text())
    obstacles = Several(Text())
    violations = Several(Text())
    visits = Whole()
    unassigned = Whole()
    summary = Text(description="What publishing it would change, promises and driving included, in a sentence.")
    technicians = Several(Object())
    changes = Several(Object(), description="Each with id, job, kind, from, to, reason, gain and decision.")


class DraftsShown(Shown):
    """The draft of a day that waits for decisions, if there is one."""

    drafts = Several(Part(DraftShown))


class DecisionSent(Body):
    """What is said to one line."""

    change_id = Whole(1, required=True)
    decision = Choice(DECISIONS, required=True)


class DecisionsSent(Body):
    """What is said to lines; others stay as they are."""

    decisions = Several(Part(DecisionSent), required=True)


class MoveSent(Body):
    """Where somebody wants a job; without a time, where it fits best with that technician."""

    job_id = Whole(1, required=True)
    technician_code = Text(100, 1, required=True)
    start_at = Moment()


class PublishSent(Body):
    """Why rules are broken by what was moved by hand, or caps by what was accepted; empty where none are."""

    reason = Text(1_000, load_default="")


class PublishedShown(Shown):
    """The version that people work by from now on."""

    id = Whole(1)
    on = Day()
    version = Whole(1)


@subject.operation("GET", "/drafts", DraftsShown, who=OFFICE, query=DayQuery)
def list_of_drafts(query: dict[str, Any]) -> Response:
    """The draft of a day that waits for decisions: none, or one."""
    with reading() as session:
        draft = find_open_draft(session, query.get("on") or today_of(session))
        return dump(DraftsShown, {"drafts": [get_draft(session, draft, now())] if draft else []})


@subject.operation("GET", ONE, DraftShown, who=OFFICE, versioned=True)
def one_draft(draft_id: int) -> Response:
    """Look at a draft. Its ETag is the revision, which rises with every decision."""
    with reading() as session:
        return show_draft(session, draft_id)


@subject.operation("PATCH", ONE, DraftShown, who=OFFICE, body=DecisionsSent, versioned=True)
def decide_draft(body: dict[str, Any], draft_id: int) -> Response:
    """Accept or refuse lines, or open them again."""
    revision = seen_version()
    said = {one["change_id"]: one["decision"] for one in body["decisions"]}
    if len(said) < len(body["decisions"]):
        raise InvalidInput(["decisions: a line is named twice; say one thing to each."])
    with writing() as session:
        decide(session, draft_id, revision, said, current_user.id, now())
    with reading() as session:
        return show_draft(session, draft_id)


@subject.operation("PUT", ONE + "/move", DraftShown, who=OFFICE, body=MoveSent, versioned=True)
def move_in_draft(body: dict[str, Any], draft_id: int) -> Response:
    """Put a job where somebody wants it, whatever rules say; the draft then tells what it breaks."""
    revision, start_at = seen_version(), body.get("start_at")
    with reading() as session:
        laid_out = lay_out_draft(session, get_open_draft(session, draft_id, revision), now())
        refuse_what_is_not_planned(laid_out, body["job_id"])
        start_at = start_at or find_best_start(laid_out, body["job_id"], body["technician_code"])
    if start_at is None:
        raise InvalidInput([FITS_NOWHERE])
    with writing() as session:
        move_by_hand(
            session, draft_id, revision, body["job_id"], body["technician_code"], start_at, current_user.id, now()
        )
    with reading() as session:
        return show_draft(session, draft_id)


@subject.operation("PUT", ONE + "/published", PublishedShown, who=OFFICE, body=PublishSent, versioned=True)
def publish(body: dict[str, Any], draft_id: int) -> Response:
    """Publish the day as decided.

    409 says what has changed where the draft no longer fits the day. It is then made again, with what was decided:
    `run` of the board tells how far that is, and the new draft takes the place of this one.
    """
    factory = house().session_factory
    version = publish_or_remake(factory, draft_id, seen_version(), current_user.id, now(), reason=body["reason"])
    return dump(PublishedShown, version)


@subject.operation("DELETE", ONE, None, who=OFFICE, status=204, versioned=True)
def discard_draft(draft_id: int) -> Response:
    """Take the draft away; what is published stays."""
    with writing() as session:
        discard(session, draft_id, seen_version(), current_user.id, now())
    return Response(status=204)


@subject.operation("GET", ONE + "/routes", RoutesShown, who=OFFICE)
def routes_of_draft(draft_id: int) -> Response:
    """The way of each technician along the streets by the draft as decided, as GeoJSON."""
    with reading() as session:
        return dump(RoutesShown, get_draft_lines(session, get_open_draft(session, draft_id), now()))


def show_draft(session: Session, draft_id: int) -> Response:
    """The draft as it is now, with its revision as the ETag."""
    draft = get_open_draft(session, draft_id)
    return dump(DraftShown, get_draft(session, draft, now()), draft.revision)
