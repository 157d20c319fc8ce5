"""The page of tasks: what runs by the clock, when it last did, and what came of it."""

from typing import Any

from flask import Blueprint, render_template, request

from dispatch.runs.log import list_runs, list_task_states
from web.access import ADMIN, MANAGER, role_required
from web.context import house, reading
from web.turning import find_cut

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")


@blueprint.get("")
@role_required(MANAGER, ADMIN)
def page() -> Any:
    """Every task with its newest run, and the newest runs of all; `?failed` shows those that failed."""
    only_failed = "failed" in request.args
    with reading() as session:
        states = list_task_states(session, house().settings)
        runs = list_runs(session, only_failed, find_cut(request.args, "runs"))
    return render_template("tasks/tasks.html", states=states, runs=runs, only_failed=only_failed)
