"""The dispatcher's pages: the board as a page, its data as JSON, and runs of planning."""

from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask_login import current_user

from dispatch.board.day import find_board_news, get_basemap, get_board, get_route_lines
from dispatch.board.expected import get_expected
from dispatch.channel_trouble import find_trouble
from dispatch.db import Session
from dispatch.news import get_newest_seq
from dispatch.notices.office import count_requests
from dispatch.notices.wishes import list_channels
from dispatch.runs.queue import cancel_run, get_run, request_plan
from web.access import ADMIN, DISPATCHER, role_required, within_territories
from web.console.board_json import answer_board, answer_news
from web.console.plan_request import read_plan_request
from web.console.policies import POLICIES
from web.context import house, now, reading, today_of, writing
from web.forms import find_day, json_object, refuse

blueprint = Blueprint("console", __name__, url_prefix="/console")


@blueprint.get("")
@role_required(DISPATCHER, ADMIN)
@within_territories
def board() -> Any:
    """The page; its script asks for the day, and then for what happens after the newest event."""
    with reading() as session:
        newest_event = get_newest_seq(session)
        is_limited = bool(current_user.territory_ids)
        requests = _count_requests(session)
        channels = [] if is_limited else list_channels(house().settings)
        silent = [channel for channel in channels if find_trouble(session, channel) is not None]
    return render_template(
        "console/console.html",
        policies=POLICIES,
        map_tile_url=house().settings.map_tile_url,
        newest_event=newest_event,
        is_limited=is_limited,
        requests=requests,
        silent=silent,
    )


@blueprint.get("/api/board")
@role_required(DISPATCHER, ADMIN)
@within_territories
def board_data() -> Any:
    """The board of `on`, or of today at the head office, with how many customers wait for an answer."""
    with reading() as session:
        board = get_board(session, find_day(request.args, "on") or today_of(session), now(), house().known_lanes)
        return answer_board(board | {"requests": _count_requests(session)})


@blueprint.get("/api/board/news")
@role_required(DISPATCHER, ADMIN)
@within_territories
def board_news() -> Any:
    """What a board must show anew that was read `after` an event, with the plan of that `version`.

    `news` is null when the whole must be read.
    """
    after, version = request.args.get("after", type=int), request.args.get("version", type=int)
    if after is None:
        refuse("Say after which event the board was read: /console/api/board/news?after=12&version=1")
    with reading() as session:
        on = find_day(request.args, "on") or today_of(session)
        news = find_board_news(session, on, now(), after, version, house().known_lanes)
        return answer_news(None if news is None else news | {"requests": _count_requests(session)})


@blueprint.get("/api/board/expected")
@role_required(DISPATCHER, ADMIN)
@within_territories
def board_expected() -> Any:
    """When visits of a board are expected to begin that will be late: the clock moves that on, and no event tells."""
    with reading() as session:
        return get_expected(session, find_day(request.args, "on") or today_of(session), now(), house().known_lanes)


@blueprint.get("/api/routes")
@role_required(DISPATCHER, ADMIN)
@within_territories
def routes() -> Any:
    """The way along the streets of each technician, as GeoJSON."""
    with reading() as session:
        return get_route_lines(session, find_day(request.args, "on") or today_of(session), now())


@blueprint.get("/api/basemap")
@role_required(DISPATCHER, ADMIN)
@within_territories
def basemap() -> Any:
    """The main streets as GeoJSON, drawn below the routes; a browser may keep them for a day."""
    with reading() as session:
        answer = jsonify(get_basemap(session))
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@blueprint.post("/api/plan")
@role_required(DISPATCHER, ADMIN)
def plan() -> Any:
    """Queue a plan; the scheduler process makes it, and /console/api/runs/<id> tells how far it is."""
    wanted = read_plan_request(json_object())
    with writing() as session:
        run_id = request_plan(session, wanted.on, wanted.policy, current_user.id, now(), as_draft=wanted.as_draft)
    return {"run_id": run_id}, 202


@blueprint.get("/api/runs/<int:run_id>")
@role_required(DISPATCHER, ADMIN)
def run(run_id: int) -> Any:
    """How far a run is; 404 when there is no such run."""
    with reading() as session:
        return get_run(session, run_id)


@blueprint.post("/api/runs/<int:run_id>/cancel")
@role_required(DISPATCHER, ADMIN)
def cancel(run_id: int) -> Any:
    """Take a queued run back, or ask a running one to stop; 409 when it has ended already."""
    with writing() as session:
        cancel_run(session, run_id, current_user.id, now())
        return get_run(session, run_id)


def _count_requests(session: Session) -> int:
    """How many customers wait for an answer; of none for dispatchers who may not give it."""
    return 0 if current_user.territory_ids else count_requests(session)
