"""The dispatcher decides about a job on the board's card and on the job's page."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, sign_in, wait_for_board


def open_job(board: Page) -> None:
    """From the card to the job's own page, which names much that the card names, too."""
    board.get_by_role("region", name="Details").get_by_role("link", name="Open the job").click()
    board.wait_for_url(re.compile(r"/console/jobs/\d+$"))


def test_a_visit_is_sent_to_the_phone_on_its_card_and_called_back_on_its_page(board: Page):
    """The board hears of it without being loaded again."""
    board.locator("[data-key^=v][aria-label*='Planned']").last.click()
    card = board.get_by_role("region", name="Details")
    card.get_by_role("button", name="Send to the phone").click()
    expect(card.get_by_text("Dispatched")).to_be_visible()
    open_job(board)
    board.get_by_role("button", name="Call back from the phone").click()
    expect(board.get_by_role("cell", name="dispatched → planned")).to_be_visible()
    expect(board.get_by_role("button", name="Send to the phone")).to_be_visible()


def find_visit_with_alternatives(board: Page) -> dict[str, Any]:
    """One that somebody else could do, too: which one depends on the day's jobs."""
    day = board.request.get("/console/api/board").json()
    visits = [one for lane in day["technicians"] for one in lane["items"] if one.get("status") == "planned"]

    def has_alternatives(visit: dict[str, Any]) -> bool:
        return bool(board.request.get(f"/console/api/jobs/{visit['job_id']}/why").json()["alternatives"])

    return next(filter(has_alternatives, visits))


def test_why_it_is_with_this_technician_is_told_on_the_card_and_on_the_page(board: Page):
    """Asked for when it is opened: in plain sentences, and who cannot come with the reason."""
    visit = find_visit_with_alternatives(board)
    board.get_by_role("searchbox").fill(visit["number"])
    board.locator(f"[data-key='v{visit['stop_id']}']").click()
    card = board.get_by_role("region", name="Details")
    card.locator("summary", has_text="Why this technician").click()
    told = card.get_by_role("status").filter(has_text="Who cannot, and why:")
    expect(told.get_by_role("listitem").first).to_contain_text("could start at")
    open_job(board)
    board.locator("summary", has_text="Why this technician").click()
    expect(board.get_by_role("status").get_by_role("listitem").first).to_contain_text("could start at")


def test_a_card_leads_to_the_form_that_makes_its_job_an_emergency(board: Page):
    """To the same form as the job's own page; a visit's card, and that of a job that no route holds."""
    card = board.get_by_role("region", name="Details")
    hurry = card.get_by_role("link", name="Make it an emergency")
    board.locator("article.fs-job button.fs-job-main").first.click()
    expect(card.get_by_text("Unassigned")).to_be_visible()
    expect(hurry).to_be_visible()
    board.locator("[data-key^=v][aria-label*='Planned']").last.click()
    expect(card.get_by_text("Unassigned")).to_be_hidden()
    form = str(hurry.get_attribute("href"))
    open_job(board)
    expect(board.get_by_role("link", name="Make it an emergency")).to_have_attribute("href", form)
    board.go_back()
    wait_for_board(board)
    board.locator("[data-key^=v][aria-label*='Planned']").last.click()
    hurry.click()
    expect(board.get_by_role("heading", level=1)).to_contain_text("mergency")


def test_cancelling_on_the_card_asks_why_first(board: Page):
    board.locator("[data-key^=v][aria-label*='Planned']").last.click()
    card = board.get_by_role("region", name="Details")
    card.get_by_role("button", name="Cancel the job").click()
    expect(card.get_by_role("alert")).to_contain_text("Write why")
    expect(card.get_by_role("textbox", name="Why")).to_be_focused()


def test_what_is_half_typed_on_a_card_outlives_what_happens_on_the_same_row(board: Page):
    """Another visit of the same technician is sent to the phone; reason, disclosure and focus of the card stay."""
    day = board.request.get("/console/api/board").json()
    waiting = [
        [one for one in lane["items"] if one.get("status") == "planned" and not one["late_s"]]
        for lane in day["technicians"]
    ]
    mine, other = next(visits for visits in waiting if len(visits) > 1)[-2:]
    board.get_by_role("searchbox").fill(mine["number"])
    board.locator(f"[data-key='v{mine['stop_id']}']").click()
    card = board.get_by_role("region", name="Details", exact=True)
    card.locator("summary", has_text="Move by hand").click()
    card.get_by_role("button", name="Cancel the job").click()
    card.get_by_role("textbox", name="Why").press_sequentially("They have moved")
    for status, words in (("dispatched", "Dispatched"), ("planned", "Planned")):
        decide(board, other["job_id"], status)
        shown = board.locator(f"[data-key='v{other['stop_id']}']")
        expect(shown).to_have_attribute("aria-label", re.compile(words))
        expect(card.get_by_role("textbox", name="Why")).to_have_value("They have moved")
        expect(card.get_by_role("textbox", name="Why")).to_be_focused()
        expect(card.get_by_role("button", name="Where it fits best")).to_be_visible()


def decide(page: Page, job_id: int, status: str) -> None:
    """As from another page."""
    token = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    answer = page.request.post(
        f"/console/api/jobs/{job_id}/status", data={"status": status}, headers={"X-CSRFToken": token}
    )
    assert answer.ok, answer.text()


def test_the_board_names_who_is_on_call(board: Page):
    board.locator("#on-call summary").click()
    expect(board.locator("#on-call li").first).to_contain_text("18:00 to")


def test_a_van_is_filled(open_page: OpenPage):
    dispatcher = sign_in(open_page(), "dispatcher", "/console/vans")
    dispatcher.get_by_role("link", name=re.compile("^Count or fill")).first.click()
    field = dispatcher.get_by_role("spinbutton").first
    field.fill("77")
    dispatcher.get_by_role("button", name="Keep these counts").click()
    expect(dispatcher.get_by_text("77 ×")).to_be_visible()
