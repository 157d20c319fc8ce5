"""A backup holds every row, is made while others write, and restores into either database; every row is compared."""

import json
import os
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from dispatch.backup import list_backups, make_backup, prune_backups, restore_backup
from dispatch.cli import main
from dispatch.errors import Conflict, InvalidInput
from dispatch.events import list_events, record_event
from dispatch.migrations import is_current
from dispatch.models import Event, Job, StoredSetting
from tests.dispatch.backup.filled import rows
from tests.dispatch.town import MORNING, job, settle


def rewrite(path: Path, change) -> Path:
    """The same backup with some of its files changed; None takes one away."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    path.unlink()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_every_row_of_either_database_comes_back_in_either(town, empty, tmp_path):
    """Text, numbers, instants, times of day, bytes, nothing at all; also rows that refer to later ones."""
    made = make_backup(town, MORNING, tmp_path / "backup.zip")
    manifest = restore_backup(empty, made.path, MORNING)
    before, after = rows(town), rows(empty)
    assert sum(map(len, before.values())) == made.rows
    assert [name for name, found in before.items() if not found] == [], "every table is proven with a row"
    for closed in ("user_session", "password_link", "password_request"):
        assert after.pop(closed) == set() != before.pop(closed), "everybody signs in again"
    after["stored_setting"].remove('{"name":"last_job_number","value":"10000"}')
    assert after == before
    assert datetime.fromisoformat(manifest["made_at"]) == MORNING
    with empty() as session:
        assert is_current(session.connection())


def test_a_restored_database_goes_on_where_it_was(town, empty, tmp_path):
    """New rows get numbers above the old ones, events the next ones, and what may not be is refused as before."""
    restore_backup(empty, make_backup(town, MORNING, tmp_path / "backup.zip").path, MORNING)
    with empty() as session:
        newest = max(session.scalars(select(Job.id)))
        newest_event = max(event.seq for event in list_events(session))
    settle(empty, [], [job("J3")])
    with empty.begin() as session:
        record_event(session, "noted", MORNING, None)
        assert session.scalars(select(Job.id).where(Job.number == "J3")).one() > newest
    with empty() as session:
        assert max(event.seq for event in list_events(session)) == newest_event + 1
    with pytest.raises(Exception, match=r"(?i)foreign key|violates"), empty.begin() as session:
        session.scalars(select(Job)).first().customer_id = 999_999
    with pytest.raises(Exception, match="never"), empty.begin() as session:
        session.execute(Event.__table__.delete())


def test_a_backup_waits_for_nobody_and_holds_one_moment(town, tmp_path):
    """What is not committed yet is not in it."""
    with town.begin() as session:
        session.add(StoredSetting(name="unfinished", value=""))
        session.flush()
        path = make_backup(town, MORNING, tmp_path / "backup.zip").path
    with zipfile.ZipFile(path) as archive:
        assert b"unfinished" not in archive.read("tables/stored_setting.jsonl")


def test_only_its_owner_may_read_a_backup_and_none_is_overwritten(session_factory):
    """It holds password hashes and addresses."""
    made = make_backup(session_factory, MORNING)
    assert made.path == session_factory.settings.backup_folder / "wrenchtime-20261123T090000Z.zip"
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    with pytest.raises(Conflict, match="exists already"):
        make_backup(session_factory, MORNING)
    assert [path.name for path in made.path.parent.iterdir()] == [made.path.name]


def test_the_newest_backups_are_kept(tmp_path):
    """And files that somebody else has put there; what a process that was killed has left behind goes after a day."""
    names = [f"wrenchtime-2026112{day}T023000Z.zip" for day in range(5)]
    left_behind, unfinished = (tmp_path / f".wrenchtime-20261120T023000Z.zip.{number}" for number in (1, 2))
    for name in (*names, "before-the-move.zip", left_behind, unfinished):
        (tmp_path / name).touch()
    os.utime(left_behind, (0, 0))
    assert prune_backups(tmp_path, 2, datetime.now(UTC)) == 3
    assert (left_behind.exists(), unfinished.exists()) == (False, True)
    assert [path.name for path in list_backups(tmp_path)] == names[3:]
    assert (tmp_path / "before-the-move.zip").exists()


def test_a_database_with_rows_is_left_alone(town, tmp_path):
    """A backup must not bury what is there."""
    path = make_backup(town, MORNING, tmp_path / "backup.zip").path
    before = rows(town)
    with pytest.raises(Conflict, match="not empty"):
        restore_backup(town, path, MORNING)
    assert rows(town) == before


def test_a_migrated_database_without_rows_is_filled(town, empty, tmp_path):
    """As `wrenchtime migrate` or a first start leaves it."""
    from dispatch.migrations import upgrade

    upgrade(empty.engine)
    restore_backup(empty, make_backup(town, MORNING, tmp_path / "backup.zip").path, MORNING)
    assert rows(empty)["job"] == rows(town)["job"]


def set_manifest(**values):
    """Change what the manifest says."""

    def change(files):
        manifest = json.loads(files["manifest.json"])
        files["manifest.json"] = json.dumps({**manifest, **values}).encode()

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files: files.pop("manifest.json"), "has no manifest.json"),
        (set_manifest(revision="9999"), "newer version"),
        (set_manifest(format=2), "newer version"),
        (lambda files: files.update({"tables/job.jsonl": files["tables/job.jsonl"].replace(b"J-1", b"J-7")}),
         "job.jsonl: the rows are not those"),
        (lambda files: files.update({"tables/event.jsonl": b""}), "event.jsonl: the rows are not those"),
        (lambda files: files.update({"tables/job.jsonl": b"{}x"}), "cannot be read"),
        (lambda files: files.update({"tables/rest.jsonl": b'{"colour": 1}'}), "cannot be read"),
        (lambda files: files.update({"tables/customer.jsonl": b""}), "do not fit together|not those"),
        (lambda files: files.pop("tables/job.jsonl"), "job.jsonl"),
    ],
    ids=["manifest", "newer", "format", "changed row", "no rows", "no json", "no column", "no customers", "no table"],
)  # fmt: skip
def test_a_backup_that_is_not_whole_stores_nothing(town, empty, tmp_path, change, said):
    """And says what is wrong with it."""
    path = rewrite(make_backup(town, MORNING, tmp_path / "backup.zip").path, change)
    with pytest.raises(InvalidInput, match=said):
        restore_backup(empty, path, MORNING)
    with empty.engine.connect() as connection:
        if connection.dialect.has_table(connection, "job"):
            assert connection.execute(select(Job.id)).all() == []


@pytest.mark.parametrize("content", [b"", b"not a zip file", b"PK\x03\x04 cut off"])
def test_a_file_that_is_no_backup_is_refused(session_factory, tmp_path, content):
    """In words."""
    path = tmp_path / "file.zip"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match="cannot be read as a backup"):
        restore_backup(session_factory, path, MORNING)


def test_a_backup_of_an_older_version_is_brought_up_to_date(empty, tmp_path):
    """The audit trail of long ago becomes events, as in a database that was migrated."""
    from dispatch.backup.rows import Digest

    line = '{"action":"plan requested","at":"2026-11-23T09:00:00.000000+00:00","details":{},"id":4,"user_id":null}'
    digest = Digest()
    digest.add(line)
    manifest = {
        "format": 1,
        "revision": "0003",
        "made_at": MORNING.isoformat(),
        "tables": {"audit_line": digest.as_json()},
    }
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr("tables/audit_line.jsonl", line + "\n")
    restore_backup(empty, tmp_path / "old.zip", MORNING)
    with empty() as session:
        assert is_current(session.connection())
        assert [(event.seq, event.kind, event.at) for event in list_events(session)] == [(1, "plan requested", MORNING)]


def test_the_commands_make_and_restore_a_backup(town, tmp_path, monkeypatch):
    """As people use them."""
    monkeypatch.setenv("WRENCHTIME_HOME", str(town.settings.home))
    monkeypatch.setenv("DATABASE_URL", town.settings.database_url)
    path = tmp_path / "here.zip"
    made = CliRunner().invoke(main, ["backup", str(path), "--json"])
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["rows"] == sum(map(len, rows(town).values()))
    refused = CliRunner().invoke(main, ["restore", str(path)])
    assert (refused.exit_code, "not empty" in refused.stderr) == (1, True)
    monkeypatch.setenv("WRENCHTIME_HOME", str(tmp_path / "new"))
    monkeypatch.delenv("DATABASE_URL")
    restored = CliRunner().invoke(main, ["restore", str(path)])
    assert restored.exit_code == 0, restored.output
    assert restored.stdout.startswith("Restored and compared")
    assert f"bring the old one along, as {tmp_path / 'new' / 'secret_key'} or SECRET_KEY" in restored.stdout
    assert "Everybody signs in again" in restored.stdout
    made_at = json.loads(zipfile.ZipFile(path).read("manifest.json"))["made_at"]
    assert f"If anybody worked with Wrenchtime after {made_at}, look after this:\n- Tokens" in restored.stdout
