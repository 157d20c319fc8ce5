"""Forms of one row: stored as they say, refused by field, and never over what somebody else has changed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.entry.effects import list_effects
from dispatch.entry.forms import WrongFields, add_item, open_form, remove_item, save_form
from dispatch.entry.history import list_history
from dispatch.errors import Conflict, NotFound
from dispatch.events import list_events_of
from dispatch.models import Asset, Contract, Customer, JobType, Part, Technician, Territory
from dispatch.planning.shifts import find_shift
from tests.dispatch.town import MONDAY, MORNING, at, job, plan, settle, technician, territory, user_of

pytestmark = pytest.mark.both_databases


@pytest.fixture
def town(session_factory):
    """One technician, one job of one customer, a second territory."""
    settle(session_factory, [technician()], [job()], [territory(), territory("Coast")])
    return session_factory


def save(town, table, row_id, version=1, **cells):
    with town.begin() as session:
        who = user_of(session, "EVE", "dispatcher")
        return save_form(session, table, row_id, cells, version, MORNING, who.id).id


def add(town, key, table="technicians", **given):
    with town.begin() as session:
        add_item(session, table, 1, key, given, MORNING, None)


def test_a_change_is_told_with_what_was_and_what_is(town):
    """In the words of the form; what it does not ask stays."""
    save(town, "technicians", 1, name="Ana Soto", max_visits="5")
    with town() as session:
        row = session.get(Technician, 1)
        [event] = list_events_of(session, row)
        [change] = list_history(session, row)
        assert (row.name, row.max_visits, row.version, row.home.address) == ("Ana Soto", 5, 2, "Home")
        assert [one.name for one in row.skills] == ["gas"]
    assert (event.kind, event.user.role) == ("technician changed", "dispatcher")
    assert (event.before, event.after) == (
        {"name": "Technician T1", "max_visits": None},
        {"name": "Ana Soto", "max_visits": 5},
    )
    assert ("name", "Technician T1", "Ana Soto") in change.facts


def test_a_form_that_changes_nothing_leaves_no_trace(town):
    """No version, no event."""
    with town() as session:
        cells = open_form(session, "technicians", 1).cells
    save(town, "technicians", 1, **cells)
    with town() as session:
        row = session.get(Technician, 1)
        assert (row.version, list_events_of(session, row)) == (1, [])


def test_a_form_opened_before_somebody_elses_change_is_refused(town):
    """Nothing of it is stored."""
    save(town, "customers", 1, name="Li")
    with pytest.raises(Conflict, match="version 1, now 2"):
        save(town, "customers", 1, name="Lo")
    with town() as session:
        assert session.get(Customer, 1).name == "Li"


def test_all_that_is_wrong_is_said_at_once_by_field(town):
    """And nothing is stored."""
    with pytest.raises(WrongFields) as wrong:
        save(town, "technicians", None, 0, code="T1", name="", hours="always", territory="Moon", pace_percent="fast")
    assert set(wrong.value.fields) == {"code", "name", "hours", "territory", "pace_percent"}
    assert wrong.value.fields["code"] == ["There is 'T1' already. Choose another."]
    with town() as session:
        assert session.scalars(select(Technician.code)).all() == ["T1"]


@pytest.mark.parametrize(("table", "model"), [("technicians", Technician), ("customers", Customer)])
def test_an_e_mail_address_is_looked_at_when_it_is_a_new_one(town, table, model):
    """One from before they were checked keeps nobody from changing something else."""
    with pytest.raises(WrongFields) as wrong:
        save(town, table, 1, email="a@[")
    assert wrong.value.fields == {
        "email": ["'a@[' is no e-mail address: '[' cannot be after the @. Write one such as name@example.org."]
    }
    with town.begin() as session:
        session.get(model, 1).email = "a@["
    save(town, table, 1, 2, name="Li", email="a@[")
    save(town, table, 1, 3, name="Lo")
    with town() as session:
        assert (session.get(model, 1).name, session.get(model, 1).email) == ("Lo", "a@[")
    save(town, table, 1, 4, email="li@example.org")


def test_a_customer_their_asset_and_their_contract_are_entered(town):
    """The asset stands where the customer is; each is told."""
    customer = save(town, "customers", None, 0, name="Li", address="Main Street 1", location="-29.9, -71.25")
    asset = save(town, "assets", None, 0, customer_id=str(customer), name="Lift", serial="S-1")
    hours = "Mon-Fri 08:00-12:00\nMon-Fri 14:00-18:00"
    terms = {"name": "Gold", "starts_on": "2026-01-01", "respond_within": "4", "hours": hours, "zone": ""}
    contract = save(town, "contracts", None, 0, customer_id=str(customer), **terms)
    with town() as session:
        lift, gold = session.get(Asset, asset), session.get(Contract, contract)
        assert (lift.customer.name, lift.location.address, lift.serial) == ("Li", "Main Street 1", "S-1")
        assert (gold.respond_within_s, len(gold.hours), gold.zone) == (4 * 3600, 10, "America/Santiago")
        assert [one.kind for row in (lift.customer, lift, gold) for one in list_events_of(session, row)] == [
            "customer added",
            "asset added",
            "contract added",
        ]
    with pytest.raises(WrongFields) as wrong:
        save(town, "contracts", None, 0, customer_id=str(customer), **terms)
    assert set(wrong.value.fields) == {"name"}
    with pytest.raises(WrongFields) as wrong:
        save(town, "assets", None, 0, customer_id="", name="Door")
    assert "customer" in wrong.value.fields


def test_a_kind_of_work_names_its_parts_in_the_catalogue(town):
    """Its steps keep their order; a second form renames it."""
    kind = save(
        town, "job-types", None, 0, name="Repair", service="1h30", skills="gas:2", parts="valve:1\ntap:2",
        checklist="Close the tap (required)\nSweep",
    )  # fmt: skip
    save(town, "job-types", kind, name="Big repair")
    with town() as session:
        row = session.get(JobType, kind)
        assert (row.name, row.service_s, [(one.text, one.required) for one in row.checklist]) == (
            "Big repair", 5400, [("Close the tap", True), ("Sweep", False)],
        )  # fmt: skip
        assert session.scalars(select(Part.name).order_by(Part.name)).all() == ["tap", "valve"]


@pytest.mark.parametrize(
    ("key", "given", "expected"),
    [
        ("absences", {"from": "2026-12-01", "to": "", "reason": "ill; at home"}, "2026-12-01..2026-12-01 ill, at home"),
        ("skills", {"name": "lifts", "level": "", "until": "2027-01-31"}, "lifts:1 until 2027-01-31"),
        ("special_shifts", {"on": "2026-12-24", "starts": "08:00", "ends": "12:00"}, "2026-12-24 08:00-12:00"),
        ("loans", {"from": "2026-12-01", "to": "2026-12-02", "territory": "Coast"}, "2026-12-01..2026-12-02 Coast"),
        (
            "on_call",
            {"from": "2026-11-27T17:00", "until": "2026-11-28T08:00", "territory": "Coast"},
            "2026-11-27 17:00..2026-11-28 08:00 Coast",
        ),
        ("limits", {"most": "10", "unit": "visits", "period": "week"}, "10 visits a week"),
        ("limits", {"most": "40", "unit": "hours", "period": "month"}, "40 h a month"),
        ("capacity", {"part": "valve", "count": "3"}, "valve:3"),
    ],
)
def test_an_item_is_put_into_a_list_and_taken_out_again(town, key, given, expected):
    """Once: what is there no more cannot be taken out."""
    add(town, key, **given)
    with town() as session:
        assert expected in open_form(session, "technicians", 1).cells[key].split("; ")
        assert session.get(Technician, 1).version == 2
    for again in (False, True):
        with town.begin() as session:
            if again:
                with pytest.raises(Conflict, match="already"):
                    remove_item(session, "technicians", 1, key, expected, MORNING, None)
            else:
                remove_item(session, "technicians", 1, key, expected, MORNING, None)
    with town() as session:
        assert expected not in open_form(session, "technicians", 1).cells[key]


def test_the_last_loan_of_somebody_borrowed_is_not_taken_away_unsaid(town):
    """It was called off, and without any they would be there on all days."""
    save(town, "technicians", 1, kind="borrowed", loans="2026-11-24 Coast; 2026-11-26 Coast")
    with town.begin() as session:
        remove_item(session, "technicians", 1, "loans", "2026-11-26..2026-11-26 Coast", MORNING, None)
    with pytest.raises(WrongFields, match="on all days, until further notice"), town.begin() as session:
        remove_item(session, "technicians", 1, "loans", "2026-11-24..2026-11-24 Coast", MORNING, None)
    with town() as session:
        assert find_shift(session.get(Technician, 1), MONDAY, "UTC") is None


@pytest.mark.parametrize("meant", [{"active": "no"}, {"kind": "contractor"}])
def test_a_form_that_says_what_is_meant_takes_the_last_loan_of_somebody_borrowed_away(town, meant):
    """Nobody borrows them any more, or they stay; the form alone leaves it open."""
    save(town, "technicians", 1, kind="borrowed", loans="2026-11-24 Coast")
    with pytest.raises(WrongFields, match="not active"):
        save(town, "technicians", 1, 2, loans="")
    save(town, "technicians", 1, 2, loans="", **meant)
    with town() as session:
        assert session.get(Technician, 1).borrowed_days == []


def test_a_skill_entered_again_is_changed(town):
    """Its level, and until when; without a last day it holds for good."""
    add(town, "skills", name="Gas", level="4", until="2027-01-31")
    add(town, "skills", name="gas", level="5", until="")
    with town() as session:
        [skill] = session.get(Technician, 1).skills
        assert (skill.level, skill.expires_on) == (5, None)


def test_holidays_belong_to_a_territory(town):
    """A name alone is none."""
    add(town, "holidays", "holidays", on="2026-12-25", name="Christmas")
    with town() as session:
        assert [(str(one.on), one.name) for one in session.get(Territory, 1).holidays] == [("2026-12-25", "Christmas")]
    with pytest.raises(WrongFields):
        add(town, "holidays", "holidays", on="", name="Christmas")


def test_what_is_not_there_is_not_found(town):
    """A table, a row, a list."""
    for table, row_id in (("moons", 1), ("technicians", 99)):
        with town() as session, pytest.raises(NotFound):
            open_form(session, table, row_id)
    with pytest.raises(NotFound):
        save(town, "customers", 99, name="Li")
    with pytest.raises(NotFound):
        add(town, "absences", "customers", **{"from": "2026-12-01"})


@pytest.mark.parametrize(
    ("key", "given", "why"),
    [
        ("absences", {"from": str(MONDAY), "reason": "ill"}, "there is no shift that day"),
        ("special_shifts", {"on": str(MONDAY), "starts": "16:00", "ends": "20:00"}, "the shift does not hold them"),
        ("skills", {"name": "gas", "level": "1"}, "they need gas"),
    ],
)
def test_what_is_planned_already_and_does_not_fit_any_more_is_said(town, key, given, why):
    """With what happens then; a change that touches no plan says nothing."""
    settle(town, [technician()], [job(skills={"gas": 2})], [territory()])
    plan(town, now=MORNING)
    with town() as session:
        assert list_effects(session, session.get(Technician, 1), MORNING) == []
    add(town, key, **given)
    with town() as session:
        said = list_effects(session, session.get(Technician, 1), MORNING)
        assert said == [
            f"1 planned stop of Technician T1 on {MONDAY} will need another technician or another time: {why}.",
            "A new plan is proposed by itself within minutes.",
        ]
        assert list_effects(session, session.get(Technician, 1), at(23)) == [], "what is over needs nobody"


@pytest.mark.parametrize(
    ("loses", "why"),
    [
        ("the loan", "they are in Coast, where Technician T1 is not sent that day"),
        ("the parts", "the van does not carry pump"),
        ("a visit", "1 visit a day is the most"),
    ],
)
def test_loans_parts_and_most_visits_keep_somebody_from_what_is_planned_too(town, loses, why):
    """Lent to the coast on Monday, with two pumps for two visits there."""
    lent = {"territory": "Coast", "parts": {"pump": 1}}
    settle(town, [technician(capacity={"pump": 2})], [job("J1", **lent), job("J2", **lent)], [territory("Coast")])
    add(town, "loans", **{"from": str(MONDAY), "to": str(MONDAY), "territory": "Coast", "reason": ""})
    plan(town, now=MORNING)
    with town.begin() as session:
        who = session.get_one(Technician, 1)
        assert list_effects(session, who, MORNING) == []
        if loses == "the loan":
            who.borrowed_days = []
        elif loses == "the parts":
            who.van_stock = []
        else:
            who.max_visits = 1
        session.flush()
        first, _ = list_effects(session, who, MORNING)
    assert first.endswith(f"will need another technician or another time: {why}.")
    assert first.startswith("1 planned stop " if loses == "a visit" else "2 planned stops ")


def test_that_a_tentative_plan_is_made_again_is_said_of_the_night_and_not_of_minutes(town):
    """Nothing plans it again because of what changes meanwhile."""
    later = MONDAY + timedelta(days=4)
    settle(town, [technician()], [job(on=later)], [territory()])
    plan(town, on=later, now=MORNING)
    add(town, "absences", **{"from": str(later), "reason": "ill"})
    with town() as session:
        _, then = list_effects(session, session.get_one(Technician, 1), MORNING)
    assert then == f"The plan of {later} is tentative: this is mended when that day is planned again."
