"""The kinds of events of a day, as a table: what they are called, what must be said, and what happens by default."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.models import INCIDENT_KINDS

ACTION_WORDS = {
    "publish": "Do it: the day is repaired and published at once",
    "propose": "Propose it: a draft waits for decisions",
    "warn": "Only warn",
}


@dataclass(frozen=True)
class Kind:
    """One line of the table.

    `needs` are the fields that a report must have, by their names in `EventReport`. `is_repaired` is False where no
    other plan would help: these are only told. `is_seen` is True for what the watch sees by itself.
    """

    name: str
    words: str
    needs: tuple[str, ...]
    default: str
    advice: str
    is_repaired: bool = True
    is_seen: bool = False
    proposal: str = ACTION_WORDS["propose"]
    """What "propose" means."""

    def words_of(self, action: str) -> str:
        """What a choice of the policy means here."""
        return self.proposal if action == "propose" else ACTION_WORDS[action]


KINDS = (
    Kind(
        "emergency",
        "Emergency job",
        ("job_id",),
        "propose",
        "Choose who serves it.",
        proposal="Propose it: the best ways to serve it wait for a choice",
    ),
    Kind("technician_ill", "Technician ill", ("technician_id",), "propose", "Give the rest to others."),
    Kind(
        "technician_late", "Technician late", ("technician_id", "minutes"), "propose", "See who waits, and call them."
    ),
    Kind("overrun", "Job overrunning", ("job_id", "minutes"), "propose", "Call those who wait."),
    Kind("no_access", "No access", ("job_id",), "warn", "Call the customer, and agree on another visit."),
    Kind("cancellation", "Cancellation", ("job_id", "words"), "propose", "See who can be served in that time."),
    Kind("part_missing", "Part missing", ("job_id", "part"), "propose", "Send somebody who carries the part."),
    Kind("road_closed", "Road closed", ("lat", "lon", "radius_m"), "propose", "Serve others first, or later."),
    Kind("will_be_late", "Will be late", (), "warn", "Call the customer, or repair the day.", is_seen=True),
    Kind("phone_silent", "Phone silent", (), "warn", "Call the technician.", is_repaired=False, is_seen=True),
    Kind(
        "report_refused",
        "Report not taken",
        (),
        "warn",
        "Ask what was done, and report it at the visit as it stands.",
        is_repaired=False,
        is_seen=True,
    ),
)
_BY_NAME = {kind.name: kind for kind in KINDS}
assert tuple(_BY_NAME) == INCIDENT_KINDS, "kinds that are stored and kinds that are known differ"


def find_kind(name: str) -> Kind | None:
    """The kind of that name, or None."""
    return _BY_NAME.get(name)


def get_kind(name: str) -> Kind:
    """The kind of a stored incident."""
    return _BY_NAME[name]
