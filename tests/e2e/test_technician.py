"""The technician works through a stop on a phone."""

from playwright.sync_api import Page, expect

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
