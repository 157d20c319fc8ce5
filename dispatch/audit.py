"""Writes the audit trail: who did what, when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch.models import AuditLine


def write(session: Session, action: str, now: datetime, user_id: int | None, **details: Any) -> None:
    """Add one line; it is stored with the change it tells about, or not at all. No user means the system."""
    session.add(AuditLine(at=now, user_id=user_id, action=action, details=details))
