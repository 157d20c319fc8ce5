"""Answers load balancers and monitors: is this installation fit to work, and if not, why."""

from typing import Any

from flask import Blueprint

from dispatch.health import get_health
from web.access import public
from web.context import now, reading

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Any:
    """200 when all is well, 503 with the reasons otherwise; always JSON."""
    with reading() as session:
        ok, report = get_health(session, now())
    return report, 200 if ok else 503
