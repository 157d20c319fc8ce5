"""The map of the territories: outlines are drawn anew by keyboard, and the form follows."""

import json

from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage, sign_in
from tests.e2e.test_accessibility import barriers

SQUARE = [[[-71.3, -30], [-71.2, -30], [-71.2, -29.9], [-71.3, -29.9], [-71.3, -30]]]
TWO_PARTS = json.dumps(
    {"type": "MultiPolygon", "coordinates": [SQUARE, [[[-71, -30], [-70, -30], [-70, -29], [-71, -30]]]]}
)
ONE_RING = json.dumps({"type": "Polygon", "coordinates": SQUARE})


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


def test_an_outline_of_two_parts_stays_as_it_is_when_its_form_is_opened(open_page: OpenPage):
    """It has no corners to drag, which is said; what is half typed outlives closing and opening, too."""
    dispatcher = sign_in(open_page(), "dispatcher", "/console/territories")
    details = dispatcher.locator("details.fs-outline").first
    text = details.locator("textarea")
    corners = dispatcher.locator(".fs-corner:not(.is-middle)")
    text.evaluate("(one, outline) => { one.value = outline; }", TWO_PARTS)
    details.locator("summary").click()
    told = details.get_by_text("Only an outline of one ring has corners")
    expect(told).to_be_visible()
    expect(text).to_have_value(TWO_PARTS)
    expect(corners).to_have_count(0)
    assert not barriers(dispatcher)
    text.fill(TWO_PARTS[:40])
    details.locator("summary").click()
    details.locator("summary").click()
    expect(text).to_have_value(TWO_PARTS[:40])
    text.fill(ONE_RING)
    expect(corners).to_have_count(4)
    expect(told).to_be_hidden()
