"""The page that shows where territories overlap or leave holes, and which jobs lie in none."""

from typing import Any

from flask import render_template

from dispatch.coverage import get_coverage
from web.access import ADMIN, DISPATCHER, role_required
from web.console.views import blueprint
from web.context import reading


@blueprint.get("/territories")
@role_required(DISPATCHER, ADMIN)
def territories() -> Any:
    """As the outlines are now, with what was decided about each."""
    with reading() as session:
        return render_template("console/territories.html", coverage=get_coverage(session))
