"""Setting up one's phone for the second factor, and removing it."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.accounts.second_factor import Offer, check_code, confirm, count_recovery_codes, offer_secret, remove
from dispatch.accounts.sign_in import sign_in
from dispatch.accounts.users import find_user
from dispatch.db import Session
from dispatch.errors import InvalidInput
from dispatch.models import User
from web.access import ROLES, role_required, while_setting_up, within_territories
from web.account.views import blueprint
from web.auth import safe_next
from web.context import house, now, reading, writing
from web.visitor import get_address

WRONG_PASSWORD = "The present password is not right."
WRONG_PASSWORD_OFTEN = "The present password was wrong too often; wait for ten minutes."
WRONG_CODE = "That code is not right, or was used before."


@blueprint.get("/second-factor")
@role_required(*ROLES)
@while_setting_up
@within_territories
def second_factor() -> Any:
    """Explain it, and ask for the password first: an open session alone must not lock its owner out."""
    return _page()


@blueprint.post("/second-factor/offer")
@role_required(*ROLES)
@while_setting_up
@within_territories
def offer_second_factor() -> Any:
    """Show the picture that the phone reads."""
    if problems := _list_password_faults():
        return _page(problems=problems), 400
    try:
        with writing() as session:
            offer = offer_secret(session, _me(session))
    except InvalidInput as refused:
        return _page(problems=refused.problems), 400
    return _page(offer=offer)


@blueprint.post("/second-factor/confirm")
@role_required(*ROLES)
@while_setting_up
@within_territories
def confirm_second_factor() -> Any:
    """Let it count from now on, and show the recovery codes, once."""
    try:
        with writing() as session:
            codes = confirm(session, _me(session), request.form.get("code", ""), current_user.session_id, now())
    except InvalidInput as refused:
        # the phone has the secret by now: only the code is asked for again, and nothing secret is shown twice
        return _page(problems=refused.problems, asks_again=True), 400
    return _page(codes=codes)


@blueprint.post("/second-factor/remove")
@role_required(*ROLES)
@within_territories
def remove_second_factor() -> Any:
    """Ask for the password alone again; needs both now."""
    problems = _list_password_faults()
    if not problems:
        code = request.form.get("code", "")
        if check_code(house().session_factory, current_user.id, code, get_address(), now()).user is None:
            problems = (WRONG_CODE,)
    if problems:
        return _page(problems=problems), 400
    with writing() as session:
        remove(session, _me(session), current_user.id, now())
    return redirect(url_for("account.page"))


def _list_password_faults() -> tuple[str, ...]:
    given = request.form.get("present", "")
    attempt = sign_in(house().session_factory, current_user.email, given, get_address(), now())
    if attempt.user is not None:
        return ()
    return (WRONG_PASSWORD if attempt.locked_until_at is None else WRONG_PASSWORD_OFTEN,)


def _me(session: Session) -> User:
    user = find_user(session, current_user.id)
    if user is None:
        abort(401)
    return user


def _page(
    *,
    problems: tuple[str, ...] = (),
    offer: Offer | None = None,
    asks_again: bool = False,
    codes: list[str] | None = None,
) -> str:
    with reading() as session:
        left = count_recovery_codes(session, current_user.id)
    return render_template(
        "account/second_factor.html",
        problems=problems,
        offer=offer,
        asks_again=asks_again,
        codes=codes,
        left=left,
        recovered="recovered" in request.args,
        go_on=safe_next(request.args.get("next")),
    )
