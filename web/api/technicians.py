"""Technicians: who they are, their days and absences, and what these mean for plans."""

from typing import Any

from flask import Response
from flask_login import current_user

from dispatch.accounts.users import get_user
from dispatch.db import Session
from dispatch.entry.effects import list_effects, list_hindered
from dispatch.errors import Forbidden
from dispatch.models import KINDS
from dispatch.on_site.day import get_day, get_today
from dispatch.team.absences import add_absence, get_technician, remove_absence
from dispatch.team.listing import list_technicians
from dispatch.team.on_call import call_in
from dispatch.team.pages import STATES, list_team
from web.access import ADMIN, DISPATCHER, TECHNICIAN
from web.api.answers import PageQuery, create, dump, dump_page, page_of, read_cursor, seen_version
from web.api.fields import Body, Choice, Day, Flag, Moment, Object, Part, Several, Shown, Text, Whole
from web.api.job_schemas import ReasonSent
from web.api.plans import DayQuery
from web.api.schemas import NamedShown, PlaceShown
from web.api.subject import Subject
from web.context import now, reading, today_of, writing

subject = Subject("technicians", "Who does the work: their days, absences, and what they report.")
OFFICE = (DISPATCHER, ADMIN)
ONE = "/technicians/<int(min=1, max=2147483647):technician_id>"


class SkillShown(Shown):
    """A skill held, through its last day if it has one."""

    name = Text()
    level = Whole(1)
    expires_on = Day(allow_none=True)


class AbsenceSent(Body):
    """Whole days, both ends included."""

    from_on = Day(required=True)
    to_on = Day(required=True)
    reason = Text(200, 1, required=True)


class AbsenceShown(Shown):
    """Whole days away, both ends included."""

    id = Whole(1)
    from_on = Day()
    to_on = Day()
    reason = Text()


class TechnicianShown(Shown):
    """A technician."""

    id = Whole(1)
    code = Text()
    name = Text()
    kind = Choice(KINDS)
    active = Flag()
    email = Text(allow_none=True)
    phone = Text(allow_none=True)
    territory = Part(NamedShown, allow_none=True)
    secondary_territories = Several(Part(NamedShown))
    home = Part(PlaceShown, allow_none=True)
    skills = Several(Part(SkillShown))
    absences = Several(Part(AbsenceShown))
    version = Whole(1)


class ShiftShown(Shown):
    """When a shift begins and ends; work may go on until `latest_end_at`."""

    start_at = Moment()
    end_at = Moment()
    latest_end_at = Moment()


class OnePersonTodayShown(Shown):
    """Somebody's day at the head office's date; `words` says the same for people."""

    id = Whole(1, attribute="technician.id")
    code = Text(attribute="technician.code")
    name = Text(attribute="technician.name")
    territory = Text(description="Where they belong today; “anywhere” without one.")
    state = Choice(STATES)
    shift = Part(ShiftShown, allow_none=True)
    absence = Part(AbsenceShown, allow_none=True)
    is_borrowed = Flag(description="Whether they are lent to the territory for today.")
    is_on_call = Flag(description="Whether they are on call at this moment.")
    words = Text(attribute="today")


class TeamTodayShown(Shown):
    """Everybody, those who have left last."""

    on = Day()
    technicians = Several(Part(OnePersonTodayShown))


class OwnDayShown(Shown):
    """A technician's day as the phone shows it; `plan_version` is null when the day is not planned."""

    on = Day()
    zone = Text()
    over_at = Moment(description="Until when it is their today: a shift over midnight ends after the day.")
    technician = Object()
    stops = Several(
        Object(),
        description="In order, each with job, customer, address, times, parts and status; `expected_at` is when a "
        "visit of today will begin that is expected five minutes or more after its time, else null.",
    )
    breaks = Several(Object())
    told = Several(Object(), description="What they have told of the day and is still open: kind, instant, words.")
    plan_version = Whole(1, allow_none=True)
    office_phone = Text(description="Whom they call: the number of their territory, else the company's; empty without.")


@subject.operation("GET", "/technicians", page_of(TechnicianShown), who=OFFICE, query=PageQuery, within=True)
def list_of_technicians(query: dict[str, Any]) -> Response:
    """List technicians, also those who are not active."""
    limit = query["limit"]
    with reading() as session:
        found = list_technicians(session, after_id=read_cursor(query), limit=limit + 1)
        return dump_page(TechnicianShown, found, limit, lambda one: int(one.id))


@subject.operation("GET", "/technicians/today", TeamTodayShown, who=OFFICE, within=True)
def team_today() -> Response:
    """Who works now and who is away, on call or lent to another territory today, in facts and in words."""
    with reading() as session:
        return dump(TeamTodayShown, {"on": today_of(session), "technicians": list_team(session, now())})


@subject.operation("GET", ONE, TechnicianShown, who=OFFICE, versioned=True, within=True)
def one_technician(technician_id: int) -> Response:
    """Look at a technician."""
    with reading() as session:
        technician = get_technician(session, technician_id)
        return dump(TechnicianShown, technician, technician.version)


@subject.operation("GET", ONE + "/day", OwnDayShown, who=(TECHNICIAN, *OFFICE), query=DayQuery)
def day_of_technician(query: dict[str, Any], technician_id: int) -> Response:
    """A technician's stops and breaks of a day; technicians look at their own."""
    if current_user.role == TECHNICIAN and current_user.technician_id != technician_id:
        raise Forbidden("Technicians look at their own days.")
    with reading() as session:
        on = query.get("on") or get_today(session, technician_id, now())
        return dump(OwnDayShown, get_day(session, technician_id, on, now()))


@subject.operation(
    "POST", ONE + "/absences", AbsenceShown, who=OFFICE, status=201, body=AbsenceSent, creates=True, within=True
)
def new_absence(body: dict[str, Any], technician_id: int) -> Response:
    """Somebody is away on some days; planned days are planned again."""

    def work(session: Session) -> Response:
        absence = add_absence(session, technician_id, **body, now=now(), by_user_id=current_user.id)
        return dump(AbsenceShown, absence, status=201)

    return create(work)


@subject.operation(
    "DELETE",
    ONE + "/absences/<int(min=1, max=2147483647):absence_id>",
    None,
    who=OFFICE,
    status=204,
    versioned=True,
    within=True,
)
def cancel_absence(technician_id: int, absence_id: int) -> Response:
    """Somebody is there after all. If-Match has the technician's ETag."""
    version = seen_version()
    with writing() as session:
        remove_absence(session, technician_id, absence_id, version, now(), current_user.id)
    return Response(status=204)


class CalledInShown(Shown):
    """Which shift somebody who was on call has now, in a sentence."""

    sentence = Text()


@subject.operation("POST", ONE + "/called-in", CalledInShown, who=OFFICE, body=ReasonSent)
def call_in_technician(body: dict[str, Any], technician_id: int) -> Response:
    """Give somebody who is on call a shift from now on. 409 when they are not on call, or cannot come."""
    with writing() as session:
        user = get_user(session, current_user.id)
        return dump(CalledInShown, {"sentence": call_in(session, technician_id, body["reason"], user, now())})


class HindranceShown(Shown):
    """So many planned stops of a day that they cannot serve for this reason."""

    on = Day()
    stops = Whole(1)
    why = Text()


class EffectsShown(Shown):
    """What cannot stay as planned, and in sentences also what happens by itself; both empty where all can stay."""

    hindered = Several(Part(HindranceShown))
    sentences = Several(Text())


@subject.operation("GET", ONE + "/effects", EffectsShown, who=OFFICE, within=True)
def effects_of_technician(technician_id: int) -> Response:
    """What their absences, hours and skills, as stored now, mean for published plans; ask after changing them."""
    with reading() as session:
        technician = get_technician(session, technician_id)
        hindered = list_hindered(session, technician, now())
        return dump(EffectsShown, {"hindered": hindered, "sentences": list_effects(session, technician, now())})
