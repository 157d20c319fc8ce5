"""What a view needs from the application around it: the database and the clock."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from flask import Flask, current_app, g

from dispatch.board.known_lanes import KnownLanes
from dispatch.clock import local_day
from dispatch.db import Session, SessionFactory
from dispatch.installation import get_zone
from dispatch.roads import open_streets
from dispatch.settings import Settings
from dispatch.territories.scope import limit_session

Clock = Callable[[], datetime]
TERRITORIES = "territory_ids"
"""In `flask.g`: to what the person behind the request is limited, once that is known."""


def utc_now() -> datetime:
    """The real clock; tests give `create_app` another one."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class House:
    """The parts of one installation that every request shares."""

    settings: Settings
    session_factory: SessionFactory
    clock: Clock
    known_lanes: KnownLanes = field(default_factory=KnownLanes)


def install(app: Flask, house: House) -> None:
    """Keep the installation's parts on the application."""
    app.extensions["wrenchtime"] = house


def house() -> House:
    """The running application's parts."""
    found: House = current_app.extensions["wrenchtime"]
    return found


def reading() -> AbstractContextManager[Session]:
    """A session that sees one snapshot of the database, as far as the person may see it, and cannot write."""
    session = house().session_factory()
    limit_session(session, g.get(TERRITORIES, ()))
    return session


@contextmanager
def writing(*, looks_up: bool = False) -> Iterator[Session]:
    """A session whose work is committed when the block ends and undone when it raises; it finds what `reading` does.

    Views open it themselves instead of once per request, so that an answer is only made after the commit. What takes
    long is done before, since others cannot write meanwhile; `looks_up` where an address may have to be looked up.
    """
    if looks_up:
        with reading() as session:
            open_streets(session)
    with house().session_factory.begin() as session:
        limit_session(session, g.get(TERRITORIES, ()))
        yield session


def now() -> datetime:
    """This request's moment, aware and in UTC."""
    return house().clock()


def today_of(session: Session) -> date:
    """The calendar day at the head office now."""
    return local_day(now(), get_zone(session))
