"""Read numbers, texts and coordinates as people and spreadsheets write them, decimal comma included."""

import math
import re
import unicodedata
from typing import Any

from data.importers.result import BadValue
from data.records import Location

_DECIMAL = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d{1,2})?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}[.,]\d{3}")
_POINTS = re.compile(r"([-+]?\d+\.\d+)\s*[,;\s]\s*([-+]?\d+\.\d+)")
_COMMAS = re.compile(r"([-+]?\d+,\d+)\s*(?:;|\s|,\s)\s*([-+]?\d+,\d+)")
MOST = 1_000_000_000
"""A larger whole number is mistyped, such as a telephone number in the wrong column; databases hold twice as much."""
_MINUS_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-"})


def read_text(value: Any) -> str:
    """Any cell as text: whole numbers lose the `.0` that spreadsheets give them, spaces around go."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unicodedata.normalize("NFC", str(value)).strip()


def fold(text: str) -> str:
    """Text as it is compared: no accents, no upper case, one space for all but letters and digits."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^0-9a-z]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def read_name(value: Any) -> str:
    """A skill or part: lower case with single spaces, so that "Gas " and "gas" are the same thing."""
    return " ".join(read_text(value).lower().split())


def read_decimal(value: Any) -> float:
    """A number with a point or a comma as its decimal sign; one that has both, or one of them twice, is refused."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    text = read_text(value).translate(_MINUS_SIGNS)
    if not _DECIMAL.fullmatch(text):
        raise BadValue(
            f"{read_text(value)!r} is not a number",
            "Write digits with one decimal sign, such as 12.5 or 12,5",
        )
    return float(text.replace(",", "."))


def read_whole(value: Any, least: int = 0, most: int = MOST) -> int:
    """A whole number within [least, most]; "15.000", which is 15 to some and 15000 to others, is refused."""
    number = read_decimal(value)
    limits = f"a whole number from {least} to {most}"
    if isinstance(value, str) and _THOUSANDS.fullmatch(read_text(value).translate(_MINUS_SIGNS)):
        short, long = f"{number:g}", re.sub("[.,]", "", read_text(value))
        raise BadValue(f"{read_text(value)!r} can be {short} or {long}", "Write it without a point or a comma")
    if not number.is_integer():
        raise BadValue(f"{read_text(value)!r} is not a whole number", f"Write {limits}")
    if not least <= number <= most:
        raise BadValue(f"{int(number)} is out of range", f"Write {limits}")
    return int(number)


def read_latitude(value: Any) -> float:
    """Degrees north, from -90 to 90."""
    return _degrees(value, "latitude", 90)


def read_longitude(value: Any) -> float:
    """Degrees east, from -180 to 180."""
    return _degrees(value, "longitude", 180)


def read_location(value: Any) -> Location:
    """Latitude and longitude in one cell, in that order: "-29.9027, -71.2519" or "-29,9027; -71,2519"."""
    if isinstance(value, (list, tuple)) and len(value) == 2:
        return read_latitude(value[0]), read_longitude(value[1])
    text = read_text(value).translate(_MINUS_SIGNS)
    match = _POINTS.fullmatch(text) or _COMMAS.fullmatch(text)
    if match is None:
        raise BadValue(
            f"{read_text(value)!r} is not a pair of coordinates",
            'Write latitude and longitude with decimals, such as "-29.9027, -71.2519"',
        )
    return read_latitude(match[1]), read_longitude(match[2])


def _degrees(value: Any, what: str, most: int) -> float:
    number = read_decimal(value)
    if abs(number) > most:
        raise BadValue(f"{number:g} is not a {what}", f"Write degrees from -{most} to {most}; are the two swapped?")
    return number
