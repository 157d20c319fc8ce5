"""Rows that make no sense are refused by the database, and instants come back as they were."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from dispatch.models import (
    Absence,
    Appointment,
    Asset,
    Base,
    BorrowedDay,
    ChecklistItem,
    Contract,
    ContractHours,
    Customer,
    Holiday,
    Job,
    JobAsset,
    JobCheck,
    JobPart,
    JobType,
    JobTypePart,
    JobWindow,
    Limit,
    Location,
    Note,
    OnCall,
    Part,
    Photo,
    SpecialShift,
    StoredSetting,
    Technician,
    TechnicianSkill,
    Territory,
    User,
    VanStock,
)
from tests.dispatch.town import job, job_named, settle, technician

NOON = datetime(2026, 4, 5, 12, tzinfo=UTC)


@pytest.mark.both_databases
def test_an_instant_comes_back_aware_and_in_utc(session_factory):
    """Whatever zone it was given in, and whatever zone the database connection speaks."""
    settle(session_factory, [technician()], [job(due_at=NOON.astimezone(timezone(timedelta(hours=-3))))])
    with session_factory() as session:
        due_at = job_named(session, "J1").due_at
    assert due_at == NOON
    assert due_at.tzinfo is UTC


def test_a_naive_instant_is_refused(session_factory):
    """Nobody can know what it means."""
    settle(session_factory, [technician()], [job()])
    with pytest.raises(StatementError, match="naive"), session_factory.begin() as session:
        job_named(session, "J1").due_at = datetime(2026, 4, 5, 12)


WORK = {"number": "x", "title": "x", "location_id": 1, "service_s": 9}
TERMS = {"customer_id": 1, "starts_on": date(2026, 1, 1), "zone": "UTC"}


def possible_rows() -> list[Base]:
    """What the impossible rows clash with."""
    return [
        Part(name="valve"),
        Customer(name="Another"),
        JobType(name="Repair"),
        Contract(**TERMS, name="Gold"),
        Asset(customer_id=1, location_id=1, name="Lift", maker="Otis", serial="7"),
        Appointment(job_id=1, promised_at=NOON, promised_from_at=NOON, promised_until_at=NOON),
        BorrowedDay(technician_id=1, on=date(2026, 1, 1), territory_id=1),
        SpecialShift(technician_id=1, on=date(2026, 1, 1), starts=time(8), ends=time(9)),
        User(email="a@c", name="x", role="admin", password_hash="x"),
    ]


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
    "a job under another customer's contract": Job(**WORK, contract_id=1, customer_id=2),
    "a job to be restored before anybody responds": Job(
        **WORK, customer_id=1, due_at=NOON, restore_by_at=NOON - timedelta(1)
    ),
    "a contract that ends before it starts": Contract(**TERMS, name="y", ends_on=date(2025, 1, 1)),
    "a contract that restores before it responds": Contract(
        **TERMS, name="y", respond_within_s=7200, restore_within_s=3600
    ),
    "a contract that responds in no time": Contract(**TERMS, name="y", respond_within_s=0),
    "two contracts of one name": Contract(**TERMS, name="Gold"),
    "hours on an eighth day": ContractHours(contract_id=1, weekday=7, opens=time(8), closes=time(17)),
    "a promise that closes before it opens": Appointment(
        job_id=2, promised_at=NOON, promised_from_at=NOON, promised_until_at=NOON - timedelta(1)
    ),
    "two promises in force for one job": Appointment(
        job_id=1, promised_at=NOON, promised_from_at=NOON, promised_until_at=NOON
    ),
    "a promise withdrawn without a reason": Appointment(
        job_id=2, promised_at=NOON, promised_from_at=NOON, promised_until_at=NOON, withdrawn_at=NOON
    ),
    "an asset nowhere": Asset(customer_id=1, location_id=99, name="Lift"),
    "an asset retired before it was installed": Asset(
        customer_id=1, location_id=1, name="Lift", installed_on=date(2026, 2, 1), retired_on=date(2026, 1, 1)
    ),
    "two assets of one serial number": Asset(customer_id=1, location_id=1, name="x", maker="Otis", serial="7"),
    "work that nobody does to an asset": JobAsset(job_id=1, asset_id=1, work="admire"),
    "a kind of work that takes no time": JobType(name="x", service_s=0),
    "a kind of work that needs an unknown part": JobTypePart(job_type_id=1, part="flux", count=1),
    "a step that says nothing": ChecklistItem(job_type_id=1, position=1, text=""),
    "a step ticked by somebody at no time": JobCheck(job_id=1, position=1, text="x", done_by_user_id=1),
    "an unknown part used": JobPart(job_id=1, part="flux", count=1),
    "fewer parts used than none": JobPart(job_id=1, part="valve", count=1, used=-1),
    "an unknown part on a van": VanStock(technician_id=1, part="flux", count=1),
    "two parts of one name": Part(name="valve"),
    "a skill below the first level": TechnicianSkill(technician_id=1, name="x", level=0),
    "somebody in two territories on one day": BorrowedDay(technician_id=1, on=date(2026, 1, 1), territory_id=1),
    "two single shifts on one day": SpecialShift(technician_id=1, on=date(2026, 1, 1), starts=time(1), ends=time(2)),
    "a limit on smiles": Limit(technician_id=1, period="day", unit="smiles", most=1),
    "a limit below nothing": Limit(technician_id=1, period="day", unit="visits", most=-1),
    "on call backwards": OnCall(technician_id=1, territory_id=1, from_at=NOON, until_at=NOON),
    "a holiday without a name": Holiday(territory_id=1, on=date(2026, 1, 1), name=""),
    "a note about nothing": Note(at=NOON, text="x"),
    "a note by telepathy": Note(at=NOON, text="x", customer_id=1, channel="telepathy"),
    "a photo that is none": Photo(job_id=1, taken_at=NOON, content_type="text/html", sha256="0" * 64, data=b"x"),
    "a photo of nothing": Photo(job_id=1, taken_at=NOON, content_type="image/png", sha256="0" * 64, data=b""),
}


@pytest.mark.both_databases
def test_impossible_rows_are_refused(session_factory):
    """By the database itself, so by every program that ever writes to it."""
    factory = session_factory
    settle(factory, [technician()], [job("J1"), job("J2")])
    with factory.begin() as session:
        for row in possible_rows():
            session.add(row)
            session.flush()
    taken = []
    for what, row in IMPOSSIBLE.items():
        facts = {key: value for key, value in vars(row).items() if key != "_sa_instance_state"}
        try:
            with factory.begin() as session:
                session.add(type(row)(**facts))
        except IntegrityError:
            continue
        taken.append(what)
    assert taken == []


@pytest.mark.both_databases
def test_a_reading_session_cannot_write(session_factory):
    """Views that only show cannot change anything by mistake."""
    with session_factory() as session:
        session.add(StoredSetting(name="a", value="b"))
        with pytest.raises(Exception, match=r"readonly|read-only"):
            session.commit()


@pytest.mark.both_databases
def test_a_writing_session_that_fails_leaves_nothing(session_factory):
    """All or nothing."""

    def fail():
        with session_factory.begin() as session:
            session.add(StoredSetting(name="a", value="b"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with session_factory() as session:
        assert session.get(StoredSetting, "a") is None


@pytest.mark.both_databases
def test_readers_see_one_snapshot_while_somebody_writes(session_factory):
    """What was read once stays so until the session ends."""
    with session_factory.begin() as session:
        session.add(StoredSetting(name="a", value="old"))
    with session_factory() as reader:
        assert reader.get(StoredSetting, "a").value == "old"
        with session_factory.begin() as writer:
            writer.get(StoredSetting, "a").value = "new"
        reader.expire_all()
        assert reader.get(StoredSetting, "a").value == "old"
    with session_factory() as reader:
        assert reader.get(StoredSetting, "a").value == "new"
