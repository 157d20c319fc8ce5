"""Reads documents in VROOM's JSON, with travel worked out by a source where they bring no matrices."""

from __future__ import annotations

from collections.abc import Callable

from data.travel import TravelSource
from optimizer.formats.vroom import Document, VroomProblem, needed_points, read


def read_problem(
    document: Document, open_source: Callable[[], TravelSource], warn: Callable[[str], None]
) -> VroomProblem:
    """The problem that the document describes; `warn` is told in sentences what is estimated, unreachable or odd.

    `open_source` is asked only where the document has no matrices. Raises ProblemError for what is not supported.
    """
    if document.has_matrices:
        vroom = read(document)
    else:
        points, source = needed_points(document), open_source()
        if source.is_estimate:
            note = f" ({source.error_note})" if source.error_note else ""
            warn(f"travel is an estimate, no roads were looked at: {source.name}{note}")
        for unreachable in source.list_unreachable(points):
            warn(str(unreachable))
        vroom = read(document, *source.matrix(points))
    for warning in vroom.warnings:
        warn(warning)
    return vroom
