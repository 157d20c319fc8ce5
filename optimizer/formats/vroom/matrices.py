"""Square arrays of whole numbers, checked cell by cell without slowing good ones down."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.faults import Fault, Faults
from optimizer.formats.vroom.record import MOST, show

MOST_SHOWN = 20
"""Faults shown for one matrix; the rest are counted."""


def parse_matrix(raw: Any, path: str, faults: Faults) -> NDArray[np.int64] | None:
    """Returns a matrix as `int64[N, N]`, or None after noting what is wrong with it."""
    if not isinstance(raw, list) or not raw:
        faults.append(Fault(path, f"is {show(raw)}", "give an array of rows, as many rows as columns"))
        return None
    found: list[Fault] = []
    for row, cells in enumerate(raw):
        where = f"{path}[{row}]"
        if not isinstance(cells, list):
            found.append(Fault(where, f"is {show(cells)}", f"give an array of {len(raw)} whole numbers"))
            continue
        if len(cells) != len(raw):
            found.append(
                Fault(
                    where,
                    f"has {len(cells)} numbers in a matrix of {len(raw)} rows",
                    f"give {len(raw)}: the matrix has to be square",
                )
            )
        if not all(type(cell) is int and 0 <= cell <= MOST for cell in cells):
            found.extend(
                Fault(f"{where}[{column}]", f"is {show(cell)}", f"give a whole number from 0 to {MOST}")
                for column, cell in enumerate(cells)
                if not (type(cell) is int and 0 <= cell <= MOST)
            )
    faults.extend(found[:MOST_SHOWN])
    if len(found) > MOST_SHOWN:
        more = len(found) - MOST_SHOWN
        faults.append(Fault(path, f"{more} more of its cells or rows are wrong", "correct them in the same way"))
    return None if found else np.array(raw, dtype=np.int64)
