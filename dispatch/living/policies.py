"""What happens by itself when something is reported: stored by kind, edited by the office, with defaults."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.editing import add_row, change_row
from dispatch.errors import InvalidInput, Stale
from dispatch.living.kinds import KINDS, find_kind, get_kind
from dispatch.models import ACTIONS, IncidentPolicy

Json = dict[str, Any]
CHANGED_MEANWHILE = "What happens on “{}” was changed meanwhile; look at it as it is now."


def get_action(session: Session, kind: str) -> str:
    """ "publish", "propose" or "warn"."""
    row = session.scalar(select(IncidentPolicy).where(IncidentPolicy.kind == kind))
    return get_kind(kind).default if row is None else row.action


def list_policies(session: Session) -> list[Json]:
    """Every kind with what happens; `version` is 0 as long as nobody has changed the default."""
    rows = {row.kind: row for row in session.scalars(select(IncidentPolicy))}
    return [
        {
            "kind": kind.name,
            "words": kind.words,
            "action": rows[kind.name].action if kind.name in rows else kind.default,
            "default": kind.default,
            "choices": {action: kind.words_of(action) for action in ACTIONS if kind.is_repaired or action == "warn"},
            "version": rows[kind.name].version if kind.name in rows else 0,
        }
        for kind in KINDS
    ]


def set_action(
    session: Session, kind_name: str, action: str, seen_version: int, now: datetime, by_user_id: int | None
) -> None:
    """Say what happens from now on; what was reported before is not touched.

    `seen_version` is what `list_policies` told. Raises InvalidInput, Stale.
    """
    kind = find_kind(kind_name)
    if kind is None:
        raise InvalidInput([f"There is no kind of event {kind_name!r}."])
    if action not in ACTIONS or (action != "warn" and not kind.is_repaired):
        raise InvalidInput([f"{kind.words}: {action!r} cannot be chosen; no plan would help there."])
    row = session.scalar(select(IncidentPolicy).where(IncidentPolicy.kind == kind_name))
    if row is not None:
        change_row(session, row, seen_version, now, by_user_id, action=action)
    elif seen_version:
        raise Stale(CHANGED_MEANWHILE.format(kind.words))
    elif action != kind.default:
        try:
            with session.begin_nested():
                add_row(session, IncidentPolicy(kind=kind_name, action=action), now, by_user_id)
        except IntegrityError as first:  # somebody else has stored theirs, in this instant
            raise Stale(CHANGED_MEANWHILE.format(kind.words)) from first
