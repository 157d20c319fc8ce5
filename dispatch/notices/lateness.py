"""Tells customers that somebody will be later than they were told, before they notice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatch.db import SessionFactory
from dispatch.living.predictions import Prediction, list_heard, list_predictions
from dispatch.models import Notice
from dispatch.notices.queueing import Wanted, queue
from dispatch.notices.visits import Visit, find_told_before, read_visits
from dispatch.notices.windows import late_window
from dispatch.planning.far_east import list_begun_days


def queue_lateness(session_factory: SessionFactory, now: datetime) -> str:
    """Look at the day that goes on, and at a night shift that reaches into it; returns a sentence: what was done.

    Who was told a window is told again only when the start is predicted after its end; then that is what they know.
    A delay that could not be told is tried again only when it has become worse than that; one that waits is told as it
    is when it is sent, or not at all once it is made up for. Nothing is written while nobody is late.
    From the silence of a phone alone nobody is told anything: the office is, by the watch.
    """
    with session_factory() as session:
        days = list_begun_days(session, now)
        predictions = [one for on in days for one in list_heard(session, on, now) if one.stop.actual_start_at is None]
        visits = read_visits(session, [one.job.id for one in predictions], now)
        again = {number for number, visit in visits.items() if visit.told is None and visit.missed_id}
        if again:  # the office has put them back on the route: they wait to hear of a time that is still to come
            by_clock = {one.job.id: one for on in days for one in list_predictions(session, on, now)}
            predictions = [by_clock[one.job.id] if one.job.id in again else one for one in predictions]
        untold = _read_untold(session, visits.values())
        made_up_for = _list_made_up_for(session, predictions)
    late = []
    for one in predictions:
        visit = visits[one.job.id]
        is_in_force = visit.stop is not None and visit.stop.id == one.stop.id
        counts_until_at = _counts_until(visit)
        if counts_until_at is None or not is_in_force:
            continue
        if one.start_at > max(counts_until_at, untold.get(one.job.id, counts_until_at)):
            window = late_window(one.start_at)
            late.append(Wanted(visit, "late", f"after {visit.last_ended_id}", window, now, window[1]))
    if not late and not made_up_for:
        return "Nobody is later than was told"
    said = []
    with session_factory.begin() as session:
        if late:
            said.append(f"Queued {queue(session, late, now)} message(s) about {len(late)} visit(s) that will be late")
        if made_up_for:
            why_not = {"status": "dropped", "next_at": now, "fault": "They will be there as the customer was told."}
            which = Notice.id.in_(made_up_for), Notice.status == "waiting"
            session.execute(update(Notice).where(*which).values(why_not))
            said.append(f"Dropped {len(made_up_for)} message(s): the delay is made up for")
    return ". ".join(said)


def _counts_until(visit: Visit) -> datetime | None:
    """The end of the time that the customer knows, or is to be told of: nobody let us in, and we come again."""
    if visit.told is not None:
        return visit.told.window[1]
    return visit.window[1] if visit.missed_id and visit.window is not None else None


def _list_made_up_for(session: Session, predictions: Iterable[Prediction]) -> list[int]:
    """The ids of messages about a delay that wait, while the start is predicted as their readers were told before."""
    starts = {one.job.id: one.start_at for one in predictions}
    waiting = session.scalars(select(Notice).where(Notice.status == "waiting", Notice.kind == "late")).all()
    told = {row.id: find_told_before(session, row) for row in waiting if row.job_id in starts}
    return [
        row.id for row in waiting if (before := told.get(row.id)) is not None and starts[row.job_id] <= before.window[1]
    ]


def _read_untold(session: Session, visits: Iterable[Visit]) -> dict[int, datetime]:
    """By job id: the end of the delay that was refused or dropped last since the customer was told something.

    Also of those who were told nothing: nobody asks for these.
    """
    told = {visit.job.id: visit.told.notice_id if visit.told is not None else visit.missed_id for visit in visits}
    failed = Notice.kind == "late", Notice.status.in_(("dropped", "given_up")), Notice.job_id.in_(told)
    rows = session.scalars(select(Notice).where(*failed).order_by(Notice.id)).all()
    return {row.job_id: row.told_until_at for row in rows if row.told_until_at and row.id > told[row.job_id]}
