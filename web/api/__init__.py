"""The API under /api/v1: everything that the screens can do, for programs, described by OpenAPI 3.1."""

from web.api import bearer
from web.api.application import init_app

__all__ = ["bearer", "init_app"]
