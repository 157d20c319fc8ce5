"""Long lists have pages: each part leads to those beside it, and keeps what the page was asked for."""

import re
from html import unescape

import pytest

from dispatch.models import Incident
from dispatch.slices import MOST
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
