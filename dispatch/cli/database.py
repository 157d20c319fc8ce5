"""Opens the database for a command, and says what to do when it is not ready."""

from __future__ import annotations

import click

from dispatch.db import SessionFactory, make_session_factory
from dispatch.migrations import is_current
from dispatch.settings import Settings


def connect(settings: Settings) -> SessionFactory:
    """The database of this installation in whatever state; its connections are closed when the command has ended."""
    session_factory = make_session_factory(settings)
    click.get_current_context().call_on_close(session_factory.engine.dispose)
    return session_factory


def open_database(settings: Settings) -> SessionFactory:
    """The database of this installation, at the state this version needs."""
    session_factory = connect(settings)
    with session_factory() as session:
        if not is_current(session.connection()):
            raise click.ClickException(
                "The database is not set up for this version: run `wrenchtime migrate`, "
                "or `wrenchtime demo` for a sample company."
            )
    return session_factory
