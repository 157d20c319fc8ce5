"""What was done for a customer and said, part by part: what happened to them and to their jobs, what befell their
visits, also where it was about a technician or a road, what they were told, in whole words, and notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from dispatch import clock, installation
from dispatch.customers.touched import map_touched
from dispatch.errors import NotFound
from dispatch.jobs.statuses import WORDS
from dispatch.living.kinds import get_kind
from dispatch.living.lines import tell_in_words
from dispatch.models import Customer, Event, Incident, Job, Note, Notice
from dispatch.notices.words_told import TELLING, read_told, without_link
from dispatch.slices import MOST, Cut, Slice, place_part


@dataclass(frozen=True)
class Line:
    """One thing that happened, or was said: when on the head office's wall clock, what, about what, by whom, and why.

    `message` is the whole of what the customer was told, of which `words` are the first line; `incident_id` names the
    event of a day that befell a visit.
    """

    at: str
    what: str
    about: str
    who: str
    words: str
    message: str = ""
    incident_id: int | None = None


def slice_history(session: Session, customer_id: int, cut: Cut, most: int = MOST) -> Slice[Line]:
    """The newest first. What came in after the first part is in none of the parts that follow it: `upto` in their cuts
    has the newest event, note and incident that were there. Raises NotFound."""
    if session.get(Customer, customer_id) is None:
        raise NotFound(f"There is no customer with id {customer_id}.")
    zone = installation.get_zone(session)
    jobs = session.execute(select(Job.id, Job.number).where(Job.customer_id == customer_id))
    numbers = {one.id: one.number for one in jobs}
    of_events = (
        or_(
            (Event.subject_kind == "customer") & (Event.subject_id == customer_id),
            (Event.subject_kind == "job") & Event.subject_id.in_(numbers),
        ),
        Event.kind != "note added",  # the note itself stands there
    )
    of_notes = or_(Note.customer_id == customer_id, Note.job_id.in_(numbers))
    cut = cut if cut.upto else replace(cut, upto=_find_newest(session))
    newest_event, newest_note, newest_incident = cut.upto
    events = select(Event).where(*of_events, Event.seq <= newest_event)
    notes = select(Note).where(of_notes, Note.id <= newest_note)
    touched = map_touched(session, numbers, newest_event)
    of_visits = or_(Incident.job_id.in_(numbers), Incident.id.in_(touched))
    incidents = select(Incident).where(of_visits, Incident.id <= newest_incident)
    kinds = (events, notes, incidents)
    total = sum(session.scalar(select(func.count()).select_from(one.subquery())) or 0 for one in kinds)
    end = cut.skip + most  # whatever belongs to this part is among so many of each
    latest = events.order_by(Event.at.desc(), Event.seq.desc()).limit(end)
    happened = session.scalars(latest.options(joinedload(Event.user))).all()
    last_said = notes.order_by(Note.at.desc(), Note.id.desc()).limit(end)
    said = session.scalars(last_said.options(joinedload(Note.user)))
    last_befell = incidents.order_by(Incident.reported_at.desc(), Incident.id.desc()).limit(end)
    befell = session.scalars(last_befell.options(joinedload(Incident.reported_by), joinedload(Incident.technician)))
    told = read_told(session, happened)
    found = [(one.at, one.seq, _event(one, numbers, zone, told.get(one.seq))) for one in happened]
    found += [(one.at, one.id, _note(one, numbers, zone)) for one in said]
    found += [(one.reported_at, one.id, _incident(one, touched.get(one.id), numbers, zone)) for one in befell]
    found.sort(key=lambda one: one[:2], reverse=True)
    return place_part([line for _, _, line in found[cut.skip : end]], total, cut, most)


def _find_newest(session: Session) -> tuple[int, ...]:
    ids = (Event.seq, Note.id, Incident.id)
    newest = session.execute(select(*(select(func.max(one)).scalar_subquery() for one in ids))).one()
    return tuple(one or 0 for one in newest)


def _note(note: Note, numbers: Mapping[int, str], zone: str) -> Line:
    return Line(
        _at(note.at, zone),
        note.channel,
        f"job {numbers[note.job_id]}" if note.job_id is not None else "",
        note.user.name if note.user else "",
        note.text,
    )


def _incident(row: Incident, touched: list[str] | None, numbers: Mapping[int, str], zone: str) -> Line:
    who = row.reported_by.name if row.reported_by else "Wrenchtime"
    about = f"job {numbers[row.job_id]}" if row.job_id is not None else ""
    if touched:  # it is about no job
        jobs = f"job{'s' if len(touched) > 1 else ''} {', '.join(touched)}"
        about = f"{row.technician.name}, {jobs}" if row.technician else jobs
    return Line(
        _at(row.reported_at, zone),
        f"event: {get_kind(row.kind).words.lower()}",
        about,
        who,
        tell_in_words(row, zone),
        incident_id=row.id,
    )


def _event(event: Event, numbers: Mapping[int, str], zone: str, told: Notice | None) -> Line:
    about = f"job {numbers[event.subject_id]}" if event.subject_kind == "job" and event.subject_id is not None else ""
    what = event.kind
    if event.kind == "job status":
        old, new = (WORDS.get(facts.get("status", ""), "") for facts in (event.before, event.after))
        what = f"{old} → {new}"
    elif event.kind in TELLING:
        what = f"{event.kind}: {event.after['notice'].replace('_', ' ')} ({event.after['channel']})"
    message = without_link(told.body) if told else ""
    words = event.reason or (told.subject if told else "") or message.split("\n")[0]
    return Line(_at(event.at, zone), what, about, event.user.name if event.user else "Wrenchtime", words, message)


def _at(at: datetime, zone: str) -> str:
    return f"{clock.local_day(at, zone)} {clock.local_time(at, zone)}"
