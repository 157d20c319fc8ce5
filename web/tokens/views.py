"""The page on which people make and revoke the tokens with which programs act for them."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.accounts.sign_in import sign_in
from dispatch.accounts.users import get_user
from dispatch.api.tokens import SUBJECTS, list_tokens, make_token, revoke_token
from dispatch.clock import local_day
from dispatch.errors import InvalidInput
from dispatch.installation import get_zone
from web.access import ROLES, role_required
from web.context import house, now, reading, writing
from web.visitor import get_address

blueprint = Blueprint("tokens", __name__, url_prefix="/account/tokens")

WRONG_PASSWORD = "password: it is not yours; write the one that you sign in with."


@blueprint.get("")
@role_required(*ROLES)
def page() -> Any:
    """One's own tokens; an admin sees everybody's."""
    return _page()


@blueprint.post("")
@role_required(*ROLES)
def make() -> Any:
    """Make a token; it is shown on this answer, and never again. The password keeps out who found an open screen."""
    form = request.form
    scopes = [f"{subject}:{verb}" for subject in SUBJECTS if (verb := form.get(f"scope-{subject}", ""))]
    days = form.get("days", "")
    try:
        attempt = sign_in(house().session_factory, current_user.email, form.get("password", ""), get_address(), now())
        if attempt.user is None:
            raise InvalidInput([WRONG_PASSWORD])
        with writing() as session:
            user = get_user(session, current_user.id)
            wanted_days = int(days) if days.isdecimal() and len(days) < 9 else None
            row, secret = make_token(session, user, form.get("name", ""), scopes, now(), user.id, wanted_days)
    except InvalidInput as refused:
        return _page(problems=refused.problems), 400
    return _page(made=row, secret=secret)


@blueprint.post("/<int:token_id>/revoke")
@role_required(*ROLES)
def revoke(token_id: int) -> Any:
    """End a token at once; 404 for somebody else's, unless an admin does it."""
    with writing() as session:
        revoke_token(session, token_id, get_user(session, current_user.id), now())
    return redirect(url_for("tokens.page"))


def _page(**said: Any) -> str:
    with reading() as session:
        zone = get_zone(session)
        return render_template(
            "tokens/tokens.html",
            tokens=list_tokens(session, None if current_user.role == "admin" else current_user.id),
            now=now(),
            day=lambda at: local_day(at, zone).isoformat() if at else None,
            subjects=SUBJECTS,
            given=request.form,
            **said,
        )
