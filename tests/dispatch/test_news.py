"""Who hears of which event, and which days it touches, on both databases."""

from datetime import timedelta

import pytest

from dispatch.events import record_event
from dispatch.models import Job, Part, PlanRoute, PlanVersion, TaskRun, Technician, Territory
from dispatch.news import OFFICE, get_newest_seq, list_news
from tests.dispatch.town import MONDAY, MORNING
from tests.web.conftest import make_town

pytestmark = pytest.mark.both_databases

ANA, BRUNO = 1, 2


@pytest.fixture
def town(session_factory):
    """Jobs 1 and 2 are Ana's, job 3 is Bruno's."""
    with session_factory.begin() as session:
        session.add(Part(name="valve"))
        session.flush()
        session.add_all(make_town())
    return session_factory


def tell(factory, *subjects):
    """An event about each of these rows, and the news of them."""
    with factory.begin() as session:
        before = get_newest_seq(session)
        for subject in subjects:
            record_event(session, "told", MORNING, None, session.get_one(*subject) if subject else None)
    with factory() as session:
        return list_news(session, before, 100)


def test_a_job_touches_who_has_it_on_a_published_route_and_that_day(town):
    """The office hears of all."""
    first, third = tell(town, (Job, 1), (Job, 3))
    assert (first.technician_ids, first.days, first.roles) == ({ANA}, (MONDAY,), OFFICE)
    assert (third.technician_ids, third.days) == ({BRUNO}, (MONDAY,))
    assert first.is_for("technician", ANA)
    assert not first.is_for("technician", BRUNO)
    assert not first.is_for("technician", None)
    assert not first.is_for("manager", ANA)


def test_a_published_version_touches_also_who_was_taken_off(town):
    """Bruno has no route in the new version; he had one before. A draft touches nobody on the road."""
    with town.begin() as session:
        old = session.get_one(PlanVersion, 1)
        columns = {column.key: getattr(old, column.key) for column in PlanVersion.__mapper__.column_attrs}
        draft = {"id": None, "version": 5, "status": "draft", "published_at": None}
        old.status = "superseded"
        session.flush()
        hours = {"shift_start_at": MORNING, "shift_end_at": MORNING + timedelta(hours=8),
                 "latest_end_at": MORNING + timedelta(hours=9)}  # fmt: skip
        new = PlanVersion(**{**columns, "id": None, "version": 4}, routes=[PlanRoute(technician_id=ANA, **hours)])
        session.add_all([new, PlanVersion(**{**columns, **draft})])
    published, drafted = tell(town, (PlanVersion, 2), (PlanVersion, 3))
    assert (published.technician_ids, published.days) == ({ANA, BRUNO}, (MONDAY,))
    assert (drafted.technician_ids, drafted.days) == (frozenset(), (MONDAY,))
    assert "manager" in published.roles


def test_runs_touch_their_day_and_technicians_themselves(town):
    """A run of something else touches no day; neither does what is about no row."""
    with town.begin() as session:
        session.add(TaskRun(task="plan", due_at=MORNING, arguments={"on": "2026-11-25"}))
        session.flush()
        session.add(TaskRun(task="backup", due_at=MORNING))
    plan, backup, technician, nothing, territory = tell(
        town, (TaskRun, 1), (TaskRun, 2), (Technician, BRUNO), None, (Territory, 1)
    )
    assert plan.days == (MONDAY + timedelta(days=2),)
    assert technician.technician_ids == {BRUNO}
    assert [(one.days, one.technician_ids) for one in (backup, nothing, territory)] == [((), frozenset())] * 3
