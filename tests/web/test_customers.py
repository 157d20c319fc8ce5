"""The page of a customer: what was agreed, done and said, and what comes next."""

import re

import pytest

from dispatch.events import record_event
from dispatch.living.incidents import raise_incident
from dispatch.models import Asset, Contract, Customer, Event, Job, JobAsset, Note, Notice
from tests.web.conftest import NOW, TODAY


@pytest.fixture
def dispatcher(signed_in):
    return signed_in("dispatcher")


def page(someone, path="/console/customers/1"):
    response = someone.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


@pytest.mark.parametrize("words", ["customer 2", "255 0114", "j-2", ""])
def test_a_customer_is_found_by_name_telephone_or_job(dispatcher, words):
    """In any case; nothing asked finds everybody."""
    found = page(dispatcher, f"/console/customers?q={words}")
    assert 'href="/console/customers/2"' in found
    assert ("/console/customers/1" in found) == (words in ("", "255 0114"))


def test_what_nobody_is_called_finds_nobody(dispatcher):
    """And a percent sign is a percent sign."""
    assert "Nobody is found for “%”" in page(dispatcher, "/console/customers?q=%25")


@pytest.mark.parametrize("path", ["/console/maintenance/new?", f"/console/events/new?kind=emergency&on={TODAY}&"])
def test_where_one_is_chosen_it_is_said_how_many_more_are_found(app, dispatcher, path):
    """Fifty are shown; whoever is not among them is found with more words."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add_all(Customer(name=f"Many {n:02}") for n in range(51))
    shown = page(dispatcher, f"{path}q=many")
    assert "Many 49" in shown
    assert "Many 50" not in shown
    assert "These are the first 50 of 51. Write more of the name or number to find the others." in shown
    assert "These are the first" not in page(dispatcher, f"{path}q=many+4")


def test_the_page_shows_what_was_agreed_done_and_planned(app, dispatcher, signed_in):
    """Contract, asset with the work on it, the job with its technician, and who moved it."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add(Contract(customer_id=1, name="Gold", starts_on=TODAY, zone="UTC", respond_within_s=4 * 3600))
        session.add(Asset(customer_id=1, location_id=1, name="Lift north", serial="S-77"))
        session.flush()
        session.add(JobAsset(job_id=1, asset_id=1, work="repair"))
    signed_in("technician").post_json("/phone/api/stops/1/status", {"status": "en_route"})
    shown = page(dispatcher)
    for words in (
        "Gold",
        "4\u00a0h\u00a000",
        "Lift north",
        "S-77",
        "repair (J-1)",
        "on the way",
        "planned → on the way",
    ):
        assert words in shown, words
    assert "2026-11-23 09:00" in shown, "when the stop is planned, by the wall clock"


def test_a_note_is_kept_with_who_said_what(dispatcher, database):
    """It stands in the history once, and cannot put markup on the page."""
    response = dispatcher.post("/console/customers/1/notes", text="<b>has a dog</b>", channel="call")
    assert response.status_code == 302
    note = database.query(Note).one()
    assert (note.text, note.channel, note.customer_id, note.at) == ("<b>has a dog</b>", "call", 1, NOW)
    assert database.query(Event).filter_by(kind="note added", subject_kind="customer").count() == 1
    assert page(dispatcher).count("&lt;b&gt;has a dog") == 1


@pytest.mark.parametrize(("text", "channel"), [(" ", "call"), ("x" * 4001, "call"), ("x", "telepathy")])
def test_a_note_that_says_nothing_usable_is_refused(dispatcher, text, channel):
    """In words."""
    assert dispatcher.post("/console/customers/1/notes", text=text, channel=channel).status_code == 400


def test_a_customer_who_does_not_exist_is_not_found(dispatcher):
    """404, also for a note."""
    assert dispatcher.get("/console/customers/99").status_code == 404
    assert dispatcher.post("/console/customers/99/notes", text="x", channel="call").status_code == 404


def test_a_job_outside_every_territory_is_shown_with_its_customer(app, dispatcher):
    """The page says what follows from it."""
    assert "Every open job has a territory." in page(dispatcher, "/console/territories")
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.get(Job, 1).territory_id = None
    shown = page(dispatcher, "/console/territories")
    assert "J-1" in shown
    assert "/console/customers/1" in shown
    assert "Anybody with the skills may be sent there" in shown


def test_the_history_opens_a_message_and_leads_to_what_befell_a_visit(app, dispatcher, database):
    """Its first line stands there, the rest behind it, and no way into the customer's own page."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        body = "We come at ten.\nhttps://plan.example.org/c/AAAAAQoDSwKx_V8KNmkCJskf"
        when = {"queued_at": NOW, "next_at": NOW, "useful_until_at": NOW}
        session.add(
            Notice(job_id=1, kind="reminder", channel="SMS", about="x", status="sent", subject="", body=body, **when)
        )
        after = {"notice": "reminder", "channel": "SMS", "to": "+56"}
        record_event(session, "customer told", NOW, None, session.get_one(Job, 1), after=after)
        raise_incident(session, "no_access", TODAY, NOW, None, job_id=1, repair=False)
    shown = page(dispatcher)
    assert "<details><summary>We come at ten.</summary>" in shown
    assert "/c/…" in shown
    assert "AAAAAQoDSwKx" not in shown
    assert re.search(r'<a href="/console/events/1">event: no access</a></td><td data-label="About">job J-1</td>', shown)
