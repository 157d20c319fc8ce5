"""The dispatcher's board, the drafts that wait for decisions, and the customers."""

from web.console import customers, drafts  # registers their views
from web.console.views import blueprint

__all__ = ["blueprint", "customers", "drafts"]
