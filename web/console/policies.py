"""The planning policies in a dispatcher's words, in the order in which they are offered."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PolicyWords:
    """A policy by the name that planning knows, and what choosing it means."""

    name: str
    sentence: str


POLICIES = (
    PolicyWords("balanced", "Travel, promises and overtime weigh evenly. The everyday choice."),
    PolicyWords(
        "customer first", "Keeps promised times and preferred technicians, at the price of longer drives and overtime."
    ),
    PolicyWords("least travel", "Fewest hours on the road, fewer people sent out, little overtime."),
    PolicyWords("emergency", "The most urgent jobs first, across territories, whatever it costs the rest of the day."),
)
