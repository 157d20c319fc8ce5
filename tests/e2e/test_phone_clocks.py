"""Phones whose clocks are wrong, and pages that are still open when the day is over."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.phones import open_last_stop, open_phone

CLOCK_OFF = """const real = Date.now; Date.now = () => real() + ({ms});"""
LOOKED_AT_AGAIN = """() => document.dispatchEvent(new Event("visibilitychange"))"""
DAY_READ = re.compile(r"/phone/api/day\?")
DAY_S = timedelta(days=1).total_seconds()


def with_clock_off(open_page: OpenPage, seconds: float) -> Page:
    return open_phone(open_page, CLOCK_OFF.replace("{ms}", str(int(seconds * 1000))))


@pytest.mark.parametrize("seconds", [-7_200, 7_200])
def test_a_phone_whose_clock_is_wrong_takes_no_kept_page_for_fresh(open_page: OpenPage, seconds: int):
    """It cannot tell how old its page is, and reads the day."""
    phone = with_clock_off(open_page, seconds)
    with phone.expect_response(DAY_READ):
        phone.reload()


def test_a_phone_whose_clock_is_a_day_ahead_shows_today_and_stays_on_its_page(open_page: OpenPage):
    phone = with_clock_off(open_page, DAY_S)
    with phone.expect_response(DAY_READ):
        phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Today")
    phone.evaluate("window.isSamePage = true")
    with phone.expect_response(DAY_READ):
        phone.evaluate(LOOKED_AT_AGAIN)
    assert phone.evaluate("window.isSamePage")


def test_a_half_written_note_outlives_midnight(open_page: OpenPage):
    """The page would be loaded anew for another day; it waits until nothing is being written."""
    phone = open_phone(open_page)
    open_last_stop(phone)
    phone.get_by_label("Write down what you saw").fill("The pump leaks at")
    phone.evaluate(CLOCK_OFF.replace("{ms}", str(int(DAY_S * 1000))))
    phone.evaluate("window.isSamePage = true")
    with phone.expect_response(DAY_READ):
        phone.evaluate(LOOKED_AT_AGAIN)
    expect(phone.get_by_label("Write down what you saw")).to_have_value("The pump leaks at")
    assert phone.evaluate("window.isSamePage")
