"""The dispatcher's board, drafts that wait for decisions, jobs, customers, the team, the catalogue and territories."""

from web.console import (
    ask,
    catalogue,
    customers,
    draft_api,
    drafts,
    jobs,
    on_call,
    team,
    territories,
    vans,
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
    "jobs",
    "on_call",
    "team",
    "territories",
    "vans",
]
