"""What a phone reports late and the server cannot take is told the office, although nothing of the report is stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask_login import current_user

from dispatch.accounts.users import get_user
from dispatch.errors import Conflict, InvalidInput
from dispatch.on_site.refused import tell_refused
from web.context import now, writing


@contextmanager
def telling_the_office(stop_id: int, status: str, at: datetime, reason: str) -> Iterator[None]:
    """Around the report's own transaction, which is undone by then: this tells in another one."""
    try:
        yield
    except (Conflict, InvalidInput) as error:
        with writing() as session:
            tell_refused(session, stop_id, status, get_user(session, current_user.id), at, now(), str(error), reason)
        raise
