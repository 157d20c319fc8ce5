"""What runs by the clock, what came of it, and whether the installation is well."""

from typing import Any

from flask import Response

from dispatch.health import get_health
from dispatch.runs.log import list_runs, list_task_states
from dispatch.slices import Cut
from web.access import ADMIN, MANAGER
from web.api.answers import MOST_AT_ONCE, PageQuery, dump, read_cursor, write_cursor
from web.api.fields import Flag, Object, Part, Several, Shown, Text, Whole
from web.api.subject import Subject
from web.context import house, now, reading

subject = Subject("tasks", "What runs by the clock, and whether the installation is well.")
BOTH = (MANAGER, ADMIN)


class TasksQuery(PageQuery):
    """Which runs, and which page of them."""

    only_failed = Flag(load_default=False)


class RunLineShown(Shown):
    """One run; `due` is on the head office's wall clock."""

    task = Text()
    status = Text()
    due = Text()
    took_s = Whole(allow_none=True)
    outcome = Text()


class TaskShown(Shown):
    """A task with its newest run."""

    name = Text()
    when = Text()
    last = Part(RunLineShown, allow_none=True)


class TasksShown(Shown):
    """Every task, and a page of the runs of all, the latest first."""

    tasks = Several(Part(TaskShown))
    runs = Several(Part(RunLineShown), most=MOST_AT_ONCE)
    next = Text(400, allow_none=True, description="The cursor of the next page of runs; null on the last.")


class HealthShown(Shown):
    """As /healthz has it."""

    ok = Flag()
    report = Object()


@subject.operation("GET", "/tasks", TasksShown, who=BOTH, query=TasksQuery)
def list_of_tasks(query: dict[str, Any]) -> Response:
    """What runs by the clock, when it last did, and what came of it."""
    with reading() as session:
        states = list_task_states(session, house().settings)
        runs = list_runs(session, query["only_failed"], Cut(before=read_cursor(query) or None), query["limit"])
    after = write_cursor(runs.rows[-1].id) if runs.on else None
    return dump(TasksShown, {"tasks": states, "runs": runs.rows, "next": after})


@subject.operation("GET", "/health", HealthShown, who=BOTH)
def health() -> Response:
    """Whether the installation is fit to work, and if not, why; /healthz tells it without a token."""
    with reading() as session:
        ok, report = get_health(session, now())
    return dump(HealthShown, {"ok": ok, "report": report})
