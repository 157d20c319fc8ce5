"""The pages of a phone: what was asked on one is not answered on another, and which day is shown is said."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.phones import open_last_stop, open_phone, write_note


def test_going_back_takes_the_question_along(open_page: OpenPage):
    """A report about the visit before must not be sent from the list."""
    phone = open_phone(open_page)
    open_last_stop(phone)
    phone.get_by_role("button", name="A part is missing").click()
    expect(phone.get_by_role("dialog")).to_be_visible()
    phone.evaluate("history.back()")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Today")
    expect(phone.get_by_role("dialog")).to_have_count(0)


def test_without_a_network_another_day_is_today_and_the_page_says_so(open_page: OpenPage):
    phone = open_phone(open_page)
    phone.evaluate("navigator.serviceWorker.ready")
    phone.reload()
    phone.context.set_offline(True)
    phone.get_by_role("link", name="Next day").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Today")
    expect(phone.get_by_role("alert").filter(has_text="only today is kept on this phone")).to_be_visible()
    assert phone.evaluate("location.hash") == ""


def test_a_browser_that_keeps_nothing_shows_the_day_and_says_so(open_page: OpenPage):
    """As private windows of some do: what happens is seen, and nobody thinks that they could report."""
    phone = open_phone(open_page, "indexedDB.open = () => { throw new DOMException('Not here.', 'SecurityError'); }")
    said = phone.get_by_role("alert").filter(has_text="Nothing can be reported here")
    expect(said).to_be_visible()
    with phone.expect_response(re.compile(r"/phone/api/day\?")):
        phone.evaluate("() => void window.dispatchEvent(new Event('online'))")
    open_last_stop(phone)
    write_note(phone, "Ask next door.")
    expect(phone.get_by_role("alert").filter(has_text="This browser kept nothing of that")).to_be_visible()
    expect(phone.get_by_label("Write down what you saw")).to_have_value("Ask next door.")
    phone.go_back()
    phone.get_by_role("button", name="Sign out").click()
    phone.wait_for_url("**/login")
