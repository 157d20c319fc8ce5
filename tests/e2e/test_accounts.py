"""Adding somebody and giving them another role, as an admin does it in a browser."""

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, OpenPage, sign_in
from tests.e2e.test_accessibility import barriers


def test_an_admin_adds_a_dispatcher_who_signs_in_and_becomes_a_manager(open_page: OpenPage):
    """The form asks for what the chosen role needs; the link opens the account once; another role takes it over."""
    page = sign_in(open_page(), "admin")
    page.get_by_role("button", name="Set-up").click()
    page.get_by_role("link", name="Accounts").click()
    page.get_by_role("link", name="Add somebody").click()
    page.get_by_label("Name").fill("Eve Ray")
    page.get_by_label("E-mail address").fill("eve@example.org")
    territories = page.get_by_role("group", name="Territories")
    page.get_by_label("Role").select_option("technician")
    expect(page.get_by_label("Which technician")).to_be_visible()
    expect(territories).to_be_hidden()
    page.get_by_label("Role").select_option("dispatcher")
    expect(page.get_by_label("Which technician")).to_be_hidden()
    territories.get_by_role("checkbox").first.check()
    assert not barriers(page)
    page.get_by_role("button", name="Add").click()
    told = page.get_by_role("status")
    expect(told).to_contain_text("Eve Ray is added")
    assert not barriers(page)

    hers = open_page(PHONE)
    hers.goto(told.locator("code").inner_text())
    hers.get_by_label("New password (").fill("another battery staple")
    hers.get_by_label("New password once more").fill("another battery staple")
    hers.get_by_role("button", name="Store the new password").click()
    hers.get_by_label("E-mail address").fill("eve@example.org")
    hers.get_by_label("Password").fill("another battery staple")
    with hers.expect_response("**/console/api/routes**"):
        hers.get_by_role("button", name="Sign in", exact=True).click()
    expect(hers.get_by_text("You see your territories.")).to_be_visible()
    hers.goto("about:blank")  # an open board goes to the page for signing in by itself, in the middle of what follows

    page.get_by_role("link", name="Change the account of Eve Ray").click()
    page.get_by_label("Role").select_option("manager")
    page.get_by_role("button", name="Store").click()
    expect(page.get_by_role("status")).to_have_text("The account of Eve Ray is stored.")
    hers.goto("/")
    expect(hers.get_by_role("heading", name="Sign in")).to_be_visible()
