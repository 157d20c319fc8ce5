"""Limits a session to what is in a dispatcher's territories: whatever else is looked for is not there.

A territory's technicians are those who belong to it, may be sent there, or are lent to it on some day. Its jobs are
those in it, in none, or on the published route of a technician who belongs to it, also by a loan for that day, so that
every lane can be read whole. Its customers are those of its jobs, and those without any. What happens on a day is told
of its jobs, of its technicians of that day where it is about no job, and of roads.

What a query loads along with its rows is limited in the same way: of a technician who is only sent there, the visits
that lie elsewhere are not on the route that is read. So whoever keeps what was read for others must keep it by
`get_limits`. A relationship that is loaded later, when it is first asked for, is not limited again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, event, false, or_, select, true, tuple_, union_all
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from dispatch.models import (
    BorrowedDay,
    Customer,
    Incident,
    Job,
    PlanRoute,
    PlanVersion,
    Stop,
    Technician,
    TechnicianTerritory,
)

_TERRITORIES = "wrenchtime_territories"


def limit_session(session: Session, territory_ids: Collection[int]) -> None:
    """From now on the session finds technicians, jobs and customers of these territories alone; none means all."""
    if territory_ids:
        session.info[_TERRITORIES] = frozenset(territory_ids)
        event.listen(session, "do_orm_execute", _narrow)


def get_limits(session: Session) -> frozenset[int]:
    """The territories to which the session is limited; none means all."""
    limits: frozenset[int] = session.info.get(_TERRITORIES, frozenset())
    return limits


def is_here_on(session: Session, on: date) -> ColumnElement[bool]:
    """Of the technicians whom the session finds, those to show on that day: a loan of other days counts for nothing."""
    ids = get_limits(session)
    return _is_own(Technician, ids, BorrowedDay.__table__.c.borrowed_on == on) if ids else true()


@contextmanager
def without_limits(session: Session) -> Iterator[None]:
    """Let what comes of a permitted change be worked out on everything that it touches, seen or not."""
    limits = session.info.pop(_TERRITORIES, None)
    try:
        yield
    finally:
        if limits is not None:
            session.info[_TERRITORIES] = limits


def _narrow(state: ORMExecuteState) -> None:
    if get_limits(state.session) and state.is_select and not state.is_column_load and not state.is_relationship_load:
        for entity, criterion in _criteria(state.session.info[_TERRITORIES]):
            state.statement = state.statement.options(
                with_loader_criteria(entity, criterion, propagate_to_loaders=False)
            )


def _criteria(ids: frozenset[int]) -> list[tuple[Any, ColumnElement[bool]]]:
    # The inner queries name tables, not models: they must not be narrowed themselves.
    job, stop, route = Job.__table__.c, Stop.__table__.c, PlanRoute.__table__.c
    plan, technician, loan = PlanVersion.__table__.c, Technician.__table__.c, BorrowedDay.__table__.c
    published = select(stop.job_id).where(
        stop.route_id == route.id, route.plan_id == plan.id, plan.status == "published"
    )
    on_own_route = published.where(route.technician_id == technician.id, technician.territory_id.in_(ids))
    on_lent_route = published.where(
        route.technician_id == loan.technician_id, plan.plan_on == loan.borrowed_on, loan.territory_id.in_(ids)
    )
    on_route = union_all(on_own_route.correlate(None), on_lent_route.correlate(None))
    own_job = or_(job.territory_id.in_(ids), job.territory_id.is_(None), job.id.in_(on_route))
    own_technician = _is_own(technician, ids, false())
    lent = select(loan.technician_id, loan.borrowed_on).where(loan.territory_id.in_(ids))
    return [
        (Technician, _is_own(Technician, ids)),
        (Job, or_(Job.territory_id.in_(ids), Job.territory_id.is_(None), Job.id.in_(on_route))),
        (Stop, Stop.job_id.in_(select(job.id).where(own_job))),
        (
            Customer,
            or_(
                Customer.id.in_(select(job.customer_id).where(own_job)),
                Customer.id.not_in(select(job.customer_id).where(job.customer_id.is_not(None))),
            ),
        ),
        (
            Incident,
            or_(
                Incident.job_id.in_(select(job.id).where(own_job)),
                Incident.job_id.is_(None) & Incident.technician_id.in_(select(technician.id).where(own_technician)),
                Incident.job_id.is_(None) & tuple_(Incident.technician_id, Incident.on).in_(lent),
                Incident.job_id.is_(None) & Incident.technician_id.is_(None),
            ),
        ),
    ]


def _is_own(who: Any, ids: frozenset[int], on_day: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    """Whether `who`, the columns of a technician, belongs there, may be sent there, or is lent there; on that day."""
    sent_there, loan = TechnicianTerritory.__table__.c, BorrowedDay.__table__.c
    secondary = select(sent_there.technician_id).where(sent_there.territory_id.in_(ids))
    lent = select(loan.technician_id).where(loan.territory_id.in_(ids), true() if on_day is None else on_day)
    return or_(who.territory_id.in_(ids), who.territory_id.is_(None), who.id.in_(secondary), who.id.in_(lent))
