"""The pages of what happens on a day: report it, see how it stands, repair, dismiss, take back; and the policies."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.accounts.users import find_user, get_user
from dispatch.clock import local_moment
from dispatch.errors import Conflict, InvalidInput
from dispatch.living.choices import find_point, get_choices
from dispatch.living.done import list_done
from dispatch.living.incidents import dismiss, get_incident
from dispatch.living.kinds import KINDS, find_kind
from dispatch.living.lines import get_line, slice_day
from dispatch.living.night import find_day_of
from dispatch.living.policies import list_policies, set_action
from dispatch.living.reporting import EventReport, report_event
from dispatch.living.taking_back import take_back
from dispatch.living.ways import choose_way, find_ways
from dispatch.planning.budget import describe_caps
from dispatch.planning.spent import find_spent
from dispatch.runs.queue import find_repair_run, request_repair
from dispatch.team.on_call import call_in, describe_duties
from web.access import ADMIN, DISPATCHER, MANAGER, role_required
from web.console.emergencies import draw_emergency, find_moment, take_emergency
from web.console.views import blueprint
from web.context import house, now, reading, today_of, writing
from web.forms import find_day, find_whole, refuse
from web.turning import find_cut

LONGEST = 1_000
REPORTED = tuple(kind for kind in KINDS if not kind.is_seen)


@blueprint.get("/events")
@role_required(DISPATCHER, ADMIN)
def events() -> Any:
    """What has happened on `on`, or today at the head office: what is open, and what is over, each part by part."""
    parts = {"open": ["open"], "over": ["repaired", "dismissed"]}
    with reading() as session:
        on = find_day(request.args, "on") or today_of(session)
        found = {name: slice_day(session, on, parts[name], find_cut(request.args, name)) for name in parts}
        return render_template("console/events.html", on=on, found=found)


@blueprint.get("/events/new")
@role_required(DISPATCHER, ADMIN)
def new_event() -> Any:
    """The form of a kind; what the address names is filled in already."""
    with reading() as session:
        on = find_day(request.args, "on") or today_of(session)
        if request.args.get("kind") == "emergency":
            return draw_emergency(session, on)
        return _draw_form(session, on)


@blueprint.post("/events")
@role_required(DISPATCHER, ADMIN)
def report() -> Any:
    """Store what happened, and go to its page; 400 or 409 says what is wrong above what was typed."""
    form = request.form
    if form.get("kind") == "emergency":
        return take_emergency()
    try:
        with writing() as session:
            on = find_day(form, "on") or today_of(session)
            who, where = find_whole(form, "technician"), find_whole(form, "job")
            day = find_day_of(session, on, now(), technician_id=who, job_id=where)
            zone = get_choices(session, day, now())["zone"]
            incident_id = report_event(session, _report(session, day, zone), now(), _user(session)).id
    except (InvalidInput, Conflict) as refused:
        wrong = [str(refused)] if isinstance(refused, Conflict) else refused.problems
        with reading() as session:
            return _draw_form(session, on, wrong), 409 if isinstance(refused, Conflict) else 400
    return redirect(url_for("console.event", incident_id=incident_id))


@blueprint.get("/events/<int:incident_id>")
@role_required(DISPATCHER, ADMIN)
def event(incident_id: int) -> Any:
    """How it stands, what was done, and what can be done; for an open emergency the best ways to serve it."""
    found, on_call = None, []
    with reading() as session:
        line = get_line(session, incident_id)
        incident = get_incident(session, incident_id)
        policy, repair_run = incident.action, find_repair_run(session, incident_id)
        if incident.kind == "emergency" and incident.status == "open" and not line["draft"]:
            found, _ = find_ways(session, incident, now())
            duties = describe_duties(session, now(), now() + timedelta(microseconds=1), now())
            on_call = [
                duty | {"until": datetime.fromisoformat(duty["until_at"])} for duty in duties if not duty["obstacle"]
            ]
        zone = get_choices(session, incident.on, now())["zone"]
        done = list_done(session, incident)
        spent = find_spent(session, incident.on, now())
    return render_template(
        "console/event.html", line=line, done=done, found=found, on_call=on_call, policy=policy, repair=repair_run,
        spent=spent,
        time_of=lambda at: local_moment(at, zone, incident.on),
    )  # fmt: skip


@blueprint.post("/events/<int:incident_id>/repair")
@role_required(DISPATCHER, ADMIN)
def repair(incident_id: int) -> Any:
    """Queue a repair: as a draft, or published at once."""
    with writing() as session:
        incident = get_incident(session, incident_id)
        request_repair(session, incident.on, incident_id, request.form.get("as") != "plan", current_user.id, now())
        on = incident.on
    return redirect(url_for("console.board", on=on))


@blueprint.post("/events/<int:incident_id>/choose")
@role_required(DISPATCHER, ADMIN)
def choose(incident_id: int) -> Any:
    """Serve an emergency by one of the ways shown; 409 when it is not there any more."""
    form = request.form
    try:
        start_at = datetime.fromisoformat(form.get("start_at", ""))
        if start_at.tzinfo is None:
            raise ValueError("a time of no zone is no instant")
    except ValueError:
        refuse("The form must have the instant `start_at` of the way that was chosen.")
    as_draft = form.get("as") == "draft"
    version = choose_way(
        house().session_factory,
        incident_id,
        form.get("technician", ""),
        form.get("moved", ""),
        start_at,
        now(),
        current_user.id,
        as_draft=as_draft,
    )
    return redirect(url_for("console.draft" if as_draft else "console.board", on=version.on))


@blueprint.post("/events/<int:incident_id>/call-in")
@role_required(DISPATCHER, ADMIN)
def call_in_for(incident_id: int) -> Any:
    """Give somebody who is on call a shift from now on; the ways to serve the emergency count on them then."""
    technician = request.form.get("technician", "")
    if not technician.isdecimal() or len(technician) > 9:
        refuse("The form must have the number `technician`.")
    with writing() as session:
        incident = get_incident(session, incident_id)
        reason = f"Emergency: {incident.job.title}" if incident.job else "Emergency"
        flash(call_in(session, int(technician), reason, get_user(session, current_user.id), now()))
    return redirect(url_for("console.event", incident_id=incident_id))


@blueprint.post("/events/<int:incident_id>/dismiss")
@role_required(DISPATCHER, ADMIN)
def dismiss_event(incident_id: int) -> Any:
    """It needs nothing, for a reason."""
    with writing() as session:
        version = request.form.get("version", "")
        dismiss(
            session,
            incident_id,
            request.form.get("reason", ""),
            current_user.id,
            now(),
            int(version) if version.isdecimal() else None,
        )
    return redirect(url_for("console.event", incident_id=incident_id))


@blueprint.post("/events/<int:incident_id>/take-back")
@role_required(DISPATCHER, ADMIN)
def take_back_event(incident_id: int) -> Any:
    """Put the day back as it was before the repair; 409 where that can no longer be."""
    take_back(house().session_factory, incident_id, request.form.get("reason", ""), now(), current_user.id)
    return redirect(url_for("console.event", incident_id=incident_id))


@blueprint.get("/events/policies")
@role_required(DISPATCHER, MANAGER, ADMIN)
def event_policies() -> Any:
    """What happens by itself when something is reported."""
    with reading() as session:
        spent = find_spent(session, today_of(session), now())
        caps = describe_caps(house().settings)
        return render_template("console/event_policies.html", policies=list_policies(session), spent=spent, caps=caps)


@blueprint.post("/events/policies")
@role_required(DISPATCHER, MANAGER, ADMIN)
def change_event_policies() -> Any:
    """Store what was chosen, all or nothing; 409 when somebody else has changed it meanwhile."""
    with writing() as session:
        for one in list_policies(session):
            chosen = request.form.get(f"action-{one['kind']}", one["action"])
            seen = request.form.get(f"version-{one['kind']}", "")
            if chosen != one["action"]:
                seen_version = int(seen) if seen.isdecimal() else 0
                set_action(session, one["kind"], chosen, seen_version, now(), current_user.id)
    return redirect(url_for("console.event_policies"))


def _draw_form(session: Any, on: date, problems: Sequence[str] = ()) -> str:
    """The form of the kind that is named, with what is given already, by the address or before a refusal; else the
    kinds to choose from."""
    kind = find_kind(request.values.get("kind", ""))
    if kind is None or kind.is_seen:
        return render_template("console/event_kinds.html", on=on, kinds=REPORTED, problems=problems)
    choices = get_choices(session, on, now())
    given = request.values
    return render_template("console/event_new.html", on=on, kind=kind, choices=choices, given=given, problems=problems)


def _user(session: Any) -> Any:
    user = find_user(session, current_user.id)
    assert user is not None
    return user


def _report(session: Any, on: date, zone: str) -> EventReport:
    form = request.form
    lat = lon = None
    job_id = find_whole(form, "job")
    if form.get("kind") == "road_closed" and job_id is not None:
        lat, lon = _place_of(session, job_id)
        job_id = None
    return EventReport(
        kind=form.get("kind", ""),
        on=on,
        technician_id=find_whole(form, "technician"),
        job_id=job_id,
        minutes=find_whole(form, "minutes"),
        until_at=find_moment(on, zone, "until"),
        until_on=find_day(form, "until_on"),
        lat=lat,
        lon=lon,
        radius_m=find_whole(form, "radius"),
        part=form.get("part") or None,
        words=form.get("words", "")[:LONGEST],
    )


def _place_of(session: Any, job_id: int) -> tuple[float | None, float | None]:
    point = find_point(session, job_id)
    return point if point is not None else (None, None)
