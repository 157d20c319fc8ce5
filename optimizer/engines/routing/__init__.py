"""OR-Tools routing: the model of record."""

from optimizer.engines.routing.engine import RoutingEngine
from optimizer.engines.routing.loosely import search_loosely

__all__ = ["RoutingEngine", "search_loosely"]
