"""The story of docs/a-bad-day.md, played on the screens: two ill, an emergency, an overrun, a cancellation."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dispatch.accounts.users import add_user
from dispatch.demo.users import PASSWORD
from dispatch.living.incidents import list_incidents
from dispatch.models import PlanVersion, Technician, User
from dispatch.planning.facts import find_published
from dispatch.planning.wanted import list_wanted_jobs
from tests.e2e.conftest import DESKTOP, PATIENCE_MS, PHONE, OpenPage, sign_in, sign_in_as
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


@pytest.fixture
def open_phone(open_page: OpenPage, city: City) -> Callable[[int], Page]:
    """`open_phone(technician_id)`: their day on their phone."""

    def open_one(technician_id: int) -> Page:
        with city.session_factory.begin() as session:
            code = session.get_one(Technician, technician_id).code
            user = session.scalars(select(User).where(User.technician_id == technician_id)).first() or add_user(
                session, email=f"{code}@city.example", name=code, role="technician", password=PASSWORD,
                technician_code=code,
            )  # fmt: skip
            email = user.email
        page = open_page(PHONE, watched=False, address=city.address, has_touch=True, is_mobile=True)
        page.set_default_timeout(SLOW_MS)
        return sign_in_as(page, email)

    return open_one


def published(city: City) -> PlanVersion:
    with city.session_factory() as session:
        plan = find_published(session, MONDAY)
        assert plan is not None
        return plan


def busiest(city: City, skip: int = 0) -> tuple[int, str]:
    """The technician with the most visits, or the next but so many: id and name."""
    routes = sorted(published(city).routes, key=lambda one: (-len(one.stops), one.technician.code))
    return routes[skip].technician_id, routes[skip].technician.name


def who_waits_most(city: City, *but: int) -> tuple[int, str]:
    """The technician with the most visits that have not begun, and is none of these: id and name."""
    routes = [one for one in published(city).routes if one.technician_id not in but]
    most = max(routes, key=lambda one: (sum(stop.status == "planned" for stop in one.stops), one.id))
    return most.technician_id, most.technician.name


def jobs_of(city: City, technician_id: int) -> set[int]:
    """The jobs on their route."""
    return {one.job_id for r in published(city).routes if r.technician_id == technician_id for one in r.stops}


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


def tell_overrun(phone: Page, job_id: int) -> None:
    """The technician says on the phone that the visit takes two hours longer."""
    phone.get_by_role("button", name="tell the office").click()
    dialog = phone.get_by_role("dialog", name="Tell the office")
    dialog.get_by_label("What has happened").select_option("This visit takes longer")
    dialog.get_by_label("Which visit").select_option(str(job_id))
    dialog.get_by_label("By how many minutes").fill("120")
    with phone.expect_response("**/phone/api/happened") as answer:
        dialog.get_by_role("button", name="Tell the office").click()
    assert answer.value.status == 201


def test_a_bad_day(city: City, office: Page, open_phone: Callable[[int], Page]) -> None:
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

    # Half past nine: a job takes two hours longer, says the phone. Those who wait are called before they notice.
    city.live_until(at(9, 30))
    on_site = [(stop, one) for one in published(city).routes for stop in one.stops if stop.status == "on_site"]
    stop, route = max(on_site, key=lambda both: (len(both[1].stops), both[0].id))
    tell_overrun(open_phone(route.technician_id), stop.job_id)
    office.goto(f"/console?on={MONDAY}")
    expect(office.locator("#alerts")).to_contain_text("Will be late")
    open_event(office, "Will be late")
    expect(office.locator("main a[href^='tel:']").first).to_be_visible()
    expect(office.get_by_role("main")).to_contain_text(re.compile(r"by \d.* expected at \d"))
    assert city.turn_scheduler() == 1
    open_event(office, "Job overrunning")
    expect(office.get_by_role("link", name="Look at the draft")).to_be_visible()
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
    office.get_by_role("button", name=re.compile("^Send .* now, there at ")).first.click()
    office.wait_for_url(re.compile(r"/console\?on="))
    lift = "People stuck in the lift"
    [sent_id] = [r.technician_id for r in published(city).routes if lift in {one.job.title for one in r.stops}]
    expect(open_phone(sent_id).get_by_role("link").filter(has_text=lift)).to_be_visible()

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

    # Somebody is told to be ill by mistake: what others were given comes back, for a reason.
    wrong_id, wrong = who_waits_most(city, route.technician_id, sent_id)
    before = jobs_of(city, wrong_id)
    report(office, "Technician ill")
    office.get_by_label("Who").select_option(label=wrong)
    office.get_by_role("button", name="Report it").click()
    expect(office.get_by_role("heading", name="Technician ill")).to_be_visible()
    assert city.turn_scheduler() == 1
    publish_draft(office, city)
    assert jobs_of(city, wrong_id) < before
    open_event(office, "Technician ill")
    office.get_by_label("Why").fill("It was somebody else of that name")
    office.get_by_role("button", name="Take it back").click()
    expect(office.get_by_role("heading", name="Dismissed")).to_be_visible()
    assert jobs_of(city, wrong_id) == before

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
    left = [one for one in published(city).unassigned if one.job_id in wanted]
    assert left
    expect(office.locator("#unassigned-count")).to_have_text(str(len(left)))
