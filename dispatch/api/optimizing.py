"""Solves a document in VROOM's JSON while its sender waits, as `wrenchtime optimize` does, within limits."""

from __future__ import annotations

import threading
import time
from typing import Any

import optimizer
from data.travel import TravelSource
from dispatch.db import SessionFactory
from dispatch.errors import DispatchError, TooMany, WrongDocument
from dispatch.roads import get_travel_source
from dispatch.vroom_documents import read_problem
from optimizer.formats import vroom
from optimizer.formats.json_text import parse_json

LARGEST_BYTES = 16_000_000
MOST_TASKS, MOST_VEHICLES = 2_000, 500
USUAL_TIME_LIMIT_S, LONGEST_S = 10, 60
AT_ONCE = 2
"""In one process: a solve keeps a processor busy, and others want answers meanwhile."""
NO_OPTIONS = "options are not followed: no geometry of routes is answered, and `time_limit_s` says how long to search"
"""VROOM's programs take options on the command line; services in front of them take some in the document."""
_slots = threading.BoundedSemaphore(AT_ONCE)


def optimize_document(session_factory: SessionFactory, content: bytes, time_limit_s: float) -> dict[str, Any]:
    """VROOM's answer to VROOM's document, with `warnings` of our own if there is something to say.

    Raises WrongDocument with all that is wrong, TooMany when as many are being solved as may be at once.
    """
    if not _slots.acquire(blocking=False):
        raise TooMany(
            f"{AT_ONCE} documents are being solved at this moment, which is the most; try again in a few seconds.",
            wait_s=USUAL_TIME_LIMIT_S,
        )
    try:
        return _optimize(session_factory, content, time_limit_s)
    except optimizer.ProblemError as wrong:
        raise WrongDocument([(fault.where, fault.what, fault.mend) for fault in wrong.faults]) from wrong
    finally:
        _slots.release()


def _optimize(session_factory: SessionFactory, content: bytes, time_limit_s: float) -> dict[str, Any]:
    began = time.monotonic()
    warnings: list[str] = []
    sent = parse_json(content)
    if isinstance(sent, dict) and isinstance(sent.get("options"), dict):
        options = sent.pop("options")
        warnings += [NO_OPTIONS] if any(options.values()) else []
    document = vroom.parse_document(sent)
    _refuse_too_large(document)
    routing_began = time.monotonic()
    problem = read_problem(document, lambda: _open_source(session_factory), warnings.append)
    solving_began = time.monotonic()
    try:
        plan = optimizer.solve(problem.problem, time_limit_s=time_limit_s, threads=1, seed=0)
    except RuntimeError as error:  # the pipeline refuses to hand out a plan that does not keep the rules
        raise DispatchError(f"No plan can be handed out, which is a fault of ours: {error}") from error
    times = {
        "loading": (began, routing_began),
        "solving": (solving_began, time.monotonic()),
        "routing": (routing_began, solving_began),
    }
    answer = vroom.write(problem, plan, {key: round(1000 * (end - start)) for key, (start, end) in times.items()})
    return answer | ({"warnings": warnings} if warnings else {})


def _open_source(session_factory: SessionFactory) -> TravelSource:
    with session_factory() as session:
        return get_travel_source(session)


def _refuse_too_large(document: vroom.Document) -> None:
    wrong = [
        (where, f"there are {count:,}", f"send at most {most:,} at once")
        for where, count, most in (
            ("jobs and shipments", len(document.tasks), MOST_TASKS),
            ("vehicles", len(document.vehicles), MOST_VEHICLES),
        )
        if count > most
    ]
    if wrong:
        raise WrongDocument(wrong)
