"""Files are replaced whole or not at all."""

import os

import pytest

from data.travel.whole_file import whole_file


def test_the_new_content_replaces_the_old_when_the_block_ends(tmp_path):
    path = tmp_path / "folder" / "file"
    for content in (b"old", b"new"):
        with whole_file(path) as file:
            file.write(content)
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_an_error_leaves_the_old_content_and_nothing_else(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def tear() -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise RuntimeError("torn")

    with pytest.raises(RuntimeError, match="torn"):
        tear()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_writer_left_is_cleared_away_but_not_what_another_is_writing(tmp_path):
    left, current = tmp_path / "a.part", tmp_path / "b.part"
    for path in (left, current):
        path.write_bytes(b"half")
    two_hours_ago = current.stat().st_mtime - 7_200
    os.utime(left, (two_hours_ago, two_hours_ago))
    with whole_file(tmp_path / "file") as file:
        file.write(b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.part", "file"]
