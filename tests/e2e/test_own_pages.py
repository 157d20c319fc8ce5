"""The page of one's own account, and the page of webhooks, in a browser."""

from playwright.sync_api import Page, Route, expect

from dispatch.demo.users import PASSWORD
from tests.e2e.conftest import PHONE, OpenPage, sign_in
from tests.e2e.patience import wait_until
from tests.e2e.test_accessibility import barriers

SENT_AND_STOPPED_TWICE = """async () => {
  const said = () => document.querySelector(".fs-working")?.textContent ?? null;
  const button = [...document.querySelectorAll("button")].find((one) => one.textContent === "Sign out everywhere else");
  const seen = [];
  const look = async (isThere) => {
    for (let tries = 0; (said() !== null) !== isThere && tries < 750; tries++) {
      await new Promise((next) => setTimeout(next, 20));
    }
    seen.push(said());
  };
  for (const _ of "12") {
    button.click();
    await look(true);
    window.stop();
    await look(false);
  }
  return seen;
}"""
"""In the page itself, since nobody looks at one from outside while it is on its way to another."""


def test_a_manager_sees_what_runs_by_the_clock(manager: Page):
    manager.get_by_role("button", name="Set-up").click()
    manager.get_by_role("link", name="Tasks").click()
    expect(manager.get_by_role("rowheader", name="tidy up")).to_be_visible()
    assert not barriers(manager)


def test_somebody_reaches_their_account_from_every_page(manager: Page):
    manager.get_by_role("link", name="your account").click()
    expect(manager.get_by_role("heading", name="Your account")).to_be_visible()
    assert not barriers(manager)


def test_a_technician_reaches_it_from_the_phone(technician: Page):
    technician.get_by_role("link", name="Your account").click()
    expect(technician.get_by_role("button", name="Change the password")).to_be_visible()
    assert not barriers(technician)
    assert technician.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_wrong_present_password_is_refused_in_words(open_page: OpenPage):
    page = sign_in(open_page(PHONE, watched=False), "manager", "/account")
    page.get_by_label("Present password").fill("not the password")
    page.get_by_label("New password (").fill("another battery staple")
    page.get_by_label("New password once more").fill("another battery staple")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("alert")).to_contain_text("The present password is not right.")


def test_a_form_that_takes_long_says_so_and_is_sent_once(open_page: OpenPage):
    """However often its button is pressed meanwhile."""
    sign_in(open_page(), "manager", "/account")
    page, sent = sign_in(open_page(), "manager"), []

    def leave_page(route: Route) -> None:
        sent.append(route.request.url)
        route.fulfill(status=204)  # as if no answer had come yet

    page.route("**/account/sessions/end", leave_page)
    page.goto("/account")
    button = page.get_by_role("button", name="Sign out everywhere else")
    button.click()
    expect(page.get_by_role("status")).to_have_text("Working …")
    button.click()
    assert not barriers(page)
    assert len(sent) == 1


def test_a_form_whose_sending_was_stopped_can_be_sent_again(open_page: OpenPage):
    """Nobody loads the page anew, and loses what they have typed, because they pressed "Stop"."""
    page, sent = sign_in(open_page(), "manager", "/account"), list[Route]()
    page.route("**/account/sessions/end", lambda route: sent.append(route))
    assert page.evaluate(SENT_AND_STOPPED_TWICE) == ["Working …", None, "Working …", None]
    wait_until(page, lambda: len(sent) >= 2)
    assert len(sent) == 2


def test_an_admin_adds_a_webhook_and_switches_it_off(open_page: OpenPage):
    page = sign_in(open_page(), "admin")
    page.get_by_role("button", name="Set-up").click()
    page.get_by_role("link", name="Webhooks").click()
    page.get_by_role("textbox", name="Address").fill("http://127.0.0.1:9/nobody")
    page.get_by_label("Kinds of events").fill("never happens")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("status")).to_contain_text("whsec_")
    assert not barriers(page)
    page.get_by_role("button", name="Switch http://127.0.0.1:9/nobody off").click()
    expect(page.get_by_role("cell", name="switched off")).to_be_visible()


def test_somebody_makes_a_token_reads_what_it_is_good_for_and_revokes_it(open_page: OpenPage):
    page = sign_in(open_page(), "dispatcher", "/account")
    page.get_by_role("link", name="Tokens for programs").click()
    page.get_by_label("For what").fill("Ticket system")
    page.get_by_label("Jobs and how they stand, photos, recurring work: read and write").check()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("status")).to_contain_text("wt_")
    assert not barriers(page)
    page.get_by_role("link", name="What the API offers").click()
    page.get_by_text("Ask for a job").click()
    expect(page.get_by_role("link", name="JobSent").first).to_be_visible()
    assert not barriers(page)
    page.goto("/account/tokens")
    page.get_by_role("button", name="Revoke Ticket system").click()
    expect(page.get_by_role("cell", name="revoked on")).to_be_visible()
