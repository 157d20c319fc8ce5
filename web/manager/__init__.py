"""The manager's reports."""

from web.manager.views import blueprint

__all__ = ["blueprint"]
