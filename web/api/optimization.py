"""Solving documents of VROOM's API, for clients that speak it already."""

from typing import Any

from flask import request

from dispatch.api.optimizing import LARGEST_BYTES, LONGEST_S, USUAL_TIME_LIMIT_S, optimize_document
from web.access import ADMIN, DISPATCHER, MANAGER
from web.api.fields import Query, Whole
from web.api.subject import Subject
from web.context import house
from web.uploads import takes_bytes

subject = Subject("optimization", "Solve a document in VROOM's JSON at once; nothing is stored.")


class OptimizationQuery(Query):
    """How long to search."""

    time_limit_s = Whole(1, LONGEST_S, in_query=True, load_default=USUAL_TIME_LIMIT_S, description="In seconds.")


VROOM = {
    "requestBody": {
        "required": True,
        "description": "Jobs, shipments, vehicles and matrices as VROOM's API has them.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    },
    "responses": {
        "200": {
            "description": "VROOM's answer: code, summary, unassigned, routes.",
            "content": {
                "application/json": {
                    "schema": {"type": "object", "required": ["code", "summary", "unassigned", "routes"]}
                }
            },
        }
    },
}


@subject.operation(
    "POST",
    "/optimization",
    None,
    who=(DISPATCHER, ADMIN, MANAGER),
    query=OptimizationQuery,
    describes=VROOM,
)
@takes_bytes(LARGEST_BYTES)
def optimize(query: dict[str, Any]) -> Any:
    """Plan the routes of a document in VROOM's JSON.

    Understands and answers what `wrenchtime optimize` does; travel is worked out by this installation's source where
    the document brings no matrices. What is wrong with the document is listed all at once. Clients of services like
    openrouteservice, which know a base address and a key, work with the address up to /api/v1 and a token as they
    are: it may stand alone in `Authorization`. `warnings` say that `options` such as geometry are not followed.
    """
    return optimize_document(house().session_factory, request.get_data(), query["time_limit_s"])
