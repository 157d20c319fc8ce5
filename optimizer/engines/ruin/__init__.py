"""Ruin and recreate, compiled: finds plans that the routing model then re-reads."""

from optimizer.engines.ruin.arrays import supports
from optimizer.engines.ruin.islands import Room, search

__all__ = ["Room", "search", "supports"]
