"""The pages of published versions: those of a day, and one with what it changed against the one before."""

from typing import Any

from flask import render_template, request

from dispatch.planning.versions import get_version, slice_changes, slice_versions
from web.access import ADMIN, DISPATCHER, role_required
from web.console.views import blueprint
from web.context import reading, today_of
from web.forms import find_day
from web.turning import find_cut


@blueprint.get("/plans")
@role_required(DISPATCHER, ADMIN)
def versions() -> Any:
    """Those that were published for `on`, or for today at the head office, the newest first."""
    with reading() as session:
        on = find_day(request.args, "on") or today_of(session)
        found = slice_versions(session, on, find_cut(request.args, "versions"))
        return render_template("console/versions.html", on=on, found=found)


@blueprint.get("/plans/<int:plan_id>")
@role_required(DISPATCHER, ADMIN)
def version(plan_id: int) -> Any:
    """Who published it, when and why, and each job that it moved, with the reason."""
    with reading() as session:
        found = get_version(session, plan_id)
        changes = slice_changes(session, plan_id, find_cut(request.args, "changes"))
        return render_template("console/version.html", one=found, changes=changes)
