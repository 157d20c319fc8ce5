"""What several tests do on a technician's phone; each waits until the page shows what it is about to say or use."""

import re

from playwright.sync_api import Locator, Page, expect

JOB = re.compile(r"Job (\S+)")


def open_stop(phone: Page, card: Locator) -> str:
    """Open a visit from the list of the day, and return the number of its job, which the page then shows."""
    card.click()
    banner = phone.get_by_role("banner")
    expect(banner).to_contain_text(JOB)
    found = JOB.search(banner.inner_text())
    assert found
    return found[1]
