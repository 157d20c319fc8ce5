"""Publishes a draft for whoever asks, on its page, on the board or by the API; one that does not fit is made again."""

from __future__ import annotations

from datetime import datetime

from dispatch.db import SessionFactory
from dispatch.errors import DraftOutdated
from dispatch.models import PlanVersion
from dispatch.planning.drafts import get_open_draft
from dispatch.planning.publish import publish_draft
from dispatch.runs.queue import request_plan


def publish_or_remake(
    session_factory: SessionFactory,
    draft_id: int,
    revision: int,
    by_user_id: int | None,
    now: datetime,
    *,
    reason: str = "",
) -> PlanVersion:
    """Publish the day as decided, as `publish_draft` does and refuses; what the day has overtaken is queued to be
    made again from the day as it is, with what was decided, before DraftOutdated says so.
    """
    try:
        return publish_draft(session_factory, draft_id, revision, by_user_id, now, reason=reason)
    except DraftOutdated as outdated:
        with session_factory.begin() as session:
            draft = get_open_draft(session, draft_id, revision)
            request_plan(session, draft.on, draft.policy, by_user_id, now, as_draft=True)
        raise DraftOutdated(f"{outdated} It is made again from the day as it is, with what was decided.") from outdated
