"""Points on the map with their addresses, as people and programs name them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from dispatch.errors import InvalidInput
from dispatch.models import Location


def add_location(session: Session, address: str, lat: float, lon: float) -> Location:
    """Add a point. Raises InvalidInput with all that is wrong."""
    wrong = []
    if not address.strip():
        wrong.append("location.address: it is empty; write the address that the technician shall look for.")
    if not -90 <= lat <= 90:
        wrong.append(f"location.lat: {lat} is no latitude; write degrees from -90 to 90.")
    if not -180 <= lon <= 180:
        wrong.append(f"location.lon: {lon} is no longitude; write degrees from -180 to 180.")
    if wrong:
        raise InvalidInput(wrong)
    location = Location(address=address.strip(), lat=lat, lon=lon)
    session.add(location)
    session.flush()
    return location
