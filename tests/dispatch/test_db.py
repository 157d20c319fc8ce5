"""Sessions on both databases: a glance opens no transaction, and connections that have died are not given out."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from dispatch import db
from dispatch.models import Part

pytestmark = pytest.mark.both_databases


def test_a_glance_sees_what_is_committed_and_writes_nothing(session_factory):
    with session_factory.begin() as session:
        session.add(Part(name="valve"))
    with session_factory.glance() as session:
        assert session.scalar(select(Part.name)) == "valve"
    with session_factory.begin() as session:
        session.add(Part(name="pump"))
    with session_factory() as session:
        assert session.scalar(select(func.count()).select_from(Part)) == 2
        with pytest.raises(DBAPIError):
            session.execute(text("UPDATE part SET name = 'tap'"))


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize("trusted_for_s", [0, 1_000])
def test_a_connection_that_died_meanwhile_is_replaced_before_anybody_notices(
    session_factory, postgresql_admin, monkeypatch, trusted_for_s
):
    """Unless it was used a moment ago: then one answer fails, and the next is right again."""
    monkeypatch.setattr(db, "TRUSTED_FOR_S", trusted_for_s)
    with session_factory.glance() as session:
        pid = session.scalar(select(func.pg_backend_pid()))
    with postgresql_admin.connect() as admin:
        admin.scalar(select(func.pg_terminate_backend(pid, 10_000)))
    if trusted_for_s:
        with pytest.raises(DBAPIError), session_factory.glance() as session:
            session.scalar(select(1))
    with session_factory.glance() as session:
        assert session.scalar(select(func.pg_backend_pid())) != pid
