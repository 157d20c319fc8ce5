"""What the phone's day says beside its visits."""

from dataclasses import replace

from sqlalchemy import select

from dispatch.models import Technician, Territory
from dispatch.on_site.day import get_day
from tests.dispatch.town import MONDAY, at, job, plan, settle, technician


def office_phone(factory, company_phone):
    with factory() as session:
        session.info["settings"] = replace(session.info["settings"], company_phone=company_phone)
        return get_day(session, session.scalars(select(Technician.id)).one(), MONDAY, at(9))["office_phone"]


def test_technicians_call_where_the_customers_of_their_territory_call(session_factory):
    settle(session_factory, [technician()], [job()])
    plan(session_factory)
    assert office_phone(session_factory, "") == ""
    assert office_phone(session_factory, "+56 51 255 0100") == "+56 51 255 0100"
    with session_factory.begin() as session:
        session.scalars(select(Territory)).one().phone = "+56 51 255 0199"
    assert office_phone(session_factory, "+56 51 255 0100") == "+56 51 255 0199"
