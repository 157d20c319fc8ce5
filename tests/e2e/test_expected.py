"""When today's visits are really expected stands on the board, moves on with the clock, and stands on the phone."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import DESKTOP, PHONE, OpenPage, sign_in, wait_for_board
from tests.e2e.phones import open_phone
from tests.e2e.test_accessibility import barriers
from tests.e2e.test_console import SMALL_DESKTOP, details, visits
from tests.e2e.test_phone_trouble import CLOCK, LOOKS_OFTEN

LATE = re.compile(r"expected \d\d:\d\d, 35 min later than planned")
LATER = re.compile(r"expected \d\d:\d\d, 50 min later than planned")


def waiting(page: Page) -> list[dict[str, Any]]:
    """The visits of today that nobody has begun."""
    lanes = page.request.get("/console/api/board").json()["technicians"]
    return [one for lane in lanes for one in lane["items"] if one.get("status") == "planned"]


def later(at: str, minutes: int) -> str:
    return (datetime.fromisoformat(at) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture(params=[DESKTOP, SMALL_DESKTOP], ids=["1440", "1024"])
def board(open_page: OpenPage, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A board to which every visit that waits is told 35 minutes late, and 50 from the second time on.

    What is late when these tests run depends on the hour.
    """
    page, told = open_page(request.param), []

    def answer(route: Route) -> None:
        told.append(35 if not told else 50)
        expected = {one["stop_id"]: later(one["start_at"], told[-1]) for one in waiting(page)}
        route.fulfill(json={"on": "", "expected": expected})

    page.route("**/console/api/board/expected*", answer)
    page.clock.install()
    sign_in(page, "dispatcher")
    yield page
    page.unroute_all(behavior="ignoreErrors")


def test_the_board_shows_when_a_visit_is_expected_and_asks_again_after_a_minute(board: Page):
    late = board.locator("[data-key^=v][aria-label*='35 min later than planned']")
    expect(late.first).to_have_attribute("aria-label", LATE)
    expect(board.locator(".fs-tl-expected").first).to_be_attached()
    expect(board.locator(".fs-tl-slip")).to_have_count(0)
    late.first.click()
    expect(board.locator(".fs-tl-slip")).to_have_count(1)  # of the visit that is picked alone
    expect(details(board)).to_contain_text(re.compile(r"Expected\s*\d\d:\d\d, 35 min later than planned"))
    assert barriers(board) == []
    board.clock.fast_forward(61_000)
    expect(board.locator("[data-key^=v][aria-label*='later than planned']").first).to_have_attribute(
        "aria-label", LATER
    )
    expect(details(board)).to_contain_text("50 min later than planned")


def test_the_table_has_a_column_for_it_and_another_day_has_none(board: Page):
    board.get_by_role("button", name="Table").click()
    expect(board.get_by_role("columnheader", name="Expected")).to_be_visible()
    board.get_by_role("button", name="Next day").click()
    expect(board).to_have_url(re.compile("on="))
    expect(board.locator("[aria-label*='later than planned']")).to_have_count(0)


def test_the_phone_shows_when_its_next_visit_is_expected(open_page: OpenPage):
    phone = open_page(PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)

    def make_late(route: Route) -> None:
        page = route.fetch().text()
        day = re.search(r'id="day">(.*?)</script>', page, re.S)
        assert day
        shown = json.loads(day[1])
        waits = [stop for stop in shown["stops"] if stop["status"] == "planned"]
        for stop in waits:
            stop["expected_at"] = later(stop["start_at"], 35)
        route.fulfill(body=page.replace(day[1], json.dumps(shown)), content_type="text/html")

    phone.route(re.compile("/phone$"), make_late)
    sign_in(phone, "technician", "/phone")
    expect(phone.locator(".fs-next .fs-later")).to_have_text(re.compile(r"Expected \d\d:\d\d"))
    phone.locator(".fs-stop-card:has(.fs-later)").first.click()
    expect(phone.get_by_role("region", name="Times")).to_contain_text(re.compile(r"Expected\s*\d\d:\d\d"))
    assert barriers(phone) == []


def test_a_visit_that_is_pressed_while_it_is_told_when_others_are_expected_opens(open_page: OpenPage):
    """What was asked for a moment before is shown when the button has been let go: else there was no click."""
    page, held = open_page(DESKTOP), []
    page.route("**/console/api/board/expected*", lambda route: route.fulfill(json={"on": "", "expected": {}}))
    page.clock.install()
    board = wait_for_board(sign_in(page, "dispatcher"))
    page.route("**/console/api/board/expected*", lambda route: held.append(route))
    with page.expect_request("**/console/api/board/expected*"):
        page.clock.fast_forward(61_000)
    expect(page.locator("#console:not([aria-busy])")).to_be_visible()
    visits(board).first.hover()
    board.mouse.down()
    late = {one["stop_id"]: later(one["start_at"], 35) for one in waiting(page)}
    with page.expect_response("**/console/api/board/expected*") as told:
        held[0].fulfill(json={"on": "", "expected": late})
    told.value.finished()
    for _ in range(5):
        board.evaluate("() => new Promise(requestAnimationFrame)")
    board.mouse.up()
    expect(details(board)).to_be_visible()
    expect(board.locator("[aria-label*='35 min later than planned']").first).to_be_attached()


def test_a_phone_that_nobody_touches_asks_again_when_its_visits_are_expected(open_page: OpenPage):
    """The clock moves it on, and no event tells: what was expected at ten is not true at eleven."""
    phone = open_phone(open_page, LOOKS_OFTEN + CLOCK)
    expect(phone.locator(".fs-next")).to_be_visible()
    with phone.expect_request("**/phone/api/day?*"):
        phone.evaluate("localStorage.setItem('ahead', 301_000)")
