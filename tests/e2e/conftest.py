"""A real server, a real browser, and a signed-in page per role that fails its test on any error it sees."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dispatch.demo.users import PASSWORD, PEOPLE
from tests.e2e.browser import FLAGS, NO_BROWSER, find_browser
from tests.e2e.contexts import Contexts
from tests.e2e.server import make_installation, serving

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
RESULTS = Path(__file__).parents[2] / "test-results"
SLOWER = float(os.environ.get("SLOW_BROWSER", "1"))
"""How many times slower than it could the browser computes: a test that looks before it may then fails every time."""
PATIENCE_MS = int(15_000 * max(1, SLOWER / 2))

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder is an end-to-end test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Keep whether the test failed, for the picture that its page takes."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an installation of the sample city, planned for today."""
    return make_installation(tmp_path_factory.mktemp("installation"))


@pytest.fixture(scope="session")
def server(installation: dict[str, str]) -> Iterator[str]:
    """Its address while it runs."""
    with serving(installation, Path(installation["WRENCHTIME_HOME"]) / "server.log") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium; without one every test here fails and says what to install."""
    executable = find_browser()
    if executable is None:
        pytest.fail(NO_BROWSER, pytrace=False)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


class Watcher:
    """What went wrong in a page while a test used it: script errors, console errors, failed requests."""

    def __init__(self, page: Page) -> None:
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("console", self.on_console)
        page.on("requestfailed", self.on_failed)
        page.on("response", self.on_response)

    def on_console(self, message: Any) -> None:
        """Errors and warnings count, among them what the content security policy refused."""
        if message.type in ("error", "warning"):
            self.problems.append(f"console {message.type}: {message.text}")

    def on_failed(self, request: Any) -> None:
        """A request that the page itself gave up on going elsewhere is none of its failures."""
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"failed: {request.method} {request.url}: {request.failure}")

    def on_response(self, response: Any) -> None:
        """Every answer of 400 and above is a failure, unless the test is about it."""
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.request.method} {response.url}")


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Contexts:
    """The browser's windows, which tests use one after the other."""
    return Contexts(browser)


@pytest.fixture
def open_page(contexts: Contexts, server: str, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Opens pages, each with cookies of its own; `watched=False` where the test is about an error."""
    pages: list[tuple[Page, Watcher | None]] = []
    with ExitStack() as borrowed:

        def open_one(
            viewport: dict[str, int] = DESKTOP, watched: bool = True, address: str = server, **options: Any
        ) -> Page:
            whole = {"viewport": viewport, "locale": "en-GB", **options}
            context = borrowed.enter_context(contexts.borrow(address, whole))
            page = context.new_page()
            page.set_default_timeout(PATIENCE_MS)
            if SLOWER > 1:
                context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            pages.append((page, Watcher(page) if watched else None))
            return page

        yield open_one
        for page, _ in pages:
            page.unroute_all(behavior="ignoreErrors")  # one that is being answered now would fail whoever comes next
        if request.node.stash.get(FAILED, False):
            RESULTS.mkdir(exist_ok=True)
            for number, (page, _) in enumerate(pages, 1):
                page.screenshot(path=RESULTS / f"{request.node.name}-{number}.png", full_page=True)
        problems = [problem for _, watcher in pages if watcher for problem in watcher.problems]
        assert not problems, "\n".join(problems)


def sign_in(page: Page, role: str, path: str = "/") -> Page:
    """Sign in as the demo user of a role and open a page, the one that their work starts on when not told.

    The form is sent without being shown: how it looks and that its buttons work is for the tests of signing in.
    """
    [email] = [person.email for person in PEOPLE if person.role == role]
    return sign_in_as(page, email, path)


def sign_in_as(page: Page, email: str, path: str = "/") -> Page:
    """The same as whoever has that address and the demo's password."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.request.get("/login").text())
    assert token
    fields = {"csrf_token": token[1], "email": email, "password": PASSWORD}
    answer = page.request.post("/login", form=fields, max_redirects=0)
    assert answer.status == 302, answer.text()
    page.goto(path)
    return page


@pytest.fixture
def dispatcher(open_page: OpenPage) -> Page:
    """The dispatcher's desktop."""
    return sign_in(open_page(DESKTOP), "dispatcher")


def wait_for_board(page: Page) -> Page:
    """Until the day is drawn and nothing of it is on its way: what is pressed earlier may be drawn anew meanwhile."""
    expect(page.locator("[data-key^=v]").first).to_be_visible()
    expect(page.locator("#console:not([aria-busy])")).to_be_visible()
    return page


@pytest.fixture
def board(dispatcher: Page) -> Page:
    """The dispatcher's board of today, drawn."""
    return wait_for_board(dispatcher)


@pytest.fixture
def technician(open_page: OpenPage) -> Page:
    """The technician's phone."""
    return sign_in(open_page(PHONE, has_touch=True, is_mobile=True, device_scale_factor=2), "technician")


@pytest.fixture
def manager(open_page: OpenPage) -> Page:
    """The manager's desktop."""
    return sign_in(open_page(DESKTOP), "manager")
