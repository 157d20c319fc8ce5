"""The dispatcher works the board: by keyboard, by search, day by day, and on small desktops."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, OpenPage, sign_in, wait_for_board
from tests.e2e.test_accessibility import barriers

SMALL_DESKTOP = {"width": 1024, "height": 768}
READ_ANEW = """() => void dispatchEvent(new PopStateEvent("popstate"))"""


def visits(page: Page):
    """The visits that the timeline holds in the document."""
    return page.locator("[data-key^=v]")


def details(page: Page):
    return page.get_by_role("region", name="Details", exact=True)


def test_the_keyboard_alone_reaches_a_visit_and_opens_and_closes_it(board: Page):
    """One stop of the Tab key for the whole timeline; arrows, Enter and Escape do the rest."""
    reachable = board.locator(".fs-tl [tabindex='0']")
    expect(reachable).to_have_count(1)
    reachable.focus()
    board.keyboard.press("ArrowRight")
    focused = board.locator("[data-key^=v]:focus")
    expect(focused).to_have_count(1)
    title = (focused.get_attribute("aria-label") or "").split(",")[0]
    board.keyboard.press("Enter")
    expect(details(board).get_by_role("heading")).to_have_text(title)
    expect(board.locator("[data-key^=v]:focus")).to_have_count(1)
    board.keyboard.press("Escape")
    expect(details(board)).to_be_hidden()


def test_a_visit_that_is_pressed_while_the_day_is_drawn_anew_opens(board: Page):
    """A click needs what was pressed to be there still: what has happened meanwhile is shown when it is let go."""
    visits(board).first.hover()
    board.mouse.down()
    with board.expect_response("**/console/api/board/news*") as read:
        board.evaluate(READ_ANEW)
    read.value.finished()
    for _ in range(5):
        board.evaluate("() => new Promise(requestAnimationFrame)")
    board.mouse.up()
    expect(details(board)).to_be_visible()
    expect(board.locator("#console:not([aria-busy])")).to_be_visible()


def test_escape_in_a_field_leaves_the_card_open(board: Page):
    visits(board).first.click()
    expect(details(board)).to_be_visible()
    board.get_by_role("searchbox").press("Escape")
    expect(details(board)).to_be_visible()


def test_the_arrows_reach_technicians_that_were_not_drawn_yet(board: Page):
    """Only rows in view exist; going down brings the next ones in and keeps the focus."""
    drawn = board.locator(".fs-tl-row").count()
    total = int(board.locator(".fs-tl-corner").inner_text().split()[0])
    assert drawn < total
    board.locator(".fs-tl [tabindex='0']").focus()
    for _ in range(total):
        board.keyboard.press("ArrowDown")
    last = board.locator(".fs-tl-row:has(:focus)")
    expect(last).to_be_in_viewport()
    assert board.locator(".fs-tl-row").count() < total


def test_a_picked_technician_shows_on_the_map_with_numbered_stops(board: Page):
    lane = board.get_by_role("group", name=re.compile(r", [3-9] visits$")).first
    count = lane.locator("[data-key^=v]").count()
    lane.locator("[data-key^=t]").click()
    expect(board.locator(".fs-pin:not(.is-home)")).to_have_count(count)
    expect(details(board).get_by_role("listitem")).to_have_count(count)


def test_a_visit_picked_on_the_map_is_picked_in_the_timeline(board: Page):
    board.get_by_role("group", name=re.compile(r", [3-9] visits$")).first.locator("[data-key^=t]").click()
    board.locator(".fs-pin:not(.is-home)").last.click()
    expect(board.locator(".fs-tl-visit.is-selected")).to_be_in_viewport()


def test_the_search_finds_a_technician_without_accents_and_says_how_many(board: Page):
    total = board.locator(".fs-tl-corner").inner_text()
    name = board.locator(".fs-tl-who b").nth(2).inner_text()
    board.get_by_role("searchbox").fill(name.lower())
    expect(board.locator(".fs-tl-corner")).not_to_have_text(total)
    expect(board.locator(".fs-tl-who b").first).to_have_text(name)
    expect(board.locator("#announcement")).to_contain_text("technician")
    board.get_by_role("searchbox").fill("no such thing at all")
    expect(board.get_by_text("Nobody matches")).to_be_visible()


def test_a_territory_narrows_every_pane(board: Page):
    before = board.locator(".fs-tl-corner").inner_text()
    board.get_by_label("Territory").select_option(index=1)
    expect(board.locator(".fs-tl-corner")).not_to_have_text(before)
    expect(visits(board).first).to_be_visible()


def test_another_day_has_its_own_address_and_going_back_returns(board: Page):
    board.get_by_role("button", name="Next day").click()
    expect(board).to_have_url(re.compile(r"\?on=\d{4}-\d\d-\d\d$"))
    on = date.fromisoformat(board.url.split("=")[1])
    board.go_back()
    shown = board.locator("#date")
    expect(shown).to_have_value((on - timedelta(days=1)).isoformat())


def test_a_day_without_a_plan_offers_to_make_one(board: Page):
    today = date.fromisoformat(board.locator("#date").input_value())
    board.goto(f"/console?on={today + timedelta(days=40)}")
    expect(board.get_by_text("is not planned yet").first).to_be_visible()
    board.locator("#empty").get_by_role("button", name="Plan day").click()
    expect(board.get_by_role("dialog")).to_be_visible()
    board.get_by_role("button", name="Cancel").click()
    expect(board.get_by_role("dialog")).to_be_hidden()


def test_a_day_that_is_over_is_not_offered_for_planning(board: Page):
    today = date.fromisoformat(board.locator("#date").input_value())
    board.goto(f"/console?on={today - timedelta(days=40)}")
    expect(board.get_by_text("was not planned").first).to_be_visible()
    expect(board.get_by_role("button", name="Plan day")).to_have_count(0)


def test_times_are_the_sites_whatever_zone_the_browser_is_in(board: Page, open_page: OpenPage):
    elsewhere = wait_for_board(sign_in(open_page(timezone_id="Asia/Tokyo"), "dispatcher"))
    theirs, ours = (page.locator(".fs-tl-hours > span").all_inner_texts() for page in (elsewhere, board))
    assert len(theirs) == len(ours)
    said = [both for both in zip(theirs, ours, strict=True) if all(both)]  # beside the time now there is none
    assert len(said) >= len(ours) - 4
    assert all(one == other for one, other in said)


def test_a_small_desktop_shows_every_pane_without_scrolling_the_page(open_page: OpenPage):
    page = wait_for_board(sign_in(open_page(SMALL_DESKTOP), "dispatcher"))
    for name in ("Unassigned", "Schedule", "Map of routes and visits"):
        expect(page.get_by_role("region", name=name)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_the_table_and_an_open_card_have_no_barrier(board: Page):
    visits(board).first.click()
    board.get_by_role("button", name="Table").click()
    expect(board.get_by_role("table")).to_be_visible()
    assert not barriers(board)


def test_a_failed_request_says_so_in_words_and_can_be_tried_again(open_page: OpenPage):
    page = wait_for_board(sign_in(open_page(watched=False), "dispatcher"))
    page.route("**/console/api/board*", lambda route: route.abort())
    page.get_by_role("button", name="Next day").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    page.unroute("**/console/api/board*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_be_hidden()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_a_rule_that_somebody_broke_on_purpose_says_who_and_why(open_page: OpenPage, viewport: dict[str, int]):
    """And one that the plan itself could not meet says nothing of the kind; unfolded, they stay so when the day is read
    again."""
    page = sign_in(open_page(viewport), "dispatcher")
    common = {"rule": "time windows", "job_id": None, "technician_id": None}
    kept = {"sentence": "J-1 starts too late", "kept_by": "Eva Soto", "kept_reason": "Agreed by phone."}
    other = {"sentence": "J-2 starts too late", "kept_by": None, "kept_reason": None}
    faults = {"violations": [common | kept, common | other]}
    page.route("**/console/api/board*", lambda route: route.fulfill(json=route.fetch().json() | faults))
    page.reload()
    page.get_by_text("2 rules are not met").click()
    lines = page.get_by_role("contentinfo").get_by_role("listitem")
    expect(lines.nth(0)).to_have_text("J-1 starts too lateKept by Eva Soto: Agreed by phone.")
    expect(lines.nth(0)).to_be_in_viewport(ratio=1)
    expect(lines.nth(1)).to_have_text("J-2 starts too late")
    page.route("**/console/api/board/news*", lambda route: route.fulfill(json={"news": None}))
    with page.expect_response(re.compile(r"/console/api/board(\?|$)")):
        page.evaluate(READ_ANEW)
    expect(page.locator("#console:not([aria-busy])")).to_be_visible()
    expect(lines.nth(0)).to_be_in_viewport(ratio=1)


def test_what_a_customer_typed_is_shown_and_never_run(open_page: OpenPage):
    page = sign_in(open_page(watched=False), "dispatcher")
    typed = "<img src=x onerror=document.title='run'><b>Bar</b>"

    def play(route: Any) -> None:
        board = route.fetch().json()
        for technician in board["technicians"]:
            technician["name"] = typed
            for item in technician["items"]:
                item |= {"title": typed, "customer": typed, "address": typed}
        for job in board["unassigned"]:
            job |= {"title": typed, "sentence": typed, "remedies": [typed]}
        route.fulfill(json=board)

    page.route("**/console/api/board*", play)
    page.reload()
    visits(page).first.click()
    expect(details(page).get_by_role("heading")).to_have_text(typed)
    expect(page.locator(".fs-tl-who b").first).to_have_text(typed)
    page.get_by_role("button", name="Table").click()
    expect(page.get_by_role("table")).to_contain_text(typed)
    assert page.locator("main img[src=x]").count() == 0
    assert page.title() != "run"


def test_the_board_leads_to_what_each_published_plan_changed(dispatcher: Page):
    """From the line that says which plan is looked at."""
    dispatcher.get_by_role("link", name="Plan 1", exact=True).click()
    dispatcher.get_by_role("link", name="Plan 1", exact=True).click()
    expect(dispatcher.get_by_role("heading", level=1)).to_contain_text("Plan 1 of")
    expect(dispatcher.get_by_text("It is the first plan of the day")).to_be_visible()
