"""Points on the map with their addresses, as people and programs name them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from data.geocode import SeveralPlaces
from dispatch.errors import Fault, InvalidInput
from dispatch.models import Location
from dispatch.roads import find_geocoder


def add_location(session: Session, address: str, lat: float | None, lon: float | None) -> Location:
    """Add a place. Raises InvalidInput with all that is wrong."""
    address, (lat, lon) = find_place(session, address, lat, lon)
    location = Location(address=address, lat=lat, lon=lon)
    session.add(location)
    session.flush()
    return location


def find_place(session: Session, address: str, lat: float | None, lon: float | None) -> tuple[str, tuple[float, float]]:
    """The address and its point (lat, lon), looked up where none is given. Raises InvalidInput: all that is wrong."""
    address, wrong = address.strip(), []
    if not address:
        wrong.append("location.address: it is empty; write the address that the technician shall look for.")
    if (lat is None) != (lon is None):
        wrong.append("location: latitude and longitude belong together; give both, or the address alone.")
    if lat is not None and not -90 <= lat <= 90:
        wrong.append(f"location.lat: {lat} is no latitude; write degrees from -90 to 90.")
    if lon is not None and not -180 <= lon <= 180:
        wrong.append(f"location.lon: {lon} is no longitude; write degrees from -180 to 180.")
    if wrong:
        raise InvalidInput(wrong)
    if lat is not None and lon is not None:
        return address, (lat, lon)
    geocode = find_geocoder(session)
    try:
        found = geocode(address) if geocode is not None else None
    except SeveralPlaces as several:
        sentence = f"location.address: {several}; {several.mend[:1].lower()}{several.mend[1:]}."
        raise InvalidInput([Fault(sentence, several.choices)]) from several
    if found is None:
        why = "is not found" if geocode is not None else "cannot be looked up, for no streets are known here"
        raise InvalidInput([f"location.address: {address!r} {why}; give its latitude and longitude too."])
    return address, found
