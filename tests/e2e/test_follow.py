"""A page that waits for something looks again by itself, without disturbing whoever reads on meanwhile."""

from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage, sign_in

WAITING = '<p data-follow role="status">{}</p><details><summary>What it changes</summary><p>Much</p></details>'


def test_only_the_sentence_changes_until_it_is_there(open_page: OpenPage):
    """What is unfolded stays so, and the focus stays where it is; then the page is shown as it has become."""
    page = sign_in(open_page(), "dispatcher", "/console/events/new")
    frame = page.content()
    before, after = frame[: frame.index("<main")], frame[frame.index("</main>") :]
    shown = {"main": WAITING.format("Looking")}

    def play(route: Any) -> None:
        body = f'{before}<main id="main" tabindex="-1">{shown["main"]}{after}'
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    page.route("**/console/events/77", play)
    page.goto("/console/events/77")
    summary = page.locator("main summary")
    summary.click()
    shown["main"] = WAITING.format("Improving")
    expect(page.get_by_role("status")).to_have_text("Improving")
    expect(page.locator("main details")).to_have_attribute("open", "")
    expect(summary).to_be_focused()
    shown["main"] = "<p>It is there.</p>"
    expect(page.get_by_text("It is there.")).to_be_visible()
    expect(page.locator("main")).to_be_focused()
