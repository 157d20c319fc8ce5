"""The history of a customer has the words of what they were told, and what befell their visits."""

from datetime import timedelta

import pytest

from dispatch.customers.history import slice_history
from dispatch.events import record_event
from dispatch.living.incidents import dismiss, raise_incident
from dispatch.models import Notice
from dispatch.slices import Cut
from tests.dispatch.town import MONDAY, at, job, job_named, plan, settle, technician, user_of

pytestmark = pytest.mark.both_databases

LINK = "https://plan.example.org/c/AAAAAQoDSwKx_V8KNmkCJskf"


@pytest.fixture
def town(session_factory):
    settle(session_factory, [technician()], [job("J1"), job("J2")])
    plan(session_factory)
    return session_factory


def tell(factory, number, now, channel, subject, body, status="sent", fault=""):
    """A message as its delivery leaves it."""
    with factory.begin() as session:
        one = job_named(session, number)
        row = Notice(job_id=one.id, kind="reminder", channel=channel, about=f"at {now}", status=status, queued_at=now)
        row.next_at = row.useful_until_at = now
        row.subject, row.body, row.address, row.fault = subject, body, "ana@example.org", fault
        session.add(row)
        kind = "customer told" if status == "sent" else "customer not reached"
        after = {"notice": "reminder", "channel": channel, "to": row.address}
        record_event(session, kind, now + timedelta(seconds=1), None, one, after=after, reason=fault)


def history(factory, cut=Cut(), most=50):  # noqa: B008 (a Cut never changes)
    with factory() as session:
        return slice_history(session, job_named(session, "J1").customer_id, cut, most)


def late(factory, number, now):
    with factory.begin() as session:
        found = job_named(session, number)
        facts = {"job_id": found.id, "late_s": 1800, "until_at": at(10), "repair": False}
        return raise_incident(session, "will_be_late", MONDAY, now, None, **facts).id


def test_a_message_opens_to_its_whole_words_without_its_link(town):
    """Whoever has the link speaks for the customer."""
    tell(town, "J1", at(7), "e-mail", "Your visit on Monday", f"Good day Ana,\n\nA reminder.\n{LINK}")
    tell(town, "J1", at(8), "SMS", "", f"A reminder: we come.\n{LINK}")
    tell(town, "J2", at(9), "SMS", "", "Somebody else's.")
    sms, mail = history(town).rows[:2]
    assert (sms.what, sms.words) == ("customer told: reminder (SMS)", "A reminder: we come.")
    assert sms.message == "A reminder: we come.\nhttps://plan.example.org/c/…"
    assert (mail.what, mail.words) == ("customer told: reminder (e-mail)", "Your visit on Monday")
    assert mail.message.startswith("Good day Ana,\n\nA reminder.")


def test_what_could_not_be_sent_says_why_and_what_it_would_have_said(town):
    tell(town, "J1", at(7), "SMS", "", "We come.", "given_up", "No such number.")
    newest = history(town).rows[0]
    assert (newest.what, newest.words) == ("customer not reached: reminder (SMS)", "No such number.")
    assert newest.message == "We come."


def test_what_befell_their_visits_stands_among_it_with_what_was_done(town):
    """Of their own jobs; what was dismissed says why."""
    other = late(town, "J2", at(7))
    incident_id = late(town, "J1", at(8))
    with town.begin() as session:
        dismiss(session, incident_id, "They were called.", user_of(session, "d", "dispatcher").id, at(8, 10))
    tell(town, "J1", at(9), "SMS", "", "We come.")
    lines = history(town).rows
    [befell] = [line for line in lines if line.incident_id]
    assert (befell.what, befell.about, befell.who) == ("event: will be late", "job J1", "Wrenchtime")
    assert befell.words == "By 30 min, expected at 10:00. Dismissed: They were called."
    assert (befell.incident_id, lines.index(befell)) == (incident_id, 1)
    assert other != incident_id


def test_what_befalls_a_visit_meanwhile_moves_no_line_of_the_parts_that_follow(town):
    late(town, "J1", at(7))
    tell(town, "J1", at(8), "SMS", "", "We come.")
    whole = history(town).rows
    first = history(town, most=1)
    with town.begin() as session:
        found = job_named(session, "J1")
        raise_incident(session, "no_access", MONDAY, at(9), None, job_id=found.id, repair=False)
    rest = history(town, first.on)
    assert [*first.rows, *rest.rows] == whole
    assert history(town).total == len(whole) + 1
