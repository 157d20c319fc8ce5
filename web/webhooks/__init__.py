"""Webhooks: who outside is told of events."""

from web.webhooks.views import blueprint

__all__ = ["blueprint"]
