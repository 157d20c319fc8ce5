"""Backups are written and restored in little memory; what cannot be restored is said."""

import json
import zipfile

import pytest
from sqlalchemy import event, inspect, select, text

from dispatch.backup import make_backup, restore, restore_backup
from dispatch.backup.rows import Digest
from dispatch.errors import InvalidInput
from dispatch.models import Job, Photo, Technician
from tests.dispatch.town import MORNING, job, settle


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
        restore_backup(empty, path, MORNING)
    assert inspect(empty.engine).get_table_names() == []


@pytest.mark.parametrize("step", ["_fill", "pass_over"])
def test_a_restore_that_is_killed_has_stored_nothing_and_can_be_repeated(town, empty, tmp_path, monkeypatch, step):
    """Or what may have been given out since the backup would be given out again, and nobody would know."""
    path = make_backup(town, MORNING, tmp_path / "backup.zip").path
    do_it = getattr(restore, step)

    def die(*arguments):
        do_it(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr(restore, step, die)
        with pytest.raises(KeyboardInterrupt):
            restore_backup(empty, path, MORNING)
    assert inspect(empty.engine).get_table_names() == []
    restore_backup(empty, path, MORNING)
    with empty() as session:
        newest = max(session.scalars(select(Job.id)))
    settle(empty, [], [job("J9")])
    with empty() as session:
        assert max(session.scalars(select(Job.id))) == newest + 1_000_001


def test_rows_that_name_a_row_that_is_not_there_are_refused(town, empty, tmp_path):
    """Somebody has made such a file by hand: every digest is right."""
    path = make_backup(town, MORNING, tmp_path / "backup.zip").path
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    files["tables/location.jsonl"] = b""
    manifest["tables"]["location"] = Digest().as_json()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (files | {"manifest.json": json.dumps(manifest).encode()}).items():
            archive.writestr(name, data)
    with pytest.raises(InvalidInput, match="do not fit together"):
        restore_backup(empty, path, MORNING)
    assert inspect(empty.engine).get_table_names() == []


@pytest.mark.parametrize(("database_kind", "other_kind"), [("sqlite", "postgresql")])
def test_a_number_that_one_database_takes_and_the_other_does_not_is_said(town, empty, tmp_path):
    """SQLite stores any."""
    with town.begin() as session:
        session.execute(Technician.__table__.update().values(hourly_cost=56_912_345_678))
    path = make_backup(town, MORNING, tmp_path / "backup.zip").path
    with pytest.raises(InvalidInput, match="out of range"):
        restore_backup(empty, path, MORNING)


@pytest.mark.parametrize("other_kind", ["postgresql"])
def test_a_restored_database_knows_how_many_rows_it_has(town, empty, tmp_path):
    """The first minutes on PostgreSQL would be slow without."""
    restore_backup(empty, make_backup(town, MORNING, tmp_path / "backup.zip").path, MORNING)
    with empty() as session:
        known = session.scalar(text("SELECT reltuples FROM pg_class WHERE oid = 'job'::regclass"))
        assert known == len(session.scalars(select(Job.id)).all()) > 0


def test_few_photos_are_in_memory_together(town, empty, tmp_path):
    """They may have megabytes each; of other rows there are a thousand."""
    with town.begin() as session:
        [job_id] = session.scalars(select(Job.id).where(Job.number == "J-1"))
        told = {"job_id": job_id, "taken_at": MORNING, "content_type": "image/jpeg", "data": b"photo"}
        session.add_all(Photo(**told, sha256=f"{number:064x}") for number in range(1, 26))
    read, written = {}, {}

    def note(connection, cursor, statement, parameters, context, executemany):
        for name in ("photo", "job"):
            if f"FROM {name} " in f"{statement} ".replace("\n", " ") and "yield_per" in context.execution_options:
                read[name] = context.execution_options["yield_per"]
            if statement.startswith(f"INSERT INTO {name} "):
                count = len(parameters) if executemany else 1
                written[name] = max(written.get(name, 0), count)

    for factory in (town, empty):
        event.listen(factory.engine, "before_cursor_execute", note)
    path = make_backup(town, MORNING, tmp_path / "backup.zip").path
    assert read == {"photo": 10, "job": 1_000}
    read.clear()
    restore_backup(empty, path, MORNING)
    assert read == {"photo": 10, "job": 1_000}
    assert written["photo"] <= 10
