"""What incidents of the day keep people from: being there, leaving, carrying a part, reaching a place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from data.travel import ClosedArea
from dispatch import clock, installation
from dispatch.events import list_events_of
from dispatch.jobs.statuses import BEGUN
from dispatch.models import Incident, Location, PlanRoute, PlanVersion, Stop
from dispatch.planning.shifts import ShiftHours

HELD_UP = ("technician_late", "overrun")
HINDERING = (*HELD_UP, "technician_ill", "part_missing", "road_closed")
"""The kinds of incidents that keep anybody from anything; a large day has many more that only warn."""


@dataclass(frozen=True)
class Closure:
    """Nothing in the area can be reached, and nobody drives through it, from `from_at` until `until_at`; None: no more
    on this day."""

    area: ClosedArea
    from_at: datetime
    until_at: datetime | None

    def holds(self, location: Location) -> bool:
        """Whether the place lies in it."""
        return self.area.holds(location.point)

    def opens_at(self, over_at: datetime) -> datetime:
        """When it is over."""
        return self.until_at or over_at


def find_closure(incident: Incident) -> Closure | None:
    """What an incident closes."""
    if incident.lat is None or incident.lon is None or incident.radius_m is None:
        return None
    return Closure(ClosedArea(incident.lat, incident.lon, incident.radius_m), incident.from_at, incident.until_at)


@dataclass(frozen=True)
class Hindrances:
    """By technician's id: since when they are away, before when they cannot go on, which parts they have run out of."""

    away: Mapping[int, datetime] = field(default_factory=dict)
    held_up: Mapping[int, datetime] = field(default_factory=dict)
    missing: frozenset[tuple[int, str]] = frozenset()
    closures: tuple[Closure, ...] = ()

    def opens_at(self, location: Location, over_at: datetime) -> datetime | None:
        """When the place can be reached again; None where nothing is closed. Where nobody said when, it is until the
        day is over."""
        until = [one.opens_at(over_at) for one in self.closures if one.holds(location)]
        return max(until, default=None)

    def is_closed_for_the_day(self, location: Location) -> bool:
        """Whether something is closed there of which nobody said until when."""
        return any(one.until_at is None and one.holds(location) for one in self.closures)

    def is_away(self, technician_id: int, at: datetime) -> bool:
        """Whether somebody has gone by then."""
        return technician_id in self.away and self.away[technician_id] <= at

    def cut(self, hours: ShiftHours, technician_id: int) -> ShiftHours | None:
        """What is left of a shift; None when nothing is."""
        away_at = self.away.get(technician_id)
        if away_at is None or away_at >= hours.latest_end_at:
            return hours
        if away_at <= hours.start_at:
            return None
        end_at = min(hours.end_at, away_at)
        last_lunch_at = clock.after(end_at, -hours.lunch_length_s)
        if hours.lunch_opens_at is None or hours.lunch_closes_at is None or hours.lunch_opens_at > last_lunch_at:
            return ShiftHours(hours.start_at, end_at, away_at)
        closes_at = min(hours.lunch_closes_at, last_lunch_at)
        return replace(hours, end_at=end_at, latest_end_at=away_at, lunch_closes_at=closes_at)


def read_hindrances(session: Session, on: date, without_id: int | None = None) -> Hindrances:
    """Of all incidents of the day that are not dismissed, also repaired ones: they stay true. A road that was closed on
    a day before is closed until the moment that was told."""
    begins_at = clock.day_start(on, installation.get_zone(session))
    still_closed = and_(Incident.on < on, Incident.kind == "road_closed", Incident.until_at > begins_at)
    told = session.scalars(
        select(Incident).where(
            or_(Incident.on == on, still_closed), Incident.status != "dismissed", Incident.kind.in_(HINDERING)
        )
    )
    rows = [row for row in told if row.id != without_id]
    heard_at = _last_heard_at(session, on, {row.technician_id for row in rows if row.kind in HELD_UP})
    away: dict[int, datetime] = {}
    held_up: dict[int, datetime] = {}
    missing: set[tuple[int, str]] = set()
    closures = []
    for row in rows:
        who = row.technician_id
        if row.kind == "technician_ill" and who is not None:
            away[who] = min(row.from_at, away.get(who, row.from_at))
        elif row.kind in HELD_UP and who is not None and row.until_at is not None:
            # It holds until they are heard of again: whoever reports the next step has caught up with it.
            if who not in heard_at or heard_at[who] <= row.from_at:
                held_up[who] = max(row.until_at, held_up.get(who, row.until_at))
        elif row.kind == "part_missing" and who is not None:
            missing |= {(who, part) for part in _list_parts(session, row)}
        elif row.kind == "road_closed" and (closure := find_closure(row)) is not None:
            closures.append(closure)
    return Hindrances(away, held_up, frozenset(missing), tuple(closures))


def _list_parts(session: Session, row: Incident) -> set[str]:
    """Every part that was told to be missing at the job; the row itself has the last one."""
    told = [event.after.get("part") for event in list_events_of(session, row)]
    return {part for part in (*told, row.part) if part is not None}


def _last_heard_at(session: Session, on: date, technician_ids: Collection[int | None]) -> dict[int, datetime]:
    """By technician's id: when these last reported a step of a visit of the day; without those who have not."""
    if not technician_ids:
        return {}
    steps = session.execute(
        select(PlanRoute.technician_id, Stop.actual_departed_at, Stop.actual_start_at, Stop.actual_end_at)
        .join(Stop.route)
        .join(PlanRoute.plan)
        .where(
            PlanVersion.on == on,
            PlanVersion.status == "published",
            PlanRoute.technician_id.in_(technician_ids),
            Stop.status.in_(BEGUN),
        )
    )
    heard: dict[int, datetime] = {}
    for technician_id, *moments in steps:
        known = [at for at in (*moments, heard.get(technician_id)) if at is not None]
        if known:
            heard[technician_id] = max(known)
    return heard
