"""What OpenStreetMap's tags say about driving: direction, road class and working speed of a way."""

from __future__ import annotations

import re

# Working speeds in km/h where no limit is tagged: what a van keeps up including its slowing at junctions.
# They are conventions, not measurements; `minor` roads are held back by the road itself, not by the sign.
WORKING_KMH: dict[str, int] = {
    "motorway": 90,
    "motorway_link": 50,
    "trunk": 70,
    "trunk_link": 45,
    "primary": 45,
    "primary_link": 35,
    "secondary": 40,
    "secondary_link": 30,
    "tertiary": 35,
    "tertiary_link": 25,
    "unclassified": 30,
    "residential": 25,
    "living_street": 10,
    "service": 15,
    "road": 20,
}
ROAD_CLASSES: tuple[str, ...] = tuple(WORKING_KMH)
MINOR_CLASSES = frozenset({"unclassified", "residential", "living_street", "service", "road"})
UNKNOWN_CLASS = "road"

LIMIT_KEPT = 0.8
"""On main roads a van keeps up this share of the limit from one end to the other."""

SLOWEST_KMH = 5.0

_UNLIMITED_KMH = 130.0
_WALKING_KMH = 7.0
_MPH = 1.609344
_NO_LIMIT_KNOWN = frozenset({"", "signals", "variable", "implicit", "unknown", "default"})
_NAMED_LIMITS_KMH = {
    "none": _UNLIMITED_KMH,
    "unlimited": _UNLIMITED_KMH,
    "walk": _WALKING_KMH,
    "living_street": 10.0,
    "urban": 50.0,
    "bicycle_road": 30.0,
    "rural": 90.0,
    "trunk": 100.0,
    "motorway": 120.0,
    "nsl_restricted": 30 * _MPH,
    "nsl_single": 60 * _MPH,
    "nsl_dual": 70 * _MPH,
}
_NUMBER = re.compile(r"^(\d+(?:\.\d+)?)\s*(km/?h|kph|mph|knots)?$")
_ZONE = re.compile(r"^zone:?(\d+)$")
_UNITS = {None: 1.0, "kmh": 1.0, "km/h": 1.0, "kph": 1.0, "mph": _MPH, "knots": 1.852}

_ONE_WAY = frozenset({"yes", "true", "1"})
_TWO_WAY = frozenset({"no", "false", "0", "alternating"})
_AGAINST = frozenset({"-1", "reverse"})


class UnreadableSpeed(ValueError):
    """A `maxspeed` value that follows none of the forms of the OpenStreetMap wiki."""


def parse_maxspeed(value: str | None) -> float | None:
    """The speed limit in km/h; None where the tag is missing or names no fixed limit ("signals").

    Reads bare numbers and units ("30 mph"), "none", "walk", national and zone values ("DE:urban", "FR:zone30",
    "GB:nsl_single") and lists, of which the lowest counts ("50;30"). Raises UnreadableSpeed for anything else.
    """
    if value is None:
        return None
    limits = [_parse_one(part.strip().lower()) for part in re.split(r"[;|,]", value)]
    known = [limit for limit in limits if limit is not None]
    return min(known) if known else None


def _parse_one(text: str) -> float | None:
    country, colon, rest = text.partition(":")
    word = rest if colon and len(country) == 2 else text
    if word in _NO_LIMIT_KNOWN:
        return None
    if word in _NAMED_LIMITS_KMH:
        return _NAMED_LIMITS_KMH[word]
    if number := _NUMBER.match(word):
        kmh = float(number[1]) * _UNITS[number[2]]
        return kmh if kmh > 0 else None
    if zone := _ZONE.match(word):
        # Zones are numbered in the country's own unit.
        return float(zone[1]) * (_MPH if country in {"gb", "uk", "us"} else 1.0)
    raise UnreadableSpeed(text)


def road_class(highway: str) -> str:
    """The road class of a `highway` value; values nobody lists count as "road", the class of unknown roads."""
    return highway if highway in WORKING_KMH else UNKNOWN_CLASS


def working_kmh(name: str, limit_kmh: float | None) -> float:
    """The speed in km/h that a van keeps up on a road class under a limit (None: no limit known)."""
    usual = float(WORKING_KMH[name])
    if limit_kmh is None:
        return usual
    kept = min(usual, limit_kmh) if name in MINOR_CLASSES else LIMIT_KEPT * limit_kmh
    return max(SLOWEST_KMH, kept)


def directions(oneway: str | None, junction: str | None, highway: str) -> tuple[bool, bool]:
    """Whether a way may be driven along and against the order of its nodes.

    Roundabouts and motorways are one-way unless they say otherwise. A "reversible" way may be driven in neither
    direction: which one is open depends on the hour, and a plan must not count on it.
    """
    word = (oneway or "").strip().lower()
    if word in _ONE_WAY:
        return True, False
    if word in _AGAINST:
        return False, True
    if word == "reversible":
        return False, False
    if word not in _TWO_WAY and (junction in {"roundabout", "circular"} or highway == "motorway"):
        return True, False
    return True, True
