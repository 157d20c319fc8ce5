"""Opens the travel source that an option names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from data.travel import TravelSource


def open_source(name: str) -> TravelSource:
    """The source by name, or of a map file; a name that is none is a mistake in `--travel`."""
    from data.travel import TravelError, open_travel_source

    try:
        return open_travel_source(name)
    except TravelError as error:
        raise click.BadParameter(str(error), param_hint="--travel") from error
