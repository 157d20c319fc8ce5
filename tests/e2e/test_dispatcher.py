"""The dispatcher sees the day and plans it again."""

import re

from playwright.sync_api import Page, expect

PLAN = re.compile(r"Plan (\d+)")
PLANNED_WITHIN_MS = 60_000


def plan_version(page: Page) -> int:
    """The version that the line at the foot of the board names."""
    words = page.get_by_role("contentinfo")
    expect(words).to_contain_text(PLAN)
    found = PLAN.search(words.inner_text())
    assert found
    return int(found[1])


def test_each_technician_has_a_lane_with_visits_travel_and_a_break(board: Page):
    lanes = board.get_by_role("group", name=re.compile(r", \d+ visits?$"))
    expect(lanes.nth(4)).to_be_visible()
    busy = board.get_by_role("group", name=re.compile(r", [3-9] visits$")).first
    expect(busy.locator("[data-key^=v]").first).to_be_visible()
    expect(busy.locator(".fs-tl-travel").first).to_be_attached()
    expect(busy.locator(".fs-tl-break").first).to_be_attached()


def test_an_unassigned_job_says_why_and_what_would_fit_it(board: Page):
    jobs = board.get_by_role("region", name="Unassigned").get_by_role("article")
    expect(jobs.first.locator(".fs-job-why").first).to_have_text(re.compile(r"\w+ \w+"))
    # how far the search came in its time decides which jobs are left out, and whether the first of them has a way in
    told = jobs.filter(has_text="could do it").first
    told.get_by_text("Why not each of").click()
    expect(told.locator("dd").first).to_be_visible()


def test_the_map_names_where_its_streets_come_from(board: Page):
    map_region = board.get_by_role("region", name="Map of routes and visits")
    expect(map_region).to_contain_text("OpenStreetMap")
    expect(map_region.locator("canvas").first).to_be_visible()


def test_routes_follow_the_streets(board: Page):
    """A route along streets bends far more often than it stops."""
    answer = board.request.get("/console/api/routes")
    lines = answer.json()["features"]
    assert lines
    assert max(len(line["geometry"]["coordinates"]) for line in lines) > 100


def test_a_visit_shows_its_details(board: Page):
    visit = board.locator("[data-key^=v]").first
    title = (visit.get_attribute("aria-label") or "").split(",")[0]
    visit.click()
    expect(board.get_by_role("region", name="Details", exact=True)).to_contain_text(title)


def test_planning_the_day_shows_progress_and_then_a_new_version(board: Page):
    before = plan_version(board)
    board.get_by_role("button", name="Plan day").click()
    dialog = board.get_by_role("dialog")
    expect(dialog.get_by_role("radio")).to_have_count(4)
    dialog.get_by_text("Customer first").click()
    dialog.get_by_role("button", name="Plan day").click()
    expect(board.get_by_role("progressbar", name="Planning")).to_be_visible()
    expect(board.locator("#strip")).to_contain_text("is ready", timeout=PLANNED_WITHIN_MS)
    expect(board.get_by_role("contentinfo")).not_to_contain_text(re.compile(rf"Plan {before}\b"))
    assert plan_version(board) > before
    expect(board.get_by_role("contentinfo")).to_contain_text("customer first")


def test_the_same_day_reads_as_a_table(board: Page):
    """Whoever cannot use the timeline reads the same facts in rows."""
    board.get_by_role("button", name="Table").click()
    expect(board.get_by_role("table").get_by_role("row").nth(10)).to_be_visible()
