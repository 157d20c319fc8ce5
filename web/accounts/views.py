"""The page of accounts: who may sign in, one-time links for those who cannot, and switching accounts off."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.accounts.changes import switch_account
from dispatch.accounts.overview import get_account, list_accounts
from dispatch.accounts.password_links import make_link
from dispatch.accounts.second_factor import remove
from dispatch.accounts.users import get_user
from web.access import ADMIN, MANAGER, role_required
from web.context import now, reading, writing
from web.new_password import address_of

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")


@blueprint.get("")
@role_required(MANAGER, ADMIN)
def page() -> Any:
    """Everybody, with what may be done about each."""
    return draw_accounts()


@blueprint.post("/<int:user_id>/link")
@role_required(MANAGER, ADMIN)
def link(user_id: int) -> Any:
    """Make a link for a new password; it is shown on this answer, and never again."""
    with writing() as session:
        user = get_account(session, user_id)
        token = make_link(session, user, get_user(session, current_user.id), now())
        name = user.name
    return draw_accounts(made_for=name, link=address_of(token))


@blueprint.post("/<int:user_id>/switch")
@role_required(ADMIN)
def switch(user_id: int) -> Any:
    """Switch it off, or on again."""
    with writing() as session:
        switch_account(session, user_id, request.form.get("to") == "on", current_user.id, now())
    return redirect(url_for("accounts.page"))


@blueprint.post("/<int:user_id>/second-factor/remove")
@role_required(ADMIN)
def remove_second_factor(user_id: int) -> Any:
    """For somebody who lost the phone and the recovery codes."""
    with writing() as session:
        remove(session, get_account(session, user_id), current_user.id, now())
    return redirect(url_for("accounts.page"))


def draw_accounts(**said: Any) -> str:
    """The page; with a link that was just made, for whom, and whether it was e-mailed."""
    with reading() as session:
        return render_template(
            "accounts/accounts.html",
            accounts=list_accounts(session, current_user.role, now()),
            is_admin=current_user.role == ADMIN,
            **said,
        )
