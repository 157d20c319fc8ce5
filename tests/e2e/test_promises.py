"""What a customer was promised is seen by whoever keeps it: on the board's card, in its table, and on the phone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dispatch.db import make_session_factory
from dispatch.demo.users import PEOPLE
from dispatch.jobs.appointments import promise
from dispatch.models import PlanRoute, PlanVersion, Stop, User
from dispatch.settings import Settings
from tests.e2e.conftest import wait_for_board

PROMISED = re.compile(r"promised \d\d:\d\d–")
SPAN = re.compile(r"\d\d:\d\d–(\d+ \w+ )?\d\d:\d\d")


@pytest.fixture
def stop_id(installation: dict[str, str]) -> int:
    """The technician's last visit today, whose customer was promised the hour that begins in a minute."""
    factory = make_session_factory(Settings.from_env(installation))
    now = datetime.now(UTC)
    with factory.begin() as session:
        by_email = select(User).where(User.email.in_(one.email for one in PEOPLE)).order_by(User.id)
        people = {one.role: one for one in session.scalars(by_email)}  # other tests add people of their own
        who, by = people["technician"], people["dispatcher"]
        stop = session.scalars(
            select(Stop)
            .join(Stop.route)
            .join(PlanRoute.plan)
            .where(PlanVersion.status == "published", PlanRoute.technician_id == who.technician_id)
            .where(Stop.status == "planned")
            .order_by(PlanVersion.on, Stop.position.desc())
        ).first()
        assert stop is not None
        if stop.job.find_promise() is None:
            promise(session, stop.job, now + timedelta(minutes=1), now + timedelta(minutes=61), now, by, is_firm=False)
        found = stop.id
    factory.engine.dispose()
    return found


def test_the_card_and_the_table_of_the_board_say_what_was_promised(stop_id: int, dispatcher: Page):
    wait_for_board(dispatcher).locator(f"[data-key=v{stop_id}]").click()
    card = dispatcher.get_by_role("region", name="Details", exact=True)
    expect(card.locator("dt", has_text="Promised")).to_be_visible()
    expect(card.locator("dt:has-text('Promised') + dd")).to_have_text(SPAN)
    expect(dispatcher.locator(".fs-tl-promise")).to_have_count(1)  # of the visit that is picked alone
    dispatcher.get_by_role("button", name="Table").click()
    expect(dispatcher.get_by_role("row").filter(has_text=PROMISED).first).to_be_visible()


def test_the_phone_says_what_was_promised_in_the_list_and_at_the_visit(stop_id: int, technician: Page):
    technician.get_by_role("link").filter(has_text="Promised").first.click()
    times = technician.get_by_role("region", name="Times")
    expect(times).to_contain_text(re.compile(r"Promised\s*" + SPAN.pattern))
    assert technician.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
