"""What was changed in a row, by whom and when, from its events; for its page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.events import list_events_of
from dispatch.models import Base, Event


@dataclass(frozen=True)
class Change:
    """One event: `facts` are what was told, each with what it said before and says since."""

    at: str
    what: str
    who: str
    reason: str
    facts: list[tuple[str, str, str]]


def list_history(session: Session, row: Base) -> list[Change]:
    """The newest first, by the wall clock of the head office."""
    zone = installation.get_zone(session)
    return [_change(event, zone) for event in reversed(list_events_of(session, row))]


def _change(event: Event, zone: str) -> Change:
    keys = list(dict.fromkeys([*event.before, *event.after]))
    facts = [(key.replace("_", " "), _said(event.before.get(key)), _said(event.after.get(key))) for key in keys]
    who = event.user.name if event.user else "Wrenchtime"
    at = f"{clock.local_day(event.at, zone)} {clock.local_time(event.at, zone)}"
    return Change(at, event.kind, who, event.reason, [fact for fact in facts if fact[1] != fact[2]])


def _said(value: object) -> str:
    return "" if value is None else str(value)
