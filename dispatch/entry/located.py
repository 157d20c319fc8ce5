"""Faults that the business finds with a job, at the fields of the form that it came from."""

from __future__ import annotations

from collections.abc import Collection

from data.importers import ImportProblem

_FIELDS = {
    "service_s": "service",
    "job_type_id": "job_type",
    "windows[0]": "window_until",
    "promised": "promised_until",
    "location.address": "address",
}
"""Where a form shows what is wrong with fields that it calls something else."""


def locate(sentence: str, refused: Collection[str | None] = ()) -> ImportProblem:
    """A fault as a form tells it; its `what` is empty where the field has been refused already.

    A sentence that names no field is about the whole form.
    """
    name, colon, words = sentence.partition(": ")
    column = _FIELDS.get(name, name) if colon else None
    words = words if colon else sentence
    what, _, mend = words.rstrip(".").partition("; ")
    what = "" if colon and column in refused else what.replace("in seconds above 0", "such as 45 min")
    return ImportProblem("form", what, mend[:1].upper() + mend[1:] or "Correct it", column)
