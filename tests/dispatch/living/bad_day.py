"""What tests do to a day: report that something happened, repair it, look what came of it."""

from sqlalchemy import select

from dispatch.living.incidents import get_incident
from dispatch.living.repair import repair_day
from dispatch.living.reporting import EventReport, report_event
from dispatch.models import Technician
from dispatch.planning.budget import ChangeBudget
from tests.dispatch.town import MONDAY, Grid, job_named, user_of

GRID = Grid()
CALM = ChangeBudget(change_technician=900)


def technician_id(session, code):
    return session.scalars(select(Technician.id).where(Technician.code == code)).one()


def tell(session_factory, kind, now, *, who=None, number=None, by="dispatcher", **facts):
    """`tell(..., "technician_ill", at(9), who="T1")`; returns the incident's id."""
    with session_factory.begin() as session:
        if who is not None:
            facts["technician_id"] = technician_id(session, who)
        if number is not None:
            facts["job_id"] = job_named(session, number).id
        user = user_of(session, "D1", by) if by == "dispatcher" else user_of(session, by)
        return report_event(session, EventReport(kind, facts.pop("on", MONDAY), **facts), now, user).id


def repair(session_factory, incident_id, now, *, as_draft=False, by_user_id=None, travel_source=GRID, iterations=200):
    """As the scheduler would, on the grid, or on the roads of the installation (None); returns the sentence."""
    return repair_day(
        session_factory,
        incident_id,
        now=now,
        as_draft=as_draft,
        by_user_id=by_user_id,
        travel_source=travel_source,
        iterations=iterations,
        budget=CALM,
    )


def incident_of(session_factory, incident_id):
    with session_factory() as session:
        return get_incident(session, incident_id)
