"""A draft on the board's timeline: seen beside what is published, decided and published."""

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dispatch.db import make_session_factory
from dispatch.models import PlanVersion
from dispatch.settings import Settings
from tests.e2e.conftest import DESKTOP, OpenPage
from tests.e2e.draft_board import LONG_MS, bar, change, go_to_an_open_change, make_draft, opened
from tests.e2e.test_accessibility import barriers

DRAFT_READ = re.compile(r"/console/api/draft\?")
LOOK_AGAIN = """() => {
  const real = performance.now.bind(performance);
  performance.now = () => real() + 60_000;  // a draft is not read again at once
  dispatchEvent(new PopStateEvent("popstate"));
}"""


@pytest.fixture(scope="module")
def day(installation: dict[str, str], server: str) -> date:
    return make_draft(installation)


@pytest.fixture
def board(open_page: OpenPage, day: date) -> Page:
    return opened(open_page(DESKTOP), day)


@pytest.fixture
def unwatched(open_page: OpenPage, day: date) -> Page:
    """The same, where the test is about a refusal."""
    return opened(open_page(DESKTOP, watched=False), day)


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
    go_to_an_open_change(board, ".fs-tl-visit.is-selected")
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
