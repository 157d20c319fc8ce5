"""Every version that was published for a day, and what each changed against the one before."""

from typing import Any

from flask import Response

from dispatch.models import CHANGE_KINDS
from dispatch.planning.versions import get_version, slice_changes, slice_versions
from dispatch.slices import Cut
from web.access import ADMIN, DISPATCHER
from web.api.answers import PageQuery, dump, page_of, read_cursor, write_cursor
from web.api.fields import Choice, Day, Flag, Moment, Part, Several, Shown, Text, Whole
from web.api.plans import subject
from web.context import reading, today_of

__all__ = ["subject"]

OFFICE = (DISPATCHER, ADMIN)
ONE = "/plans/<int(min=1, max=2147483647):plan_id>"


class VersionsQuery(PageQuery):
    """Of which day."""

    on = Day(description="Left out: today at the head office.")


class AnsweredShown(Shown):
    """An event of the day that a version answers."""

    incident_id = Whole(1)
    title = Text()
    about = Text(description="Whom and which job it is about.")


class KeptShown(Shown):
    """A rule that a version breaks because somebody wanted it so."""

    rule = Text()
    sentence = Text(description="What it breaks.")
    who = Text(description="Who kept it.")
    reason = Text(description="Why, in their words.")


class PlanVersionShown(Shown):
    """A published version; drafts are none."""

    id = Whole(1)
    on = Day()
    version = Whole(1)
    before_id = Whole(1, allow_none=True, description="The version that it took the place of, if that is kept still.")
    before = Whole(1, allow_none=True, description="The number of that one.")
    is_first = Flag(description="Whether it is the first of its day, which changed none.")
    is_in_force = Flag()
    published_at = Moment()
    who = Text(description="Who published it; Wrenchtime where the policy did.")
    reason = Text(description="What whoever published it said; empty where nobody was asked.")
    policy = Text()
    visits = Whole()
    left_out = Whole()
    changes = Whole(description="How many jobs it has elsewhere than the one before.")
    changed = Text(description="What these are, counted in words.")
    answered = Several(Part(AnsweredShown))
    kept = Several(Part(KeptShown))


class PlanChangeShown(Shown):
    """A job that a version has elsewhere than the one before. Without `from_` nobody went there, without `to_` nobody
    goes."""

    id = Whole(1)
    job_id = Whole(1)
    number = Text()
    title = Text()
    customer = Text()
    kind = Choice(CHANGE_KINDS)
    from_technician_id = Whole(1, allow_none=True)
    from_technician = Text(allow_none=True)
    from_start_at = Moment(allow_none=True)
    to_technician_id = Whole(1, allow_none=True)
    to_technician = Text(allow_none=True)
    to_start_at = Moment(allow_none=True)
    reason = Text()


@subject.operation("GET", "/plans", page_of(PlanVersionShown), who=OFFICE, query=VersionsQuery)
def list_of_plans(query: dict[str, Any]) -> Response:
    """List the versions that were published for a day, the newest first."""
    cut = Cut(before=read_cursor(query) or None)
    with reading() as session:
        found = slice_versions(session, query.get("on") or today_of(session), cut, query["limit"])
        after = write_cursor(found.on.before or 0) if found.on else None
        return dump(page_of(PlanVersionShown), {"items": found.rows, "next": after})


@subject.operation("GET", ONE, PlanVersionShown, who=OFFICE)
def one_plan(plan_id: int) -> Response:
    """Look at a published version: who published it, when and why. 404 for drafts."""
    with reading() as session:
        return dump(PlanVersionShown, get_version(session, plan_id))


@subject.operation("GET", ONE + "/changes", page_of(PlanChangeShown), who=OFFICE, query=PageQuery)
def changes_of_plan(query: dict[str, Any], plan_id: int) -> Response:
    """What a published version changed against the one before, job by job, in the order of the day, with reasons."""
    cut = Cut(skip=read_cursor(query))
    with reading() as session:
        found = slice_changes(session, plan_id, cut, query["limit"])
        after = write_cursor(found.on.skip) if found.on else None
        return dump(page_of(PlanChangeShown), {"items": found.rows, "next": after})
