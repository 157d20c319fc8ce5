"""Objects that several parts of the API send and show."""

from typing import Any

from web.api.fields import Body, Moment, Number, Shown, Text, Whole


class ErrorShown(Shown):
    """One thing that is wrong."""

    def on_bind_field(self, field_name: str, field_obj: Any) -> None:
        """Its place and how to mend it only where they are known."""
        super().on_bind_field(field_name, field_obj)
        field_obj.required = field_name == "what"

    pointer = Text(description="Where in the body, as a JSON pointer.")
    parameter = Text(description="Which parameter of the address, or header.")
    what = Text(description="What is wrong.")
    mend = Text(description="How to mend it.")


class PlaceSent(Body):
    """A point on the map with its address."""

    address = Text(300, 1, required=True)
    lat = Number(-90, 90, required=True)
    lon = Number(-180, 180, required=True)


class PlaceSought(Body):
    """An address; without a point it is looked up among the streets of the road graph."""

    address = Text(300, 1, required=True)
    lat = Number(-90, 90, description="Left out with lon: the address is looked up.")
    lon = Number(-180, 180)


class PlaceShown(Shown):
    """A point on the map with its address."""

    address = Text()
    lat = Number(-90, 90)
    lon = Number(-180, 180)


class SpanSent(Body):
    """From one instant until another."""

    from_at = Moment(required=True)
    until_at = Moment(required=True)


class LevelShown(Shown):
    """A skill at a level."""

    name = Text()
    level = Whole(1)


class NamedShown(Shown):
    """Something by its id and name."""

    id = Whole(1)
    name = Text()
