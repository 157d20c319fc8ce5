"""The story of docs/a-bad-day.md, played on the screens: two ill, an emergency, an overrun, a cancellation."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from dispatch.living.incidents import list_incidents
from dispatch.models import PlanVersion
from dispatch.planning.facts import find_published
from dispatch.planning.wanted import list_wanted_jobs
from tests.e2e.conftest import DESKTOP, PATIENCE_MS, OpenPage, sign_in
from tests.e2e.living_city import MONDAY, City, at, living_city
from tests.e2e.test_accessibility import barriers

SLOW_MS = 6 * PATIENCE_MS
"""This process serves too: a draft waits until the routes of the board that was left are worked out."""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The sample city, planned at six in the morning."""
    with living_city(tmp_path_factory.mktemp("bad-day")) as running:
        yield running


@pytest.fixture
def office(open_page: OpenPage, city: City) -> Page:
    """The dispatcher's desktop; pages of this server have no stream of events, which they say is an error."""
    page = open_page(DESKTOP, watched=False, address=city.address)
    page.set_default_timeout(SLOW_MS)
    return sign_in(page, "dispatcher", f"/console?on={MONDAY}")


def published(city: City) -> PlanVersion:
    with city.session_factory() as session:
        plan = find_published(session, MONDAY)
        assert plan is not None
        return plan


def busiest(city: City, skip: int = 0) -> tuple[int, str]:
    """The technician with the most visits, or the next but so many: id and name."""
    routes = sorted(published(city).routes, key=lambda one: (-len(one.stops), one.technician.code))
    return routes[skip].technician_id, routes[skip].technician.name


def report(page: Page, kind: str) -> None:
    """Two clicks from the board to the form."""
    page.goto(f"/console?on={MONDAY}")
    page.get_by_role("link", name="Report event").click()
    page.get_by_role("link", name=kind).click()


def publish_draft(page: Page, city: City) -> None:
    """What waits is looked at and published."""
    page.goto(f"/console/draft?on={MONDAY}")
    before = published(city).version
    page.get_by_role("button", name="Publish as decided").click()
    page.wait_for_url(re.compile(r"/console\?on="))
    assert published(city).version > before


def open_event(page: Page, title: str) -> None:
    """Its page, loaded: what it does not show by then it does not have."""
    page.goto(f"/console/events?on={MONDAY}")
    page.get_by_role("link", name=title, exact=True).first.click()
    page.wait_for_url(re.compile(r"/console/events/\d+$"))


def test_a_bad_day(city: City, office: Page) -> None:
    """Everybody knows in the end what has happened, and no job is lost without a word."""
    # Half past seven: two call in ill. One draft gives their visits to others; nothing moves before it is published.
    city.now = at(7, 30)
    (first_id, first), (second_id, second) = busiest(city), busiest(city, 1)
    for name in (first, second):
        report(office, "Technician ill")
        office.get_by_label("Who").select_option(label=name)
        office.get_by_label("In words").fill("Called in with a fever")
        office.get_by_role("button", name="Report it").click()
        expect(office.get_by_role("heading", name="Technician ill")).to_be_visible()
        expect(office.get_by_role("status")).to_contain_text("A repair is being worked out")
        assert city.turn_scheduler() == 1
        expect(office.get_by_role("heading", name="A draft waits for decisions")).to_be_visible()  # by itself
        assert not barriers(office)
    office.goto(f"/console?on={MONDAY}")
    expect(office.locator("#alerts")).to_contain_text(first)
    expect(office.locator("#alerts")).to_contain_text("Decide about the draft.")
    publish_draft(office, city)
    assert not {first_id, second_id} & {one.technician_id for one in published(city).routes if one.stops}

    # Half past nine: a job takes two hours longer. Those who wait are told of before they notice.
    city.live_until(at(9, 30))
    on_site = [(stop, one) for one in published(city).routes for stop in one.stops if stop.status == "on_site"]
    stop, route = max(on_site, key=lambda both: (len(both[1].stops), both[0].id))
    report(office, "Job overrunning")
    office.get_by_label("Which visit").select_option(str(stop.job_id))
    office.get_by_label("How much longer than planned, in minutes").fill("120")
    office.get_by_role("button", name="Report it").click()
    expect(office.get_by_role("heading", name="Job overrunning")).to_be_visible()
    assert city.turn_scheduler() == 1
    open_event(office, "Job overrunning")
    if office.get_by_role("link", name="Look at the draft").is_visible():
        publish_draft(office, city)
    open_event(office, "Job overrunning")
    expect(office.get_by_role("heading", name="Repaired")).to_be_visible()

    # Ten: people are stuck in a lift. The dispatcher sees who can come and whom that displaces, and sends somebody.
    city.live_until(at(10), but=frozenset([route.technician_id]))
    report(office, "Emergency job")
    office.get_by_label("Find").fill("Condominio")
    office.get_by_role("button", name="Find").click()
    office.locator(".fs-choices a").first.click()
    office.get_by_label("What is wrong").fill("People stuck in the lift")
    office.get_by_label("Skill needed").select_option("lifts")
    office.get_by_label("Takes, in minutes").fill("30")
    office.get_by_label("Somebody must be there by").fill("12:00")
    office.get_by_role("button", name="Show who can come").click()
    expect(office.get_by_role("heading", name="Who can come")).to_be_visible()
    office.get_by_role("button", name=re.compile("^Send .* now$")).first.click()
    office.wait_for_url(re.compile(r"/console\?on="))
    served = {one.job.title for r in published(city).routes for one in r.stops}
    assert "People stuck in the lift" in served

    # Eleven: a customer cancels. The visit is struck off, for a reason, and its time may go to somebody else.
    city.live_until(at(11), but=frozenset([route.technician_id]))
    cancelled = next(one for r in published(city).routes for one in reversed(r.stops) if one.status == "planned")
    report(office, "Cancellation")
    office.get_by_label("Which visit").select_option(str(cancelled.job_id))
    office.get_by_label("Why").fill("The tenant has moved out")
    office.get_by_role("button", name="Report it").click()
    expect(office.get_by_role("heading", name="Cancellation")).to_be_visible()
    assert city.turn_scheduler() == 1
    open_event(office, "Cancellation")
    if office.get_by_role("link", name="Look at the draft").is_visible():
        publish_draft(office, city)

    # In the end the list says of each what was done, and every job of the day is somewhere.
    office.goto(f"/console/events?on={MONDAY}")
    over = office.locator("section[aria-labelledby=over-title]")
    for title in ("Technician ill", "Job overrunning", "Emergency job", "Cancellation"):
        expect(over).to_contain_text(title)
    expect(over).to_contain_text(first)
    expect(over).to_contain_text(second)
    with city.session_factory() as session:
        kinds = {one.kind for one in list_incidents(session, MONDAY, ["open"])}
        assert kinds <= {"will_be_late", "phone_silent"}
        plan = published(city)
        known = {one.job_id for r in plan.routes for one in r.stops} | {one.job_id for one in plan.unassigned}
        wanted = {job.id for job in list_wanted_jobs(session, MONDAY, now=city.now, zone=plan.zone)}
        assert wanted <= known
    office.goto(f"/console?on={MONDAY}")
    expect(office.locator("#unassigned-count")).not_to_have_text("0")
    shown = int(office.locator("#unassigned-count").inner_text())
    assert shown == len([one for one in published(city).unassigned if one.job_id in wanted])
