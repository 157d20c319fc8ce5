"""Everybody's accounts, for managers and admins."""

from web.accounts import people
from web.accounts.views import blueprint

__all__ = ["blueprint", "people"]
