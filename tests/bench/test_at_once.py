"""A short slice of the collisions that `python -m tests.bench.at_once` makes at length."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dispatch.db import make_session_factory
from tests.bench import at_once
from tests.bench.databases import KINDS, open_databases


@pytest.mark.parametrize("database", KINDS)
def test_of_those_who_do_the_same_in_one_moment_one_wins_and_all_others_are_told(database):
    """Editing, reporting, deciding, booking, numbering and publishing."""
    with TemporaryDirectory() as folder, open_databases(database, Path(folder)) as make_installation:
        factory = make_session_factory(make_installation())
        assert at_once.run(factory, 11).total() == (5 * 11 + 2) * at_once.PEOPLE
        factory.engine.dispose()
