"""Long lists have pages: each part leads to those beside it, and keeps what the page was asked for."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from dispatch.events import record_event
from dispatch.models import (
    Customer,
    Event,
    Feedback,
    Incident,
    Job,
    MaintenancePlan,
    Note,
    Notice,
    TaskRun,
    WebhookDelivery,
)
from dispatch.slices import MOST
from dispatch.webhooks.subscriptions import add_webhook
from tests.web.conftest import NOW, TODAY


@pytest.fixture
def events(app):
    """More open events of today than fit a part, fewer that are over, and one of tomorrow."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        told = {"kind": "road_closed", "from_at": NOW, "reported_at": NOW, "action": "warn"}
        session.add_all(Incident(on=TODAY, words=f"open {n}", **told) for n in range(MOST + 3))
        closed = {"status": "repaired", "closed_at": NOW}
        session.add_all(Incident(on=TODAY, outcome=f"Mended {n}.", **closed, **told) for n in range(3))


def parts_of(page):
    """The numbers of the events in the sections of what is open and what is over."""
    return [re.findall(r'href="/console/events/(\d+)"', part) for part in page.split('<h2 id="over-title">')]


def link_of(page, word):
    found = re.search(rf'<a class="btn" rel="\w+" href="([^"]+)">{word}</a>', page)
    return unescape(found[1]) if found else None


def test_the_events_of_a_day_are_turned_page_by_page(signed_in, events):
    """Every one of them once, the newest first; what is over stays as it is."""
    dispatcher = signed_in("dispatcher")
    first = dispatcher.get(f"/console/events?on={TODAY}").text
    assert f"1 to {MOST} of {MOST + 3}" in first
    assert link_of(first, "Newer") is None
    older = link_of(first, "Older")
    second = dispatcher.get(older).text
    assert f"{MOST + 1} to {MOST + 3} of {MOST + 3}" in second
    seen = [*parts_of(first)[0], *parts_of(second)[0]]
    assert seen == [str(n) for n in range(MOST + 3, 0, -1)]
    assert parts_of(first)[1] == parts_of(second)[1]
    assert len(parts_of(second)[1]) == 3
    assert parts_of(dispatcher.get(link_of(second, "Newer")).text) == parts_of(first)


def test_links_keep_what_the_page_was_asked_for(signed_in, events):
    """Also today, which the address may have left out: at midnight it would be another day."""
    dispatcher = signed_in("dispatcher")
    older = link_of(dispatcher.get("/console/events?over-before=999&_scheme=x&endpoint=y").text, "Older")
    assert older.startswith("/console/events?")
    assert older.endswith("#open-title")
    assert {"over-before=999", f"on={TODAY}", "_scheme=x", "endpoint=y"} <= set(re.split("[?&#]", older))


def test_a_list_that_is_whole_has_no_pages(signed_in):
    assert "fs-pages" not in signed_in("dispatcher").get("/console/events").text


def test_a_part_that_is_no_number_is_refused(signed_in):
    answer = signed_in("dispatcher").get("/console/events?open-before=x")
    assert answer.status_code == 400
    assert "open-before" in answer.text


def test_customers_are_turned_by_name_and_the_words_are_kept(app, signed_in):
    """All that are found can be reached; what was looked for stays in the links."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add_all(Customer(name=f"Hotel {n:03}") for n in range(MOST + 2))
    dispatcher = signed_in("dispatcher")
    first = dispatcher.get("/console/customers?q=hotel").text
    assert f"1 to {MOST} of {MOST + 2}, by name" in first
    assert "Hotel 049" in first
    second = dispatcher.get(link_of(first, "Next")).text
    assert ("Hotel 050" in second, "Hotel 051" in second, "Hotel 049" in second) == (True, True, False)
    assert 'value="hotel"' in second
    assert "Hotel 000" in dispatcher.get(link_of(second, "Previous")).text


def test_the_jobs_and_the_history_of_a_customer_are_turned_each_by_itself(app, signed_in):
    """Every line of the history once, events and notes among each other by their time."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        one = session.get_one(Job, 1)
        own = {"customer_id": 1, "location_id": one.location_id, "service_s": 600, "title": "More"}
        session.add_all(Job(number=f"M{n}", **own) for n in range(MOST))
        seq = 10_000
        for n in range(MOST):
            at = NOW + timedelta(minutes=n)
            session.add(Note(at=at, channel="call", text=f"line {2 * n}.", customer_id=1))
            told = {"kind": f"line {2 * n + 1}.", "subject_kind": "job", "subject_id": 1, "before": {}, "after": {}}
            session.add(Event(seq=seq + n, at=at + timedelta(seconds=30), **told))
    dispatcher = signed_in("dispatcher")
    page = dispatcher.get("/console/customers/1").text
    older = [unescape(one) for one in re.findall(r'href="([^"]+)">Older', page)]
    assert [one.rsplit("#", 1)[1] for one in older] == ["jobs-title", "history-title"]
    jobs = dispatcher.get(older[0]).text
    assert (">J-1</a>" in page, ">J-1</a>" in jobs, ">M49</a>" in jobs) == (False, True, False)
    assert f"1 to {MOST} of" in jobs.split('id="history-title"')[1], "the history stays where it was"
    lines = []
    while True:
        if len(lines) == MOST:  # meanwhile something is said and something happens
            with app.extensions["wrenchtime"].session_factory.begin() as session:
                session.add(Note(at=NOW + timedelta(hours=2), channel="call", text="line 999.", customer_id=1))
                told = {"kind": "line 998.", "subject_kind": "job", "subject_id": 1, "before": {}, "after": {}}
                session.add(Event(seq=20_000, at=NOW + timedelta(hours=2), **told))
        lines += [int(one) for one in re.findall(r"line (\d+)\.", page)]
        links = [unescape(one) for one in re.findall(r'href="([^"]+#history-title)">Older', page)]
        if not links:
            break
        page = dispatcher.get(links[0]).text
    assert lines == list(range(2 * MOST))[::-1]


@pytest.mark.parametrize("upto", ["7", "7.x", "7.8", "7.8.9.10", "7.8.1234567890"])
def test_newest_rows_that_are_none_are_refused(signed_in, upto):
    answer = signed_in("dispatcher").get(f"/console/customers/1?history-skip=50&history-upto={upto}")
    assert answer.status_code == 400
    assert "history-upto" in answer.text


def test_maintenance_plans_are_turned_and_the_load_is_that_of_all(app, signed_in):
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        place = session.get_one(Job, 1).location_id
        plan = {"customer_id": 1, "location_id": place, "every": 1, "unit": "month", "service_s": 3600}
        plan |= {"count_from": "planned", "first_due_on": TODAY + timedelta(days=14)}
        session.add_all(MaintenancePlan(title=f"Round {n:03}", **plan) for n in range(MOST + 1))
    dispatcher = signed_in("dispatcher")
    first = dispatcher.get("/console/maintenance?customer=1").text
    second = dispatcher.get(link_of(first, "Next")).text
    assert ("Round 049" in first, "Round 050" in first) == (True, False)
    assert ("Round 049" in second, "Round 050" in second) == (False, True)
    assert "of Customer 1" in second
    for page in (first, second):
        assert re.search(rf"2026-12</th><td>{MOST + 1}</td>", page)


def test_runs_that_failed_are_turned_without_the_others(app, signed_in):
    """The night's failure is found also when the watch has run a hundred times since."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        for n in range(MOST + 1):
            for status in ("done", "failed"):
                due = {"task": f"{status}-task", "due_at": NOW + timedelta(minutes=n)}
                error = "No roads." if status == "failed" else None
                session.add(TaskRun(status=status, started_at=NOW, ended_at=NOW, error=error, **due))
    manager = signed_in("manager")
    failed = manager.get(link_of(manager.get("/tasks?failed").text, "Older")).text.split('id="runs-title"')[1]
    assert (failed.count("failed-task"), failed.count("done-task")) == (1, 0)
    assert f"{MOST + 1} to {MOST + 1} of {MOST + 1}" in failed


def test_messages_are_turned_each_list_by_itself(app, signed_in):
    """Also those that were given up: somebody has to send each again."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        told = {"kind": "reminder", "channel": "SMS", "job_id": 1, "status": "given_up"}
        told |= {"useful_until_at": NOW, "next_at": NOW, "queued_at": NOW}
        session.add_all(Notice(about=f"day {n}", fault=f"fault {n}.", **told) for n in range(MOST + 1))
    office = signed_in("dispatcher")
    page = office.get("/notices").text
    given_up, newest = (unescape(one) for one in re.findall(r'href="([^"]+)">Older', page))
    assert (given_up.rsplit("#", 1)[1], newest.rsplit("#", 1)[1]) == ("given-up-title", "newest-title")
    parts = office.get(given_up).text.split('id="newest-title"')
    assert [(len(re.findall(r"fault \d+\.", part)), "fault 0." in part) for part in parts] == [(1, True), (MOST, False)]
    told = office.get("/notices/customers/1").text
    assert "fault 0." not in told
    assert "fault 0." in office.get(link_of(told, "Older")).text


def test_the_links_and_answers_of_a_customer_are_turned_each_by_itself(app, signed_in):
    """A hospital has thousands of open visits, and has said of thousands how they went."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        own = {"customer_id": 1, "location_id": session.get_one(Job, 1).location_id, "service_s": 600, "title": "More"}
        jobs = [Job(number=f"M{n}", **own) for n in range(MOST)]
        session.add_all(jobs)
        session.flush()
        said = {"score": 5, "at": NOW}
        session.add_all(Feedback(job_id=job.id, words=f"words {job.number}.", **said) for job in jobs)
        session.add(Feedback(job_id=1, score=4, at=NOW - timedelta(days=1), words="words J-1."))
    office = signed_in("dispatcher")
    page = office.get("/notices/customers/1").text
    links, answers = (unescape(one) for one in re.findall(r'href="([^"]+)">Older', page))
    assert (links.rsplit("#", 1)[1], answers.rsplit("#", 1)[1]) == ("links-title", "feedback-title")
    assert ("links to J-1" in page, "words J-1." in page) == (False, False)
    older = office.get(links).text
    assert ("links to J-1" in older, "links to M49" in older, "words J-1." in older) == (True, False, False)
    assert "words J-1." in office.get(answers).text


def test_messages_that_webhooks_gave_up_are_turned_to_the_last(app, signed_in):
    """After an outage each of thousands can be sent again."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        webhook = add_webhook(session, "https://example.org/hooks", [], NOW, None)
        for _ in range(MOST + 1):
            record_event(session, "job status", NOW, None)
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        given_up = {"webhook_id": webhook.id, "status": "dead", "next_at": NOW}
        told = session.scalars(select(Event.seq)).all()
        session.add_all(WebhookDelivery(event_seq=seq, fault=f"fault {seq}.", **given_up) for seq in told)
    manager = signed_in("manager")
    page = manager.get("/webhooks").text
    assert f"1 to {MOST} of {MOST + 2}" in page
    older = link_of(page, "Older")
    assert older.endswith("#dead-title")
    seen = [int(one) for text in (page, manager.get(older).text) for one in re.findall(r"fault (\d+)\.", text)]
    assert seen == list(range(MOST + 2, 0, -1))
