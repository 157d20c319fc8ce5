"""No serious barrier on any face, as axe sees it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, sign_in, wait_for_board

SERIOUS = {"serious", "critical"}


def barriers(page: Page) -> list[str]:
    """What axe finds serious: the rule, why, and the first element."""
    return [
        f"{found['id']}: {found['help']}: {found['nodes'][0]['html']}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in SERIOUS
    ]


def test_the_sign_in_page_has_no_barrier(open_page):
    page = open_page()
    page.goto("/login")
    assert not barriers(page)


@pytest.mark.parametrize(
    ("role", "viewport", "shown"),
    [
        ("dispatcher", DESKTOP, "[data-key^=v]"),
        ("technician", PHONE, ".fs-stop"),
        ("manager", DESKTOP, "svg.marks"),
    ],
)
def test_no_face_has_a_barrier(open_page, role, viewport, shown):
    page = sign_in(open_page(viewport), role)
    expect(page.locator(shown).first).to_be_visible()
    assert not barriers(page)


def test_a_stop_has_no_barrier(technician: Page):
    technician.locator("a[href^='#stop-']").first.click()
    expect(technician.get_by_role("region", name="Times")).to_be_visible()
    assert not barriers(technician)


def test_the_planning_dialog_has_no_barrier(dispatcher: Page):
    wait_for_board(dispatcher)
    dispatcher.get_by_role("button", name="Plan day").click()
    expect(dispatcher.get_by_role("dialog")).to_be_visible()
    assert not barriers(dispatcher)


@pytest.mark.parametrize(
    "path",
    [
        "/console/customers",
        "/console/customers/1",
        "/console/territories",
        "/console/jobs/1",
        "/console/vans?technician=1",
        "/console/team",
        "/console/team/1",
        "/console/catalogue",
        "/console/events",
        "/console/events/new",
        "/console/events/new?kind=technician_ill",
        "/console/events/new?kind=emergency&q=hotel",
        "/console/events/new?kind=emergency&customer=1",
        "/console/events/policies",
        "/console/plans",
        "/console/plans/1",
    ],
)
def test_no_page_of_the_office_has_a_barrier(open_page, path):
    page = sign_in(open_page(DESKTOP), "dispatcher", path)
    expect(page.locator("h1")).to_be_visible()
    assert not barriers(page)


@pytest.mark.parametrize(
    "path",
    [
        "/notices/texts",
        "/notices/texts/confirmed/e-mail/en",
        "/accounts",
        "/accounts/new",
        "/accounts/1/change",
        "/webhooks",
        "/account/second-factor",
        "/api/v1/docs",
    ],
)
def test_no_page_of_the_set_up_has_a_barrier_or_is_wider_than_a_telephone(open_page, path):
    page = sign_in(open_page(PHONE), "admin", path)
    expect(page.locator("h1")).to_be_visible()
    assert not barriers(page)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("path", ["/nowhere", "/accounts", "/c/nobody-was-sent-this"])
def test_no_refusal_has_a_barrier(open_page, path):
    page = sign_in(open_page(PHONE, watched=False), "dispatcher", path)
    expect(page.locator("h1")).to_be_visible()
    assert not barriers(page)


@pytest.mark.parametrize("path", ["/console/maintenance", "/console/maintenance/new?customer=1", "/notices"])
def test_no_page_of_maintenance_and_messages_has_a_barrier(open_page, path):
    page = sign_in(open_page(DESKTOP), "dispatcher", path)
    expect(page.locator("h1")).to_be_visible()
    assert not barriers(page)


def test_a_customer_finds_the_visit_on_a_telephone_without_a_barrier(open_page):
    """From the address that the office sees too, without signing in."""
    office = sign_in(open_page(DESKTOP), "dispatcher", "/notices/customers/1")
    assert not barriers(office)
    customer = open_page(PHONE)
    customer.goto(office.locator("a[href^='/c/']").first.get_attribute("href"))
    expect(customer.locator("h1")).to_be_visible()
    assert not barriers(customer)
    assert customer.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_telling_the_office_fits_a_telephone_without_a_barrier(technician: Page):
    """Two touches from the day; the day itself cannot be cut off by it."""
    technician.get_by_role("button", name="tell the office").click()
    dialog = technician.get_by_role("dialog", name="Tell the office")
    happened = dialog.get_by_label("What has happened")
    expect(happened).to_be_visible()
    kinds = happened.get_by_role("option").all_inner_texts()
    assert kinds
    for kind in kinds:
        happened.select_option(kind)
        assert not barriers(technician)
        assert technician.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    dialog.get_by_role("button", name="Go back").click()
    expect(technician.get_by_role("heading", name="Today")).to_be_visible()


def test_every_page_is_reached_from_a_telephone_without_scrolling_sideways(open_page):
    """The menu opens, has no barrier, and leads on; the bar is no wider than the screen."""
    page = sign_in(open_page(PHONE), "manager")
    expect(page.locator("svg.marks")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Webhooks")).to_be_visible()
    assert not barriers(page)
    page.get_by_role("link", name="Tasks").click()
    expect(page).to_have_url(re.compile("/tasks$"))


def test_what_is_set_up_once_opens_by_keyboard(dispatcher: Page):
    dispatcher.get_by_role("button", name="Set-up").press("Enter")
    dispatcher.get_by_role("link", name="Territories").press("Enter")
    expect(dispatcher.get_by_role("heading", name="Territories")).to_be_visible()
