"""What happened, in order and without a gap; for programs that would rather ask than be told by webhooks."""

from typing import Any

from flask import Response, jsonify
from flask_login import current_user

from dispatch.news import list_news
from web.access import ROLES
from web.api.answers import PageQuery, read_cursor, write_cursor
from web.api.fields import Day, Moment, Part, Several, Shown, Text, Whole
from web.api.subject import Subject
from web.context import reading

subject = Subject("events", "What happened, in order and without a gap.")


class EventShown(Shown):
    """One event: what happened, to what, and the days whose plans it touches."""

    seq = Whole(1)
    kind = Text()
    at = Moment()
    subject = Text(allow_none=True)
    subject_id = Whole(1, allow_none=True)
    days = Several(Day())


class EventsShown(Shown):
    """Some events that this user may hear of, and where to go on: always, since more will come."""

    items = Several(Part(EventShown))
    next = Text()


@subject.operation("GET", "/events", EventsShown, who=tuple(sorted(ROLES)), query=PageQuery, within=True)
def list_of_events(query: dict[str, Any]) -> Response:
    """What happened after the cursor, oldest first.

    Pages may be empty although more follow, where events are not for this user: go on with `next` until it stays the
    same.
    """
    after = read_cursor(query)
    with reading() as session:
        found = list_news(session, after, query["limit"])
    items = [one.as_json() for one in found if one.is_for(current_user.role, current_user.technician_id)]
    return jsonify({"items": items, "next": write_cursor(found[-1].seq if found else after)})
