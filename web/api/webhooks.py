"""Addresses that are told of events, and messages that were given up."""

from typing import Any

from flask import Response
from flask_login import current_user

from dispatch.slices import Cut
from dispatch.webhooks.delivery import send_again, slice_dead
from dispatch.webhooks.subscriptions import add_webhook, list_webhooks, switch_webhook
from web.access import ADMIN, MANAGER
from web.api.answers import MOST_AT_ONCE, PageQuery, dump, read_cursor, write_cursor
from web.api.fields import Body, Flag, Part, Several, Shown, Text, Whole
from web.api.subject import Subject
from web.context import now, reading, writing

subject = Subject("webhooks", "Addresses that are told of events, and messages that were given up.")


class WebhookSent(Body):
    """An address, and the kinds of events that it is told of; none means all."""

    url = Text(2_000, 1, required=True)
    kinds = Several(Text(100, 1), most=100)


class SwitchSent(Body):
    """Whether it is told of events."""

    active = Flag(required=True)


class WebhookShown(Shown):
    """An address that is told of events."""

    id = Whole(1)
    url = Text()
    kinds = Several(Text())
    active = Flag()


class NewWebhookShown(WebhookShown):
    """With the secret that signs its messages, which is never shown again."""

    secret = Text()


class DeliveryShown(Shown):
    """A message that was given up."""

    id = Whole(1)
    webhook_id = Whole(1)
    event_seq = Whole(1)
    kind = Text(attribute="event.kind")
    tries = Whole()
    fault = Text()


class WebhooksShown(Shown):
    """All addresses, and a page of what was given up, the newest first."""

    webhooks = Several(Part(WebhookShown))
    given_up = Several(Part(DeliveryShown), most=MOST_AT_ONCE)
    next = Text(400, allow_none=True, description="The cursor of what else was given up; null on the last page.")


@subject.operation("GET", "/webhooks", WebhooksShown, who=(MANAGER, ADMIN), query=PageQuery)
def list_of_webhooks(query: dict[str, Any]) -> Response:
    """Who is told of events, and which messages were given up."""
    cut = Cut(before=read_cursor(query) or None)
    with reading() as session:
        dead = slice_dead(session, cut, query["limit"])
        after = write_cursor(dead.rows[-1].id) if dead.on else None
        return dump(WebhooksShown, {"webhooks": list_webhooks(session), "given_up": dead.rows, "next": after})


@subject.operation("POST", "/webhooks", NewWebhookShown, who=(ADMIN,), status=201, body=WebhookSent)
def new_webhook(body: dict[str, Any]) -> Response:
    """Tell an address of events from now on; the answer holds its secret, which is never shown again.

    No Idempotency-Key here: the secret would be kept with the answer.
    """
    with writing() as session:
        row = add_webhook(session, body["url"], body.get("kinds", ()), now(), current_user.id)
        session.flush()
        return dump(NewWebhookShown, row, status=201)


@subject.operation(
    "PUT", "/webhooks/<int(min=1, max=2147483647):webhook_id>/active", WebhookShown, who=(ADMIN,), body=SwitchSent
)
def switch(body: dict[str, Any], webhook_id: int) -> Response:
    """Switch an address off, or on again."""
    with writing() as session:
        return dump(WebhookShown, switch_webhook(session, webhook_id, body["active"], now(), current_user.id))


@subject.operation(
    "POST",
    "/webhooks/deliveries/<int(min=1, max=2147483647):delivery_id>/again",
    None,
    who=(MANAGER, ADMIN),
    status=204,
)
def try_again(delivery_id: int) -> Response:
    """Send once more what was given up."""
    with writing() as session:
        send_again(session, delivery_id, now(), current_user.id)
    return Response(status=204)
