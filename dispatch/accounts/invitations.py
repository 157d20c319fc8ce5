"""E-mails somebody who was added the link at which they choose a password.

Whoever added them waits for the mail server, for ten seconds at most: they hold the same link, and must know whether
to hand it over themselves. Nothing is told to strangers by how long that takes, as it would be at the sign-in page.
"""

from __future__ import annotations

from datetime import datetime

from dispatch.accounts.mail_words import write_mail
from dispatch.accounts.overview import get_account
from dispatch.accounts.password_links import MAILED
from dispatch.db import SessionFactory
from dispatch.events import record_event
from dispatch.mail import MailServer, send_mail


def mail_invitation(
    session_factory: SessionFactory, server: MailServer, user_id: int, link: str, by_user_id: int, now: datetime
) -> None:
    """Raises MailFault when the mail server does not take it."""
    with session_factory() as session:
        user, by = get_account(session, user_id), get_account(session, by_user_id)
    facts = {"name": user.name, "by": by.name, "link": link, "email": user.email}
    subject, text = write_mail("invited", session_factory.settings.company_language, **facts)
    send_mail(server, user.email, subject, text, now)
    with session_factory.begin() as session:
        record_event(session, MAILED, now, by_user_id, user)
