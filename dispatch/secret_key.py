"""The key that signs sessions and links: given, or made once and kept where only its owner may read it."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from dispatch.errors import SettingsError

LEAST_KEY_LENGTH = 32
LEAST_KEY_CHARACTERS = 10
"""Different ones: thirty-two times the same letter is long, and no secret."""


def check_key(given: str | None, wrong: list[str]) -> str | None:
    """A key that can be guessed lets anybody sign in as anybody."""
    if not given or (len(given) >= LEAST_KEY_LENGTH and len(set(given)) >= LEAST_KEY_CHARACTERS):
        return given
    wrong.append(
        f"SECRET_KEY is too easy to guess; give at least {LEAST_KEY_LENGTH} random characters, such as those that "
        "`python3 -c 'import secrets; print(secrets.token_hex(32))'` prints, or leave it out: one is made and kept."
    )
    return given


def get_stored_key(path: Path) -> str:
    """Read the key, or make it once; only its owner may read the file.

    It is written under another name first, so that of several processes that start at once nobody reads half a key.
    """
    if not path.exists():
        _make_key(path)
    key = path.read_text(encoding="ascii").strip()
    if len(key) < LEAST_KEY_LENGTH:
        raise SettingsError(
            f"{path} holds no usable key. Delete the file (all users will have to sign in again) or set SECRET_KEY."
        )
    return key


def _make_key(path: Path) -> None:
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
        with contextlib.suppress(FileExistsError):  # another process was first: its key it is
            os.link(name, path)
        os.unlink(name)
    except OSError as error:
        raise SettingsError(
            f"Cannot write {path} ({error.strerror}). Make the folder writable or set SECRET_KEY."
        ) from error
