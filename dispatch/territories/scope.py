"""Limits a session to what is in a dispatcher's territories: whatever else is looked for is not there.

A territory's technicians are those who belong to it or may be sent there. Its jobs are those in it, in none, or on
the published route of a technician who belongs to it, so that every lane can be read whole. Its customers are those
of its jobs, and those without any. What happens on a day is told of its jobs, of its technicians where it is about no
job, and of roads.

What a query loads along with its rows is limited in the same way: of a technician who is only sent there, the visits
that lie elsewhere are not on the route that is read. So whoever keeps what was read for others must keep it by
`get_limits`. A relationship that is loaded later, when it is first asked for, is not limited again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, event, or_, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from dispatch.models import Customer, Incident, Job, PlanRoute, PlanVersion, Stop, Technician, TechnicianTerritory

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
    plan, technician = PlanVersion.__table__.c, Technician.__table__.c
    sent_there = TechnicianTerritory.__table__.c
    secondary = select(sent_there.technician_id).where(sent_there.territory_id.in_(ids))
    on_own_route = select(stop.job_id).where(
        stop.route_id == route.id,
        route.technician_id == technician.id,
        route.plan_id == plan.id,
        plan.status == "published",
        technician.territory_id.in_(ids),
    )
    own_job = or_(job.territory_id.in_(ids), job.territory_id.is_(None), job.id.in_(on_own_route))
    own_technician = or_(
        technician.territory_id.in_(ids), technician.territory_id.is_(None), technician.id.in_(secondary)
    )
    return [
        (
            Technician,
            or_(Technician.territory_id.in_(ids), Technician.territory_id.is_(None), Technician.id.in_(secondary)),
        ),
        (Job, or_(Job.territory_id.in_(ids), Job.territory_id.is_(None), Job.id.in_(on_own_route))),
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
                Incident.job_id.is_(None) & Incident.technician_id.is_(None),
            ),
        ),
    ]
