"""The dispatcher's board."""

from web.console.views import blueprint

__all__ = ["blueprint"]
