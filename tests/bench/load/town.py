"""The day that is under load: half past ten in a company of hundreds, with an account for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, text

from dispatch.accounts.passwords import hash_password
from dispatch.api.tokens import SCOPES, make_token
from dispatch.db import SessionFactory, make_session_factory
from dispatch.models import Technician, User
from dispatch.planning.day import plan_day
from dispatch.planning.facts import find_published
from dispatch.settings import Settings
from tests.bench.big_day import fill, live_until

PASSWORD = "quiet harbour lamp seven"
HOUR = 10
AT_WORK = 22
"""Of the people of each company so many work on any day at least; the others have no phone here."""


@dataclass(frozen=True)
class Town:
    """What people need to know to take part. `tokens` are those of the dispatchers."""

    on: date
    phones: list[str]
    dispatchers: list[str]
    tokens: list[str]


def make_town(settings: Settings, phones: int, dispatchers: int, jobs: int, plan_for_s: float) -> Town:
    """Fill the database, plan the day, and do what was planned until now.

    The zone is one in which it is about ten in the morning: the server under load has the clock of this machine.
    """
    now = datetime.now(UTC)
    zone = zone_where_it_is(HOUR, now)
    on = now.astimezone(ZoneInfo(zone)).date()
    factory = make_session_factory(settings)
    try:
        fill(factory, on, -(-phones // AT_WORK), jobs, zone)
        morning = now - timedelta(hours=HOUR - 5)
        plan_day(factory, on, now=morning, time_limit_s=plan_for_s)
        live_until(factory, on, now)
        town = _open_accounts(factory, on, now, phones, dispatchers)
        with factory.begin() as session:
            session.execute(text("ANALYZE"))  # as a database is that has not been filled this minute
        return town
    finally:
        factory.engine.dispose()


def zone_where_it_is(hour: int, now: datetime) -> str:
    """A zone without clock changes in which the hour has begun; their names count westwards."""
    west = (now.hour - hour) % 24
    return f"Etc/GMT{west:+d}" if west <= 12 else f"Etc/GMT{west - 24:+d}"


def _open_accounts(factory: SessionFactory, on: date, now: datetime, phones: int, dispatchers: int) -> Town:
    """All have one password, hashed once."""
    password = hash_password(PASSWORD)
    with factory.begin() as session:
        plan = find_published(session, on)
        at_work = {route.technician_id for route in plan.routes if route.stops} if plan else set()
        people = session.scalars(select(Technician).where(Technician.id.in_(at_work)).order_by(Technician.id))
        team = [
            User(email=f"{one.code.lower()}@example.com", name=one.name, role="technician", technician=one,
                 password_hash=password) for one in list(people)[:phones]
        ]  # fmt: skip
        office = [
            User(email=f"d{number}@example.com", name=f"Dispatcher {number}", role="dispatcher", password_hash=password)
            for number in range(dispatchers)
        ]
        session.add_all([*team, *office])
        session.flush()
        tokens = [make_token(session, one, "load", SCOPES, now, one.id)[1] for one in office]
        return Town(on, [one.email for one in team], [one.email for one in office], tokens)
