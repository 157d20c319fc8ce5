"""Days as they are planned, planning them anew, and where something would fit."""

from datetime import date
from typing import Any

from flask import Response, url_for
from flask_login import current_user

from dispatch.board.day import get_board, get_route_lines
from dispatch.board.expected import get_expected
from dispatch.db import Session
from dispatch.jobs.offers import SlotRequest, list_slot_offers
from dispatch.jobs.offers_ahead import MOST_DAYS, OffersAhead, list_offers_ahead
from dispatch.planning.day import POLICY_NAMES
from dispatch.runs.queue import cancel_run, get_run, request_plan
from web.access import ADMIN, DISPATCHER
from web.api.answers import create, dump
from web.api.fields import Body, Choice, Day, Flag, Moment, Number, Object, Part, Query, Several, Shown, Text, Whole
from web.api.job_schemas import LONGEST_S, CountSent, LevelSent, WishSent
from web.api.schemas import SpanSent
from web.api.subject import Subject
from web.context import house, now, reading, today_of, writing

subject = Subject("plans", "Days as they are planned: boards, runs of planning, drafts, and where something would fit.")
OFFICE = (DISPATCHER, ADMIN)
EACH = (
    "Each with shift, absence and `items`: travel, breaks, and visits with the `promise` to the customer, `due_at` and "
    "`late_s`, by which they start after the one or the other."
)
EXPECTED = (
    "By the `stop_id` of each visit that will begin five minutes or more after its time: when, from what has happened "
    "so far. Worked out at most once a minute; empty on any day but the one that goes on."
)
RUN = "/runs/<int(min=1, max=2147483647):run_id>"


class DayQuery(Query):
    """Which day."""

    on = Day(description="Left out: today at the head office.")


class DayShown(Shown):
    """A day as the dispatcher's board has it: `plan` is null when it is not planned, `run` when none is being made."""

    on = Day()
    seq = Whole(0, description="The newest event that is in it.")
    zone = Text()
    day_start_at = Moment()
    day_end_at = Moment()
    now_at = Moment()
    over_at = Moment()
    notices = Several(Text())
    plan = Object(allow_none=True, description="Version, policy, cost by rule, and figures of the published plan.")
    draft = Object(allow_none=True, description="The draft that waits for decisions, in short.")
    run = Object(allow_none=True, description="The plan that is being made.")
    territories = Several(Object())
    technicians = Several(Object(), description=EACH)
    expected = Object(description=EXPECTED)
    away = Several(Object(), description="Who fell ill, by technician_id, and from when on they are away.")
    unassigned = Several(Object(), description="What is left out, with the rule, the reason, and what would mend it.")
    violations = Several(Object())


class RoutesShown(Shown):
    """GeoJSON: the way of each technician along the streets."""

    type = Text()
    features = Several(Object())


class PlanSent(Body):
    """What to plan."""

    on = Day(required=True)
    policy = Choice(POLICY_NAMES, load_default="balanced")
    as_draft = Flag(load_default=True, description="false publishes the plan when it is made.")


class RunShown(Shown):
    """How far a run of planning is; `progress` is from 0 to 1."""

    id = Whole(1)
    task = Text()
    arguments = Object()
    status = Choice(("queued", "running", "done", "failed", "cancelled"))
    progress = Number(0, 1)
    message = Text()
    best_cost = Whole(allow_none=True)
    unassigned = Whole(allow_none=True)
    plan_version = Whole(allow_none=True)
    started_at = Moment(allow_none=True)
    ended_at = Moment(allow_none=True)
    error = Text(allow_none=True)


class OffersSent(Body):
    """What somebody would need, and on which day, or from which day until which."""

    on = Day(required=True)
    until_on = Day(description=f"The last of at most {MOST_DAYS} days; left out: `on` alone.")
    lat = Number(-90, 90, required=True)
    lon = Number(-180, 180, required=True)
    service_s = Whole(60, LONGEST_S, required=True)
    skills = Several(Part(LevelSent), most=50)
    windows = Several(Part(SpanSent), most=50, description="When work may start; none means at any time.")
    priority = Whole(0, 100, load_default=0)
    parts = Several(Part(CountSent), most=50)
    wishes = Several(Part(WishSent), most=50)
    count = Whole(1, 20, load_default=5)


class OfferShown(Shown):
    """One place for it; `moves` is the number of the job that would have to make room."""

    on = Day()
    technician_id = Whole(1)
    technician = Text()
    arrive_at = Moment()
    start_at = Moment()
    end_at = Moment()
    added_travel_s = Whole(-LONGEST_S)
    added_travel_m = Whole(-LONGEST_S)
    added_late_s = Whole(-LONGEST_S)
    price = Whole(description="What the day gets dearer by, in the policy's unit.")
    pays = Flag(description="Whether the policy would rather have it than leave it out.")
    moves = Text(allow_none=True)


class PassedOverShown(Shown):
    """A day on which nothing can be offered, such as one that is not planned yet, and why."""

    on = Day()
    sentence = Text()


class OffersShown(Shown):
    """The cheapest first; none where it fits nowhere."""

    on = Day()
    offers = Several(Part(OfferShown))
    passed_over = Several(Part(PassedOverShown), description="Of several days; a single one is refused instead.")


@subject.operation("GET", "/board", DayShown, who=OFFICE, query=DayQuery, within=True)
def board_of_day(query: dict[str, Any]) -> Response:
    """Look at a day: who does what when, what is left out and why."""
    with reading() as session:
        on, known = _day(session, query), house().known_lanes
        return dump(DayShown, get_board(session, on, now(), known) | get_expected(session, on, now(), known))


@subject.operation("GET", "/routes", RoutesShown, who=OFFICE, query=DayQuery, within=True)
def routes_of_day(query: dict[str, Any]) -> Response:
    """The way of each technician along the streets, as GeoJSON."""
    with reading() as session:
        return dump(RoutesShown, get_route_lines(session, _day(session, query), now()))


@subject.operation("POST", "/runs", RunShown, who=OFFICE, status=202, body=PlanSent, creates=True)
def plan_day(body: dict[str, Any]) -> Response:
    """Plan a day; the answer comes at once, and the run tells how far it is.

    Asking twice before it starts is one run.
    """

    def work(session: Session) -> Response:
        run_id = request_plan(session, body["on"], body["policy"], current_user.id, now(), as_draft=body["as_draft"])
        response = dump(RunShown, get_run(session, run_id), status=202)
        response.headers["Location"] = url_for("api_plans.one_run", run_id=run_id)
        return response

    return create(work)


@subject.operation("GET", RUN, RunShown, who=OFFICE)
def one_run(run_id: int) -> Response:
    """How far a run is."""
    with reading() as session:
        return dump(RunShown, get_run(session, run_id))


@subject.operation("POST", RUN + "/cancel", RunShown, who=OFFICE)
def stop_run(run_id: int) -> Response:
    """Take a queued run back, or ask a running one to stop."""
    with writing() as session:
        cancel_run(session, run_id, current_user.id, now())
        return dump(RunShown, get_run(session, run_id))


@subject.operation("POST", "/offers", OffersShown, who=OFFICE, body=OffersSent)
def offer_slots(body: dict[str, Any]) -> Response:
    """Where would this job fit? The best place with each of the best technicians of a planned day, or of several.

    Days that are over or not planned yet are passed over and named; where one day alone is asked for, 409 says so.
    Nothing is stored or held: ask for the job with a promise to keep a slot.
    """
    count, until_on = body.pop("count"), body.pop("until_on", None)
    request = SlotRequest(
        **body
        | {
            "skills": {one["name"]: one["level"] for one in body.get("skills", ())},
            "windows": tuple((one["from_at"], one["until_at"]) for one in body.get("windows", ())),
            "parts": {one["part"]: one["count"] for one in body.get("parts", ())},
            "wishes": {one["technician_id"]: one["wish"] for one in body.get("wishes", ())},
        }
    )
    with reading() as session:
        if until_on is None:
            found = OffersAhead(tuple(list_slot_offers(session, request, now(), count)), ())
        else:
            found = list_offers_ahead(session, request, until_on, now(), count)
    return dump(OffersShown, {"on": request.on, **vars(found)})


def _day(session: Session, query: dict[str, Any]) -> date:
    found: date | None = query.get("on")
    return found or today_of(session)
