"""Changes of a draft that are decided and made by hand on the timeline: by mouse, by touch, by the keyboard alone."""

import re
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import DESKTOP, OpenPage
from tests.e2e.draft_board import LONG_MS, bar, change, go_to_an_open_change, make_draft, opened
from tests.e2e.test_accessibility import barriers

NEVER_HELD = "() => { const real = setTimeout; window.setTimeout = (work, ms) => real(work, ms === 400 ? 6e4 : ms); }"


@pytest.fixture(scope="module")
def day(installation: dict[str, str], server: str) -> date:
    return make_draft(installation)


@pytest.fixture
def board(open_page: OpenPage, day: date) -> Page:
    return opened(open_page(DESKTOP), day)


def test_the_keyboard_alone_refuses_and_takes_it_back(board: Page):
    """R on a visit that the draft changes; the card says it, and the same key takes it back."""
    go_to_an_open_change(board, ".fs-tl-visit.is-selected")
    refuse_and_take_back(board, board.locator(".fs-tl-visit.is-selected"))


def test_the_keyboard_alone_refuses_the_change_of_a_job_in_the_queue(board: Page):
    """One that falls out is there in the draft, as one that comes in is in what is published."""
    bar(board).get_by_role("button", name=re.compile("^Draft")).click()
    go_to_an_open_change(board, ".fs-job.is-selected")
    expect(change(board)).to_contain_text("out")
    refuse_and_take_back(board, board.locator(".fs-job.is-selected").get_by_role("button").first)


def refuse_and_take_back(page: Page, job: Locator) -> None:
    job.press("r")
    expect(change(page)).to_contain_text("refused: stays as published", timeout=LONG_MS)
    job.press("r")
    expect(change(page)).to_contain_text("not decided yet", timeout=LONG_MS)


def test_a_dragged_visit_asks_before_anything_moves(board: Page):
    """Dropped elsewhere it stays where it is; its card says what having it there would do."""
    visit = board.locator(".fs-tl-visit").first
    name = visit.get_attribute("aria-label")
    box = visit.bounding_box()
    assert box
    board.mouse.move(box["x"] + 6, box["y"] + 8)
    board.mouse.down()
    board.mouse.move(box["x"] + 80, box["y"] + 60, steps=5)
    expect(board.locator(".fs-tl-dragged")).to_have_text(re.compile(r"^\d\d:\d[05] "))
    board.mouse.up()
    told = board.locator(".fs-move-told")
    expect(told).to_contain_text(re.compile("It fits|Breaks a rule|must give way|cannot be moved"), timeout=LONG_MS)
    expect(board.locator(".fs-tl-visit").first).to_have_attribute("aria-label", name or "")
    assert not barriers(board)


def test_a_finger_that_rests_on_a_visit_drags_it_and_one_that_does_not_scrolls(board: Page):
    """By touch a visit comes loose when it is held; dropped elsewhere its card says what that would do."""
    box = board.locator(".fs-tl-visit").first.bounding_box()
    assert box
    x, y = box["x"] + 6, box["y"] + 8
    touch = board.context.new_cdp_session(board)

    def send(kind: str, *at: float) -> None:
        points = [{"x": at[0], "y": at[1]}] if at else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    dragged = board.locator(".fs-tl-dragged")
    send("touchStart", x, y)
    expect(dragged).to_be_visible()
    send("touchMove", x + 80, y + 60)
    send("touchEnd")
    expect(dragged).to_have_count(0)
    told = board.locator(".fs-move-told")
    expect(told).to_contain_text(re.compile("It fits|Breaks a rule|must give way|cannot be moved"), timeout=LONG_MS)
    board.evaluate(NEVER_HELD)  # however slow this machine
    send("touchStart", x, y + 100)
    for step in range(1, 9):
        send("touchMove", x, y + 100 - 10 * step)
    expect(board.locator(".fs-tl")).not_to_have_js_property("scrollTop", 0)
    expect(dragged).to_have_count(0)
    send("touchEnd")


def test_a_visit_is_moved_by_keyboard_into_the_draft(board: Page):
    """Without a time it goes where it fits best; the draft then has it as moved by hand, which can be taken back."""
    board.locator(".fs-tl-visit:not(.is-changed)").first.press("Enter")
    details = board.get_by_role("region", name="Details", exact=True)
    details.locator("summary", has_text="Move by hand").press("Enter")
    details.get_by_role("button", name="Where it fits best").press("Enter")
    put = details.get_by_role("button", name="Put it there")
    expect(put).to_be_enabled(timeout=LONG_MS)
    put.press("Enter")
    expect(change(board)).to_contain_text("moved by hand", timeout=LONG_MS)
    expect(change(board).get_by_role("button")).to_have_text(["Take it back", "Plan the rest around it"])
    change(board).get_by_role("button", name="Take it back").press("Enter")
    expect(change(board)).to_be_hidden(timeout=LONG_MS)
