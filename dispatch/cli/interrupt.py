"""Ctrl-C during a search: the first asks for the best so far, the second gives up at once."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import click

SENTENCE = "Stopping: the best plan so far is used. Press Ctrl-C again to give it up."


@contextmanager
def first_interrupt_ends_search() -> Iterator[Callable[[], bool]]:
    """Gives a function that says whether somebody pressed Ctrl-C. For the main thread only."""
    pressed = False

    def press(_number: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        click.echo(SENTENCE, err=True)

    usual = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, usual)
