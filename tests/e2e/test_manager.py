"""The manager reads how the shift time is used."""

import re

from playwright.sync_api import Page, expect


def test_the_figures_are_shares_of_the_shift_time(manager: Page):
    figures = manager.locator("dl").first
    utilization = share_of(figures.inner_text(), "Utilization")
    busy = share_of(figures.inner_text(), "Busy share")
    assert 0 < utilization < busy <= 100


def share_of(text: str, name: str) -> float:
    """The percentage that follows a name."""
    found = re.search(rf"{name}\s+([\d.]+)\s?%", text)
    assert found, text
    return float(found[1])


def test_the_chart_is_drawn(manager: Page):
    expect(manager.get_by_role("figure").locator("svg.marks")).to_be_visible()
    expect(manager.get_by_role("figure").locator("svg.marks path").nth(20)).to_be_attached()


def test_the_table_has_the_figures_of_every_technician(manager: Page):
    rows = manager.get_by_role("table").get_by_role("row")
    expect(rows.nth(15)).to_be_attached()


def test_the_definitions_are_beside_the_figures(manager: Page):
    manager.get_by_text("How the figures are computed").click()
    expect(manager.locator("details dd").first).to_be_visible()


def test_the_figures_come_as_a_file(manager: Page):
    with manager.expect_download() as download:
        manager.get_by_role("link", name="CSV").click()
    lines = download.value.path().read_text().splitlines()
    assert len(lines) > 15
