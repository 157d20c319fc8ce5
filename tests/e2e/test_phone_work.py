"""Work at a visit on a phone: steps, parts, photos and notes, with a network and without."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PATIENCE_MS, PHONE, OpenPage, sign_in
from tests.e2e.phones import open_last_stop, write_note
from tests.e2e.test_accessibility import barriers

WORKING = """fetch("/phone/api/day?on=" + document.body.dataset.today).then((r) => r.json()).then(
  (day) => day.stops.find((s) => s.status === "planned" && s.checks.some((c) => c.required) && s.parts.length))"""
SENDING_MS = 4 * PATIENCE_MS
"""The page says that it has sent what waits when it has sent all of it, a photo too."""
DAY_IS_NOT_READ = """() => { const real = window.fetch; window.fetch = (asked, ...more) =>
  String(asked).startsWith("/phone/api/day") ? Promise.reject(new TypeError("no network")) : real(asked, ...more); }"""
STORED = """(id) => fetch("/phone/api/day?on=" + document.body.dataset.today).then((r) => r.json()).then(
  (day) => day.stops.find((s) => s.stop_id === id))"""


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """The technician's phone, which a missing network is no failure of."""
    page = sign_in(open_page(PHONE, watched=False, has_touch=True, is_mobile=True), "technician")
    page.evaluate("navigator.serviceWorker.ready")
    return page


@pytest.fixture
def stop_id(phone: Page) -> int:
    """A visit with required steps and parts, open on the phone."""
    stop = phone.evaluate(WORKING)
    assert stop, "no visit of the demo's technician has required steps and parts"
    phone.goto(f"/phone#stop-{stop['stop_id']}")
    phone.reload()
    return int(stop["stop_id"])


def picture() -> bytes:
    out = BytesIO()
    Image.effect_noise((2_400, 1_800), 60).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def test_a_day_without_a_network_reaches_the_server_when_there_is_one_again(phone: Page, stop_id: int):
    """Driving, arriving, every step, a photo and a note: kept on the phone, also when the page is opened anew."""
    phone.context.set_offline(True)
    phone.get_by_role("button", name="I am here").click()
    phone.get_by_role("button", name="Work is done").click()
    expect(phone.get_by_role("alert").filter(has_text="Not done yet")).to_be_visible()
    for step in phone.get_by_role("checkbox").all():
        step.check()
    phone.get_by_role("button", name="One more").first.click()
    photo = {"name": "leak.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    phone.locator("#take-photo").set_input_files(photo)
    expect(phone.get_by_text("not sent yet")).to_be_visible()
    phone.get_by_label("Write down what you saw").fill("The dog bites.")
    phone.get_by_role("button", name="Keep this note").click()
    expect(phone.get_by_text("The dog bites.")).to_be_visible()
    assert not barriers(phone)
    phone.reload()
    expect(phone.get_by_role("status").filter(has_text="kept on this phone and sent later")).to_be_visible()
    expect(phone.get_by_text("The dog bites.")).to_be_visible()
    phone.get_by_role("button", name="Work is done").click()
    expect(phone.get_by_role("region", name="Status").locator("[aria-current=step]")).to_have_text("Done")
    phone.context.set_offline(False)
    expect(phone.get_by_text("kept on this phone")).to_be_hidden(timeout=SENDING_MS)
    expect(phone.locator(".fs-photos a img")).to_have_count(1)
    stored = phone.evaluate(STORED, stop_id)
    assert stored["status"] == "done"
    assert all(check["done"] for check in stored["checks"])
    assert stored["parts"][0]["used"] == stored["parts"][0]["count"] + 1
    assert [note["text"] for note in stored["written"]] == ["The dog bites."]
    assert len(stored["photos"]) == 1


def test_what_the_server_does_not_take_is_said_until_somebody_has_read_it(phone: Page, open_page: OpenPage):
    """While the phone was without a network, the office cancelled the visit; only then did they set out."""
    stop = phone.evaluate(WORKING.replace("&& s.checks.some((c) => c.required) && s.parts.length", ""))
    phone.goto(f"/phone#stop-{stop['stop_id']}")
    phone.reload()
    phone.context.set_offline(True)
    office = sign_in(open_page(watched=False), "dispatcher", "/console/team")
    answer = office.evaluate(
        """([id, reason]) => fetch(`/console/api/jobs/${id}/status`, {method: "POST", headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content},
        body: JSON.stringify({status: "cancelled", reason})}).then((r) => r.status)""",
        [stop["job_id"], "The customer called it off."],
    )
    assert answer == 200
    phone.get_by_role("button", name="Start driving").click()
    expect(phone.get_by_text("1 report is kept on this phone")).to_be_visible()
    phone.context.set_offline(False)
    refused = phone.get_by_role("alert").filter(has_text="Not taken")
    expect(refused).to_contain_text("cancelled by now")
    phone.reload()
    expect(refused).to_be_visible()
    refused.get_by_role("button", name="I have read this").click()
    expect(refused).to_be_hidden()
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    expect(refused).to_be_hidden()


def test_nobody_signs_out_with_reports_that_are_on_the_phone_alone(phone: Page):
    stop = phone.evaluate(WORKING.replace("&& s.checks.some((c) => c.required) && s.parts.length", ""))
    phone.goto(f"/phone#stop-{stop['stop_id']}")
    phone.reload()
    phone.context.set_offline(True)
    phone.get_by_label("Write down what you saw").fill("Ring twice.")
    phone.get_by_role("button", name="Keep this note").click()
    expect(phone.get_by_text("1 report is kept on this phone")).to_be_visible()
    phone.get_by_role("link", name="Back to the day").click()
    phone.get_by_role("button", name="Sign out").click()
    expect(phone.get_by_role("alert").filter(has_text="on this phone alone")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.get_by_text("kept on this phone")).to_be_hidden()
    phone.get_by_role("button", name="Sign out").click()
    phone.wait_for_url("**/login")
    assert phone.evaluate("caches.keys()") == ["wrenchtime-files"], "whoever uses the phone next finds nothing"


def test_the_office_is_told_without_a_network_and_hears_of_it_once(phone: Page):
    """Late, from a cellar: kept on the phone, there after it is opened anew, and sent when there is a network."""
    phone.reload()  # kept for when there is no network
    phone.context.set_offline(True)
    phone.get_by_role("button", name="tell the office").click()
    dialog = phone.get_by_role("dialog", name="Tell the office")
    dialog.get_by_label("What has happened").select_option("I am late")
    dialog.get_by_label("By how many minutes").fill("25")
    dialog.get_by_label("In words").fill("Flat tyre")
    assert not barriers(phone)
    dialog.get_by_role("button", name="Tell the office").click()
    kept = phone.get_by_text("1 report is kept on this phone")
    expect(kept).to_be_visible()
    phone.reload()
    expect(kept).to_be_visible()
    phone.get_by_role("button", name="tell the office").click()
    expect(dialog.get_by_text("not sent yet")).to_contain_text("“Flat tyre”")
    dialog.get_by_role("button", name="Go back").click()
    phone.context.set_offline(False)
    expect(phone.get_by_text("kept on this phone")).to_be_hidden()
    phone.reload()
    phone.get_by_role("button", name="tell the office").click()
    told = dialog.get_by_role("list", name="What you have told today").get_by_role("listitem")
    expect(told.filter(has_text="Flat tyre")).to_have_count(1)
    expect(dialog.get_by_text("not sent yet")).to_be_hidden()


def test_what_the_office_sends_is_new_on_the_phone_until_it_is_opened(phone: Page, open_page: OpenPage):
    """The open phone shows it by itself; opened once, it is new no more, also after a reload."""
    stop = phone.evaluate(WORKING.replace("&& s.checks.some((c) => c.required) && s.parts.length", ""))
    office = sign_in(open_page(watched=False), "dispatcher", "/console/team")
    answer = office.evaluate(
        """(id) => fetch(`/console/api/jobs/${id}/status`, {method: "POST", headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content},
        body: JSON.stringify({status: "dispatched"})}).then((r) => r.status)""",
        stop["job_id"],
    )
    assert answer == 200
    card = phone.locator(f".fs-stop-card[href='#stop-{stop['stop_id']}']")
    expect(card.get_by_text("New", exact=True)).to_be_visible()
    assert not barriers(phone)
    card.click()
    phone.get_by_role("link", name="Back to the day").click()
    expect(card.get_by_text("New", exact=True)).to_be_hidden()
    phone.reload()
    expect(card).to_be_visible()
    expect(card.get_by_text("New", exact=True)).to_be_hidden()


def test_what_the_server_has_taken_stays_on_the_phone_where_the_day_is_not_read_after_it(phone: Page):
    """The network goes in between: nobody is shown as undone what they have done."""
    phone.reload()  # kept for when there is no network
    open_last_stop(phone)
    phone.evaluate(DAY_IS_NOT_READ)
    with phone.expect_response("**/phone/api/stops/*/notes"):
        write_note(phone, "The cellar is locked.")
    note = phone.get_by_role("listitem").filter(has_text="The cellar is locked.")
    expect(note.filter(has_text="not sent yet")).to_be_hidden()
    expect(phone.locator("body:not(.is-sending)")).to_be_visible()
    expect(note).to_be_visible()
    phone.context.set_offline(True)
    phone.reload()
    expect(note).to_be_visible()
    phone.context.set_offline(False)
    phone.reload()
    expect(note).to_have_count(1)
