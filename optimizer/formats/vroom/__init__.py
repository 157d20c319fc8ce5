"""The JSON of VROOM (https://github.com/VROOM-Project/vroom), versions 1.14 and 1.15, in and out.

document = parse(text)                       # typed values, or every fault with its path
vroom = read(document)                       # a Problem; takes travel between needed_points(document) if any
answer = write(vroom, solve(vroom.problem, time_limit_s=10))
"""

from __future__ import annotations

from optimizer.formats.json_text import parse_json
from optimizer.formats.vroom.document import Document
from optimizer.formats.vroom.parsing import parse_document
from optimizer.formats.vroom.reading import VroomProblem, needed_points, read
from optimizer.formats.vroom.writing import write

__all__ = ["Document", "VroomProblem", "needed_points", "parse", "parse_document", "read", "write"]


def parse(content: bytes | str) -> Document:
    """Returns the document in a JSON text. Raises `ProblemError` with everything that is wrong with it."""
    return parse_document(parse_json(content))
