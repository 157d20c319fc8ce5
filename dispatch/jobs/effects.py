"""What a move from one status to another triggers, by the names that the table in `dispatch.jobs.statuses` uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.events import record_event
from dispatch.jobs.return_visits import create_return_visit, withdraw_return_visit
from dispatch.jobs.statuses import MOVES, OPEN
from dispatch.living.incidents import raise_incident, withdraw_incident
from dispatch.living.watch import hold_alerts
from dispatch.models import Job, Stop
from dispatch.news import SENT
from dispatch.on_site.checklist import refuse_missing
from dispatch.on_site.parts_used import take_as_planned


@dataclass(frozen=True)
class Change:
    """A move that is being made, by whom and why; `at` is when it happened, `now` when we hear of it."""

    session: Session
    job: Job
    stop: Stop | None
    new: str
    now: datetime
    at: datetime
    by_user_id: int | None
    reason: str

    def get_stop(self) -> Stop:
        """The visit that moves."""
        assert self.stop is not None, f"job {self.job.number} moves to {self.new} without a visit"
        return self.stop

    def moment(self) -> datetime:
        """When it happened: not before what happened at this visit already, whatever a phone's clock says."""
        stop = self.get_stop()
        known = [one for one in (stop.actual_departed_at, stop.actual_start_at) if one is not None]
        return max([min(self.at, self.now), *known])


def _tell_the_technician(change: Change) -> None:
    """It is new on their phone until they have looked at it; an open phone hears of the event and shows it at once."""
    stop = change.get_stop()
    stop.sent_at, stop.seen_at = change.now, None
    told = {"technician": stop.route.technician.name, "stop_id": stop.id}
    record_event(change.session, SENT, change.now, change.by_user_id, change.job, after=told)


def _call_back(change: Change) -> None:
    stop = change.get_stop()
    stop.sent_at = stop.seen_at = None


def _departs(change: Change) -> None:
    change.get_stop().actual_departed_at = change.moment()


def _has_not_departed(change: Change) -> None:
    change.get_stop().actual_departed_at = None


def _starts(change: Change) -> None:
    change.get_stop().actual_start_at = change.moment()


def _ends(change: Change) -> None:
    stop = change.get_stop()
    stop.actual_end_at = change.moment()
    # Without having been on site, the attempt began and ended at once.
    stop.actual_start_at = stop.actual_start_at or stop.actual_end_at


def _has_not_ended(change: Change) -> None:
    change.get_stop().actual_end_at = None


def _has_not_begun(change: Change) -> None:
    stop = change.get_stop()
    stop.actual_departed_at = stop.actual_start_at = stop.actual_end_at = None


def _ask_for_required_steps(change: Change) -> None:
    refuse_missing(change.job)


def _draw_down_parts(change: Change) -> None:
    technician = change.get_stop().route.technician
    take_as_planned(change.session, change.job, technician, change.by_user_id, change.now)


def _close_job(change: Change) -> None:
    change.job.status = change.new


def _reopen_job(change: Change) -> None:
    stop = change.stop
    if change.new == "requested" and stop is not None and stop.status == "no_access":  # as before it was cancelled
        change.job.status = stop.status
        _tell_the_day(replace(change, new=stop.status))
    else:
        change.job.status = OPEN


def _create_return_visit(change: Change) -> None:
    create_return_visit(change.session, change.job, change.stop, change.reason, change.now, change.by_user_id)


def _withdraw_return_visit(change: Change) -> None:
    stop = withdraw_return_visit(change.session, change.job, change.now, change.by_user_id)
    if stop is not None:  # its technician has time again
        _hold_alerts(change.session, stop, change.get_stop())
        reason = f"{change.job.number} is not to be continued after all."
        _tell_the_day(replace(change, job=stop.job, stop=stop, new="cancelled", reason=reason))


def _tell_the_day(change: Change) -> None:
    """What is not visited as planned may leave room for something else, or need another visit."""
    if change.stop is None:
        return
    route = change.stop.route
    _hold_alerts(change.session, change.stop)
    raise_incident(
        change.session,
        "cancellation" if change.new == "cancelled" else change.new,
        route.plan.on,
        change.now,
        change.by_user_id,
        technician_id=route.technician_id,
        job_id=change.job.id,
        words=change.reason,
    )


def _hold_alerts(session: Session, *stops: Stop) -> None:
    """Before anything is queued, as whoever watches does; of several technicians always in one order."""
    for technician_id, on in sorted({(stop.route.technician_id, stop.route.plan.on) for stop in stops}):
        hold_alerts(session, on, technician_id)


def _untell_the_day(change: Change) -> None:
    for kind in ("cancellation", "no_access"):
        withdraw_incident(change.session, kind, change.job.id, change.now, change.by_user_id)


EFFECTS: Mapping[str, Callable[[Change], None]] = {
    "tell the technician": _tell_the_technician,
    "call back": _call_back,
    "departs": _departs,
    "has not departed": _has_not_departed,
    "starts": _starts,
    "ends": _ends,
    "has not ended": _has_not_ended,
    "has not begun": _has_not_begun,
    "ask for required steps": _ask_for_required_steps,
    "draw down parts": _draw_down_parts,
    "close job": _close_job,
    "reopen job": _reopen_job,
    "create return visit": _create_return_visit,
    "withdraw return visit": _withdraw_return_visit,
    "tell the day": _tell_the_day,
    "untell the day": _untell_the_day,
}
assert {trigger for move in MOVES for trigger in move.triggers} == set(EFFECTS), "the table and the effects differ"
