"""Ruin and recreate, compiled: finds plans that the routing model then re-reads."""

from optimizer.engines.ruin.arrays import supports
from optimizer.engines.ruin.island import Room
from optimizer.engines.ruin.islands import Found, search
from optimizer.engines.ruin.turns import Turn

__all__ = ["Found", "Room", "Turn", "search", "supports"]
