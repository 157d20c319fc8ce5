"""What the first requests after a start would each work out for themselves is worked out once, before there are any.

Web processes begin as copies of the one that has done so: they know the rows of today's board, and how the questions of
boards and phones are put to the database. Nothing is kept that a request would not check as always.
"""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from dispatch import clock, installation
from dispatch.board.day import find_board_news, get_board
from dispatch.board.known_lanes import KnownLanes
from dispatch.db import SessionFactory
from dispatch.models import Technician
from dispatch.on_site.day import get_day

log = logging.getLogger(__name__)


def warm_up(session_factory: SessionFactory, known: KnownLanes, now: datetime) -> None:
    """Look at today as a board and a phone do. Without a database there is nothing to look at, and that is logged."""
    try:
        _look_at_today(session_factory, known, now)
    except SQLAlchemyError:
        log.exception("The first requests will take longer: the database does not answer as it should")
    finally:
        session_factory.engine.dispose()  # connections are of the process that has opened them


def _look_at_today(session_factory: SessionFactory, known: KnownLanes, now: datetime) -> None:
    with session_factory() as session:
        on = clock.local_day(now, installation.get_zone(session))
        board = get_board(session, on, now, known)
        version = board["plan"]["version"] if board["plan"] else None
        find_board_news(session, on, now, board["seq"], version, known)
        somebody = session.scalar(select(Technician.id).where(Technician.active).limit(1))
        if somebody is not None:
            get_day(session, somebody, on, now)
