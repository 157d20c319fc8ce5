"""Recurring work: the plans, how much of it is coming, and entering one."""

from web.maintenance.views import blueprint

__all__ = ["blueprint"]
