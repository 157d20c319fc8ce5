"""A dispatcher enters an absence, a technician, a customer and a job in a browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, OpenPage, sign_in
from tests.e2e.test_accessibility import barriers


def test_somebody_who_calls_in_sick_is_entered_from_the_team(dispatcher: Page):
    dispatcher.get_by_role("link", name="Team").click()
    dispatcher.get_by_role("link", name="Ximena Bugueño Milla").click()
    absences = dispatcher.get_by_role("region", name="Absences")
    absences.get_by_text("Add to Absences").click()
    absences.get_by_label("From").fill("2031-05-01")
    absences.get_by_label("Why").fill("at the dentist")
    absences.get_by_role("button", name="Add", exact=True).click()
    expect(dispatcher.get_by_role("status")).to_contain_text("Added.")
    expect(absences).to_contain_text("2031-05-01 at the dentist")
    assert not barriers(dispatcher)
    absences.get_by_role("button", name="Remove 2031-05-01..2031-05-01 at the dentist").click()
    expect(dispatcher.get_by_role("status")).to_contain_text("Removed.")
    expect(dispatcher.get_by_role("region", name="What was changed").first).to_contain_text("at the dentist")


def test_faults_are_said_beside_their_fields_and_can_be_mended(open_page: OpenPage):
    page = sign_in(open_page(DESKTOP, watched=False), "dispatcher", "/console/team/new")
    page.get_by_label("Code").fill("T01")
    page.get_by_role("textbox", name="Name").fill("Eva Soto")
    page.get_by_label("Hours of the week").fill("Mon-Fri 08:00-17:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("There is 'T01' already")
    assert not barriers(page)
    page.get_by_label("Code").fill("T99")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Eva Soto")).to_be_visible()


def test_a_customer_who_calls_gets_a_job_at_an_address_that_is_looked_up(open_page: OpenPage):
    dispatcher = sign_in(open_page(DESKTOP), "dispatcher", "/console/catalogue/job-types/new")
    dispatcher.get_by_role("textbox", name="Name").fill("Radiator service")
    dispatcher.get_by_label("Usual time on site").fill("1h30")
    dispatcher.get_by_role("button", name="Save").click()
    expect(dispatcher.get_by_text("Radiator service").first).to_be_visible()
    dispatcher.get_by_role("link", name="Customers").click()
    dispatcher.get_by_role("link", name="New customer").click()
    dispatcher.get_by_role("textbox", name="Name").fill("Hotel Faro")
    dispatcher.get_by_label("Address", exact=True).fill("Avenida Francisco de Aguirre 12")
    dispatcher.get_by_role("button", name="Save").click()
    dispatcher.get_by_role("link", name="New job").click()
    dispatcher.get_by_label("Kind of work").select_option("Radiator service")
    dispatcher.get_by_role("button", name="Fill in what this kind needs").click()
    expect(dispatcher.get_by_label("Time on site")).to_have_value("90 min")
    expect(dispatcher.get_by_label("Where")).to_have_text("Avenida Francisco de Aguirre 12")
    assert not barriers(dispatcher)
    dispatcher.get_by_role("button", name="Find a time").click()
    expect(dispatcher.get_by_role("list", name="Times that could be promised")).to_be_visible()
    expect(dispatcher.get_by_label("Time on site")).to_have_value("90 min")
    assert not barriers(dispatcher)
    dispatcher.get_by_role("button", name="Enter the job").click()
    expect(dispatcher.get_by_role("status")).to_contain_text("is entered")
    dispatcher.get_by_role("link", name="Promise a time").click()
    dispatcher.wait_for_url("**/promise")
    assert not barriers(dispatcher)


@pytest.mark.parametrize(
    "path",
    [
        "team",
        "team/1",
        "team/1/edit?part=work",
        "team/holidays",
        "catalogue",
        "customers/1",
        "customers/1/jobs/new",
        "jobs/1/edit",
        "events/new?kind=emergency&q=Caf%C3%A9",
        "events/new?kind=emergency&customer=new",
        "events/new?kind=emergency&customer=1",
        "events/new?kind=emergency&job=2",
    ],
)
def test_every_page_of_entry_fits_a_telephone_and_has_no_barrier(open_page: OpenPage, path: str):
    page = sign_in(open_page(PHONE), "dispatcher", f"/console/{path}")
    expect(page.locator("h1")).to_be_visible()
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not barriers(page)
