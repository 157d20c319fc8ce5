"""The page of a visit for its customer, opened from a message without signing in."""

from web.customer.views import blueprint

__all__ = ["blueprint"]
