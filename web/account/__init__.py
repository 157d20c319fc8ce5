"""One's own account."""

from web.account import second_factor
from web.account.views import blueprint

__all__ = ["blueprint", "second_factor"]
