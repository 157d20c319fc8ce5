"""Calling somebody in who is on call: an answer for the board."""

from typing import Any

from flask_login import current_user

from dispatch.accounts.users import get_user
from dispatch.team.on_call import call_in
from web.access import ADMIN, DISPATCHER, role_required
from web.console.views import blueprint
from web.context import now, writing
from web.forms import find_text_of, json_object


@blueprint.post("/api/on-call/<int:technician_id>")
@role_required(DISPATCHER, ADMIN)
def call_technician_in(technician_id: int) -> Any:
    """{"reason": "..."}: from now on they have a shift; 409 when they are not on call, away or at work."""
    reason = find_text_of(json_object(), "reason")
    with writing() as session:
        sentence = call_in(session, technician_id, reason, get_user(session, current_user.id), now())
    return {"sentence": sentence}
