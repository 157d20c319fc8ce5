"""Tell which row of a file means which thing that is known already, and refuse two rows that mean the same."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from data.importers.numbers import read_text
from data.importers.rows import RowReader
from data.phones import is_same_phone

Cells = Mapping[str, Any]
Identity = tuple[str, ...]
_MAY_BE_EMPTY = frozenset({"maker"})
"""A serial number without a maker is unique among those without one."""
_NAME_AND_PHONE = ("name", "phone")


class Known:
    """Rows are told apart by the first of `identities` whose fields they fill in: an id, else a name, and so on.

    `lines` are the cells of what is known; a row that names an `id` must mean one of them. `uniques` are fields that no
    two may share even where something else tells them apart; what is empty is shared by many. `alike` says how cells
    are compared that are stored otherwise than people write them.
    """

    def __init__(
        self,
        identities: Sequence[Identity],
        lines: Sequence[Cells] = (),
        uniques: Sequence[Identity] = (),
        alike: Mapping[str, Callable[[Any], str]] | None = None,
    ) -> None:
        self._identities, self._uniques = identities, uniques
        self._lines, self._alike = lines, alike or {}
        self._by: dict[Identity, dict[tuple[str, ...], list[int]]] = {keys: {} for keys in (*identities, *uniques)}
        self._seen: dict[object, int] = {}
        for place, line in enumerate(lines):
            for keys, places in self._by.items():
                places.setdefault(self._values(keys, [line.get(key) for key in keys]), []).append(place)

    def know(self, reader: RowReader, together: Collection[Collection[str]]) -> None:
        """Tell the reader what is known of what its row means; what the row cannot mean is refused."""
        place = self._match(reader)
        if place is not None:
            reader.know(self._lines[place], together)
        self.refuse_taken(reader, place)

    def refuse_taken(self, reader: RowReader, own: int | None) -> None:
        """Refuse what belongs to another than the one at the place `own`, or to a row before."""
        for keys in self._uniques:
            raw = [reader.raw(key) for key in keys]
            if any(value is None for key, value in zip(keys, raw, strict=True) if key not in _MAY_BE_EMPTY):
                continue
            values = self._values(keys, raw)
            shown = " ".join(value for value in values if value)
            if any(place != own for place in self._by[keys].get(values, ())):
                reader.refuse(f"there is {shown!r} already", "Choose another", keys[-1])
            else:
                self._refuse_twice(reader, keys, (keys, values), shown)

    def _match(self, reader: RowReader) -> int | None:
        for keys in self._identities:
            raw = [reader.raw(key) for key in keys]
            if any(value is None for value in raw):
                continue
            values = self._values(keys, raw)
            found = self._by[keys].get(values, []) or self._find_by_phone(keys, values)
            shown = " ".join(values)
            self._refuse_twice(reader, keys, found[0] if found else (keys, values), shown)
            if len(found) > 1:
                reader.refuse(f"{len(found)} are known as {shown!r}", "Say more, so that one is meant", keys[0])
                return None
            if not found and keys == ("id",):
                reader.refuse(f"nothing has the id {shown}", "Leave it empty for something new", "id")
            return found[0] if found else None
        return None

    def _find_by_phone(self, keys: Identity, values: tuple[str, ...]) -> list[int]:
        """Whoever is called so and has that telephone, written in another way, else the only one who has none yet."""
        if keys != _NAME_AND_PHONE:
            return []
        name, told = values
        places = self._by[_NAME_AND_PHONE[:1]].get((name,), [])
        phones = {place: self._values(("phone",), [self._lines[place].get("phone")])[0] for place in places}
        same = [place for place, phone in phones.items() if is_same_phone(phone, told)]
        without = [place for place, phone in phones.items() if not phone]
        return same or (without if len(without) == 1 and without[0] not in self._seen else [])

    def _refuse_twice(self, reader: RowReader, keys: Identity, meant: object, shown: str) -> None:
        first = self._seen.setdefault(meant, reader.row.number)
        if first != reader.row.number and not any(problem.column == keys[-1] for problem in reader.problems):
            reader.refuse(f"{shown!r} is already on {reader.word} {first}", "Give each its own", keys[-1])

    def _values(self, keys: Identity, cells: Sequence[Any]) -> tuple[str, ...]:
        pairs = zip(keys, cells, strict=True)
        return tuple("" if cell is None else self._alike.get(key, read_text)(cell) for key, cell in pairs)
