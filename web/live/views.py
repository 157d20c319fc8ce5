"""The stream of events that open screens listen to."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask_login import current_user

from dispatch.errors import TooMany
from dispatch.news import get_newest_seq
from web.access import ROLES, role_required, within_territories
from web.context import reading
from web.forms import refuse
from web.live.broadcast import Broadcast
from web.live.stream import Stream, opening
from web.live.takeover import get_server_socket, take_over

blueprint = Blueprint("live", __name__, url_prefix="/live")

MOST_STREAMS = 4_000
"""Of one process; beyond, a screen is asked to try later and goes on looking by itself."""
MOST_OF_ONE = 100
"""Of them, of one person: all their screens, and all programs with their tokens."""
AGAIN_AFTER_S = 60
_EXTENSION = "wrenchtime_live"


def init_app(app: Flask) -> None:
    """Give the application its broadcast; its thread starts with the first stream, in the process that serves it."""
    house = app.extensions["wrenchtime"]
    app.extensions[_EXTENSION] = Broadcast(house.session_factory, house.clock)


@blueprint.get("/api/events")
@role_required(*ROLES)
@within_territories
def events() -> Any:
    """What happens from now on, or after the event that `Last-Event-ID` or `after` names; never ends by itself."""
    return open_stream()


def open_stream(token_id: int | None = None) -> Response:
    """The stream of whoever asks; with a token it ends with it, else with their session."""
    server_socket = get_server_socket()
    broadcast: Broadcast = current_app.extensions[_EXTENSION]
    if broadcast.count() >= MOST_STREAMS:
        abort(503, description="Too many screens are open. This one will try again by itself.")
    person = current_user._get_current_object()
    if broadcast.count(person.id) >= MOST_OF_ONE:
        raise TooMany(
            f"{MOST_OF_ONE} streams are open for your account, which is the most: close some of them.", AGAIN_AFTER_S
        )
    after = _find_after()
    if after is None:
        with reading() as session:
            after = get_newest_seq(session)
    seq = after
    is_chunked = request.environ["SERVER_PROTOCOL"] != "HTTP/1.0"

    def body() -> Iterator[bytes]:
        yield opening()
        # The head and the line above have been sent: from here on the connection is ours.
        broadcast.add(
            Stream(
                user_id=person.id,
                connection=take_over(server_socket),
                session_id=person.session_id,
                session_key=person.session_key,
                token_id=token_id,
                role=person.role,
                technician_id=person.technician_id,
                seq=seq,
                is_chunked=is_chunked,
            )
        )

    return Response(body(), mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _find_after() -> int | None:
    text = request.headers.get("Last-Event-ID") or request.args.get("after")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        refuse("`Last-Event-ID` and `after` are numbers of events, as the stream told them.")
    return int(text)
