"""What people see: one blueprint per audience, and nothing but parsing, calling and answering."""

from web.app import create_app

__all__ = ["create_app"]
