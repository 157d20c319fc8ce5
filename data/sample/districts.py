"""The sample company's territories: five districts of La Serena and Coquimbo, drawn by hand without gaps."""

from shapely.geometry import Polygon

from data.records import TerritoryRecord

ZONE = "America/Santiago"

NORTH, CENTRE, PAMPA = "La Serena Norte", "La Serena Centro", "La Pampa"
PORT, SOUTH = "Coquimbo Puerto", "Tierras Blancas"
NEIGHBOURS = {
    NORTH: (CENTRE, PAMPA),
    CENTRE: (NORTH, PAMPA),
    PAMPA: (CENTRE, SOUTH),
    PORT: (PAMPA, SOUTH),
    SOUTH: (PAMPA, PORT),
}

# Corners as (lon, lat), each written once so that neighbours share their borders exactly.
_N_COAST, _NE = (-71.300, -29.780), (-71.080, -29.780)
_RIVER_W, _RIVER_E = (-71.300, -29.888), (-71.080, -29.893)
_AVENUE_W, _AVENUE_E = (-71.300, -29.921), (-71.080, -29.926)
_BAY_N, _BAY_S = (-71.300, -29.958), (-71.300, -29.978)
_HILLS_E = (-71.080, -29.958)
_PORT_NW, _PORT_SW = (-71.400, -29.921), (-71.400, -29.978)
_SW, _SE = (-71.400, -30.120), (-71.080, -30.120)

_OUTLINES = {
    NORTH: (_N_COAST, _NE, _RIVER_E, _RIVER_W),
    CENTRE: (_RIVER_W, _RIVER_E, _AVENUE_E, _AVENUE_W),
    PAMPA: (_AVENUE_W, _AVENUE_E, _HILLS_E, _BAY_N),
    PORT: (_PORT_NW, _AVENUE_W, _BAY_N, _BAY_S, _PORT_SW),
    SOUTH: (_BAY_N, _HILLS_E, _SE, _SW, _PORT_SW, _BAY_S),
}


def list_districts() -> tuple[TerritoryRecord, ...]:
    """The five territories, from north to south."""
    return tuple(TerritoryRecord(name, ZONE, Polygon(corners)) for name, corners in _OUTLINES.items())
