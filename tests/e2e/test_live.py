"""Open screens hear of what happens without being loaded again."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenPage, sign_in

HIDE = """state => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(autouse=True)
def open_visit(technician: Page, dispatcher: Page):
    """The technician's next visit, open on the phone, and the only one that the dispatcher's board finds."""
    technician.locator("a[href^='#stop-']").last.click()
    job = re.search(r"Job (\S+)", technician.get_by_role("banner").inner_text())
    assert job
    dispatcher.get_by_role("searchbox").fill(job[1])
    yield
    technician.get_by_role("button", name="Take back").click()
    expect(technician.get_by_role("button", name="Start driving")).to_be_visible()


def test_the_board_shows_at_once_what_a_technician_reports(technician: Page, dispatcher: Page):
    expect(dispatcher.locator("[data-key^=v][aria-label*='En route']")).to_have_count(0)
    with dispatcher.expect_response("**/console/api/board**"):
        technician.get_by_role("button", name="Start driving").click()
    expect(dispatcher.locator("[data-key^=v][aria-label*='En route']").first).to_be_visible()


def test_a_page_that_nobody_looked_at_shows_what_it_missed_when_it_is_looked_at_again(
    technician: Page, dispatcher: Page
):
    dispatcher.evaluate(HIDE, "hidden")
    technician.get_by_role("button", name="Start driving").click()
    expect(technician.get_by_role("button", name="Take back")).to_be_visible()
    expect(dispatcher.locator("[data-key^=v][aria-label*='En route']")).to_have_count(0)
    dispatcher.evaluate(HIDE, "visible")
    expect(dispatcher.locator("[data-key^=v][aria-label*='En route']").first).to_be_visible()


def test_a_phone_shows_at_once_what_its_owner_reported_on_another(
    technician: Page, dispatcher: Page, open_page: OpenPage
):
    """Or what the office changed: both phones are the same person's. The one that reported reads its day but once."""
    other = sign_in(open_page(PHONE, has_touch=True, is_mobile=True), "technician")
    expect(other.locator(".fs-stop").first).to_be_visible()
    read = []
    technician.on("request", lambda request: read.append(request.url) if "/phone/api/day" in request.url else None)
    technician.get_by_role("button", name="Start driving").click()
    expect(other.get_by_role("button", name="I have arrived").first).to_be_visible()
    assert len(read) == 1
