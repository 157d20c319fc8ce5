"""What goes wrong around a phone: no room, no network, a session that is over, two pages and a quick thumb."""

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.patience import wait_until
from tests.e2e.phones import open_last_stop, open_phone, take_back, wait_until_sent, write_note
from tests.e2e.test_accessibility import barriers
from tests.e2e.test_phone_work import STORED, WORKING

LAST_STOPS = """fetch("/phone/api/day?on=" + document.body.dataset.today).then((r) => r.json()).then(
  (day) => day.stops.slice(-2))"""
PLANNED = WORKING.replace("&& s.checks.some((c) => c.required) && s.parts.length", "")
NETWORK_IS_BACK = """() => { window.dispatchEvent(new Event("online")); return fetch("/healthz").then((r) => r.ok); }"""
"""What browsers tell a page; the answer comes after the page has begun to send and read."""
LOOKS_OFTEN = """const real = window.setInterval;
window.setInterval = (work, ms) => real(work, ms === 30_000 ? 300 : ms);"""
CLOCK = """const now = Date.now;
Date.now = () => now() + Number(localStorage.getItem("ahead") ?? 0);"""
PAGE_IS_KEPT = """caches.match("/phone", {cacheName: "wrenchtime-page"}).then((kept) => kept !== undefined)"""


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """The technician's phone, which keeps its page."""
    page = open_phone(open_page)
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    return page


def test_signing_out_works_where_the_browser_keeps_no_pages(open_page: OpenPage):
    """As on plain http."""
    page = open_phone(open_page, "delete window.caches; delete Navigator.prototype.serviceWorker")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")


def test_nobody_signs_out_without_a_network(phone: Page):
    """The server would still take the phone for theirs; the day stays, and so do they."""
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Sign out").click()
    expect(phone.get_by_role("alert").filter(has_text="You are still signed in")).to_be_visible()
    assert phone.evaluate(PAGE_IS_KEPT)
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Sign out").click()
    phone.wait_for_url("**/login")


def test_signing_out_on_another_page_leaves_no_day_on_the_phone(phone: Page):
    assert phone.evaluate(PAGE_IS_KEPT)
    phone.get_by_role("link", name="Your account").click()
    phone.get_by_role("button", name="Sign out", exact=True).click()
    phone.wait_for_url("**/login")
    assert not phone.evaluate(PAGE_IS_KEPT), "whoever uses the phone next finds nothing"


def test_nobody_signs_out_on_another_page_while_reports_wait(phone: Page):
    """Whoever uses the phone next would not send them; refused ones have been answered, and keep nobody."""
    open_last_stop(phone)
    phone.route("**/phone/api/stops/*/notes", lambda route: route.abort())
    write_note(phone, "The gate sticks.")
    expect(phone.get_by_text("1 report is kept on this phone")).to_be_visible()
    phone.goto("/account")
    phone.get_by_role("button", name="Sign out", exact=True).click()
    said = phone.get_by_role("alert").filter(has_text="1 of your reports is on this phone alone.")
    expect(said).to_be_visible()
    phone.unroute("**/phone/api/stops/*/notes")
    with phone.expect_response("**/phone/api/stops/*/notes"):
        said.get_by_role("link", name="Send from the page of your day").click()
    expect(phone.get_by_text("kept on this phone")).to_be_hidden()
    phone.get_by_role("link", name="Your account").click()
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Sign out", exact=True).click()
    expect(phone.get_by_role("alert").filter(has_text="You are still signed in")).to_be_visible()
    assert phone.evaluate(PAGE_IS_KEPT), "nothing is half done"
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Sign out", exact=True).click()
    phone.wait_for_url("**/login")


def test_a_phone_whose_session_is_over_says_so_also_when_nothing_waits(phone: Page):
    phone.context.clear_cookies()
    phone.evaluate(NETWORK_IS_BACK)
    said = phone.get_by_role("status").filter(has_text="You are signed out. What you see may be old.")
    expect(said.get_by_role("link", name="Sign in")).to_be_visible()


def test_what_a_full_phone_cannot_keep_stays_in_its_field(phone: Page):
    """Browsers say it late, when the report is all but stored."""
    open_last_stop(phone)
    origin = phone.evaluate("location.origin")
    session = phone.context.new_cdp_session(phone)
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1})
    try:
        write_note(phone, "The meter is behind the boiler.")
        expect(phone.get_by_role("alert").filter(has_text="kept nothing")).to_be_visible()
        expect(phone.get_by_label("Write down what you saw")).to_have_value("The meter is behind the boiler.")
    finally:
        session.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    phone.get_by_role("button", name="Keep this note").click()
    expect(phone.get_by_role("listitem").filter(has_text="The meter is behind the boiler.")).to_be_visible()
    expect(phone.get_by_label("Write down what you saw")).to_have_value("")


def test_a_double_tap_reports_one_step(phone: Page):
    """The second tap meets the next step's button, which the thumb did not aim at."""
    stop = phone.evaluate(PLANNED)
    phone.goto(f"/phone#stop-{stop['stop_id']}")
    phone.reload()
    phone.get_by_role("button", name="Start driving").wait_for()
    phone.evaluate(
        """async () => {
        const button = () => document.getElementById("usual-move");
        const now = performance.now(), until = Date.now() + 15_000;
        performance.now = () => now;  // however slow this machine: both taps are of one moment
        button().click();
        while (!button().textContent.includes("I have arrived") && Date.now() < until) {
          await new Promise(requestAnimationFrame);
        }
        button().click();
        delete performance.now;
        }"""
    )
    expect(phone.get_by_role("button", name="Take back")).to_be_enabled()
    wait_until_sent(phone)
    assert phone.evaluate(STORED, stop["stop_id"])["status"] == "en_route"
    take_back(phone)


def test_the_last_step_and_then_done_in_one_moment_are_both_taken(phone: Page):
    """Nobody is told that a step is missing which they have just ticked: "done" waits until the page knows of it."""
    stop = phone.evaluate(WORKING.replace("&& s.parts.length", ""))
    phone.goto(f"/phone#stop-{stop['stop_id']}")
    phone.reload()
    phone.get_by_role("button", name="I am here").click()
    expect(phone.get_by_role("button", name="Work is done")).to_be_enabled()
    phone.evaluate(
        """() => {
        for (const box of document.querySelectorAll(".fs-checks input:not(:checked)")) box.click();
        document.getElementById("usual-move").click();
        }"""
    )
    expect(phone.get_by_role("region", name="Status").locator("[aria-current=step]")).to_have_text("Done")
    wait_until_sent(phone)


def test_quick_taps_on_one_more_count_each(phone: Page):
    """Also before the page has been drawn anew."""
    stop = phone.evaluate(WORKING.replace("s.checks.some((c) => c.required) && ", ""))
    phone.goto(f"/phone#stop-{stop['stop_id']}")
    phone.reload()
    more, fewer = (phone.get_by_role("button", name=name).first for name in ("One more", "One fewer"))
    more.evaluate("(button) => { button.click(); button.click(); }")
    wait_until_sent(phone)
    planned = stop["parts"][0]["count"]
    assert phone.evaluate(STORED, stop["stop_id"])["parts"][0]["used"] == planned + 2
    fewer.evaluate("(button) => { button.click(); button.click(); }")
    wait_until_sent(phone)
    assert phone.evaluate(STORED, stop["stop_id"])["parts"][0]["used"] == planned


def test_a_day_that_could_not_be_read_is_read_again(open_page: OpenPage):
    """As while the server behind a proxy starts anew."""
    phone = open_phone(open_page, LOOKS_OFTEN)
    phone.route("**/phone/api/day?*", lambda route: route.fulfill(status=502, body="Bad gateway"))
    phone.evaluate(NETWORK_IS_BACK)
    old = phone.get_by_role("status").filter(has_text="What you see may be old.")
    expect(old).to_be_visible()
    phone.unroute("**/phone/api/day?*")
    expect(old).to_be_hidden()
    expect(phone.locator("#trouble")).to_be_hidden()


def test_a_network_that_is_there_a_moment_after_it_is_said_to_be_is_tried_again_soon(phone: Page):
    """As on a phone that comes out of a cellar: nobody waits half a minute for it."""
    open_last_stop(phone)
    tries: list[str] = []

    def answer(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) < 3:
            route.abort()
        else:
            route.continue_()

    phone.route("**/phone/api/stops/*/notes", answer)
    write_note(phone, "The lamp in the hall is broken.")
    expect(phone.get_by_text("1 report is kept on this phone and sent later")).to_be_visible()
    phone.evaluate("() => void window.dispatchEvent(new Event('online'))")
    expect(phone.get_by_text("kept on this phone")).to_be_hidden()
    assert len(tries) == 3


def test_looking_at_another_day_does_not_forget_what_was_reported_today(phone: Page):
    """Without a network the page opens as of the last thing that was sent, not as of this morning."""
    open_last_stop(phone)
    write_note(phone, "Ask for the caretaker.")
    written = phone.get_by_role("listitem").filter(has_text="Ask for the caretaker.")
    expect(written).to_be_visible()
    expect(phone.get_by_text("not sent yet")).to_be_hidden()
    today = date.fromisoformat(phone.evaluate("document.body.dataset.today"))
    phone.goto(f"/phone?on={today + timedelta(days=1)}")
    expect(phone.get_by_role("heading", level=1)).not_to_have_text("Today")
    phone.evaluate(NETWORK_IS_BACK)
    phone.context.set_offline(True)
    phone.goto("/phone")
    open_last_stop(phone)
    expect(written).to_be_visible()


def go_to(page: Page, stop: dict[str, Any]) -> None:
    """By its address, on the page that is open."""
    page.goto(f"/phone#stop-{stop['stop_id']}")
    expect(page.get_by_role("banner")).to_contain_text(f"Job {stop['number']}")


def texts_of(page: Page, stop: dict[str, Any]) -> list[str]:
    """What is written down at a visit, as the server has it, in the order in which it happened."""
    return [one["text"] for one in page.evaluate(STORED, stop["stop_id"])["written"]]


def test_a_report_that_the_server_fails_at_holds_up_its_own_visit_alone(open_page: OpenPage):
    """It is named with the number to call, it is not lost, and it goes before what came after it at its visit."""
    phone = open_phone(open_page, LOOKS_OFTEN + CLOCK)

    def with_number(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), "office_phone": "+56 51 255 0100"})

    phone.route("**/phone/api/day?*", with_number)
    other, stuck = phone.evaluate(LAST_STOPS)
    failing = f"**/phone/api/stops/{stuck['stop_id']}/notes"
    phone.route(failing, lambda route: route.fulfill(status=500, body="Broken"))
    go_to(phone, stuck)
    write_note(phone, "The lift is out of order.")
    write_note(phone, "The stairs are wet.")
    go_to(phone, other)
    write_note(phone, "The key is with the neighbour.")
    expect(phone.get_by_role("listitem").filter(has_text="The key is with the neighbour.")).to_be_visible()
    said = phone.get_by_role("status").filter(has_text="The office's server fails at a report of yours")
    expect(said).to_contain_text(f"the note “The lift is out of order.” at {stuck['title']}, {stuck['customer']}")
    expect(said.get_by_role("link", name="Call +56 51 255 0100")).to_have_attribute("href", "tel:+56512550100")
    expect(phone.locator("body:not(.is-sending)")).to_be_visible()
    assert not barriers(phone)
    phone.evaluate("location.hash = ''")
    phone.get_by_role("button", name="Sign out").click()
    expect(phone.get_by_role("alert").filter(has_text="when the office's server has taken them")).to_be_visible()
    assert "The key is with the neighbour." in texts_of(phone, other)
    phone.unroute(failing)
    phone.evaluate("localStorage.setItem('ahead', 61_000)")
    wait_until_sent(phone)
    mine = ["The lift is out of order.", "The stairs are wet."]
    assert [text for text in texts_of(phone, stuck) if text in mine] == mine


def test_two_open_pages_send_what_waits_once(phone: Page):
    """An order that two keep is none: what one has sent, the other must not hear to be refused."""
    other = phone.context.new_page()
    other.goto("/phone")
    open_last_stop(phone)
    held: list[Route] = []
    phone.context.route("**/phone/api/stops/*/notes", lambda route: held.append(route))
    phone.context.set_offline(True)
    write_note(phone, "The gate code is 4711.")
    expect(phone.get_by_text("1 report is kept on this phone")).to_be_visible()
    phone.context.set_offline(False)
    assert phone.evaluate(NETWORK_IS_BACK)
    assert other.evaluate(NETWORK_IS_BACK)
    wait_until(phone, lambda: bool(held))
    assert len(held) == 1
    held[0].continue_()
    phone.context.unroute("**/phone/api/stops/*/notes")
    for page in (phone, other):
        expect(page.get_by_text("kept on this phone")).to_be_hidden()


def test_the_page_of_one_person_does_not_show_the_day_of_another(phone: Page):
    """On a shared phone, somebody else has signed in beside it."""

    def of_somebody_else(route: Route) -> None:
        day = route.fetch().json()
        day["technician"] |= {"id": day["technician"]["id"] + 1, "name": "Somebody Else"}
        route.fulfill(json=day)

    phone.route("**/phone/api/day?*", of_somebody_else)
    with phone.expect_navigation():
        phone.evaluate("() => void window.dispatchEvent(new Event('online'))")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Today")
