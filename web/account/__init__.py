"""What everybody may change about their own account."""

from web.account.views import blueprint

__all__ = ["blueprint"]
