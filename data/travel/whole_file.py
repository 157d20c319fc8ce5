"""Write files whole: whoever reads sees the old content or the new, never half, whoever else writes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_UNFINISHED = ".part"
_ABANDONED_S = 3_600


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write bytes to, which takes the place of `path` when the block ends without an error.

    Makes the folder if it is missing, and clears away what writers that were killed left in it an hour ago or more.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not tempfile: its files are private to their owner, and other users may have to read this one.
    unfinished = path.with_name(f"{path.name}.{uuid.uuid4().hex}{_UNFINISHED}")
    try:
        with unfinished.open("xb") as file:
            yield file
        written_at = unfinished.stat().st_mtime
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    for other in path.parent.glob(f"*{_UNFINISHED}"):
        try:
            if written_at - other.stat().st_mtime > _ABANDONED_S:
                other.unlink()
        except FileNotFoundError:  # its writer has finished, or another process cleared it away
            continue
