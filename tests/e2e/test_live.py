"""Open screens hear of what happens without being loaded again."""

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.e2e.conftest import PHONE, OpenPage, sign_in, wait_for_board
from tests.e2e.patience import wait_until
from tests.e2e.phones import last_stop, open_stop, take_back, wait_until_sent

HIDE = """state => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(autouse=True)
def open_visit(technician: Page, dispatcher: Page):
    """The technician's next visit, open on the phone, and the only one that the dispatcher's board finds."""
    job = open_stop(technician, last_stop(technician))
    dispatcher.get_by_role("searchbox").fill(job)
    wait_for_board(dispatcher)
    yield
    take_back(technician)


def test_the_board_shows_at_once_what_a_technician_reports(technician: Page, dispatcher: Page):
    expect(dispatcher.locator("[data-key^=v][aria-label*='En route']")).to_have_count(0)
    with dispatcher.expect_response("**/console/api/board**"):
        technician.get_by_role("button", name="Start driving").click()
    expect(dispatcher.locator("[data-key^=v][aria-label*='En route']").first).to_be_visible()


def test_a_day_shows_what_happened_while_it_was_on_its_way(technician: Page, other_phone: Page, dispatcher: Page):
    dispatcher.get_by_role("button", name="Previous day").click()
    expect(dispatcher.locator("[data-key^=v]")).to_have_count(0)
    held: list[tuple[Route, APIResponse]] = []
    dispatcher.route("**/console/api/board?**", lambda route: held.append((route, route.fetch())), times=1)
    dispatcher.get_by_role("button", name="Next day").click()
    wait_until(dispatcher, lambda: len(held) == 1)
    technician.get_by_role("button", name="Start driving").click()
    expect(other_phone.get_by_role("button", name="I have arrived").first).to_be_visible()  # all have heard of it
    [(reading, answer)] = held
    reading.fulfill(response=answer)
    expect(dispatcher.locator("[data-key^=v][aria-label*='En route']").first).to_be_visible()


def test_a_page_that_nobody_looked_at_shows_what_it_missed_when_it_is_looked_at_again(
    technician: Page, dispatcher: Page
):
    dispatcher.evaluate(HIDE, "hidden")
    technician.get_by_role("button", name="Start driving").click()
    expect(technician.get_by_role("button", name="Take back")).to_be_visible()
    wait_until_sent(technician)
    expect(dispatcher.locator("[data-key^=v][aria-label*='En route']")).to_have_count(0)
    dispatcher.evaluate(HIDE, "visible")
    expect(dispatcher.locator("[data-key^=v][aria-label*='En route']").first).to_be_visible()


def test_a_phone_shows_at_once_what_its_owner_reported_on_another(technician: Page, other_phone: Page):
    """Or what the office changed: both phones are the same person's."""
    technician.get_by_role("button", name="Start driving").click()
    expect(other_phone.get_by_role("button", name="I have arrived").first).to_be_visible()


def test_a_phone_that_hears_of_its_own_report_before_it_is_answered_reads_its_day_but_once(
    technician: Page, other_phone: Page
):
    read = []
    technician.on("request", lambda request: read.append(request.url) if "/phone/api/day" in request.url else None)
    technician.evaluate("Math.random = () => 0")  # news is acted upon at once, not within a second
    held: list[tuple[Route, APIResponse]] = []
    technician.route("**/status", lambda route: held.append((route, route.fetch())))
    technician.get_by_role("button", name="Start driving").click()
    expect(other_phone.get_by_role("button", name="I have arrived").first).to_be_visible()
    wait_until(technician, lambda: len(held) == 1)
    [(report, answer)] = held
    report.fulfill(response=answer)
    technician.unroute("**/status")
    expect(technician.get_by_text("Saved.")).to_be_attached()
    assert len(read) == 1


@pytest.fixture
def other_phone(open_page: OpenPage) -> Page:
    phone = sign_in(open_page(PHONE, has_touch=True, is_mobile=True), "technician")
    expect(phone.locator(".fs-stop").first).to_be_visible()
    return phone
