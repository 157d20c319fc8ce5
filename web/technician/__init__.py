"""The technician's day on a phone, and what is reported from it."""

from web.technician import happened, on_site, worker  # registers their views
from web.technician.views import blueprint

__all__ = ["blueprint", "happened", "on_site", "worker"]
