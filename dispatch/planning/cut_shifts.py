"""Whose shift of a day is not planned as it was agreed, or without a skill that ends in it, as notices of the board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from dispatch import clock, installation
from dispatch.models import ShiftPattern, SpecialShift, Technician, TechnicianSkill
from dispatch.planning.facts import select_technicians
from dispatch.planning.far_east import list_far_zones
from dispatch.planning.shifts import find_shift, find_zone, is_cut
from dispatch.planning.skills import list_ending
from dispatch.settings import Settings

NAMED = 3


def list_cut_shifts(session: Session, on: date) -> list[str]:
    """One sentence for each reason, naming a few; none on nearly all days, and then nobody's rows are read."""
    notices = []
    if later := _list_beginning_later(session, on):
        notices.append(
            "These shifts begin later than agreed, when the one of the day before has ended, since nobody is in two "
            f"places at once: {_named(later)}."
        )
    if ending := _list_ending_skills(session, on):
        notices.append(f"Skills that end before a shift must end do not count in it: {_named(ending)}.")
    if begun := _list_begun_before_planned(session, on):
        notices.append(
            "These shifts, far east of the head office, begin before the evening on which this day is planned; set "
            f"PLAN_HORIZON_DAYS to 2 or more: {_named(begun)}."
        )
    return notices


def _named(names: list[str]) -> str:
    """The first few, and how many more."""
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")


def _list_beginning_later(session: Session, on: date) -> list[str]:
    """The names of those whose shift of the day before reaches into this day's; the database says who may be."""
    before, day = aliased(ShiftPattern), aliased(ShiftPattern)
    before_once, day_once = aliased(SpecialShift), aliased(SpecialShift)
    yesterday = on - timedelta(days=1)
    starts, ends = (
        func.coalesce(a, b) for a, b in ((before_once.starts, before.starts), (before_once.ends, before.ends))
    )
    candidates = (
        select(Technician.id)
        .outerjoin(before, and_(before.technician_id == Technician.id, before.weekday == yesterday.weekday()))
        .outerjoin(before_once, and_(before_once.technician_id == Technician.id, before_once.on == yesterday))
        .outerjoin(day, and_(day.technician_id == Technician.id, day.weekday == on.weekday()))
        .outerjoin(day_once, and_(day_once.technician_id == Technician.id, day_once.on == on))
        .where(ends <= starts, func.coalesce(day_once.starts, day.starts) < ends)
    )
    office = installation.get_zone(session)
    found = _read_technicians(session, session.scalars(candidates).all())
    return [one.name for one in found if is_cut(one, on, find_zone(one, on, office))]


def _list_ending_skills(session: Session, on: date) -> list[str]:
    """Whose skills end in the night of a shift that begins on the day, and which."""
    last_day = TechnicianSkill.expires_on == on
    candidates = session.scalars(select(Technician.id).join(Technician.skills).where(last_day)).all()
    office = installation.get_zone(session)
    found = []
    for one in _read_technicians(session, candidates):
        zone = find_zone(one, on, office)
        hours = find_shift(one, on, zone)
        names = list_ending(one, hours, zone) if hours is not None else []
        if names:
            found.append(f"{one.name} ({', '.join(names)})")
    return found


def _read_technicians(session: Session, ids: Sequence[int]) -> Sequence[Technician]:
    return session.scalars(select_technicians().where(Technician.id.in_(ids))).all() if ids else ()


def _list_begun_before_planned(session: Session, on: date) -> list[str]:
    """The names of those who work so far east of the head office that their shift begins before the evening on which
    the nightly task plans it; none where it plans more than one day ahead."""
    settings: Settings = session.info["settings"]
    office = installation.get_zone(session)
    if settings.horizon_days > 1 or not list_far_zones(session, on, office):
        return []
    planned_at = clock.at_wall_clock(on - timedelta(days=1), settings.nightly_plan_at, office)
    found = []
    for technician in session.scalars(select_technicians()):
        hours = find_shift(technician, on, find_zone(technician, on, office))
        if hours is not None and hours.start_at < planned_at:
            found.append(technician.name)
    return found
