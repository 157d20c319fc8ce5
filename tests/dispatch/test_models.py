"""Rows that make no sense are refused by the database, and instants come back as they were."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from dispatch.models import Absence, Job, JobWindow, Location, StoredSetting, Technician, Territory, User
from tests.dispatch.town import job, job_named, settle, technician

NOON = datetime(2026, 4, 5, 12, tzinfo=UTC)


def test_an_instant_comes_back_aware_and_in_utc(either_database):
    """Whatever zone it was given in, and whatever zone the database connection speaks."""
    settle(either_database, [technician()], [job(due_at=NOON.astimezone(timezone(timedelta(hours=-3))))])
    with either_database() as session:
        due_at = job_named(session, "J1").due_at
    assert due_at == NOON
    assert due_at.tzinfo is UTC


def test_a_naive_instant_is_refused(session_factory):
    """Nobody can know what it means."""
    settle(session_factory, [technician()], [job()])
    with pytest.raises(StatementError, match="naive"), session_factory.begin() as session:
        job_named(session, "J1").due_at = datetime(2026, 4, 5, 12)


IMPOSSIBLE = {
    "a place off the globe": Location(address="x", lat=91, lon=0),
    "a territory without a zone": Territory(name="x", zone=""),
    "an unknown kind of technician": Technician(code="x", name="x", kind="robot"),
    "half a lunch break": Technician(code="x", name="x", lunch_length_s=600),
    "an absence that ends before it begins": Absence(
        technician_id=1, from_on=date(2026, 1, 2), to_on=date(2026, 1, 1), reason="x"
    ),
    "a window that closes before it opens": JobWindow(job_id=1, opens_at=NOON, closes_at=NOON - timedelta(1)),
    "a technician who is nobody": User(email="a@b", name="x", role="technician", password_hash="x"),
    "an address in capitals": User(email="A@b", name="x", role="admin", password_hash="x"),
    "a job without work": Job(number="x", title="x", customer_id=1, location_id=1, service_s=0),
    "a job for a customer who is not there": Job(number="x", title="x", customer_id=99, location_id=1, service_s=9),
}


@pytest.mark.parametrize("row", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_an_impossible_row_is_refused(session_factory, row):
    """By the database itself, so by every program that ever writes to it."""
    settle(session_factory, [technician()], [job()])
    with pytest.raises(IntegrityError), session_factory.begin() as session:
        session.add(row)


def test_a_reading_session_cannot_write(either_database):
    """Views that only show cannot change anything by mistake."""
    with either_database() as session:
        session.add(StoredSetting(name="a", value="b"))
        with pytest.raises(Exception, match=r"readonly|read-only"):
            session.commit()


def test_a_writing_session_that_fails_leaves_nothing(either_database):
    """All or nothing."""

    def fail():
        with either_database.begin() as session:
            session.add(StoredSetting(name="a", value="b"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with either_database() as session:
        assert session.get(StoredSetting, "a") is None


def test_readers_see_one_snapshot_while_somebody_writes(either_database):
    """What was read once stays so until the session ends."""
    with either_database.begin() as session:
        session.add(StoredSetting(name="a", value="old"))
    with either_database() as reader:
        assert reader.get(StoredSetting, "a").value == "old"
        with either_database.begin() as writer:
            writer.get(StoredSetting, "a").value = "new"
        reader.expire_all()
        assert reader.get(StoredSetting, "a").value == "old"
    with either_database() as reader:
        assert reader.get(StoredSetting, "a").value == "new"
