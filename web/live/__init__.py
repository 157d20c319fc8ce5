"""Server-sent events: open screens hear at once of what happened."""

from web.live.views import blueprint, init_app

__all__ = ["blueprint", "init_app"]
