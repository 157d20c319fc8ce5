"""Pages on which people enter and edit: what was typed is kept, faults stand by their fields, nobody is overwritten."""

import html
import re

import pytest
from sqlalchemy.orm.exc import StaleDataError

from dispatch import installation
from dispatch.models import Contract, Customer, Event, Job, JobType, JobTypeSkill, Part, Technician
from tests.web.conftest import TODAY

PERSON = {"part": "person", "kind": "employee", "active": "yes"}


@pytest.fixture
def dispatcher(signed_in):
    return signed_in("dispatcher")


def text_of(response, status=200):
    assert response.status_code == status, response.get_data(as_text=True)
    return html.unescape(response.get_data(as_text=True))


def page(someone, path):
    return text_of(someone.get(path))


def value_of(shown, key):
    """What stands in the input of that name."""
    found = re.search(rf'value="([^"]*)"[^>]*name="{key}"', shown)
    assert found, f"no input {key}"
    return found[1]


def test_the_team_says_who_works_today(dispatcher):
    """By code, with a way to each."""
    shown = page(dispatcher, "/console/team")
    assert "08:00 to 16:00" in shown
    assert 'href="/console/team/1"' in shown


def test_a_technician_is_entered_and_seen(dispatcher, database):
    """The page says what was entered, and by whom."""
    fields = {"code": "T7", "name": "Eva", "territory": "La Serena", "hours": "Mon-Fri 08:00-17:00\r\nSat 08:00-12:00"}
    answer = dispatcher.post("/console/team/new", version="0", **PERSON, **fields)
    assert answer.location == "/console/team/3"
    shown = page(dispatcher, answer.location)
    for words in ("Saved.", "Eva", "Mon, Tue, Wed, Thu, Fri 08:00-17:00", "technician added", "Dispatcher Example"):
        assert words in shown, words
    assert database.get(Technician, 3).shift_patterns[5].ends.hour == 12


def test_every_fault_stands_by_its_field_and_what_was_typed_is_kept(dispatcher, database):
    """Nothing is stored."""
    typed = {"code": "T1", "name": "", "hours": "always", "phone": "12 34"}
    shown = text_of(dispatcher.post("/console/team/new", version="0", **PERSON, **typed), 400)
    for words in ("There is 'T1' already", "It is empty. Fill it in.", "'always' does not say days and hours"):
        assert words in shown, words
    assert value_of(shown, "phone") == "12 34"
    assert shown.count('aria-invalid="true"') == 3
    assert database.query(Technician).count() == 2


def test_somebody_elses_change_is_shown_beside_ones_own(dispatcher, database):
    """What one has not touched is what stands there now; saving again stores one's own change beside theirs."""
    opened = page(dispatcher, "/console/customers/1/edit")
    was = {key: value_of(opened, key) for key in ("name", "phone")}
    form = {**{f"was-{key}": value for key, value in was.items()}, "was-notes": "", "version": "1", **was}
    assert dispatcher.post("/console/customers/1/edit", **{**form, "phone": "555", "notes": "dog"}).status_code == 302
    shown = text_of(dispatcher.post("/console/customers/1/edit", **{**form, "name": "Li", "notes": "cat"}), 409)
    assert "has been changed since you opened it (version 1, now 2)" in shown
    assert (value_of(shown, "name"), value_of(shown, "phone")) == ("Li", "555")
    assert "Now: Customer 1" in shown
    assert "Now: dog" in shown
    assert "Now: 555" not in shown
    again = {"name": "Li", "phone": "555", "notes": "cat", "version": "2"}
    assert dispatcher.post("/console/customers/1/edit", **again).status_code == 302
    row = database.get(Customer, 1)
    assert (row.name, row.phone, row.notes, row.version) == ("Li", "555", "cat", 3)


@pytest.mark.parametrize("version", ["", "one", "9" * 10])
def test_a_form_without_its_version_is_refused(dispatcher, version):
    """It could overwrite anything."""
    assert dispatcher.post("/console/customers/1/edit", name="Li", version=version).status_code == 400


def test_an_absence_says_what_it_means_for_the_plan(dispatcher, database):
    """And is taken back with one button, once."""
    absences = "/console/team/1/lists/absences"
    answer = dispatcher.post(absences, **{"from": str(TODAY), "to": "", "reason": "ill"})
    assert answer.location == "/console/team/1#absences"
    shown = page(dispatcher, "/console/team/1")
    assert "Added." in shown
    assert f"planned stops of Ana Rojas on {TODAY} will need another technician" in shown
    assert f"<span>{TODAY} ill</span>" in shown
    assert "away until" in page(dispatcher, "/console/team")
    item = f"{TODAY}..{TODAY} ill"
    assert dispatcher.post(absences, remove=item).status_code == 302
    assert dispatcher.post(absences, remove=item).status_code == 409
    assert database.get(Technician, 1).absences == []


def test_an_item_that_cannot_be_is_refused_where_it_was_entered(dispatcher):
    """With what was typed."""
    typed = {"from": "2026-12-02", "to": "2026-12-01", "reason": "skiing"}
    shown = text_of(dispatcher.post("/console/team/1/lists/absences", **typed), 400)
    assert "ends on 2026-12-01 before it begins on 2026-12-02" in shown
    assert value_of(shown, "reason") == "skiing"


def test_a_territory_gets_its_holidays(dispatcher):
    """On a page of their own."""
    holidays = "/console/team/holidays/1/lists/holidays"
    assert dispatcher.post(holidays, on="2026-12-25", name="Christmas").location.startswith("/console/team/holidays#")
    assert "2026-12-25 Christmas" in page(dispatcher, "/console/team/holidays")
    assert "is not a holiday" in text_of(dispatcher.post(holidays, on="", name="Christmas"), 400)


def test_the_catalogue_is_entered(dispatcher, database):
    """A kind of work brings its parts; skills that nobody holds are marked."""
    fields = {"name": "Repair", "service": "1h30", "skills": "gas:2", "parts": "valve:1\ntap:2", "checklist": "Sweep"}
    assert dispatcher.post("/console/catalogue/job-types/new", version="0", **fields).status_code == 302
    assert dispatcher.post("/console/catalogue/parts/new", version="0", name="hose", number="H-1").status_code == 302
    shown = page(dispatcher, "/console/catalogue")
    for words in ("Repair", "1\u00a0h\u00a030", "2 tap, 1 valve", "1 step", "H-1", "nobody"):
        assert words in shown, words
    assert "Sweep" in page(dispatcher, "/console/catalogue/job-types/1/edit")
    assert {one.name for one in database.query(Part)} == {"hose", "tap", "valve"}
    assert database.query(JobType).one().service_s == 5400


def test_a_customer_gets_an_asset_a_contract_and_a_job(app, dispatcher, database):
    """The job takes from its kind what nobody said, is due by the contract, and promised."""
    made = dispatcher.post("/console/customers/new", version="0", name="Li", address="A", location="-29.9, -71.3")
    assert made.location == "/console/customers/4"
    assert "There is no contract today: nothing is due by a clock." in page(dispatcher, "/console/customers/4/jobs/new")
    opened = page(dispatcher, "/console/customers/contracts/new?customer_id=4")
    assert 'href="/console/customers/4">Cancel' in opened
    terms = {"name": "Gold", "starts_on": "2026-01-01", "respond_within": "4", "runs_on_holidays": "yes"}
    owner = {"version": "0", "customer_id": "4"}
    assert dispatcher.post("/console/customers/contracts/new", **owner, **terms).location == "/console/customers/4"
    assert dispatcher.post("/console/customers/assets/new", **owner, name="Lift").location == "/console/customers/4"
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add(JobType(name="Repair", service_s=5400, priority=30, skills=[JobTypeSkill(name="gas", level=2)]))
    filled = page(dispatcher, "/console/customers/4/jobs/new?job_type=1&notes=ring")
    assert "Today under contract Gold: work begins within" in filled
    assert (value_of(filled, "title"), value_of(filled, "service"), value_of(filled, "priority")) == (
        "Repair", "90 min", "30",
    )  # fmt: skip
    place = re.search(r'<option value="(\d+)" selected>A</option>', filled)
    assert place
    asked = {
        "job_type": "1", "place": place[1], "assets": "1", "assets-value": "repair", "promise_firm": "yes",
        "promised_from": f"{TODAY}T14:00", "promised_until": f"{TODAY}T16:00",
        "wishes": "Ana Rojas (T1)", "wishes-value": "excluded",
    }  # fmt: skip
    assert 'value="gas"' in filled
    assert dispatcher.post("/console/customers/4/jobs/new", **asked).location == "/console/customers/4"
    job = database.query(Job).filter_by(customer_id=4).one()
    assert (job.title, job.service_s, job.priority, job.assets[0].work) == ("Repair", 5400, 30, "repair")
    assert ([one.name for one in job.skills], job.wishes[0].wish) == (["gas"], "excluded")
    assert job.due_at is not None
    assert job.find_promise().is_firm
    shown = page(dispatcher, "/console/customers/4")
    for words in ("Job W1 is entered", "Gold", "Lift", f"{TODAY} 14:00 to {TODAY} 16:00"):
        assert words in shown, words
    assert database.query(Contract).one().runs_on_holidays


def test_what_a_kind_of_work_has_filled_in_can_be_taken_out_again(app, dispatcher, database):
    """A list that is empty although the form has shown what the kind brings was emptied by somebody."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add(JobType(name="Repair", service_s=5400, skills=[JobTypeSkill(name="gas", level=2)]))
    place = {"address": "Side Street", "location": "-29.9, -71.3", "job_type": "1"}
    for filled, skills in (("", ["gas"]), ("1", [])):
        path = "/console/customers/1/jobs/new"
        assert dispatcher.post(path, **place, filled=filled, skills="", **{"skills-value": "1"}).status_code == 302
        job = database.query(Job).order_by(Job.id.desc()).first()
        assert [one.name for one in job.skills] == skills
        database.rollback()


def test_only_its_own_button_fills_in_what_a_kind_of_work_needs(app, dispatcher, database):
    """Enter in a field enters the job; long notes and the form's token are in no address."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add(JobType(name="Repair", service_s=5400))
    path = "/console/customers/1/jobs/new"
    opened = page(dispatcher, path).partition("fs-form")[2]
    assert re.findall(r"<button[^>]*>", opened)[0] == '<button type="submit" hidden>'
    assert "formmethod" not in opened
    notes = "Ring the bell of the neighbour. " * 300
    filled = text_of(dispatcher.post(path, job_type="1", service="2 h", notes=notes, fill="yes"))
    assert value_of(filled, "service") == "90 min"
    assert notes.strip() in filled
    assert database.query(Job).count() == 3


def test_a_time_is_found_taken_and_promised_on_the_form_of_a_new_job(dispatcher, database):
    """What was typed stays, and nothing is stored before the job is entered."""
    path = "/console/customers/1/jobs/new"
    typed = {"title": "It drips", "service": "30 min", "address": "Side Street", "location": "-29.9, -71.26"}
    found = text_of(dispatcher.post(path, **typed, find="yes"))
    assert value_of(found, "title") == "It drips"
    assert "13 days from 2026-11-24 on are not planned yet" in found
    takes = re.findall(r'name="take" value="([^"]+)"', found)
    assert 1 <= len(takes) <= 5
    taken = text_of(dispatcher.post(path, **typed, take=takes[0]))
    begins, ends = takes[0].split("/")
    assert (value_of(taken, "promised_from"), value_of(taken, "promised_until")) == (begins, ends)
    assert database.query(Job).count() == 3
    database.rollback()
    assert dispatcher.post(path, **typed, promised_from=begins, promised_until=ends).status_code == 302
    assert database.query(Job).count() == 4
    assert "Nothing says how long the work takes" in text_of(dispatcher.post(path, find="yes"), 400)


def test_all_that_is_wrong_with_a_job_stands_by_its_fields(dispatcher, database):
    """Also what only the rules of jobs know; no place is left behind."""
    before = database.query(Job).count()
    typed = {"service": "soon", "promised_from": f"{TODAY}T09:00", "priority": "900", "address": "", "place": ""}
    shown = text_of(dispatcher.post("/console/customers/1/jobs/new", **typed), 400)
    for words in ("'soon' is not a length of time", "Only one end is given", "is not a priority", "nothing says where"):
        assert words.lower() in shown.lower(), words
    place = {"address": "Side Street", "location": "-29.9, -71.3"}
    late = {"promised_from": f"{TODAY}T08:00", "promised_until": f"{TODAY}T07:00"}
    shown = text_of(dispatcher.post("/console/customers/1/jobs/new", **place, **late), 400)
    for words in ("say in a few words what is to be done", "say how long the work takes", "passed already"):
        assert words.lower() in shown.lower(), words
    assert database.query(Job).count() == before


def test_a_promise_is_made_moved_for_a_reason_and_withdrawn(dispatcher, database):
    """Each is told."""
    path = "/console/customers/jobs/1/promise"
    span = {"from": f"{TODAY}T14:00", "until": f"{TODAY}T16:00", "firm": "yes", "reason": ""}
    assert dispatcher.post(path, **span).location == "/console/customers/1"
    assert value_of(page(dispatcher, path), "from") == f"{TODAY}T14:00"
    assert "Say why the promise is moved" in text_of(dispatcher.post(path, **span), 400)
    assert dispatcher.post(path, **{**span, "until": f"{TODAY}T17:00", "reason": "asked to"}).status_code == 302
    assert "It is empty" in text_of(dispatcher.post(path, **{**span, "from": ""}), 400)
    assert dispatcher.post(path, reason="sold the house", withdraw="yes").status_code == 302
    assert database.get(Job, 1).find_promise() is None
    kinds = [one.kind for one in database.query(Event).order_by(Event.seq) if one.kind.startswith("promise")]
    assert kinds == ["promise made", "promise moved", "promise withdrawn"]
    assert dispatcher.get("/console/customers/jobs/99/promise").status_code == 404


def test_an_asset_of_nobody_is_refused(dispatcher):
    """Its form is opened from a customer's page."""
    assert "Say whose it is" in text_of(dispatcher.get("/console/customers/assets/new"), 400)


def test_of_two_who_save_at_the_same_moment_one_is_told_and_keeps_what_was_typed(dispatcher, monkeypatch):
    """Between the look at the version and the storing somebody else was quicker."""
    from dispatch.entry import forms

    def meet(*_arguments):
        raise StaleDataError("0 were matched")

    monkeypatch.setattr(forms, "save_record", meet)
    shown = text_of(
        dispatcher.post("/console/customers/1/edit", name="Li", version="1", **{"was-name": "Customer 1"}), 409
    )
    assert "Somebody else changed this meanwhile" in shown
    assert value_of(shown, "name") == "Li"


def test_an_address_in_several_places_is_offered_in_its_field(app, dispatcher):
    """As a list to choose from, beside what was written."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        installation.store_setting(session, installation.TRAVEL_SOURCE, "sample")
    refused = dispatcher.post("/console/customers/new", version="0", name="Li", address="Los Aromos 12")
    shown = refused.get_data(as_text=True)
    assert refused.status_code == 400
    assert 'list="f-address-offers" value="Los Aromos 12"' in shown
    assert '<option value="Los Aromos 12, near ' in shown
