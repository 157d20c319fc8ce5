"""The page of the catalogue: kinds of work with what they need, and parts."""

from typing import Any

from flask import render_template

from dispatch.catalogue import get_catalogue
from web.access import ADMIN, DISPATCHER, role_required
from web.console.views import blueprint
from web.context import reading


@blueprint.get("/catalogue")
@role_required(DISPATCHER, ADMIN)
def catalogue() -> Any:
    """Kinds of work, parts, and which skills somebody has or some work needs."""
    with reading() as session:
        return render_template("console/catalogue.html", catalogue=get_catalogue(session))
