"""The map of the territories: outlines are drawn anew by keyboard, and the form follows."""

from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage, sign_in
from tests.e2e.test_accessibility import barriers


def test_a_corner_is_moved_by_arrow_keys_and_added_and_taken_away(open_page: OpenPage):
    """The form says what would be stored; nothing is stored before somebody asks for it."""
    dispatcher = sign_in(open_page(), "dispatcher", "/console/territories")
    dispatcher.locator("details.fs-outline summary").first.click()
    text = dispatcher.get_by_label("Outline as GeoJSON").first
    corners = dispatcher.locator(".fs-corner:not(.is-middle)")
    expect(corners.first).to_be_visible()
    before, count = text.input_value(), corners.count()
    corners.first.press("ArrowRight")
    expect(text).not_to_have_value(before)
    corners.first.press("Delete")
    expect(corners).to_have_count(count - 1)
    dispatcher.locator(".fs-corner.is-middle").first.press("Enter")
    expect(corners).to_have_count(count)
    assert not barriers(dispatcher)
