"""An event of which no notice can be queued keeps nothing from customers but itself."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from dispatch.models import Event, TaskRun
from dispatch.notices import one_by_one
from dispatch.notices.one_by_one import EventLeftOut
from tests.dispatch.notices.conftest import EVENING, SETTLED
from tests.dispatch.town import job_named, plan


def damage(town):
    """An event of J1 that says nothing that could be read; returns its number."""
    with town.factory.begin() as session:
        seq = session.scalar(select(func.max(Event.seq))) or 0
        into = 'INSERT INTO event (seq, at, kind, subject_kind, subject_id, "before", "after", reason)'
        values = "VALUES (:seq, '2026-11-22 21:00:00.000000', 'job status', 'job', :job_id, '{}', '[1]', '')"
        session.execute(text(f"{into} {values}"), {"seq": seq + 1, "job_id": job_named(session, "J1").id})
    return seq + 1


def failed(town):
    with town.factory() as session:
        return session.scalars(select(TaskRun.error).where(TaskRun.task == "notices")).all()


def test_the_events_before_and_after_it_are_told_and_it_is_seen_among_the_runs(town):
    plan(town.factory, now=EVENING)
    seq = damage(town)
    with pytest.raises(EventLeftOut, match=f"nothing of event {seq}, job status of job"):
        town.tell(EVENING)
    assert [kind for kind, channel, _ in town.notices() if channel == "e-mail"] == ["confirmed", "confirmed"]
    (error,) = failed(town)
    assert error.startswith(f"Customers are told nothing of event {seq}, job status of job")
    assert "AttributeError" in error
    town.tell(SETTLED)
    assert len(town.mails()) == 2


def test_the_events_after_it_are_queued_by_the_next_look(town):
    damage(town)
    plan(town.factory, now=EVENING)
    with pytest.raises(EventLeftOut):
        town.tell(EVENING)
    assert town.notices() == []
    town.tell(EVENING)
    assert len(town.notices()) == 2


def test_no_event_is_left_out_since_the_database_is_gone(town, monkeypatch):
    """Which is nobody's fault: they are told when it is there again."""

    def break_down(*_arguments, **_options):
        raise OperationalError("SELECT", {}, Exception("the server was restarted"))

    plan(town.factory, now=EVENING)
    with monkeypatch.context() as patch:
        patch.setattr(one_by_one, "queue_from_events", break_down)
        with pytest.raises(OperationalError):
            town.tell(EVENING)
    assert failed(town) == []
    town.tell(EVENING)
    assert len(town.notices()) == 2
