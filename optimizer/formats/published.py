"""What the readers of published sets share: an instance, its answer, numbers without rounding, and distances."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.faults import Fault, Faults
from optimizer.plan import Plan
from optimizer.policy import Policy
from optimizer.problem import Problem

MOST = 10**7
"""The largest number that the files may hold; with its decimals it still fits the engines' whole numbers."""
MOST_DECIMALS = 6

ToWhole = Callable[[NDArray[np.float64]], NDArray[np.float64]]
Points = Sequence[tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance of a published set. A second, a metre and a unit of cost of `problem` are 1/`per_unit` of the file's
    own unit."""

    problem: Problem
    per_unit: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text file that is not empty: where it stands, and its words."""

    number: int
    text: str

    @property
    def where(self) -> str:
        return f"line {self.number}"

    @property
    def words(self) -> list[str]:
        return self.text.split()


def lines_of(content: bytes | str) -> list[Line]:
    """Every line that is not empty. Raises `ProblemError` for bytes that are no text."""
    faults = Faults()
    text = ""
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    except UnicodeDecodeError as error:
        faults.append(Fault("input", f"byte {error.start} is not UTF-8", "save the file as plain text"))
    faults.raise_if_any()
    return [Line(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


class Numbers:
    """Reads numbers exactly, in whole `1/per_unit`; notes every fault and goes on with 0."""

    def __init__(self, faults: Faults, per_unit: int) -> None:
        self.faults, self.per_unit = faults, per_unit

    def exact(self, word: str, where: str, what: str) -> Decimal:
        """A number of either sign, as it stands."""
        try:
            value = Decimal(word).normalize()
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or abs(value) > MOST or int(value.as_tuple().exponent) < -MOST_DECIMALS:
            mend = f"give a number from -{MOST} to {MOST} with at most {MOST_DECIMALS} decimals"
            self.faults.append(Fault(where, f"{what} is {word!r}", mend))
            return Decimal(0)
        return value

    def scaled(self, word: str, where: str, what: str) -> int:
        """A number of at least 0, times `per_unit`."""
        value = self.exact(word, where, what) * self.per_unit
        if value < 0:
            self.faults.append(Fault(where, f"{what} is {word}", "use 0 or more"))
        elif value != value.to_integral_value():
            decimals = len(str(self.per_unit)) - 1
            self.faults.append(
                Fault(where, f"{what} is {word}", f"use at most {decimals} decimals: the set rounds to them")
            )
        return max(0, int(value))

    def whole(self, word: str, where: str, what: str, least: int = 0) -> int:
        """A whole number of at least `least`, not scaled."""
        value = self.exact(word, where, what)
        if value < least or value != value.to_integral_value():
            self.faults.append(Fault(where, f"{what} is {word}", f"give a whole number, {least} or more"))
        return max(least, int(value))

    def window(self, words: Sequence[str], where: str) -> tuple[int, int]:
        """First and last moment, scaled."""
        opens, closes = self.scaled(words[0], where, "the ready time"), self.scaled(words[1], where, "the due time")
        if closes < opens:
            self.faults.append(Fault(where, f"is due at {words[1]}, before it is ready at {words[0]}", "swap the two"))
        return opens, max(opens, closes)


def distances(points: Points, per_unit: int, to_whole: ToWhole) -> NDArray[np.int64]:
    """Straight-line distances in 1/`per_unit`, `int64[N, N]`, made whole by `to_whole`.

    Squares are whole numbers, so that what is a whole distance stays one.
    """
    decimals = max((-int(one.as_tuple().exponent) for point in points for one in point), default=0)
    grid = 10 ** max(0, decimals)
    whole = np.array([[int(x * grid), int(y * grid)] for x, y in points], dtype=np.float64).reshape(-1, 2)
    squares = sum((axis[:, None] - axis[None, :]) ** 2 for axis in whole.T)
    return to_whole(np.sqrt(squares * float(per_unit) ** 2) / grid).astype(np.int64)


def cut_off(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rounds down."""
    return np.floor(values)


def nearest(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rounds halves up, as TSPLIB does."""
    return np.floor(values + 0.5)


def must_serve(name: str, worst_cost: int, **weights: int) -> Policy:
    """A policy by which leaving out a visit costs more than any plan that serves all."""
    nothing = {"lateness_per_s": 0, "overtime_per_s": 0}
    return Policy(name, unassigned=worst_cost + 1, unassigned_per_priority=0, **(nothing | weights))


def answer(
    name: str, seconds: float, cost: float, routes: Sequence[Mapping[str, Any]], unassigned: Sequence[int | str]
) -> dict[str, Any]:
    """The JSON of an answer that took so many seconds to find; all else is in the set's own unit."""
    return {
        "instance": name,
        "seconds": round(seconds, 3),
        "cost": cost,
        "routes": list(routes),
        "unassigned": list(unassigned),
    }


def answer_of(
    instance: Instance,
    plan: Plan,
    name: str,
    seconds: float,
    *,
    shares: int = 1,
    id_of: Callable[[str], int | str] = int,
) -> dict[str, Any]:
    """The answer of a set whose objective is what the plan costs, without what was left out, in `shares` equal parts.

    `id_of` turns the ids of visits and shifts into those of the file.
    """
    cost = plan.cost - plan.costs.get("leaving out", 0)
    routes = [
        {
            "resource": id_of(route.shift),
            "visits": [id_of(stop.visit) for stop in route.stops],
            "starts": [in_units(stop.start_s, instance.per_unit) for stop in route.stops],
        }
        for route in plan.routes
    ]
    left_out = [id_of(one.visit) for one in plan.unassigned]
    return answer(name, seconds, in_units(cost, shares * instance.per_unit), routes, left_out)


def in_units(value: int, per_unit: int) -> float:
    """A whole number of the problem in the file's unit: whole where it can be."""
    return value // per_unit if value % per_unit == 0 else value / per_unit
