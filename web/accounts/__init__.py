"""Everybody's accounts, for managers and admins."""

from web.accounts.views import blueprint

__all__ = ["blueprint"]
