"""What happened, in order and without a gap; for programs that would rather ask than be told by webhooks."""

from typing import Any

from flask import Response, g, jsonify
from flask_login import current_user

from dispatch.news import list_news
from web.access import ROLES
from web.api.answers import PageQuery, read_cursor, write_cursor
from web.api.fields import Day, Moment, Part, Query, Several, Shown, Text, Whole
from web.api.subject import Subject
from web.context import reading
from web.live.views import open_stream

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


class StreamQuery(Query):
    """From where on."""

    after = Whole(0, 10**15, in_query=True, description="The number of an event; left out: from now on.")


STREAM = {
    "parameters": [
        {
            "in": "header",
            "name": "Last-Event-ID",
            "required": False,
            "description": "The number of the last event that was heard; goes before `after`.",
            "schema": {"type": "string", "pattern": "^[0-9]{1,15}$"},
        }
    ],
    "responses": {
        "200": {
            "description": "Server-sent events: each has its number as id, and an event of the list as JSON. Signs of "
            "life have the event `pulse`; `restart` says that numbers go on elsewhere, as after a restore.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
}


@subject.operation(
    "GET", "/events/stream", None, who=tuple(sorted(ROLES)), query=StreamQuery, describes=STREAM, within=True
)
def stream_of_events(query: dict[str, Any]) -> Response:
    """What happens, as it happens; it never ends by itself.

    Who comes back with `Last-Event-ID` misses nothing, also over restarts. It ends with the token.
    """
    return open_stream(g.token_id)


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
