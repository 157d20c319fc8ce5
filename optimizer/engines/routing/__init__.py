"""OR-Tools routing: the model of record."""

from optimizer.engines.routing.engine import RoutingEngine

__all__ = ["RoutingEngine"]
