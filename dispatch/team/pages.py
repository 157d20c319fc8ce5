"""The people who visit customers, for the pages of the team: who there is, and everything about one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.entry.forms import list_cells
from dispatch.entry.history import Change, list_history
from dispatch.entry.lists import LISTS, list_items
from dispatch.entry.tables import TABLES
from dispatch.models import Absence, OnCall, PlanRoute, PlanVersion, Stop, Technician, Territory
from dispatch.planning.shifts import ShiftHours, find_absence, find_shift, find_territory, find_zone


@dataclass(frozen=True)
class TeamLine:
    """Somebody as the list shows them: `today` says in words whether they work; `state` is one of STATES."""

    technician: Technician
    territory: str
    state: str
    shift: ShiftHours | None
    absence: Absence | None
    is_borrowed: bool
    is_on_call: bool
    today: str
    skills: str
    expiring: str


@dataclass(frozen=True)
class TechnicianPage:
    """`cells` are what the row says, `lists` the items of each of its lists; `planned`: days and how many stops."""

    technician: Technician
    cells: dict[str, str]
    lists: dict[str, list[str]]
    planned: list[tuple[date, int]]
    history: list[Change]


EXPIRES_SOON_DAYS = 60
STATES = ("works", "free", "away", "left")


def list_team(session: Session, now: datetime) -> list[TeamLine]:
    """Everybody by code, those who have left last."""
    zone = installation.get_zone(session)
    today = clock.local_day(now, zone)
    rows = sorted(TABLES["technicians"].list_rows(session), key=lambda row: (not row.active, row.code))
    on_call = set(session.scalars(select(OnCall.technician_id).where(OnCall.from_at <= now, OnCall.until_at > now)))
    return [_line(row, today, zone, row.id in on_call) for row in rows]


def _line(row: Technician, today: date, zone: str, is_on_call: bool) -> TeamLine:
    territory, own_zone = find_territory(row, today), find_zone(row, today, zone)
    absence = find_absence(row, today) if row.active else None
    shift = find_shift(row, today, own_zone) if row.active else None
    state = "left" if not row.active else "away" if absence else "works" if shift else "free"
    is_borrowed = row.active and any(one.on == today for one in row.borrowed_days)
    soon = [
        f"{one.name} {'ran out' if one.expires_on < today else 'until'} {one.expires_on}"
        for one in row.skills
        if one.expires_on is not None and (one.expires_on - today).days <= EXPIRES_SOON_DAYS
    ]
    return TeamLine(
        technician=row,
        territory=territory.name if territory else "anywhere",
        state=state,
        shift=shift,
        absence=absence,
        is_borrowed=is_borrowed,
        is_on_call=is_on_call,
        today=_today(state, shift, absence, own_zone)
        + (f", lent to {territory.name}" if is_borrowed and territory else "")
        + (", on call" if is_on_call else ""),
        skills=", ".join(f"{one.name} {one.level}" for one in row.skills),
        expiring=", ".join(soon),
    )


def _today(state: str, shift: ShiftHours | None, absence: Absence | None, zone: str) -> str:
    if absence is not None:
        return f"away until {absence.to_on}: {absence.reason}" if absence.reason else f"away until {absence.to_on}"
    if shift is not None:
        return f"{clock.local_time(shift.start_at, zone)} to {clock.local_time(shift.end_at, zone)}"
    return "has left" if state == "left" else "free"


def get_technician_page(session: Session, technician_id: int, now: datetime) -> TechnicianPage:
    """Raises NotFound."""
    table = TABLES["technicians"]
    row = table.get_row(session, technician_id)
    cells = list_cells(table, row)
    today = clock.local_day(now, installation.get_zone(session))
    planned = session.execute(
        select(PlanVersion.on, func.count(Stop.id))
        .join(PlanRoute, PlanRoute.plan_id == PlanVersion.id)
        .join(Stop, Stop.route_id == PlanRoute.id)
        .where(PlanRoute.technician_id == row.id, PlanVersion.status == "published", PlanVersion.on >= today)
        .group_by(PlanVersion.on)
        .order_by(PlanVersion.on)
    )
    return TechnicianPage(
        technician=row,
        cells=cells,
        lists={key: list_items(cells[key]) for key in LISTS if key in cells},
        planned=[(on, count) for on, count in planned],
        history=list_history(session, row),
    )


def list_holidays(session: Session) -> list[tuple[Territory, list[str], list[Change]]]:
    """Every territory with its holidays and what was changed."""
    table = TABLES["holidays"]
    return [
        (row, list_items(list_cells(table, row)["holidays"]), list_history(session, row))
        for row in table.list_rows(session)
    ]
