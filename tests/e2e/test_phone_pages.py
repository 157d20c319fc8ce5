"""The pages of a phone: what was asked on one is not answered on another, and which day is shown is said."""

from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.test_phone_trouble import open_last_stop, open_phone


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
