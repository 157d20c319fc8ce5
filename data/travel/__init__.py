"""Travel times: one small interface, and the sources behind it."""

from data.travel.by_hour import ByHour, Hour, at_percent, read_hours
from data.travel.closures import ClosedArea
from data.travel.interface import (
    UNREACHABLE,
    NoRoute,
    Point,
    RouteLine,
    TravelError,
    TravelSource,
    UnreachablePoint,
)
from data.travel.road_graph import RoadGraph
from data.travel.sources import open_travel_source, sample_road_graph
from data.travel.straight_line import StraightLine

__all__ = [
    "UNREACHABLE",
    "ByHour",
    "ClosedArea",
    "Hour",
    "NoRoute",
    "Point",
    "RoadGraph",
    "RouteLine",
    "StraightLine",
    "TravelError",
    "TravelSource",
    "UnreachablePoint",
    "at_percent",
    "open_travel_source",
    "read_hours",
    "sample_road_graph",
]
