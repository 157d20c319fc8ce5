"""Backups are written wherever there is a disk, and where they cannot be, that is said."""

import errno
import os

import pytest
from click.testing import CliRunner

from dispatch.backup import make_backup
from dispatch.cli import main
from dispatch.errors import Conflict, InvalidInput
from tests.dispatch.town import MORNING


def refuse_links(*_):
    """As memory sticks and disks in the network answer."""
    raise PermissionError(errno.EPERM, "Operation not permitted")


def test_a_disk_that_knows_no_second_names_takes_backups(session_factory, tmp_path, monkeypatch):
    """Such as a memory stick, which is the safer place."""
    monkeypatch.setattr(os, "link", refuse_links)
    (tmp_path / "stick").mkdir()
    made = make_backup(session_factory, MORNING, tmp_path / "stick" / "backup.zip")
    assert [path.name for path in made.path.parent.iterdir()] == ["backup.zip"]
    with pytest.raises(Conflict, match="exists already"):
        make_backup(session_factory, MORNING, made.path)


def test_no_file_is_overwritten_on_such_a_disk(session_factory, tmp_path, monkeypatch):
    """Also one that comes into being while the backup is written."""
    path = tmp_path / "backup.zip"

    def write_another(*_):
        path.write_text("another")
        refuse_links()

    monkeypatch.setattr(os, "link", write_another)
    with pytest.raises(Conflict, match="exists already"):
        make_backup(session_factory, MORNING, path)
    assert path.read_text() == "another"


def test_a_folder_that_is_not_there_is_said(session_factory, tmp_path, monkeypatch):
    """To whoever makes a backup or an export, and in the outcome of the nightly task."""
    path = tmp_path / "none" / "backup.zip"
    with pytest.raises(InvalidInput, match=r"backup.zip cannot be written: No such file or directory\. Name a file"):
        make_backup(session_factory, MORNING, path)
    monkeypatch.setenv("WRENCHTIME_HOME", str(session_factory.settings.home))
    monkeypatch.setenv("DATABASE_URL", session_factory.settings.database_url)
    refused = CliRunner().invoke(main, ["backup", str(path)])
    assert (refused.exit_code, "cannot be written" in refused.stderr) == (1, True)


def test_a_folder_of_backups_that_cannot_be_made_is_said(session_factory):
    """Where a file stands in its way."""
    session_factory.settings.backup_folder.write_text("a file")
    with pytest.raises(InvalidInput, match="cannot be written"):
        make_backup(session_factory, MORNING)
