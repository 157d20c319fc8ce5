"""A draft on the board's timeline: seen beside what is published, decided by mouse and keyboard, published."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dispatch.clock import local_day
from dispatch.db import make_session_factory
from dispatch.installation import get_zone
from dispatch.models import Absence, PlanVersion
from dispatch.planning.day import plan_day
from dispatch.settings import Settings
from tests.e2e.conftest import DESKTOP, OpenPage, sign_in, wait_for_board
from tests.e2e.test_accessibility import barriers

LONG_MS = 45_000
"""Laying a day out takes a second, and longer where others compute too."""

DRAFT_READ = re.compile(r"/console/api/draft\?")
NEVER_HELD = "() => { const real = setTimeout; window.setTimeout = (work, ms) => real(work, ms === 400 ? 6e4 : ms); }"
LOOK_AGAIN = """() => {
  const real = performance.now.bind(performance);
  performance.now = () => real() + 60_000;  // a draft is not read again at once
  dispatchEvent(new PopStateEvent("popstate"));
}"""


@pytest.fixture(scope="module")
def day(installation: dict[str, str], server: str) -> date:
    """Tomorrow: planned and published, then one who has most to do falls ill, and a draft says what to do about it."""
    factory = make_session_factory(Settings.from_env(installation))
    now = datetime.now(UTC)
    with factory() as session:
        on = local_day(now, get_zone(session)) + timedelta(days=1)
    options = {"now": now, "time_limit_s": 600, "iterations": 300}  # the same plan on every machine
    busiest = max(plan_day(factory, on, **options).routes, key=lambda route: len(route.stops)).technician_id
    with factory.begin() as session:
        session.add(Absence(technician_id=busiest, from_on=on, to_on=on, reason="Ill"))
    plan_day(factory, on, as_draft=True, **options)
    factory.engine.dispose()
    return on


@pytest.fixture
def board(open_page: OpenPage, day: date) -> Page:
    """The board of that day, with the draft worked out."""
    return opened(open_page(DESKTOP), day)


@pytest.fixture
def unwatched(open_page: OpenPage, day: date) -> Page:
    """The same, where the test is about a refusal."""
    return opened(open_page(DESKTOP, watched=False), day)


def opened(page: Page, day: date) -> Page:
    board = sign_in(page, "dispatcher", f"/console?on={day}")
    expect(bar(board).get_by_role("button", name="Publish …")).to_be_visible(timeout=LONG_MS)
    return wait_for_board(board)


def bar(page: Page):
    return page.get_by_role("region", name="Draft", exact=True)


def change(page: Page):
    return page.get_by_role("region", name="Change in the draft")


def test_the_board_shows_the_draft_beside_what_is_published(board: Page):
    """What changes is marked in both, with an outline of where the other plan has it; the bar sums it up."""
    expect(bar(board)).to_contain_text(re.compile(r"\d+ jobs? moves? .*promise"))
    expect(board.locator(".fs-tl-visit.is-changed").first).to_be_attached()
    expect(board.locator(".fs-tl-ghost.is-to").first).to_be_attached()
    bar(board).get_by_role("button", name=re.compile("^Draft")).click()
    expect(board.locator(".fs-tl-ghost.is-from").first).to_be_attached()
    expect(board.locator(".fs-tl-ghost.is-to")).to_have_count(0)
    assert not barriers(board)


def test_changes_are_visited_one_by_one_and_say_why(board: Page):
    bar(board).get_by_role("button", name="Next change").click()
    expect(change(board)).to_contain_text(re.compile("not decided yet"))
    first = change(board).text_content() or ""
    bar(board).get_by_role("button", name="Next change").click()
    expect(change(board)).not_to_have_text(first)
    assert not barriers(board)


def test_the_keyboard_alone_refuses_and_takes_it_back(board: Page):
    """R on a visit that the draft changes; the card says it, and the same key takes it back."""
    bar(board).get_by_role("button", name="Next change").press("Enter")
    expect(change(board)).to_be_visible()
    visit = board.locator(".fs-tl-visit.is-selected")
    visit.press("r")
    expect(change(board)).to_contain_text("refused: stays as published", timeout=LONG_MS)
    visit.press("r")
    expect(change(board)).to_contain_text("not decided yet", timeout=LONG_MS)


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


def go_to_an_open_change(page: Page) -> None:
    """What was moved by hand and taken back may come before it."""
    while not change(page).get_by_text("not decided yet").is_visible():
        bar(page).get_by_role("button", name="Next change").press("Enter")


def draft_of(page: Page, day: date) -> dict[str, Any]:
    """As the server has it."""
    return page.request.get(f"/console/api/draft?on={day}").json()["draft"]


def decide_elsewhere(page: Page, day: date, decision: str) -> None:
    """Say something to the first line that can be decided about, as from another page."""
    draft = draft_of(page, day)
    line = next(one for one in draft["changes"] if one["kind"] != "gone")
    token = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    said = {"revision": draft["revision"], "lines": {str(line["id"]): decision}}
    answer = page.request.post(
        f"/console/api/draft/{draft['id']}/decide", data=said, headers={"X-CSRFToken": token}, timeout=LONG_MS
    )
    assert answer.ok, answer.text()


def test_a_draft_that_somebody_changes_while_the_dialog_is_open_is_not_published(unwatched: Page, day: date):
    """What the dialog has shown is what may be published; the board has it as it is by now, and says why."""
    bar(unwatched).get_by_role("button", name="Publish …").click()
    dialog = unwatched.get_by_role("dialog")
    expect(dialog).to_be_visible()
    with unwatched.expect_response(DRAFT_READ, timeout=LONG_MS) as heard:
        decide_elsewhere(unwatched, day, "refused")
    heard.value.finished()
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(unwatched.locator("#problem")).to_contain_text("Somebody else has decided", timeout=LONG_MS)
    expect(bar(unwatched)).to_be_visible()
    decide_elsewhere(unwatched, day, "open")


def test_a_slow_answer_does_not_undo_a_decision_on_the_board(board: Page, day: date):
    """The draft is being read again when a line is refused; what comes in last is older than what is shown."""
    old, held = {"draft": draft_of(board, day)}, list[Any]()
    board.route(DRAFT_READ, lambda route: held.append(route))
    go_to_an_open_change(board)
    with board.expect_request(DRAFT_READ):
        board.evaluate(LOOK_AGAIN)
    visit = board.locator(".fs-tl-visit.is-selected")
    visit.press("r")
    expect(change(board)).to_contain_text("refused: stays as published", timeout=LONG_MS)
    with board.expect_response(DRAFT_READ):
        for route in held:
            route.fulfill(json=old)
    board.evaluate("() => new Promise(requestAnimationFrame)")
    expect(change(board)).to_contain_text("refused: stays as published")
    board.unroute(DRAFT_READ)
    with board.expect_response(re.compile("/decide$"), timeout=LONG_MS) as decided:
        visit.press("r")
    assert decided.value.ok
    expect(change(board)).to_contain_text("not decided yet", timeout=LONG_MS)


def test_a_line_refused_on_the_page_of_the_draft_is_not_published_as_proposed(unwatched: Page, day: date):
    """Without a press on "Decide" in between: what the lines say is stored, and seen before anything is published."""
    unwatched.goto(f"/console/draft?on={day}")
    unwatched.get_by_label(re.compile("^Decision about")).first.select_option("Refuse")
    unwatched.get_by_role("button", name="Publish as decided").click()
    expect(unwatched.get_by_text("Not published yet")).to_be_visible(timeout=LONG_MS)
    expect(unwatched.get_by_label(re.compile("^Decision about")).first).to_have_value("refused")
    assert draft_of(unwatched, day)
    unwatched.get_by_label(re.compile("^Decision about")).first.select_option("As proposed")
    unwatched.get_by_role("button", name="Decide, and see what it costs").click()
    expect(unwatched.get_by_text("Not published yet")).to_be_hidden(timeout=LONG_MS)


def test_a_reason_is_sent_by_enter_and_not_thrown_away(unwatched: Page):
    """Where the draft breaks a rule, whoever publishes must say why: Enter publishes, as in every form."""

    def play(route: Any) -> None:
        answer = route.fetch().json()
        route.fulfill(json={"draft": answer["draft"] | {"violations": ["Ana ends too late."], "outdated": []}})

    told, to_publish = list[Any](), "**/console/api/draft/*/publish"
    unwatched.route(DRAFT_READ, play)
    unwatched.route(to_publish, lambda route: (told.append(route.request.post_data_json), route.abort()))
    unwatched.reload()
    bar(unwatched).get_by_role("button", name="Publish …").click(timeout=LONG_MS)
    unwatched.get_by_label("Why all the same?").fill("Agreed by phone.")
    unwatched.keyboard.press("Enter")
    expect(unwatched.locator("#problem")).to_contain_text("cannot be reached")
    assert [one["reason"] for one in told] == ["Agreed by phone."]


def test_the_board_of_a_day_that_is_over_says_nothing_of_its_undecided_draft(board: Page):
    """It is read without errors, and is not worked out for ever."""
    over = {"over_at": "2020-01-01T00:00:00Z"}
    board.route(re.compile(r"/console/api/board\?"), lambda route: route.fulfill(json=route.fetch().json() | over))
    board.reload()
    expect(board.locator("[data-key^=v]").first).to_be_visible()
    expect(board.locator("#console")).not_to_have_attribute("aria-busy", "true")
    expect(bar(board)).to_be_hidden()
    expect(board.locator("#problem")).to_be_hidden()


def test_the_first_draft_of_a_day_is_seen_whole(board: Page):
    """Nothing is published yet: the lanes of the draft, its figures and its ways are there all the same."""

    def play(route: Any) -> None:
        answer = route.fetch().json()
        for lane in answer["technicians"]:
            lane["items"] = []
        route.fulfill(json=answer | {"plan": None})

    board.route(re.compile(r"/console/api/board\?"), play)
    board.reload()
    with board.expect_response(re.compile("/console/api/draft/routes")):
        bar(board).get_by_role("button", name=re.compile("^Draft")).click(timeout=LONG_MS)
    expect(board.locator("[data-key^=v]").first).to_be_visible()
    expect(board.locator("#empty")).to_be_hidden()
    expect(board.locator("#kpis")).to_contain_text("utilization")


def test_publishing_asks_first_and_says_what_it_changes(board: Page, day: date, installation: dict[str, str]):
    summary = bar(board).locator(".fs-draft-words").inner_text()
    bar(board).get_by_role("button", name="Publish …").click()
    dialog = board.get_by_role("dialog")
    expect(dialog).to_contain_text(summary)
    assert not barriers(board)
    dialog.get_by_role("button", name="Cancel").click()
    expect(bar(board)).to_be_visible()
    bar(board).get_by_role("button", name="Publish …").click()
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(board.locator("#strip")).to_contain_text("is published", timeout=LONG_MS)
    expect(bar(board)).to_be_hidden()
    factory = make_session_factory(Settings.from_env(installation))
    with factory() as session:
        found = session.scalars(select(PlanVersion.status).where(PlanVersion.on == day).order_by(PlanVersion.id)).all()
    factory.engine.dispose()
    assert found == ["superseded", "decided", "published"]
