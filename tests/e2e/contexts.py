"""Browser contexts that are used again: to make one, Chromium opens a window, which costs more than most tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext


class Contexts:
    """The contexts of one browser. Of those that nobody uses, nothing is left but files that do not change."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[BrowserContext]] = {}

    @contextmanager
    def borrow(self, address: str, options: dict[str, Any]) -> Iterator[BrowserContext]:
        """A context with these options for pages at that address, as good as new."""
        free = self._free.setdefault(repr((address, sorted(options.items()))), [])
        context = free.pop() if free else self._open(address, options)
        context.clear_cookies()  # an answer on its way when its page was closed may have set them once more
        try:
            yield context
        finally:
            has_worker = bool(context.service_workers)
            _clear(context, address)
        if has_worker:
            context.close()  # a phone's worker may still be sending what it was told, as whoever is signed in by then
        else:
            free.append(context)

    def _open(self, address: str, options: dict[str, Any]) -> BrowserContext:
        context = self._browser.new_context(base_url=address, **options)
        context.new_page()  # keeps the window open when a test's pages are closed
        return context


def _clear(context: BrowserContext, address: str) -> None:
    """Close the pages of a test; forget cookies, storage and service workers."""
    window, *pages = context.pages
    for page in pages:
        page.close()
    context.set_offline(False)
    context.clear_cookies()
    session = context.new_cdp_session(window)
    session.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "all"})
    session.detach()
