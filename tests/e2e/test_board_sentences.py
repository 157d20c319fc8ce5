"""What the board says above the day: as long as it is true, on whatever day somebody looks at."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, sign_in

BOARD_READ = re.compile(r"/console/api/board\?")


def go_to(page: Page, button: str) -> None:
    """Go to another day, and wait until it is there."""
    with page.expect_response(BOARD_READ):
        page.get_by_role("button", name=button).click()
    expect(page.locator("#console:not([aria-busy])")).to_be_visible()


def test_a_map_without_streets_is_told_of_until_the_page_is_loaded_anew(open_page: OpenPage):
    """The days that are read meanwhile are read well."""
    page = open_page(watched=False)
    page.route("**/console/api/basemap", lambda route: route.fulfill(status=503))
    sign_in(page, "dispatcher")
    said = page.get_by_role("alert").filter(has_text="The map has no streets.")
    expect(said).to_be_visible()
    go_to(page, "Next day")
    expect(said).to_be_visible()
    page.unroute("**/console/api/basemap")
    with page.expect_response("**/console/api/basemap"):
        said.get_by_role("button", name="Load the page again").click()
    expect(page.locator("#console[aria-busy]")).to_have_count(0)
    expect(said).to_be_hidden()


def test_how_many_customers_wait_for_an_answer_is_as_of_now(dispatcher: Page):
    waiting = 0

    def play(route: Any) -> None:
        route.fulfill(json=route.fetch().json() | {"requests": waiting})

    dispatcher.route(BOARD_READ, play)
    said = dispatcher.get_by_role("link", name=re.compile("for an answer"))
    expect(said).to_be_hidden()
    waiting = 2
    go_to(dispatcher, "Next day")
    expect(said).to_have_text("2 customers wait for an answer")
    waiting = 0
    go_to(dispatcher, "Previous day")
    expect(said).to_be_hidden()
