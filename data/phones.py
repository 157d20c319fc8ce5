"""Telephone numbers that customers are told: written in any usual way, but so that a telephone can dial them."""

import re

EXAMPLE = "+56 51 221 0000"
_NUMBER = re.compile(r"\+?[0-9][0-9 ()/.-]{2,30}")


def is_phone(text: str) -> bool:
    """Whether a telephone can dial it."""
    return _NUMBER.fullmatch(text) is not None


def is_same_phone(one: str, other: str) -> bool:
    """Whether both dial the same number, however each is written."""
    digits = re.sub(r"\D", "", one)
    return one == other or (bool(digits) and digits == re.sub(r"\D", "", other))
