"""What the dispatcher hears when planning does not go as it should; the server's answers are played."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, sign_in


class PlayedRun:
    """Stands in for the run on the server: the test sets what it is, the page asks."""

    def __init__(self, page: Page) -> None:
        self.is_scheduler_alive = True
        self.is_reachable = True
        self.status = 200
        self.run: dict[str, Any] = {"id": 1, "status": "queued", "progress": 0, "message": "Waiting to start",
                                    "unassigned": None, "plan_version": None, "error": None}  # fmt: skip
        page.route("**/console/api/plan", lambda route: route.fulfill(status=202, json={"run_id": 1}))
        page.route("**/console/api/runs/1", self.answer)
        page.route("**/console/api/runs/1/cancel", self.cancel)
        page.route("**/healthz", self.health)

    def answer(self, route: Any) -> None:
        if self.is_reachable:
            route.fulfill(status=self.status, json=self.run if self.status == 200 else {"detail": "Not today."})
        else:
            route.abort()

    def cancel(self, route: Any) -> None:
        if not self.is_reachable:
            route.abort()
            return
        self.run["status"] = "cancelled"
        route.fulfill(json=self.run)

    def health(self, route: Any) -> None:
        status = 200 if self.is_scheduler_alive else 503
        route.fulfill(status=status, json={"scheduler_alive": self.is_scheduler_alive})


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The board; answers of 503 and lost connections are what these tests are about."""
    return sign_in(open_page(watched=False), "dispatcher")


@pytest.fixture
def played(page: Page) -> PlayedRun:
    """A run that has just been asked for from the dialog."""
    played = PlayedRun(page)
    page.get_by_role("button", name="Plan day").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Plan day").click()
    return played


def test_a_plan_that_nobody_takes_up_says_that_the_scheduler_is_not_running(page: Page, played: PlayedRun):
    played.is_scheduler_alive = False
    expect(page.locator("#strip")).to_contain_text("the scheduler is not running")
    expect(page.get_by_role("button", name="Plan day").first).to_be_disabled()
    played.is_scheduler_alive = True
    expect(page.locator("#strip")).to_contain_text("Waiting for the scheduler")


def test_enter_on_a_policy_asks_for_a_draft(page: Page):
    """It presses the first button, which is none that throws the choice away, and none that publishes."""
    asked: list[Any] = []

    def take(route: Any) -> None:
        asked.append(route.request.post_data_json)
        route.fulfill(status=409, json={"detail": "Not in a test."})

    page.route("**/console/api/plan", take)
    page.get_by_role("button", name="Plan day").first.click()
    page.get_by_role("dialog").get_by_role("radio").last.press("Enter")
    expect(page.locator("#strip")).to_contain_text("Not in a test.")
    assert [one["as_draft"] for one in asked] == [True]


def test_progress_is_shown_while_a_plan_is_made(page: Page, played: PlayedRun):
    played.run |= {"status": "running", "progress": 0.4, "message": "Improving the plan", "unassigned": 12}
    expect(page.locator("#strip")).to_contain_text("Improving the plan · 12 unassigned so far")
    expect(page.get_by_role("progressbar", name="Planning")).to_have_js_property("value", 40)


def test_a_failed_plan_gives_its_reason_and_can_be_tried_again(page: Page, played: PlayedRun):
    played.run |= {"status": "failed", "error": "The travel source cannot be opened."}
    expect(page.locator("#strip")).to_contain_text("was not planned. The travel source cannot be opened.")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_run_can_be_cancelled(page: Page, played: PlayedRun):
    page.locator("#strip").get_by_role("button", name="Cancel").click()
    expect(page.locator("#strip")).to_contain_text("cancelled; what was planned before stays")
    expect(page.get_by_role("button", name="Plan day").first).to_be_enabled()


def test_a_page_that_is_loaded_again_goes_on_showing_the_plan_in_the_making(page: Page, played: PlayedRun):
    """The board names the run; when it ends, the page says so as if it had been there all the time."""
    played.run |= {"status": "running", "progress": 0.4, "message": "Improving the plan"}

    def answer(route: Any) -> None:
        is_over = played.run["status"] == "done"
        route.fulfill(json=route.fetch().json() | {"run": None if is_over else played.run})

    page.route("**/console/api/board*", answer)
    page.reload()
    expect(page.locator("#strip")).to_contain_text("Improving the plan")
    expect(page.get_by_role("progressbar", name="Planning")).to_have_js_property("value", 40)
    expect(page.get_by_role("button", name="Plan day").first).to_be_disabled()
    played.run |= {"status": "done", "plan_version": 7, "unassigned": 0}
    expect(page.locator("#strip")).to_contain_text("Plan 7")
    expect(page.get_by_role("button", name="Plan day").first).to_be_enabled()


def test_a_finished_plan_does_not_call_the_dispatcher_back_from_another_day(page: Page, played: PlayedRun):
    """The strip tells; the day in view stays."""
    planned = page.locator("#date").input_value()
    page.get_by_role("button", name="Next day").click()
    expect(page.locator("#date")).not_to_have_value(planned)
    shown = page.locator("#date").input_value()
    played.run |= {"status": "done", "plan_version": 7, "unassigned": 0}
    expect(page.locator("#strip")).to_contain_text("Plan 7")
    expect(page.locator("#date")).to_have_value(shown)


def test_a_lost_connection_is_waited_out(page: Page, played: PlayedRun):
    played.is_reachable = False
    expect(page.locator("#strip")).to_contain_text("this page keeps trying")
    played.run |= {"status": "done", "plan_version": 7, "unassigned": 0}
    played.is_reachable = True
    expect(page.locator("#strip")).to_contain_text("Plan 7")
    expect(page.locator("#strip")).to_contain_text("every job has a technician")


def test_a_server_that_starts_again_is_waited_out(page: Page, played: PlayedRun):
    """A proxy in front of it answers 502 meanwhile; the scheduler goes on planning."""
    played.status = 502
    expect(page.locator("#strip")).to_contain_text("this page keeps trying")
    played.run |= {"status": "done", "plan_version": 7, "unassigned": 0}
    played.status = 200
    expect(page.locator("#strip")).to_contain_text("Plan 7")


def test_a_plan_that_cannot_be_followed_is_not_said_to_have_failed(page: Page, played: PlayedRun):
    played.status = 404
    expect(page.locator("#strip")).to_contain_text(
        "What became of the plan is not known; look at the day again. Not today."
    )


def test_a_run_that_cannot_be_cancelled_says_so(page: Page, played: PlayedRun):
    """Until it is."""
    played.is_reachable = False
    page.locator("#strip").get_by_role("button", name="Cancel").click()
    expect(page.locator("#strip")).to_contain_text("Not cancelled: The server cannot be reached")
    played.is_reachable = True
    page.locator("#strip").get_by_role("button", name="Cancel").click()
    expect(page.locator("#strip")).to_contain_text("cancelled; what was planned before stays")
