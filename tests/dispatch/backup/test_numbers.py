"""What was given out after a backup means nothing in the database that is restored from it, and never another thing."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dispatch.backup import make_backup, restore_backup
from dispatch.errors import NotFound
from dispatch.jobs.moving import report_status
from dispatch.jobs.new import create_job
from dispatch.jobs.request import JobRequest
from dispatch.migrations import downgrade
from dispatch.models import (
    Event,
    Job,
    Note,
    Notice,
    PasswordLink,
    PasswordRequest,
    Stop,
    User,
    UserSession,
    Webhook,
    WebhookDelivery,
)
from dispatch.notices.links import get_job_of_link, get_link
from dispatch.notices.visit_page import get_visit_page
from dispatch.webhooks.message import write_headers
from tests.dispatch.town import MORNING, job, settle
from tests.dispatch.webhooks.telling import subscribe
from tests.web.conftest import stop

LATER = MORNING + timedelta(hours=12)
GIVEN_OUT = (Job, Stop, Notice, Note)


def go_on(factory, number) -> dict[str, int]:
    """A job comes in, is visited, its customer is told, somebody notes something; the ids of all that."""
    settle(factory, [], [job(number)])
    with factory.begin() as session:
        came_in = session.scalars(select(Job).where(Job.number == number)).one()
        visit = stop(came_in, 9, 13)
        visit.plan_id = visit.route_id = 1
        told = {"queued_at": MORNING, "next_at": MORNING, "useful_until_at": MORNING}
        session.add_all([
            visit,
            Notice(job_id=came_in.id, kind="done", channel="SMS", about="the end", **told),
            Note(job_id=came_in.id, at=MORNING, text="The dog bites."),
        ])  # fmt: skip
    with factory() as session:
        return {model.__tablename__: max(session.scalars(select(model.id))) for model in GIVEN_OUT}


def call(factory) -> str:
    """Somebody calls, and is told the number of their job."""
    with factory.begin() as session:
        known = session.scalars(select(Job)).first()
        asked = JobRequest(known.customer_id, known.location_id, "It drips", service_s=3600)
        return create_job(session, asked, MORNING, None).number


def test_no_id_that_was_given_out_after_the_backup_is_given_out_again(town, empty, tmp_path):
    """Gateways, mail servers and programs know them still."""
    path = make_backup(town, MORNING, tmp_path / "backup.zip").path
    lost = go_on(town, "J9")
    restore_backup(empty, path, LATER)
    new = go_on(empty, "J8")
    assert {name for name, number in new.items() if number > lost[name] + 1_000_000} == set(lost)


def test_a_phone_and_a_link_of_what_was_lost_reach_nobody_elses_visit(town, empty, tmp_path):
    """The technician and the customer are told that there is none."""
    path = make_backup(town, MORNING, tmp_path / "backup.zip").path
    lost = go_on(town, "J9")
    with town() as session:
        token = get_link(session, lost["job"], MORNING).token
    restore_backup(empty, path, LATER)
    go_on(empty, "J8")
    with empty.begin() as session:
        with pytest.raises(NotFound, match="no stop"):
            report_status(session, lost["stop"], "en_route", None, LATER)
        assert get_job_of_link(session, token, LATER) == lost["job"]  # it is one of ours
        with pytest.raises(NotFound, match="no job"):
            get_visit_page(session, token, LATER, empty.settings)


def test_numbers_that_customers_were_told_after_the_backup_are_not_given_to_others(town, empty, tmp_path):
    """They name them on the telephone."""
    assert call(town) == "W1"
    path = make_backup(town, MORNING, tmp_path / "backup.zip").path
    assert call(town) == "W2"
    restore_backup(empty, path, LATER)
    assert call(empty) == "W10002"


def test_the_same_backup_restored_once_more_goes_on_elsewhere(town, empty, tmp_path):
    """What was given out between the two is known to phones, too."""
    path = make_backup(town, MORNING, tmp_path / "backup.zip").path
    restore_backup(empty, path, LATER)
    lost = go_on(empty, "J9")
    downgrade(empty.engine, "base")
    restore_backup(empty, path, LATER + timedelta(hours=1))
    new = go_on(empty, "J9")
    assert {name for name, number in new.items() if number == lost[name] + 60_000} == set(lost)


def test_a_backup_of_long_ago_leaves_ids_for_times_to_come(town, empty, tmp_path):
    """There are two thousand million; half of them are left."""
    path = make_backup(town, MORNING, tmp_path / "backup.zip").path
    restore_backup(empty, path, MORNING + timedelta(days=20 * 365))
    assert max(go_on(empty, "J9").values()) < 2**30 + 100


def test_messages_to_webhooks_of_an_event_number_that_comes_twice_are_two(town, empty, tmp_path):
    """Receivers drop what has an id that they know."""
    path = make_backup(town, MORNING, tmp_path / "backup.zip").path
    told = []
    for factory in (town, empty):
        if factory is empty:
            restore_backup(empty, path, LATER)
        webhook = subscribe(factory, "https://example.org/hook")
        with factory.begin() as session:
            [seq] = session.scalars(select(func.max(Event.seq)))
            row = WebhookDelivery(webhook=session.get(Webhook, webhook.id), event_seq=seq, next_at=MORNING)
            session.add(row)
            session.flush()
            told.append((seq, write_headers(row, b"", MORNING)["Webhook-Id"]))
    (lost_seq, lost_id), (seq, new_id) = told
    assert seq == lost_seq
    assert new_id != lost_id


def test_nobody_is_signed_in_and_no_link_to_a_password_is_good(town, empty, tmp_path):
    """Who signed out, or chose one, after the backup had ended theirs."""
    with town.begin() as session:
        user = session.scalars(select(User)).one()
        session.add_all([
            UserSession(id="open", user=user, began_at=MORNING, seen_at=MORNING, address="", browser=""),
            PasswordLink(token_hash="0" * 64, user_id=user.id, expires_at=LATER + timedelta(days=1)),
            PasswordRequest(email=user.email, asked_at=MORNING),
        ])  # fmt: skip
    restore_backup(empty, make_backup(town, MORNING, tmp_path / "backup.zip").path, LATER)
    with empty() as session:
        for opened in (UserSession, PasswordLink, PasswordRequest):
            assert session.scalars(select(opened)).all() == [], opened
