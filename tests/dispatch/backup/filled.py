"""A town with values that are easy to get wrong, and what is stored of it."""

from datetime import timedelta

from sqlalchemy import func, select

from dispatch.accounts.users import add_user
from dispatch.backup.rows import LEFT_OUT, write_row
from dispatch.db import SessionFactory
from dispatch.events import record_event
from dispatch.models import Base, Event, Job, Part, Photo, PlanRecord, PlanVersion, StoredSetting, WrongTries
from tests.dispatch.backup.every_table import list_rows
from tests.dispatch.town import MORNING
from tests.web.conftest import make_town

AWKWARD = "Ünïcödé 🚐 \"quotes\" 'and' \\ back\u2028line\nnew\tline \x7f"


def fill(factory: SessionFactory) -> SessionFactory:
    """A published plan with its record, users, events, a row in every table, and values that are easy to get wrong."""
    with factory.begin() as session:
        session.add(Part(name="valve"))
        session.flush()
        session.add_all(make_town())
        session.flush()
        first, second, _ = session.scalars(select(Job).order_by(Job.id))
        first.notes = AWKWARD
        first.return_of_id = second.id  # refers to a row that comes later
        user = add_user(session, email="eve@example.org", name=AWKWARD, role="manager", password="x" * 12)
        session.flush()
        record_event(
            session, "noted", MORNING + timedelta(microseconds=7), user.id, first, after={"x": [1.5, None, AWKWARD]}
        )
        session.add(WrongTries(email="", address=AWKWARD, count=2, since_at=MORNING, locked_until_at=None))
        session.add(StoredSetting(name="b", value=""))
        session.add(StoredSetting(name="B", value="sorted otherwise by the other database"))
        version = session.scalars(select(PlanVersion)).one()
        session.add(PlanRecord(plan_id=version.id, data=bytes(range(256))))
        photo = bytes(range(255, -1, -1))
        session.add(Photo(job_id=first.id, taken_at=MORNING, content_type="image/jpeg", sha256="0" * 64, data=photo))
        user_id = user.id
    with factory.begin() as session:
        for group in list_rows(AWKWARD, user_id, session.scalars(select(func.max(Event.seq))).one()):
            session.add_all(group)
            session.flush()
    return factory


def rows(factory: SessionFactory) -> dict[str, set[str]]:
    """Every row of every table of ours, as text."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]
    with factory() as session:
        return {
            table.name: {
                write_row(table, {column.name: row[column] for column in table.columns})
                for row in session.execute(select(table)).mappings()
            }
            for table in tables
        }
