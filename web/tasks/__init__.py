"""What runs by the clock, and what came of it."""

from web.tasks.views import blueprint

__all__ = ["blueprint"]
