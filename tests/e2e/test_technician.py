"""The technician works through a stop on a phone."""

import json
import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenPage, sign_in
from tests.e2e.phones import open_stop, stops, wait_until_sent


def test_the_day_lists_its_stops_in_order(technician: Page):
    expect(technician.get_by_role("heading", level=1)).to_have_text("Today")
    times = technician.locator(".fs-stop time").all_inner_texts()
    assert times
    assert times == sorted(times)


def test_a_stop_goes_from_en_route_to_done_and_the_dispatcher_sees_it(technician: Page, dispatcher: Page):
    """Each report is kept: it is still there after the page is opened again."""
    job = open_stop(technician, stops(technician).first)
    status = technician.get_by_role("region", name="Status").locator("[aria-current=step]")
    for button, words in [
        ("Start driving", "En route"),
        ("I have arrived", "On site"),
        ("Work is done", "Done"),
    ]:
        if words == "Done":
            for step in technician.get_by_role("checkbox").all():
                step.check()
                expect(step).to_be_checked()
        technician.get_by_role("button", name=button).click()
        expect(status).to_have_text(words)
        wait_until_sent(technician)
    technician.reload()
    expect(status).to_have_text("Done")
    dispatcher.reload()
    dispatcher.get_by_role("searchbox").fill(job)
    expect(dispatcher.locator("[data-key^=v][aria-label*='Done']").first).to_be_visible()


def test_tomorrows_visits_are_not_begun_and_say_from_when_on_they_can_be(open_page: OpenPage):
    """As today's would be if they were tomorrow's; the server refuses what is begun a day early."""
    phone = sign_in(open_page(PHONE, has_touch=True, is_mobile=True), "technician", "/account")
    page = phone.request.get("/phone").text()
    today, day = re.search(r'data-today="(.*?)"', page), re.search(r'id="day">(.*?)</script>', page, re.S)
    assert today
    assert day
    on = (date.fromisoformat(today[1]) + timedelta(days=1)).isoformat()
    shown = json.loads(day[1]) | {"on": on, "leave_at": None}
    shown["stops"] = [stop | {"status": "planned"} for stop in shown["stops"]]
    moved = page.replace(day[1], json.dumps(shown))
    phone.route("**/phone?on=*", lambda route: route.fulfill(body=moved, content_type="text/html"))
    phone.route("**/phone/api/day?on=*", lambda route: route.fulfill(json=shown))
    phone.goto(f"/phone?on={on}")
    expect(phone.locator(".fs-next")).to_contain_text(re.compile(r"You can report this visit from .*, 00:00 on\."))
    expect(phone.get_by_role("button", name="Start driving")).to_have_count(0)
    phone.locator("a.fs-next-main").click()
    expect(phone.locator(".fs-bar")).to_contain_text("You can report this visit from")
    expect(phone.get_by_role("button", name="I am here")).to_have_count(0)


def test_nothing_is_wider_than_the_phone(technician: Page):
    """No page scrolls sideways."""
    assert technician.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    open_stop(technician, stops(technician).first)
    expect(technician.get_by_role("region", name="Times")).to_be_visible()
    assert technician.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_a_thumb_presses_is_large_enough(technician: Page):
    """Buttons for reporting are at least 44 pixels high."""
    buttons = technician.locator(".fs-moves button")
    expect(buttons.first).to_be_visible()
    heights = [box["height"] for box in (one.bounding_box() for one in buttons.all()) if box]
    assert heights
    assert min(heights) >= 44
