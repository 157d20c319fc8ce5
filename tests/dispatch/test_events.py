"""Events: stored with the change they tell about, numbered without a gap, never rewritten, seen in order by all."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from dispatch.db import SessionFactory
from dispatch.errors import Conflict
from dispatch.events import list_events, list_events_of, record_event
from dispatch.models import Event, StoredSetting, Territory
from tests.dispatch.town import MONDAY, MORNING, job, job_named, settle, technician, user_of


def store(factory: SessionFactory, *names: str) -> None:
    """One transaction that adds a setting and tells so, for each name."""
    with factory.begin() as session:
        for name in names:
            session.add(StoredSetting(name=name, value=""))
            record_event(session, "setting added", MORNING, None, after={"name": name})


def test_an_event_says_who_did_what_to_what_and_why(session_factory):
    """And what it was before; days and instants are written as text."""
    settle(session_factory, [technician()], [job()])
    with session_factory.begin() as session:
        one, eve = job_named(session, "J1"), user_of(session, "EVE", "dispatcher")
        before, after = {"on": MONDAY, "priority": 0}, {"on": None, "at": MORNING}
        record_event(session, "job changed", MORNING, eve.id, one, before=before, after=after, reason="she called")
    with session_factory() as session:
        [event] = list_events_of(session, job_named(session, "J1"))
    assert (event.seq, event.kind, event.at, event.user.name) == (1, "job changed", MORNING, "Somebody")
    assert event.before == {"on": "2026-11-23", "priority": 0}
    assert event.after == {"on": None, "at": "2026-11-23T09:00:00Z"}
    assert event.reason == "she called"


def test_an_event_may_be_about_a_row_that_is_new(session_factory):
    """Its id is known only when the transaction ends."""
    with session_factory.begin() as session:
        north = Territory(name="North", zone="UTC")
        session.add(north)
        record_event(session, "territory added", MORNING, None, north)
    with session_factory() as session:
        assert [event.kind for event in list_events_of(session, session.get(Territory, north.id))]


@pytest.mark.both_databases
def test_what_is_rolled_back_has_not_happened(session_factory):
    """No event, and no number lost."""
    store(session_factory, "a")
    with pytest.raises(IntegrityError):
        store(session_factory, "b", "a")
    store(session_factory, "b")
    with session_factory() as session:
        assert [(one.seq, one.after["name"]) for one in list_events(session)] == [(1, "a"), (2, "b")]


def test_a_session_that_only_reads_cannot_record(session_factory):
    """It would be lost in silence."""
    with session_factory() as session, pytest.raises(KeyError):
        record_event(session, "setting added", MORNING, None)


@pytest.mark.both_databases
@pytest.mark.parametrize("rewrite", [update(Event).values(kind="x"), delete(Event)], ids=["change", "delete"])
def test_what_has_happened_is_never_rewritten(session_factory, rewrite):
    """The database refuses, whoever asks."""
    store(session_factory, "a")
    with pytest.raises(DBAPIError, match="never"), session_factory.begin() as session:
        session.execute(rewrite)
    with session_factory() as session:
        assert [one.kind for one in list_events(session)] == ["setting added"]


def test_a_reader_who_comes_back_gets_what_he_has_not_seen(session_factory):
    """Page by page."""
    store(session_factory, "a", "b", "c", "d")
    with session_factory() as session:
        assert [one.after["name"] for one in list_events(session, after_seq=1, limit=2)] == ["b", "c"]


@pytest.mark.both_databases
def test_readers_never_skip_an_event_while_many_write(session_factory):
    """Six writers at once, and a reader who always asks for what comes after the last that he has seen."""
    wanted = [f"{writer}-{turn}" for writer in range(6) for turn in range(8)]
    seen: list[tuple[int, str]] = []
    with ThreadPoolExecutor(6) as pool:
        writing = [
            pool.submit(lambda k=k: [store(session_factory, f"{k}-{turn}") for turn in range(8)]) for k in range(6)
        ]
        while True:
            is_over = all(one.done() for one in writing)
            with session_factory() as session:
                seen += [(one.seq, one.after["name"]) for one in list_events(session, seen[-1][0] if seen else 0)]
            if is_over:
                break
        for one in writing:
            one.result()
    assert [seq for seq, _ in seen] == list(range(1, 49))
    assert sorted(name for _, name in seen) == wanted


@pytest.mark.both_databases
def test_waiting_for_a_number_never_ends_in_a_deadlock(session_factory):
    """One writer tells first and locks the row then, the other the other way round."""
    settle(session_factory, [technician()], [job()])

    def write(tells_first: bool) -> None:
        for _ in range(8):
            with session_factory.begin() as session:
                if tells_first:
                    record_event(session, "job changed", MORNING, None)
                session.refresh(job_named(session, "J1"), with_for_update=True)
                if not tells_first:
                    record_event(session, "job changed", MORNING, None)

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(write, True), pool.submit(write, False)]:
            one.result(timeout=60)
    with session_factory() as session:
        assert [one.seq for one in list_events(session)] == list(range(1, 17))


@pytest.mark.both_databases
def test_a_row_changed_by_somebody_else_meanwhile_is_a_conflict(session_factory):
    """A sentence, not a traceback."""
    settle(session_factory, [technician()], [job()])
    with session_factory() as session:
        stale = job_named(session, "J1")
    with session_factory.begin() as session:
        job_named(session, "J1").priority = 50
    stale.priority = 90
    with pytest.raises(Conflict, match="Somebody else"), session_factory.begin() as session:
        session.add(stale)
