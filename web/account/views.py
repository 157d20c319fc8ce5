"""The page of one's own account: another password, where one is signed in, and the second factor."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.accounts.own_password import change_own_password
from dispatch.accounts.second_factor import count_recovery_codes
from dispatch.accounts.sessions import end_own_session, end_sessions, list_open_sessions
from dispatch.accounts.users import find_user
from dispatch.clock import local_time
from dispatch.errors import InvalidInput
from dispatch.events import record_event
from dispatch.installation import get_zone
from web.access import ROLES, role_required, within_territories
from web.context import house, now, reading, writing
from web.signed_in import begin_session
from web.visitor import get_address

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
@role_required(*ROLES)
@within_territories
def page() -> Any:
    """Who is signed in, where, and the forms."""
    return _page()


@blueprint.post("/password")
@role_required(*ROLES)
@within_territories
def change_password() -> Any:
    """Store the new password; this browser stays signed in, all others of the account are signed out."""
    present, new, again = (request.form.get(name, "") for name in ("present", "new", "again"))
    try:
        user = change_own_password(
            house().session_factory, current_user.email, present, new, again, get_address(), now()
        )
    except InvalidInput as refused:
        return _page(problems=refused.problems), 400
    begin_session(user)
    return redirect(url_for("account.page", changed="yes"))


@blueprint.post("/sessions/<session_id>/end")
@role_required(*ROLES)
@within_territories
def end_session(session_id: str) -> Any:
    """Sign oneself out in another browser."""
    with writing() as session:
        end_own_session(session, current_user.id, session_id, now())
    return redirect(url_for("account.page"))


@blueprint.post("/sessions/end")
@role_required(*ROLES)
@within_territories
def end_other_sessions() -> Any:
    """Sign oneself out everywhere but here."""
    with writing() as session:
        count = end_sessions(session, current_user.id, but=current_user.session_id)
        user = find_user(session, current_user.id)
        record_event(session, "sessions ended", now(), current_user.id, user, after={"count": count})
    return redirect(url_for("account.page"))


def _page(problems: tuple[str, ...] = ()) -> str:
    with reading() as session:
        zone = get_zone(session)
        return render_template(
            "account/account.html",
            changed="changed" in request.args,
            problems=problems,
            sessions=list_open_sessions(session, current_user.id, now()),
            recovery_codes=count_recovery_codes(session, current_user.id),
            local_time=lambda at: local_time(at, zone),
        )
