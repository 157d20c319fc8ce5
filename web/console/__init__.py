"""The dispatcher's board, and the drafts that wait for decisions."""

from web.console import drafts  # registers its views
from web.console.views import blueprint

__all__ = ["blueprint", "drafts"]
