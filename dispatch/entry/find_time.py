"""Times that could be promised for the job on a form: where it fits best on the days that are planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from data.importers.agreed_lists import as_wall_clock
from data.travel import TravelSource
from dispatch import clock, installation
from dispatch.entry.forms import WrongFields
from dispatch.entry.new_job import AskedJob, read_asked_job
from dispatch.jobs.offers import SlotOffer, SlotRequest
from dispatch.jobs.offers_ahead import MOST_DAYS, PassedOver, list_offers_ahead
from dispatch.jobs.request import Span
from dispatch.models import JobType
from dispatch.planning.draft_summary import SLIGHT_S, driving_words

MOST_TIMES = 5
PROMISE = timedelta(hours=2)
"""So long is the window that is promised around a start, as customers are used to."""
ON_THE_CLOCK = 30
"""In minutes: windows begin on the full and on the half hour."""


@dataclass(frozen=True)
class FreeTime:
    """One of them in words, and the window to promise as the form's fields have it; `span` is that in words."""

    words: str
    costs: str
    span: str
    promised_from: str
    promised_until: str


@dataclass(frozen=True)
class FreeTimes:
    """The best first, and why days were passed over, each reason once."""

    times: tuple[FreeTime, ...]
    passed_over: tuple[str, ...]


def find_times(
    session: Session,
    customer_id: int,
    cells: Mapping[str, str],
    now: datetime,
    travel_source: TravelSource | None = None,
) -> FreeTimes:
    """On the day that is asked for, or else within a fortnight; nothing is stored or held.

    Raises NotFound, WrongFields with all that is wrong with what it must know: where, how long, and what is needed.
    """
    asked = read_asked_job(session, customer_id, cells)
    job_type = session.get(JobType, asked.request.job_type_id) if asked.request.job_type_id is not None else None
    service_s = asked.request.service_s or (job_type.service_s if job_type else None)
    if service_s is None and asked.reader.raw("service") is None:
        asked.reader.refuse("nothing says how long the work takes", "Write it, or choose the kind of work", "service")
    if asked.reader.problems or asked.place is None or service_s is None:
        raise WrongFields([one for one in asked.reader.problems if one.what])
    zone = installation.get_zone(session)
    day = asked.request.requested_on
    on = day or clock.local_day(now, zone)
    until_on = on if day else on + timedelta(days=MOST_DAYS - 1)
    request = _slot_request(asked, asked.place.point, service_s, job_type, on)
    found = list_offers_ahead(session, request, until_on, now, MOST_TIMES, travel_source)
    place = installation.get_zone_at(session, asked.territory)
    elsewhere = f" (time in {place})" if installation.find_zone_elsewhere(session, asked.territory) else ""
    times = tuple(_describe(one, request.windows, ZoneInfo(place), elsewhere) for one in found.offers)
    return FreeTimes(times, _tell_passed_over(found.passed_over))


def _slot_request(
    asked: AskedJob, point: tuple[float, float], service_s: int, job_type: JobType | None, on: date
) -> SlotRequest:
    """What the form says, or else the kind of work does."""
    said = asked.request
    usual_skills = {one.name: one.level for one in job_type.skills} if job_type else {}
    usual_parts = {one.part: one.count for one in job_type.parts} if job_type else {}
    usual_priority = job_type.priority if job_type else 0
    return SlotRequest(
        on=on,
        lat=point[0],
        lon=point[1],
        service_s=service_s,
        skills=usual_skills if said.skills is None else said.skills,
        windows=said.windows,
        priority=usual_priority if said.priority is None else said.priority,
        parts=usual_parts if said.parts is None else said.parts,
        wishes=said.wishes,
    )


def _describe(offer: SlotOffer, windows: Sequence[Span], zone: ZoneInfo, elsewhere: str) -> FreeTime:
    start = offer.start_at.astimezone(zone)
    from_at = offer.start_at - timedelta(minutes=start.minute % ON_THE_CLOCK, seconds=start.second)
    until_at = from_at + PROMISE
    for opens_at, closes_at in windows:
        if opens_at <= offer.start_at <= closes_at:  # what the customer cannot do is not promised
            from_at, until_at = max(from_at, opens_at), min(until_at, closes_at)
    begins, ends = (as_wall_clock(at.astimezone(zone)) for at in (from_at, until_at))
    more = abs(offer.price - offer.added_travel_s) >= SLIGHT_S and offer.price > 0
    costs = [
        driving_words(offer.added_travel_s),
        f"in all what {clock.length_words(offer.price)} of travel cost" if more else "",
        f"others wait {clock.length_words(offer.added_late_s)} longer than agreed" if offer.added_late_s > 0 else "",
        f"{offer.moves} makes room" if offer.moves else "",
        "" if offer.pays else "dearer than leaving it out",
    ]
    return FreeTime(
        words=f"{start:%a} {start:%Y-%m-%d} at {start:%H:%M} with {offer.technician}{elsewhere}",
        costs="; ".join(filter(None, costs)),
        span=f"{begins[-5:]} to {ends[-5:]}",
        promised_from=begins.replace(" ", "T"),
        promised_until=ends.replace(" ", "T"),
    )


def _tell_passed_over(days: Sequence[PassedOver]) -> tuple[str, ...]:
    """Each reason once; how many days are not planned in one sentence."""
    told = [one.sentence for one in days if one.is_planned]
    unplanned = [one for one in days if not one.is_planned]
    if len(unplanned) > 1:
        told.append(f"{len(unplanned)} days from {unplanned[0].on} on are not planned yet, and were passed over.")
    else:
        told += [one.sentence for one in unplanned]
    return tuple(dict.fromkeys(told))
