"""How commands talk: results to stdout, progress to stderr, JSON for machines, one sentence for an error."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


def print_json(value: Any) -> None:
    """JSON with sorted keys, dates as text."""
    click.echo(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, default=str))


def says_errors(command: Command) -> Command:
    """Turn the errors of the business into sentences on stderr and exit code 1; anything else is a fault of ours."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        from sqlalchemy.exc import OperationalError

        from dispatch.errors import DispatchError

        try:
            return command(*args, **kwargs)
        except DispatchError as error:
            raise click.ClickException(str(error)) from error
        except OperationalError as error:
            raise click.ClickException(
                f"The database does not answer: {error.orig}. `wrenchtime doctor` says more."
            ) from error

    return wrapped  # type: ignore[return-value]


@contextmanager
def progress(title: str) -> Iterator[Callable[[float | None, str], None]]:
    """Give a function `tell(share, message)`: a bar on a terminal, a line per new message elsewhere.

    `share` is 0..1, or None where nobody knows how long it takes.
    """
    if not sys.stderr.isatty():
        yield _tell_in_lines(title)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn(title), BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def tell(share: float | None, message: str) -> None:
            bar.update(task, description=message, total=None if share is None else 1.0, completed=share or 0.0)

        yield tell


def _tell_in_lines(title: str) -> Callable[[float | None, str], None]:
    said = ""

    def tell(_share: float | None, message: str) -> None:
        nonlocal said
        if message != said:
            said = message
            click.echo(f"{title}: {message}", err=True)

    return tell
