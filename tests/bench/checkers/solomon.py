"""Checks answers to Solomon's files: distances cut off after one decimal."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import Any

from tests.bench.checkers.vans import Fleet, Place, Van, check_fleet
from tests.bench.checkers.verdict import Verdict

TENTHS = 10


def check(text: str, answer: dict[str, Any]) -> Verdict:
    """The verdict on an answer to the instance in a file's text."""
    return check_fleet(read(text), answer)


def read(text: str) -> Fleet:
    rows = [line.split() for line in text.splitlines()]
    rows = [row for row in rows if row and row[0].isdigit()]
    (count, capacity), customers = rows[0], rows[1:]
    points = {int(row[0]): (Fraction(row[1]), Fraction(row[2])) for row in customers}
    places = {
        int(row[0]): Place(
            opens=int(Fraction(row[4]) * TENTHS),
            closes=int(Fraction(row[5]) * TENTHS),
            service=int(Fraction(row[6]) * TENTHS),
            demand=int(row[3]),
        )
        for row in customers
    }
    vans = {number: Van(int(capacity)) for number in range(1, int(count) + 1)}
    return Fleet(TENTHS, 0, places, vans, lambda a, b: truncated(points[a], points[b]))


def truncated(here: tuple[Fraction, Fraction], there: tuple[Fraction, Fraction]) -> int:
    """The straight line in tenths, cut off."""
    square = (here[0] - there[0]) ** 2 + (here[1] - there[1]) ** 2
    return isqrt(int(square * TENTHS**2))
