"""The technician's day on a phone."""

from web.technician.views import blueprint

__all__ = ["blueprint"]
