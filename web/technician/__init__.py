"""The technician's day on a phone, and what is reported from it."""

from web.technician import on_site, worker  # registers their views
from web.technician.views import blueprint

__all__ = ["blueprint", "on_site", "worker"]
