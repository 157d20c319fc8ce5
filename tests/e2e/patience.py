"""Waiting for what a test itself counts, such as requests that it holds; for what a page shows there is `expect`."""

import time
from collections.abc import Callable

from playwright.sync_api import Page

from tests.e2e.conftest import PATIENCE_MS


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    """Let the browser go on until it is so."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not is_so():
        assert time.monotonic() < deadline, "it did not become so in time"
        page.evaluate("() => new Promise((next) => setTimeout(next, 20))")
