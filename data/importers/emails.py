"""Read e-mail addresses from cells: one that is new has to be one; what is stored already stays as it is."""

from collections.abc import Collection
from typing import Any

from data.emails import MEND, find_fault
from data.importers.numbers import read_text
from data.importers.result import BadValue
from data.importers.rows import RowReader


def read_email(value: Any) -> str:
    """An e-mail address."""
    text = read_text(value)
    fault = find_fault(text)
    if fault is not None:
        raise BadValue(fault, MEND[:1].upper() + MEND[1:])
    return text


def get_email(reader: RowReader, key: str = "email", stored: Collection[str] = ()) -> str:
    """The address of a row, empty where it has none. One from before addresses were checked keeps nobody from changing
    something else: what is known of the row, or of whomever it may mean, as one of the addresses `stored`.
    """
    own = read_text(reader.known.get(key) or "")

    def read(value: Any) -> str:
        text = read_text(value)
        return text if text == own or text in stored else read_email(value)

    return reader.get(key, read, "")
