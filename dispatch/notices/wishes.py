"""How a customer can and wants to be reached: language, and the channels that they do not want."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.errors import InvalidInput, NotFound, Stale
from dispatch.events import record_event
from dispatch.models import LANGUAGES, ContactWish, Customer
from dispatch.settings import Settings


def get_wish(session: Session, customer_id: int) -> ContactWish:
    """What is stored, or what holds for everybody; a new row is in no session."""
    stored = session.get(ContactWish, customer_id)
    if stored is not None:
        return stored
    language = session.info["settings"].company_language
    return ContactWish(customer_id=customer_id, language=language, no_email=False, no_sms=False, version=0)


def change_wish(
    session: Session,
    customer_id: int,
    seen_version: int | None,
    now: datetime,
    by_user_id: int | None,
    *,
    language: str,
    no_email: bool,
    no_sms: bool,
) -> None:
    """Store what the customer wants; `seen_version` None overwrites, as customers do themselves.

    Raises NotFound, InvalidInput, Stale.
    """
    customer = session.get(Customer, customer_id, with_for_update={"of": Customer, "key_share": True})
    if customer is None:
        raise NotFound(f"There is no customer with id {customer_id}.")
    if language not in LANGUAGES:
        raise InvalidInput([f"language: use one of {', '.join(LANGUAGES)}."])
    session.get(ContactWish, customer_id, populate_existing=True)  # as whoever was here first left it
    row = get_wish(session, customer_id)
    if seen_version not in (None, row.version):
        raise Stale("Somebody else has changed this meanwhile: look at it as it is now.")
    before = {"language": row.language, "no_email": row.no_email, "no_sms": row.no_sms}
    after = {"language": language, "no_email": no_email, "no_sms": no_sms}
    if before == after:
        return
    if row.version == 0:
        session.add(ContactWish(customer_id=customer_id, **after))
    else:
        row.language, row.no_email, row.no_sms = language, no_email, no_sms
    record_event(session, "contact wish changed", now, by_user_id, customer, before=before, after=after)


def find_address(session: Session, customer: Customer, channel: str) -> str | None:
    """Where the customer is reached on the channel; None where they cannot be or do not want to be."""
    wish, settings = get_wish(session, customer.id), session.info["settings"]
    if channel not in list_channels(settings):
        return None
    if channel == "e-mail":
        return None if wish.no_email else (customer.email or "").strip() or None
    return None if wish.no_sms else "".join((customer.phone or "").split()) or None


def list_channels(settings: Settings) -> list[str]:
    """Those that this installation has set up."""
    set_up = {"e-mail": settings.mail_server, "SMS": settings.sms_url}
    return [channel for channel, found in set_up.items() if found]
