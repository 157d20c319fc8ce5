"""Whether everything that was acknowledged is there, and everybody heard of everything once and in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select

from dispatch.db import SessionFactory
from dispatch.models import Event, Job
from dispatch.news import list_news
from tests.bench.load.people import Dispatcher, Phone
from tests.bench.load.streams import Hearing

PAGE = 500


def list_lost(factory: SessionFactory, phones: Iterable[Phone], dispatchers: Iterable[Dispatcher]) -> list[str]:
    """A sentence for every acknowledged change that the database does not have, or has twice."""
    faults = []
    with factory() as session:
        told: Counter[tuple[int, str]] = Counter()
        for event in session.scalars(select(Event).where(Event.kind == "job status")):
            told[event.subject_id or 0, str(event.after["status"])] += 1
        for phone in phones:
            for job_id, status in phone.accepted:
                if told[job_id, status] != 1:
                    faults.append(
                        f"job {job_id} was accepted as {status}, which is stored {told[job_id, status]} times"
                    )
        titles = dict(session.execute(select(Job.id, Job.title)).tuples().all())
        last: dict[int, set[str]] = {}
        for one in dispatchers:
            for job_id, title in one.titles.items():
                last.setdefault(job_id, set()).add(title)
        faults += [f"job {job_id} is called by none of the names it was given" for job_id in last
                   if titles[job_id] not in last[job_id]]  # fmt: skip
    return faults


def list_unheard(factory: SessionFactory, hearings: Iterable[Hearing], after: int) -> list[str]:
    """A sentence for everybody who did not hear exactly what they may hear of, in its order."""
    with factory() as session:
        news, seq = [], after
        while page := list_news(session, seq, PAGE):
            news += page
            seq = page[-1].seq
    faults = []
    for one in hearings:
        role = "dispatcher" if one.is_office else "technician"
        due = [event.seq for event in news if event.is_for(role, one.technician_id)]
        if one.heard != due:
            missed, twice = set(due) - set(one.heard), len(one.heard) - len(set(one.heard))
            faults.append(f"{role} {one.technician_id}: {len(missed)} of {len(due)} missed, {twice} twice, "
                          f"{len(set(one.heard) - set(due))} that were not for them")  # fmt: skip
    return faults
