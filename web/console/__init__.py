"""The dispatcher's board, plans, drafts, events of the day, jobs, customers, the team, catalogue and territories."""

from web.console import (
    ask,
    catalogue,
    customers,
    draft_api,
    drafts,
    events,
    jobs,
    on_call,
    team,
    territories,
    vans,
    versions,
)
from web.console.entry import views as entry
from web.console.views import blueprint

__all__ = [
    "ask",
    "blueprint",
    "catalogue",
    "customers",
    "draft_api",
    "drafts",
    "entry",
    "events",
    "jobs",
    "on_call",
    "team",
    "territories",
    "vans",
    "versions",
]
