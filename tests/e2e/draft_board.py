"""A day that waits with a draft, and its board: what tests of drafts begin with."""

from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from dispatch.clock import local_day
from dispatch.db import make_session_factory
from dispatch.installation import get_zone
from dispatch.models import Absence
from dispatch.planning.day import plan_day
from dispatch.settings import Settings
from tests.e2e.conftest import sign_in, wait_for_board

SOME_CHANGES = 60
"""More than there are, once around."""

LONG_MS = 45_000
"""Laying a day out takes a second, and longer where others compute too."""


def make_draft(installation: dict[str, str]) -> date:
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


def opened(page: Page, day: date) -> Page:
    """The board of that day, with the draft worked out."""
    board = sign_in(page, "dispatcher", f"/console?on={day}")
    expect(bar(board).get_by_role("button", name="Publish …")).to_be_visible(timeout=LONG_MS)
    return wait_for_board(board)


def bar(page: Page) -> Locator:
    """What sums the draft up, above the timeline."""
    return page.get_by_role("region", name="Draft", exact=True)


def change(page: Page) -> Locator:
    """The change of what is selected, on its card."""
    return page.get_by_role("region", name="Change in the draft")


def go_to_an_open_change(page: Page, selected: str) -> None:
    """What was moved by hand and taken back may come before it, or a change of what is shown elsewhere."""
    for _ in range(SOME_CHANGES):
        bar(page).get_by_role("button", name="Next change").press("Enter")
        expect(change(page)).to_be_visible()
        if page.locator(selected).count() and change(page).get_by_text("not decided yet").is_visible():
            return
    raise AssertionError(f"none of {SOME_CHANGES} changes is an open one of {selected}")
