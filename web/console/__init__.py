"""The dispatcher's board, the drafts that wait for decisions, customers and territories."""

from web.console import (
    customers,
    draft_api,
    drafts,
    jobs,
    on_call,
    territories,
    vans,
)
from web.console.views import blueprint

__all__ = [
    "blueprint",
    "customers",
    "draft_api",
    "drafts",
    "jobs",
    "on_call",
    "territories",
    "vans",
]
