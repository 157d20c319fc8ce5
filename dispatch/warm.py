"""What the first requests after a start would each work out for themselves is worked out once, before there are any.

Web processes begin as copies of the one that has done so: they know the rows of today's board, and how what boards,
phones, programs and streams ask is put to the database. Nothing is kept that a request would not check as always.
"""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import select, text

from dispatch import clock, installation
from dispatch.accounts.identity import find_signed_in
from dispatch.api.tokens import find_holder
from dispatch.board.day import find_board_news, get_board
from dispatch.board.known_lanes import KnownLanes
from dispatch.db import SessionFactory
from dispatch.health import get_health
from dispatch.jobs.search import list_jobs
from dispatch.living.predictions import list_routes
from dispatch.living.times import read_told
from dispatch.models import Technician
from dispatch.news import list_news
from dispatch.on_site.day import get_day

log = logging.getLogger(__name__)
STATEMENT_WITHIN_S = 5.0
"""A database that takes longer for an answer, because of a lock or its load, keeps the server waiting no more."""

FEW = 20
"""So many jobs and events are looked at: how a question is put does not depend on how many there are."""


def warm_up(session_factory: SessionFactory, known: KnownLanes, now: datetime) -> None:
    """Look at today as those do who come first. Without a database there is nothing to look at, and that is logged."""
    try:
        _look_at_today(session_factory, known, now)
    except Exception:  # whatever is wrong with today, all that is right must be served
        log.exception("Today could not be looked at: the server starts all the same, its first requests take longer")
    finally:
        session_factory.engine.dispose()  # connections are of the process that has opened them


def _look_at_today(session_factory: SessionFactory, known: KnownLanes, now: datetime) -> None:
    with session_factory() as session:
        if session_factory.engine.dialect.name == "postgresql":  # SQLite's readers never wait
            session.execute(text(f"SET LOCAL statement_timeout = {round(STATEMENT_WITHIN_S * 1000)}"))
        on = clock.local_day(now, installation.get_zone(session))
        board = get_board(session, on, now, known)
        version = board["plan"]["version"] if board["plan"] else None
        find_board_news(session, on, now, board["seq"], version, known)
        somebody = session.scalar(select(Technician.id).where(Technician.active).limit(1))
        if somebody is not None:
            get_day(session, somebody, on, now)
            list_routes(session, on, somebody)
        read_told(session, on)
        list_jobs(session, now, limit=FEW)
        list_news(session, max(board["seq"] - FEW, 0), FEW)
        find_signed_in(session, "nobody", now)
        find_holder(session, "nobody", now)
        get_health(session, now)
