"""Jobs of a file come in as any other job does: contract and kind of work say what the file does not."""

from datetime import date, time, timedelta

import pytest
from shapely.geometry import box

from data.records import TerritoryRecord
from dispatch.errors import InvalidInput
from dispatch.events import list_events, list_events_of
from dispatch.jobs.intake import store_jobs
from dispatch.models import (
    ChecklistItem,
    Contract,
    ContractHours,
    Customer,
    Job,
    JobPart,
    JobType,
    JobTypePart,
    JobTypeSkill,
    Part,
)
from tests.dispatch.town import CENTRE, MONDAY, SANTIAGO, at, job, job_named, settle, technician, window

OF_KIND = {"job_type": "Repair", "service_s": None, "customer_name": "Hotel", "customer_phone": "1"}


@pytest.fixture
def town(session_factory):
    """A hotel with a contract, and a kind of work that says what it needs."""
    settle(session_factory, [technician("T1"), technician("T2")])
    with session_factory.begin() as session:
        session.add(Part(name="valve"))
        hotel = Customer(name="Hotel", phone="1")
        session.add(hotel)
        session.flush()
        session.add(
            Contract(
                customer_id=hotel.id, name="Gold", starts_on=date(2026, 1, 1), respond_within_s=4 * 3600,
                restore_within_s=12 * 3600, zone=SANTIAGO,
            )
        )  # fmt: skip
        session.add(
            JobType(
                name="Repair", service_s=5400, setup_s=300, priority=30, skills=[JobTypeSkill(name="gas", level=2)],
                parts=[JobTypePart(part="valve", count=1)], checklist=[ChecklistItem(position=1, text="Close the tap")],
            )
        )  # fmt: skip
    return session_factory


def store(factory, *records, now=None):
    with factory.begin() as session:
        return store_jobs(session, records, now or at(10))


@pytest.mark.both_databases
def test_a_job_of_a_file_is_due_by_the_customers_contract(town):
    """From the moment at which it is stored, or at which the file says that the customer called."""
    store(town, job("J1", **OF_KIND), job("J2", **OF_KIND, reported_at=at(7)), job("J3"))
    with town() as session:
        known = {one.number: one for one in session.query(Job)}
        assert known["J1"].contract.name == "Gold"
        terms = {number: (one.reported_at, one.due_at, one.restore_by_at) for number, one in known.items()}
        assert terms == {"J1": (at(10), at(14), at(22)), "J2": (at(7), at(11), at(19)), "J3": (at(10), None, None)}
        assert known["J3"].contract_id is None


@pytest.mark.both_databases
def test_the_clock_of_a_job_for_a_later_day_starts_with_that_day(town):
    """In the business hours of that day; counted from the import it would be late before anybody may come."""
    friday, saturday = date(2026, 11, 27), date(2026, 11, 28)
    with town.begin() as session:
        session.query(Contract).one().hours = [
            ContractHours(weekday=n, opens=time(9), closes=time(17)) for n in range(5)
        ]
    records = [job("J1", **OF_KIND, on=friday), job("J2", **OF_KIND, on=saturday)]
    store(town, *records, job("J3", **OF_KIND, on=friday, reported_at=at(7)), job("J4", **OF_KIND, on=None))
    monday = friday + timedelta(days=3)
    with town() as session:
        known = {one.number: one for one in session.query(Job)}
        assert [known[n].due_at for n in ("J1", "J2", "J3")] == [
            at(13, on=friday), at(13, on=monday), at(13, on=friday),
        ]  # fmt: skip
        assert known["J1"].restore_by_at == at(13, on=monday)
        assert [known[n].reported_at for n in ("J1", "J3")] == [at(10), at(7)]
        assert known["J4"].due_at == at(14)


@pytest.mark.both_databases
def test_a_job_for_a_day_after_the_contract_has_ended_is_under_no_contract(town):
    """And one for the first day of a contract is under that one."""
    with town.begin() as session:
        session.query(Contract).one().ends_on = MONDAY
    store(town, job("J1", **OF_KIND, on=MONDAY), job("J2", **OF_KIND, on=MONDAY + timedelta(days=1)))
    with town() as session:
        under = {one.number: one.contract_id for one in session.query(Job)}
        assert (under["J1"] is None, under["J2"]) == (False, None)


@pytest.mark.both_databases
def test_a_customer_without_a_telephone_in_the_file_is_the_one_of_that_name(town):
    """Else the contract would be passed by, and there would be two of them."""
    store(town, job("J1", **OF_KIND | {"customer_phone": ""}))
    with town() as session:
        assert session.query(Customer).count() == 1
        assert job_named(session, "J1").due_at == at(14)


@pytest.mark.both_databases
def test_a_job_under_a_contract_stays_its_customers(town):
    """A file that names another is refused in a sentence; one without a contract goes to the other."""
    store(town, job("J1", **OF_KIND), job("J2"))
    other = {"customer_name": "Hotel Ltda", "customer_phone": "1"}
    with pytest.raises(InvalidInput) as refused:
        store(town, job("J1", **OF_KIND | other), job("J2", **other))
    assert [one.split(";")[0] for one in refused.value.problems] == [
        "Job J1: it is under the contract 'Gold' of 'Hotel' and stays theirs"
    ]
    store(town, job("J2", **other))
    with town() as session:
        assert [job_named(session, number).customer.name for number in ("J1", "J2")] == ["Hotel", "Hotel Ltda"]


@pytest.mark.both_databases
def test_a_contract_whose_hours_leave_no_time_refuses_its_jobs_by_number(town):
    """All of them at once."""
    with town.begin() as session:
        session.query(Contract).one().hours = [ContractHours(weekday=0, opens=time(9), closes=time(9, 1))]
    with pytest.raises(InvalidInput) as refused:
        store(town, job("J1", **OF_KIND), job("J2"), job("J3", **OF_KIND))
    assert [one.split(": its")[0] for one in refused.value.problems] == [
        "Job J1: Contract 'Gold'", "Job J3: Contract 'Gold'",
    ]  # fmt: skip


@pytest.mark.both_databases
def test_a_job_stays_with_its_customer_while_the_file_says_nothing_else(town):
    """Of two of one name, and with the telephone written in another way."""
    li = {"customer_name": "Li"}
    store(town, job("J1", **li, customer_phone="+56 9 1"), job("J2", **li, customer_phone="2"))
    assert store(town, job("J1", **li), job("J2", **li, customer_phone="(2)")).unchanged == 2
    store(town, job("J3", **li, customer_phone="+569-1"))
    with town() as session:
        phones = {row.number: row.customer.phone for row in session.query(Job)}
        assert phones == {"J1": "+56 9 1", "J2": "2", "J3": "+56 9 1"}
        assert session.query(Customer).filter_by(name="Li").count() == 2


@pytest.mark.both_databases
def test_a_telephone_of_the_only_customer_of_a_name_who_had_none_is_noted(town):
    """So that the job has the customer's contract; the next number of that name is another's."""
    with town.begin() as session:
        session.query(Customer).filter_by(name="Hotel").one().phone = None
    store(town, *(job(f"J{n}", **OF_KIND | {"customer_phone": phone}) for n, phone in enumerate(("7", "8", "(7)"), 1)))
    with town() as session:
        found = {row.number: (row.customer.phone, row.contract_id is not None) for row in session.query(Job)}
        assert found == {"J1": ("7", True), "J2": ("8", False), "J3": ("7", True)}
        told = list_events_of(session, job_named(session, "J1").customer)
        assert [(one.kind, one.after) for one in told] == [("customer changed", {"phone": "7"})]


@pytest.mark.both_databases
def test_a_job_of_a_file_takes_from_its_kind_what_the_file_does_not_say(town):
    """Time, preparation, skills, parts, checklist and priority."""
    store(town, job("J1", **OF_KIND))
    with town() as session:
        row = job_named(session, "J1")
        assert (row.service_s, row.setup_s, row.priority) == (5400, 300, 30)
        assert [(one.name, one.level) for one in row.skills] == [("gas", 2)]
        assert [(one.part, one.count) for one in row.parts] == [("valve", 1)]
        assert [one.text for one in row.checks] == ["Close the tap"]


@pytest.mark.both_databases
def test_what_the_file_says_wins(town):
    """Also that nothing is needed at all; a later start that was agreed on has no time to restore before it."""
    said = {"service_s": 600, "setup_s": 0, "priority": 0, "skills": {}, "parts": {"pump": 2}, "due_at": at(30)}
    store(town, job("J1", **OF_KIND | said), job("J2", **OF_KIND, restore_by_at=at(12)))
    with town() as session:
        row = job_named(session, "J1")
        assert (row.service_s, row.setup_s, row.priority, row.skills) == (600, 0, 0, [])
        assert [(one.part, one.count) for one in row.parts] == [("pump", 2)]
        assert (row.due_at, row.restore_by_at) == (at(30), None)
        assert (job_named(session, "J2").due_at, job_named(session, "J2").restore_by_at) == (at(12), at(12))


@pytest.mark.both_databases
def test_each_job_of_a_file_has_its_own_event(town):
    """Added, changed with what it said before, or nothing at all."""
    store(town, job("J1", **OF_KIND), job("J2"))
    done = store(town, job("J1", **OF_KIND), job("J2", priority=9, skills={"lifts": 1}, windows=(window(at(9), 60),)))
    assert (done.added, done.updated, done.unchanged) == (0, 1, 1)
    with town() as session:
        assert [one.kind for one in list_events(session)] == ["job added", "job added", "job changed"]
        changed = list_events_of(session, job_named(session, "J2"))[-1]
        assert changed.before == {"priority": 0, "skills": {}, "windows": []}
        assert changed.after == {
            "priority": 9,
            "skills": {"lifts": 1},
            "windows": [["2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z"]],
        }


@pytest.mark.both_databases
def test_a_file_that_says_less_changes_nothing_of_the_rest(town):
    """What the contract and the kind of work said stays, as do columns that the file does not have."""
    full = {"windows": (window(at(9), 60),), "notes": "Ring twice", "preferred": frozenset({"T1"})}
    store(town, job("J1", **OF_KIND, **full))
    untold = frozenset({"on", "job_type", "windows", "notes", "preferred", "excluded"})
    store(town, job("J1", service_s=None, customer_name="", on=None, required=frozenset({"T2"}), untold=untold))
    with town() as session:
        row = job_named(session, "J1")
        assert (row.requested_on, row.job_type.name, row.notes, row.service_s) == (MONDAY, "Repair", "Ring twice", 5400)
        assert (row.customer.name, row.due_at, len(row.windows)) == ("Hotel", at(14), 1)
        assert {one.technician.code: one.wish for one in row.wishes} == {"T1": "preferred", "T2": "required"}


@pytest.mark.both_databases
def test_a_job_keeps_address_and_territory_of_which_a_file_tells_nothing(town):
    """In a town without outlines also where it moves; one that is told and empty is taken away."""
    store(town, job("J1"))
    untold = frozenset({"address", "territory"})
    store(town, job("J1", address="", territory=None, priority=9, untold=untold))
    moved = (CENTRE[0], CENTRE[1] - 0.02)
    with town() as session:
        row = job_named(session, "J1")
        assert (row.priority, row.location.address, row.territory.name) == (9, "Street of J1", "Town")
        place = row.location_id
    store(town, job("J1", address="", territory=None, location=moved, untold=untold))
    with town() as session:
        row = job_named(session, "J1")
        assert (row.location.point, row.location.address, row.territory.name) == (moved, "Street of J1", "Town")
        assert row.location_id != place
    store(town, job("J1", address="", territory=None, location=moved))
    with town() as session:
        assert (job_named(session, "J1").location.address, job_named(session, "J1").territory) == ("", None)


def test_a_job_that_moves_gets_the_territory_that_holds_it_unless_the_file_says_another(session_factory):
    """One that stays keeps the territory that somebody gave it, wherever it lies; workbooks keep one digit less."""
    here, there = (box(x, -30, x + 0.2, -29.8) for x in (-71.3, -71.1))
    areas = [TerritoryRecord("Town", SANTIAGO, here), TerritoryRecord("Coast", SANTIAGO, there)]
    settle(session_factory, [], [job("J1", territory="Coast"), job("J2")], areas)
    untold = {"territory": None, "untold": frozenset({"territory"})}
    nearly_there = (CENTRE[0] + 1e-14, CENTRE[1] - 0.01)
    store(session_factory, job("J1", location=nearly_there, **untold), job("J2", location=(-29.9, -71.0), **untold))
    with session_factory() as session:
        assert {row.number: row.territory.name for row in session.query(Job)} == {"J1": "Coast", "J2": "Coast"}


@pytest.mark.both_databases
def test_parts_that_were_used_stay_with_the_job_that_a_file_brings_again(town):
    """The van has them no more; what nobody used and the file does not name goes."""
    store(town, job("J1", parts={"valve": 1, "pump": 1}))
    with town.begin() as session:
        session.add(Part(name="gasket"))
        row = job_named(session, "J1")
        row.parts.append(JobPart(part="gasket", count=1, used=2))
    store(town, job("J1", parts={"valve": 3}))
    with town() as session:
        found = {one.part: (one.count, one.used) for one in job_named(session, "J1").parts}
        assert found == {"valve": (3, None), "gasket": (1, 2)}


@pytest.mark.both_databases
def test_a_closed_job_stays_as_it_is_and_is_counted(town):
    """A page refuses to change it too; nothing else is added for its sake, and nothing of it can be wrong."""
    store(town, job("J1"), job("J2"))
    with town.begin() as session:
        job_named(session, "J1").status = "done"
    with town() as session:
        customers, version = session.query(Customer).count(), job_named(session, "J1").version
    told = job("J1", title="Other", customer_name="Somebody else", required=frozenset({"T9"}), due_at=at(8))
    done = store(town, told, job("J2", priority=9))
    assert (done.added, done.updated, done.unchanged, done.closed) == (0, 1, 0, 1)
    with town() as session:
        row = job_named(session, "J1")
        assert (row.title, row.due_at, row.version) == ("Work J1", None, version)
        assert session.query(Customer).count() == customers


@pytest.mark.both_databases
def test_a_job_of_no_known_length_is_refused(town):
    """With everything else that is wrong, and nothing is stored."""
    with pytest.raises(InvalidInput) as refused:
        store(town, job("J1", **OF_KIND), job("J2", service_s=None), job("J3", territory="Moon"))
    assert [one.split(":")[0] for one in refused.value.problems] == ["Job J2", "Job J3"]
    with town() as session:
        assert session.query(Job).count() == 0
