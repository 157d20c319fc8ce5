"""Tokens with which programs act for people."""

from web.tokens.views import blueprint

__all__ = ["blueprint"]
