"""The rows of a day's board: those that are known and still hold, and those that must be read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch.board.known_lanes import Json, KnownLanes, Lane, LanesOf, Row
from dispatch.board.lanes import lane_of, person_of
from dispatch.jobs.statuses import BEGUN
from dispatch.models import Appointment, BorrowedDay, Job, PlanRoute, PlanVersion, Stop, Technician, Territory
from dispatch.news import Touched, find_touched
from dispatch.reports.kpis import route_totals
from dispatch.territories.scope import get_limits, is_here_on


def list_lanes(
    session: Session, plan: PlanVersion | None, on: date, zone: str, seq: int, known: KnownLanes
) -> list[Lane]:
    """Everybody's row, by their code."""
    everybody = list(session.scalars(_select_shown(session, plan, on)))
    if plan is None:
        read = _read_lanes(session, None, on, zone, everybody, seq, known)
        return [read[one] for one in everybody]
    touched = _find_touched(session, plan, on, everybody, seq, known)
    if touched is not None:
        return list(_find_lanes(session, plan, on, zone, touched, seq, known).values())
    with known.reading_all:
        touched = _find_touched(session, plan, on, everybody, seq, known) or dict.fromkeys(everybody, seq + 1)
        return list(_find_lanes(session, plan, on, zone, touched, seq, known).values())


def _select_shown(session: Session, plan: PlanVersion | None, on: date) -> Select[int]:
    """The ids of whoever works here that day, and of who has left after beginning something in this plan."""
    shown: ColumnElement[bool] = Technician.active.is_(True)
    if plan is not None:
        routes = select(PlanRoute.technician_id).join(PlanRoute.stops)
        begun = routes.where(PlanRoute.plan_id == plan.id, Stop.status.in_(BEGUN))
        shown = or_(Technician.active, Technician.id.in_(begun))
    return select(Technician.id).where(shown, is_here_on(session, on)).order_by(Technician.code)


def _find_touched(
    session: Session, plan: PlanVersion, on: date, technician_ids: Collection[int], seq: int, known: KnownLanes
) -> dict[int, int] | None:
    """The last event that touched each of them, 0 where none did since their rows were read; None when all must be
    read."""
    oldest = known.find_oldest(_lanes_of(session, plan), technician_ids)
    if oldest is None:
        return None
    if oldest >= seq:  # read in this very moment
        return dict.fromkeys(technician_ids, 0)
    touched = find_touched_since(session, on, oldest, seq, known)
    return None if touched is None else {one: touched.technicians.get(one, 0) for one in technician_ids}


def find_touched_since(session: Session, on: date, after_seq: int, seq: int, known: KnownLanes) -> Touched | None:
    """As `find_touched`; and remembered is whether anything but single visits was."""
    touched = find_touched(session, on, after_seq, seq)
    known.still.note(on, after_seq, seq, is_calm=touched is not None)
    return touched


def list_touched_lanes(
    session: Session, plan: PlanVersion, on: date, zone: str, touched: Mapping[int, int], seq: int, known: KnownLanes
) -> list[Lane]:
    """The rows of those technicians whom the session finds and who have a route."""
    if not touched:
        return []
    here = Technician.id.in_(touched), is_here_on(session, on)
    found = set(session.scalars(select(Technician.id).where(Technician.active, *here)))
    if len(found) < len(touched):  # the others have left, or are of other territories that day
        found |= set(session.scalars(_select_shown(session, plan, on).where(Technician.id.in_(touched))))
    lanes = _find_lanes(session, plan, on, zone, {one: touched[one] for one in found}, seq, known)
    return [lane for lane in lanes.values() if lane.totals is not None]


def _find_lanes(
    session: Session, plan: PlanVersion, on: date, zone: str, touched: Mapping[int, int], seq: int, known: KnownLanes
) -> dict[int, Lane]:
    """The rows of these technicians, by their ids and in their order; read are those that are not known since they
    were last touched."""
    of = _lanes_of(session, plan)
    holding = {one: known.find(of, one, last_seq) for one, last_seq in touched.items()}
    read = _read_lanes(session, plan, on, zone, [one for one, lane in holding.items() if lane is None], seq, known)
    lanes = {one: lane or read[one] for one, lane in holding.items()}
    for one, lane in lanes.items():
        known.keep(of, one, seq, lane)
    return lanes


def _lanes_of(session: Session, plan: PlanVersion) -> LanesOf:
    return LanesOf(plan.id, get_limits(session))


def _read_lanes(
    session: Session,
    plan: PlanVersion | None,
    on: date,
    zone: str,
    technician_ids: Collection[int],
    seq: int,
    known: KnownLanes,
) -> dict[int, Lane]:
    if not technician_ids:
        return {}
    routes = {route.technician_id: route for route in _list_routes(session, plan, technician_ids)}
    totals = {route.technician_id: route_totals(route) for route in routes.values()}
    people = _find_people(session, on, zone, technician_ids, seq, known)
    return {
        one: Lane(Row(lane_of(person, routes.get(one), totals.get(one))), totals.get(one))
        for one, person in people.items()
    }


def _find_people(
    session: Session, on: date, zone: str, technician_ids: Collection[int], seq: int, known: KnownLanes
) -> dict[int, Json]:
    """What rows show of these technicians whatever their routes; read are those of whom it is not known to hold."""
    people = {one: known.still.find(on, one, seq) for one in technician_ids}
    missing = [one for one, person in people.items() if person is None]
    if missing:
        for technician in session.scalars(_select_technicians().where(Technician.id.in_(missing))):
            people[technician.id] = person = person_of(technician, on, zone)
            known.still.keep(on, technician.id, seq, person)
    return {one: person for one, person in people.items() if person is not None}


def _select_technicians() -> Select[Technician]:
    """With what a row shows of them and nothing else."""
    return select(Technician).options(
        selectinload(Technician.territory).selectinload(Territory.holidays),
        selectinload(Technician.home),
        selectinload(Technician.skills),
        selectinload(Technician.shift_patterns),
        selectinload(Technician.absences),
        selectinload(Technician.special_shifts),
        selectinload(Technician.borrowed_days).selectinload(BorrowedDay.territory).selectinload(Territory.holidays),
    )


def _list_routes(session: Session, plan: PlanVersion | None, technician_ids: Collection[int]) -> list[PlanRoute]:
    """The plan's routes of these technicians, with what the board shows of them and nothing else.

    What a job has one of comes with its stop.
    """
    if plan is None:
        return []
    stops = selectinload(PlanRoute.stops)
    jobs = stops.joinedload(Stop.job)
    query = (
        select(PlanRoute)
        .where(PlanRoute.plan_id == plan.id, PlanRoute.technician_id.in_(technician_ids))
        .options(
            joinedload(PlanRoute.rests),
            jobs.joinedload(Job.location),
            jobs.joinedload(Job.customer),
            jobs.joinedload(Job.territory).load_only(Territory.name),
            jobs.joinedload(Job.windows),
            jobs.joinedload(Job.skills),
            jobs.joinedload(Job.appointments.and_(Appointment.withdrawn_at.is_(None))),
        )
    )
    return list(session.scalars(query).unique())
