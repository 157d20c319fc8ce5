"""What programs have moved of a day's plan by themselves, against what they may: repairs in a row share one budget.

Counted is since a person last published the plan of that day, who has seen it then, and at most since midnight at the
head office. Who chose a way to serve an emergency has seen that way and not the day. See docs/decisions/0062.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.models import Incident, PlanChange, PlanVersion
from dispatch.planning.budget import ChangeBudget

MOVES = ("moved", "retimed", "left out")


@dataclass(frozen=True)
class Spent:
    """So many jobs of the day `on` that could have stayed have moved since then, of so many that may."""

    on: date
    moved: int
    most: int
    since_at: datetime
    is_since_a_person: bool
    zone: str

    @property
    def left(self) -> int:
        return max(0, self.most - self.moved)

    @property
    def is_used_up(self) -> bool:
        """Whether programs have moved what they may; where they may move nothing, nothing is ever used up."""
        return 0 < self.most <= self.moved

    @property
    def words(self) -> str:
        """How it stands, in sentences."""
        at = clock.local_time(self.since_at, self.zone)
        since = f"since {at}, when somebody last published this day's plan" if self.is_since_a_person else f"since {at}"
        return (
            f"By itself the program has moved {self.moved} of the {self.most} jobs of {self.on} that it may move "
            f"({since})."
        )

    @property
    def verdict(self) -> str:
        """Why something is proposed that the policy would have published."""
        return f"{self.words} That is used up, so this waits for a decision."


def find_spent(session: Session, on: date, now: datetime) -> Spent | None:
    """How the day's budget stands; None for a day on which any number may move, since its plan is tentative."""
    zone = installation.get_zone(session)
    today = clock.local_day(now, zone)
    most = ChangeBudget.of_day(session.info["settings"], on, today).most_moved
    if most is None:
        return None
    of_day = PlanVersion.on == on, PlanVersion.published_at.is_not(None)
    seen_at = session.scalar(
        select(func.max(PlanVersion.published_at)).where(
            *of_day, PlanVersion.published_by_user_id.is_not(None), ~_is_way_of_an_emergency()
        )
    )
    begins_at = clock.day_start(today, zone)
    is_since_a_person = seen_at is not None and seen_at >= begins_at
    since_at = seen_at if seen_at is not None and is_since_a_person else begins_at
    moved = session.scalar(
        select(func.count(PlanChange.job_id.distinct()))
        .join(PlanVersion, PlanChange.plan_id == PlanVersion.id)
        .where(
            *of_day,
            PlanVersion.published_at >= since_at,
            PlanVersion.published_by_user_id.is_(None),
            PlanChange.kind.in_(MOVES),
            PlanChange.gain.is_not(None),  # the others could not have stayed
        )
    )
    return Spent(on, moved or 0, most, since_at, is_since_a_person, zone)


def _is_way_of_an_emergency() -> ColumnElement[bool]:
    """Versions that a person published by choosing how an emergency is served: laid out around that one job.

    Nothing was searched for them, unlike for a repair that somebody asked for, and no draft was looked at. Incidents
    are asked for by their table: the count is the same for people who see some territories only.
    """
    incident = Incident.__table__.c
    answers = select(incident.id).where(incident.plan_id == PlanVersion.id, incident.kind == "emergency").exists()
    return and_(PlanVersion.time_limit_s == 0, PlanVersion.draft_id.is_(None), answers)


def find_budget(session: Session, on: date, now: datetime, *, by_program: bool) -> ChangeBudget:
    """The installation's for that day; for what a program publishes, what is left of it."""
    today = clock.local_day(now, installation.get_zone(session))
    budget = ChangeBudget.of_day(session.info["settings"], on, today)
    spent = find_spent(session, on, now) if by_program else None
    return budget if spent is None else replace(budget, most_moved=spent.left)
