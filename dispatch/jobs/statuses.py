"""Every status of a job, and in one table: who may move it from which to which, and what each move triggers.

A job is *requested* until a published plan has a stop for it; then it stands where that stop stands, until it is
closed. What is stored: `Job.status` says "open" or how the job was closed; `Stop.status` says how far the visit is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dispatch.models import JOB_STATUSES, ROLES, STOP_STATUSES

OPEN = "open"
WAITING = ("planned", "dispatched")
"""A visit that has not begun."""
BEGUN = ("en_route", "on_site", "done", "to_be_continued", "no_access")
"""A visit that has begun, whether or not it has ended."""
UNDER_WAY = ("en_route", "on_site")
"""A visit that has begun and not ended."""
HELD = ("dispatched", *BEGUN)
"""A visit that planning again leaves with its technician."""
CLOSED = tuple(status for status in JOB_STATUSES if status != OPEN)
"""How a job ends."""

PROGRAM = "program"
"""Moves by itself: publishing a plan, installing the demo."""
ACTORS = (*ROLES, PROGRAM)

WORDS = {
    "requested": "requested",
    "planned": "planned",
    "dispatched": "dispatched",
    "en_route": "on the way",
    "on_site": "on site",
    "done": "done",
    "to_be_continued": "to be continued",
    "no_access": "no access",
    "cancelled": "cancelled",
}
STATUSES = tuple(WORDS)
assert {"requested", *STOP_STATUSES} == set(STATUSES) > set(CLOSED), "statuses that are stored and none can name"

OFFICE = ("dispatcher", "admin")
FIELD = ("technician", *OFFICE)


@dataclass(frozen=True)
class Move:
    """One way from a status to another. `triggers` are names of effects in `dispatch.jobs.effects`, in order."""

    old: str
    new: str
    who: tuple[str, ...]
    triggers: tuple[str, ...] = ()
    needs_reason: bool = False
    of_visit: bool = True
    """False where only the job moves, and the visit keeps how it went."""


MOVES = (
    Move("requested", "planned", (PROGRAM,)),
    Move("requested", "cancelled", (*OFFICE, PROGRAM), ("close job",), needs_reason=True, of_visit=False),
    Move("planned", "requested", (PROGRAM,)),
    Move("planned", "dispatched", OFFICE, ("tell the technician",)),
    Move("planned", "en_route", FIELD, ("departs",)),
    Move("planned", "on_site", FIELD, ("starts",)),
    Move("planned", "cancelled", (*OFFICE, PROGRAM), ("close job", "tell the day"), needs_reason=True),
    Move("dispatched", "requested", (PROGRAM,)),
    Move("dispatched", "planned", (*OFFICE, PROGRAM), ("call back",)),
    Move("dispatched", "en_route", FIELD, ("departs",)),
    Move("dispatched", "on_site", FIELD, ("starts",)),
    Move("dispatched", "cancelled", (*OFFICE, PROGRAM), ("close job", "tell the day"), needs_reason=True),
    Move("en_route", "planned", FIELD, ("has not departed",)),  # a tap by mistake taken back
    Move("en_route", "on_site", FIELD, ("starts",)),
    Move("en_route", "no_access", FIELD, ("ends", "close job", "tell the day")),
    Move("en_route", "cancelled", (*OFFICE, PROGRAM), ("close job", "tell the day"), needs_reason=True),
    # Whoever stands at the customer's ends the visit; the office cannot cancel it below their hands.
    Move("on_site", "done", FIELD, ("ask for required steps", "ends", "draw down parts", "close job")),
    Move("on_site", "no_access", FIELD, ("ends", "close job", "tell the day")),
    Move("on_site", "to_be_continued", FIELD, ("ends", "close job", "create return visit"), needs_reason=True),
    # Reported by mistake: the visit goes on as if it had not been.
    Move("done", "on_site", OFFICE, ("has not ended", "reopen job"), needs_reason=True),
    Move("to_be_continued", "on_site", OFFICE, ("withdraw return visit", "has not ended", "reopen job"), True),
    Move("no_access", "planned", OFFICE, ("has not begun", "reopen job", "untell the day"), needs_reason=True),
    # The work needs another visit after all; this one stays as it was reported.
    Move("done", "to_be_continued", OFFICE, ("close job", "create return visit"), True, of_visit=False),
    Move(
        "no_access",
        "to_be_continued",
        OFFICE,
        ("close job", "create return visit", "untell the day"),
        needs_reason=True,
        of_visit=False,
    ),
    Move("no_access", "cancelled", OFFICE, ("close job", "untell the day"), needs_reason=True, of_visit=False),
    # One whose visit nobody was let into stands there again, and the office says what comes next.
    Move("cancelled", "requested", OFFICE, ("untell the day", "reopen job"), needs_reason=True, of_visit=False),
)
_BY_PAIR = {(move.old, move.new): move for move in MOVES}
assert len(_BY_PAIR) == len(MOVES), "a move is listed twice"

WITHDRAWING = frozenset(move.new for move in MOVES if "withdraw return visit" in move.triggers)
"""Where a move of one job may move the one that continues it, too."""


def find_move(old: str, new: str) -> Move | None:
    """The move from one status to the other, whoever may make it, or None when there is none."""
    return _BY_PAIR.get((old, new))


def list_next(status: str, role: str) -> list[str]:
    """Where somebody of this role may move a job that stands there, the usual move first."""
    return [move.new for move in MOVES if move.old == status and role in move.who]


ACTIONS = {
    "planned": "Plan it again",
    "dispatched": "Send to the phone",
    "en_route": "Report: on the way",
    "on_site": "Report: on site",
    "done": "Report: done",
    "to_be_continued": "Come again",
    "no_access": "Report: no access",
    "cancelled": "Cancel the job",
    "requested": "Reopen the job",
}
"""What a button says that moves a job there."""
BACK = {
    ("dispatched", "planned"): "Call back from the phone",
    ("en_route", "planned"): "Not on the way after all",
    ("done", "on_site"): "Not done after all",
    ("to_be_continued", "on_site"): "Finish it in this visit after all",
}
"""Where a move there from just here takes something back."""


def list_actions(status: str, role: str) -> list[dict[str, Any]]:
    """JSON-ready: what somebody of this role may do with a job that stands there, the usual action first."""
    actions = [
        {
            "to": move.new,
            "words": BACK.get((status, move.new), ACTIONS[move.new]),
            "needs_reason": move.needs_reason,
            "is_usual": (status, move.new) not in BACK and move.new != "cancelled",
        }
        for move in MOVES
        if move.old == status and role in move.who
    ]
    return sorted(actions, key=lambda action: not action["is_usual"])
