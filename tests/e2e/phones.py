"""What several tests do on a technician's phone; each waits until the page shows what it is about to say or use."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, OpenPage, sign_in

JOB = re.compile(r"Job (\S+)")


def open_phone(open_page: OpenPage, script: str = "") -> Page:
    """A telephone whose failed requests are what the test is about, and which runs a script before each page's own."""
    page = open_page(PHONE, watched=False, has_touch=True, is_mobile=True)
    if script:
        page.add_init_script(script)
    return sign_in(page, "technician")


def stops(phone: Page) -> Locator:
    """The ways from the list of the day to its visits: the next one's first, and then all in their order."""
    return phone.locator("a[href^='#stop-']")


def last_stop(phone: Page) -> Locator:
    """The way to the last visit that is not over: in the evening one that is done by then stands behind all others."""
    return phone.locator(".fs-stop:not(.is-over) a[href^='#stop-']").last


def open_stop(phone: Page, card: Locator) -> str:
    """Open a visit from the list of the day, and return the number of its job, which the page then shows."""
    card.click()
    banner = phone.get_by_role("banner")
    expect(banner).to_contain_text(JOB)
    found = JOB.search(banner.inner_text())
    assert found
    return found[1]


def open_last_stop(phone: Page) -> str:
    """One that no other test works at."""
    number = open_stop(phone, last_stop(phone))
    expect(phone.get_by_label("Write down what you saw")).to_be_visible()
    return number


def write_note(phone: Page, text: str) -> None:
    """Write and keep a note at the visit that is open."""
    phone.get_by_label("Write down what you saw").fill(text)
    phone.get_by_role("button", name="Keep this note").click()


def wait_until_sent(phone: Page) -> None:
    """Until the server has everything: what a phone shows it may keep alone, and tests leave no phone behind."""
    expect(phone.locator("body:not(.is-sending)")).to_be_visible()
    expect(phone.locator("#network")).to_be_hidden()


def take_back(phone: Page) -> None:
    """The visit that is open is as it was planned again, also for the server."""
    phone.get_by_role("button", name="Take back").click()
    expect(phone.get_by_role("button", name="Start driving")).to_be_enabled()
    wait_until_sent(phone)
