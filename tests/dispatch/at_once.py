"""Two transactions at once: what the second one does while the first has written and not committed."""

import threading
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.db import SessionFactory


def do_at_once(
    factory: SessionFactory, first: Callable[[Session], object], second: Callable[[Session], object]
) -> list[Exception]:
    """The faults of the second, which begins when the first has written, and waits for it where it has to."""
    faults: list[Exception] = []

    def run_second() -> None:
        try:
            with factory.begin() as session:
                second(session)
        except Exception as fault:
            faults.append(fault)

    thread = threading.Thread(target=run_second)
    with factory.begin() as session:
        first(session)
        session.flush()
        thread.start()
        wait_until_it_waits(factory)
    thread.join()
    return faults


def wait_until_it_waits(factory: SessionFactory) -> None:
    """Until the second has come to what the first one holds; on SQLite it waits before it begins."""
    if factory.engine.dialect.name != "postgresql":
        return
    for _ in range(600):
        with factory.engine.connect() as connection:
            if connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return
        threading.Event().wait(0.05)
    raise AssertionError("it never waited")
