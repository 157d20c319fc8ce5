"""The page on which people give themselves another password."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.errors import InvalidInput
from dispatch.own_password import change_own_password
from web.access import ROLES, role_required
from web.auth import begin_session
from web.context import house, now
from web.visitor import get_address

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
@role_required(*ROLES)
def page() -> Any:
    """Who is signed in, and the form."""
    return render_template("account/account.html", changed="changed" in request.args, problems=())


@blueprint.post("/password")
@role_required(*ROLES)
def change_password() -> Any:
    """Store the new password; this session goes on, all others of the account end."""
    present, new, again = (request.form.get(name, "") for name in ("present", "new", "again"))
    try:
        user = change_own_password(
            house().session_factory, current_user.email, present, new, again, get_address(), now()
        )
    except InvalidInput as refused:
        return render_template("account/account.html", changed=False, problems=refused.problems), 400
    begin_session(user)
    return redirect(url_for("account.page", changed="yes"))
