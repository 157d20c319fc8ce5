"""The page of webhooks: admins add addresses and switch them; managers too see what was given up, and send it again."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.errors import InvalidInput
from dispatch.webhooks.delivery import send_again, slice_dead
from dispatch.webhooks.subscriptions import add_webhook, list_webhooks, switch_webhook
from web.access import ADMIN, MANAGER, role_required
from web.context import now, reading, writing
from web.turning import find_cut

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")


@blueprint.get("")
@role_required(MANAGER, ADMIN)
def page() -> Any:
    """What is told to whom, and what could not be."""
    return _page()


@blueprint.post("")
@role_required(ADMIN)
def add() -> Any:
    """Add an address; its secret is shown on this answer, and never again."""
    try:
        with writing() as session:
            kinds = request.form.get("kinds", "").split(",")
            webhook = add_webhook(session, request.form.get("url", ""), kinds, now(), current_user.id)
    except InvalidInput as refused:
        return _page(problems=refused.problems), 400
    return _page(added=webhook)


@blueprint.post("/<int:webhook_id>/switch")
@role_required(ADMIN)
def switch(webhook_id: int) -> Any:
    """Switch it off, or on again."""
    with writing() as session:
        switch_webhook(session, webhook_id, request.form.get("to") == "on", now(), current_user.id)
    return redirect(url_for("webhooks.page"))


@blueprint.post("/deliveries/<int:delivery_id>/again")
@role_required(MANAGER, ADMIN)
def again(delivery_id: int) -> Any:
    """Try once more what was given up; 409 when it is not given up any more."""
    with writing() as session:
        send_again(session, delivery_id, now(), current_user.id)
    return redirect(url_for("webhooks.page"))


def _page(**said: Any) -> str:
    with reading() as session:
        return render_template(
            "webhooks/webhooks.html",
            webhooks=list_webhooks(session),
            dead=slice_dead(session, find_cut(request.args, "dead")),
            is_admin=current_user.role == ADMIN,
            given=request.form,
            **said,
        )
