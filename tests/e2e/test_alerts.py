"""Many alerts of one kind stand in one line of the board, and everybody in them can be called."""

import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import DESKTOP, OpenPage, sign_in
from tests.e2e.test_accessibility import barriers


def alert(number: int, on: str) -> dict[str, Any]:
    about, phone = f"J{number} Boiler (Customer {number})", f"+56 51 255 01{number}"
    words = {"title": "Will be late", "about": about, "facts": "by 35 min", "advice": "Call the customer."}
    return {"id": number, "kind": "will_be_late", "on": on, "phone": phone, "draft": False, **words}


def board_with_four(open_page: OpenPage) -> Page:
    page = open_page(DESKTOP)

    def answer(route: Route) -> None:
        board = route.fetch().json()
        route.fulfill(json=board | {"alerts": [alert(number, board["on"]) for number in (11, 12, 13, 14)]})

    page.route(re.compile("/console/api/board$"), answer)
    return sign_in(page, "dispatcher")


def test_whoever_opens_the_group_can_call_everybody_in_it(open_page: OpenPage):
    alerts = board_with_four(open_page).get_by_role("region", name="Open events")
    group = alerts.locator("summary")
    expect(group).to_contain_text("Will be late × 4")
    expect(alerts.locator("a[href^='tel:']").first).to_be_hidden()
    group.press("Enter")
    for number in (11, 12, 13, 14):
        expect(alerts.get_by_role("link", name=f"+56 51 255 01{number}")).to_be_visible()
    assert barriers(alerts.page) == []
    group.press("Enter")
    expect(alerts.locator("a[href^='tel:']").first).to_be_hidden()
