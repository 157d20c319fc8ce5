"""The page of accounts: who may sign in, one-time links for those who cannot, and what dispatchers are limited to."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.account_list import (
    get_account,
    limit_dispatcher,
    list_accounts,
    list_territory_names,
    switch_account,
)
from dispatch.password_links import make_link
from dispatch.second_factor import remove
from dispatch.users import find_user
from web.access import ADMIN, MANAGER, role_required
from web.context import now, reading, writing
from web.forms import refuse
from web.new_password import address_of

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")


@blueprint.get("")
@role_required(MANAGER, ADMIN)
def page() -> Any:
    """Everybody, with what may be done about each."""
    return _page()


@blueprint.post("/<int:user_id>/link")
@role_required(MANAGER, ADMIN)
def link(user_id: int) -> Any:
    """Make a link for a new password; it is shown on this answer, and never again."""
    with writing() as session:
        user = get_account(session, user_id)
        token = make_link(session, user, find_user(session, current_user.id), now())
        name = user.name
    return _page(made_for=name, link=address_of(token))


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


@blueprint.post("/<int:user_id>/territories")
@role_required(ADMIN)
def limit(user_id: int) -> Any:
    """Say which territories a dispatcher sees and changes; none ticked means all."""
    given = request.form.getlist("territory")
    if not all(text.isdecimal() and len(text) < 10 for text in given):
        refuse("Territories are given by their numbers.")
    with writing() as session:
        limit_dispatcher(session, user_id, {int(text) for text in given}, current_user.id, now())
    return redirect(url_for("accounts.page"))


def _page(**said: Any) -> str:
    with reading() as session:
        return render_template(
            "accounts/accounts.html",
            accounts=list_accounts(session, current_user.role, now()),
            territories=list_territory_names(session),
            is_admin=current_user.role == ADMIN,
            **said,
        )
