"""Ctrl-C while a plan is searched: the first ends the search with what it has, the second gives up."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

SENTENCE = "Stopping: the best plan so far is used. Press Ctrl-C again to give it up."


@contextmanager
def first_interrupt_ends_search() -> Iterator[Callable[[], bool]]:
    """Gives a function that says whether somebody has pressed Ctrl-C. For the main thread only."""
    asked = False

    def note(_number: int, _frame: Any) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        click.echo(SENTENCE, err=True)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)
