"""What a backup holds that cannot be restored is said."""

import zipfile

import pytest
from sqlalchemy import select

from dispatch.backup import make_backup, restore_backup
from dispatch.db import make_session_factory
from dispatch.errors import InvalidInput
from dispatch.models import Job, Technician
from tests.dispatch import conftest
from tests.dispatch.town import MORNING


def test_a_backup_whose_bytes_are_damaged_is_refused(town, empty, tmp_path):
    """In words, and nothing is stored."""
    path = make_backup(town, MORNING, tmp_path / "backup.zip").path
    with zipfile.ZipFile(path) as archive:
        job = archive.getinfo("tables/job.jsonl")
    content = bytearray(path.read_bytes())
    start = job.header_offset + 30 + len(job.filename) + content[job.header_offset + 28]
    content[start] = 0x06  # a block of a kind that there is not
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match="cannot be read as a backup"):
        restore_backup(empty, path)
    with empty() as session:
        assert session.scalars(select(Job.id)).all() == []


def test_a_number_that_one_database_takes_and_the_other_does_not_is_said(town, tmp_path, postgresql, postgresql_admin):
    """SQLite stores any."""
    with town.begin() as session:
        session.execute(Technician.__table__.update().values(hourly_cost=56_912_345_678))
    path = make_backup(town, MORNING, tmp_path / "backup.zip").path
    database = conftest._make_database(postgresql_admin, "template0")
    new = make_session_factory(conftest._on_postgresql(postgresql, database, tmp_path / "new"))
    with pytest.raises(InvalidInput, match="out of range"):
        restore_backup(new, path)
    new.engine.dispose()
