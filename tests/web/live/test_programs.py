"""Programs listen with a token, miss nothing while they are away, and hear no more when it ends."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from dispatch.api.tokens import make_token
from dispatch.models import ApiToken, User
from tests.web.conftest import NOW

PATH = "/api/v1/events/stream"


def bearer(app: Flask, role: str, scope: str = "events:read", days: int | None = None) -> dict[str, str]:
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        user = session.scalars(select(User).where(User.role == role)).one()
        return {"Authorization": f"Bearer {make_token(session, user, 'test', [scope], NOW, None, days)[1]}"}


def test_a_program_that_was_away_misses_nothing(app, listen, tell):
    """It says the number of the last event that it has heard; a token of a technician hears of theirs alone."""
    for job_id in (1, 3, 2):
        tell("job status", "job", job_id)
    first = listen(None, PATH, **bearer(app, "dispatcher"), **{"Last-Event-ID": "1"})
    assert [news["subject_id"] for news in first.read_news(2)] == [3, 2]
    ana = listen(None, f"{PATH}?after=0", **bearer(app, "technician"))
    assert [news["subject_id"] for news in ana.read_news(2)] == [1, 2]


def test_the_stream_ends_with_the_token(app, listen, clock):
    """Revoked, at its end, or its user switched off; the others go on."""
    factory = app.extensions["wrenchtime"].session_factory
    revoked, timed, stays = (listen(None, PATH, **bearer(app, "admin", days=days)) for days in (None, 7, None))
    with factory.begin() as session:
        session.execute(update(ApiToken).where(ApiToken.id == 1).values(revoked_at=NOW))
    assert revoked.has_ended()
    clock.now = NOW + timedelta(days=7)
    assert timed.has_ended()
    assert {stays.read_event()["event"] for _ in range(3) if stays.read_event()} == {"pulse"}
    with factory.begin() as session:
        session.execute(update(User).values(active=False))
    assert stays.has_ended()


def test_a_program_needs_the_scope_and_a_number_that_is_one(app):
    """403 and 400, before any connection is taken over."""
    client = app.test_client(use_cookies=False)
    assert client.get(PATH, headers=bearer(app, "admin", "jobs:write")).status_code == 403
    assert client.get(f"{PATH}?after=x", headers=bearer(app, "admin")).status_code == 400
    assert client.get(PATH).status_code == 401
