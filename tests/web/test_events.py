"""What happens on a day, through the pages: reported in two clicks, seen on the board, repaired, taken back."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.models import (
    Customer,
    Incident,
    IncidentPolicy,
    Job,
    OnCall,
    PlanChange,
    PlanVersion,
    Stop,
    Technician,
    TechnicianSkill,
    VanStock,
)
from dispatch.runs.execution import run_next_plan
from tests.web.conftest import TODAY, Visitor, at, settings_for
from web.app import create_app


def event_id(response):
    """Where a form has led to."""
    found = re.search(r"/console/events/(\d+)$", response.headers["Location"])
    assert found, response.get_data(as_text=True)
    return int(found[1])


def words_of(response):
    assert response.status_code == 200, response.get_data(as_text=True)
    return " ".join(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)).split())


@pytest.fixture
def dispatcher(signed_in):
    return signed_in("dispatcher")


def make_plans(app, clock):
    """As the scheduler does."""
    factory = app.extensions["wrenchtime"].session_factory
    made = 0
    while run_next_plan(factory, "test", clock):
        made += 1
    return made


def published_stops(app):
    """By job number: the technician's name, in the published plan."""
    with app.extensions["wrenchtime"].session_factory() as session:
        stops = session.scalars(
            select(Stop).join(PlanVersion, Stop.plan_id == PlanVersion.id).where(PlanVersion.status == "published")
        )
        return {stop.job.number: stop.route.technician.name for stop in stops}


def test_every_kind_of_event_has_its_form(dispatcher):
    """Two clicks: the kind, then the form."""
    page = dispatcher.get(f"/console/events/new?on={TODAY}").get_data(as_text=True)
    links = re.findall(r'href="(/console/events/new\?kind=[^"]+)"', page)
    assert len(links) == 8
    for link in links:
        assert dispatcher.get(link.replace("&amp;", "&")).status_code == 200


def test_a_report_is_on_the_board_and_on_its_own_page(dispatcher):
    answer = dispatcher.post("/console/events", kind="technician_late", on=str(TODAY), technician="1", minutes="20")
    assert "Ana Rojas" in words_of(dispatcher.get(f"/console/events/{event_id(answer)}"))
    alerts = dispatcher.get(f"/console/api/board?on={TODAY}").json["alerts"]
    assert [(one["title"], one["about"]) for one in alerts if one["kind"] == "technician_late"] == [
        ("Technician late", "Ana Rojas")
    ]


def test_a_report_with_errors_says_them_all(dispatcher):
    answer = dispatcher.post("/console/events", kind="technician_late", on=str(TODAY), technician="77", minutes="0")
    words = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "technician_id" in words
    assert "minutes" in words


def test_a_report_that_is_refused_comes_back_as_it_was_typed(dispatcher):
    """The list offers visits that nobody has begun; what is wrong stands above, and nothing is typed again."""
    typed = {"kind": "overrun", "on": str(TODAY), "job": "2", "minutes": "45", "words": "The pump is rusted in"}
    refused = dispatcher.post("/console/events", **typed)
    assert (refused.status_code, 'role="alert"' in refused.text) == (409, True)
    assert 'name="minutes" value="45"' in refused.text
    assert 'value="The pump is rusted in"' in refused.text
    assert re.search(r'<option value="2" selected>', refused.text)
    unknown = dispatcher.post("/console/events", kind="flood", on=str(TODAY))
    assert (unknown.status_code, "nothing that can be reported" in unknown.text) == (400, True)


def test_a_time_after_midnight_is_in_the_night_that_comes(dispatcher, app, clock):
    """Told in the late evening; at noon, one in the morning is over."""
    fields = {"kind": "road_closed", "on": str(TODAY), "job": "1", "radius": "500", "until": "01:00"}
    clock.now = at(12)
    assert "it is over already" in dispatcher.post("/console/events", **fields).get_data(as_text=True)
    clock.now = at(23, 30)
    incident_id = event_id(dispatcher.post("/console/events", **fields))
    with app.extensions["wrenchtime"].session_factory() as session:
        assert session.get_one(Incident, incident_id).until_at == at(25)


def test_somebody_falls_ill_and_the_repair_is_proposed_published_and_taken_back(dispatcher, app, clock):
    """Bruno takes Ana's visits once somebody has published the draft, and gives them back when it was a mistake."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        for job in session.scalars(select(Job)):
            job.skills.clear()
            job.parts.clear()
    clock.now = at(7)
    incident = event_id(dispatcher.post("/console/events", kind="technician_ill", on=str(TODAY), technician="1"))
    assert make_plans(app, clock) == 1
    assert "A draft waits for decisions" in words_of(dispatcher.get(f"/console/events/{incident}"))
    assert published_stops(app)["J-1"] == "Ana Rojas"
    draft = dispatcher.get(f"/console/api/draft?on={TODAY}").json["draft"]
    dispatcher.post(f"/console/draft/{draft['id']}/publish", revision=str(draft["revision"]), on=str(TODAY))
    assert set(published_stops(app).values()) == {"Bruno Díaz"}
    page = dispatcher.get(f"/console/events/{incident}")
    assert "Repaired Published as plan 5 , with 2 changes." in words_of(page)
    assert "Goes to somebody else 2 J-" in words_of(page)
    assert "J-1 Boiler 1, Customer 1 Ana Rojas 09:00 → Bruno Díaz" in words_of(page)  # whichever comes first now
    assert 'href="/console/jobs/1"' in page.text
    listed = words_of(dispatcher.get(f"/console/events?on={TODAY}"))
    assert ("Published as plan 5." in listed, "J-1 moves" in listed) == (True, False)
    answer = dispatcher.post(f"/console/events/{incident}/take-back", reason="It was another Ana")
    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert published_stops(app) == {"J-1": "Ana Rojas", "J-2": "Ana Rojas", "J-3": "Bruno Díaz"}
    assert "It was another Ana" in words_of(dispatcher.get(f"/console/events/{incident}"))


def test_a_repair_without_budget_left_is_proposed_and_its_page_says_why(home, static, clock):
    """The policy says "do it"; one job may move in a day, and has been moved this morning."""
    app = create_app(replace(settings_for(home), change_most_jobs=1), clock=clock, static=static)
    factory = app.extensions["wrenchtime"].session_factory
    with factory.begin() as session:
        for job in session.scalars(select(Job)):
            job.skills.clear()
            job.parts.clear()
        place = {"from_technician_id": 2, "from_start_at": at(9), "to_technician_id": 2, "to_start_at": at(10)}
        session.add(PlanChange(plan_id=1, job_id=3, kind="retimed", reason="", gain=900, **place))
        session.add(IncidentPolicy(kind="technician_ill", action="publish"))
    visitor = Visitor(app.test_client())
    visitor.sign_in("dispatcher")
    clock.now = at(7)
    used = "By itself the program has moved 1 of the 1 jobs of 2026-11-23 that it may move (since 00:00)."
    assert used in words_of(visitor.get("/console/events/policies"))
    assert "being late for another promise has its price" in words_of(visitor.get("/console/events/policies"))
    incident = event_id(visitor.post("/console/events", kind="technician_ill", on=str(TODAY), technician="1"))
    make_plans(app, clock)
    page = words_of(visitor.get(f"/console/events/{incident}"))
    assert "A draft waits for decisions" in page
    assert f"{used} That is used up, so this waits for a decision." in page
    assert "Repair left to people" in page
    assert published_stops(app)["J-1"] == "Ana Rojas"
    visitor.post(f"/console/events/{incident}/repair", **{"as": "plan"})
    make_plans(app, clock)
    assert published_stops(app)["J-1"] == "Bruno Díaz"
    factory.engine.dispose()


def call_of(dispatcher, database, **fields):
    """An emergency at the first customer's; returns the id of its event."""
    customer = database.scalars(select(Customer).order_by(Customer.id)).first()
    assert customer.name in words_of(dispatcher.get(f"/console/events/new?kind=emergency&on={TODAY}&q=Customer"))
    form = dispatcher.get(f"/console/events/new?kind=emergency&on={TODAY}&customer={customer.id}")
    place = re.search(r'<option value="(\d+)">Street', form.get_data(as_text=True))
    assert place
    asked = {"title": "People in the lift", "minutes": "30", **fields}
    answer = dispatcher.post(
        "/console/events", kind="emergency", on=str(TODAY), customer=str(customer.id), location=place[1], **asked
    )
    return event_id(answer)


def test_an_emergency_shows_who_can_come_and_whom_that_displaces(dispatcher, database, app):
    """Choosing one sends them at once; somebody who chooses what is gone by then is told."""
    incident = call_of(dispatcher, database)
    page = dispatcher.get(f"/console/events/{incident}").get_data(as_text=True)
    ways = re.findall(
        r'name="technician" value="([^"]+)">\s*<input type="hidden" name="moved" value="([^"]*)">\s*'
        r'<input type="hidden" name="start_at" value="([^"]+)">',
        page,
    )
    assert {code for code, _, _ in ways} == {"T1", "T2"}
    code, moved, start_at = ways[0]
    chosen = {"technician": code, "moved": moved, "start_at": start_at, "as": "plan"}
    assert dispatcher.post(f"/console/events/{incident}/choose", start_at="2026-11-23T12:00").status_code == 400
    answer = dispatcher.post(f"/console/events/{incident}/choose", **chosen)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert published_stops(app)["W1"] in ("Ana Rojas", "Bruno Díaz")
    assert dispatcher.post(f"/console/events/{incident}/choose", **chosen).status_code == 409


def test_an_emergency_that_nobody_can_serve_says_what_would_make_it_possible(dispatcher, database, app):
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        job = session.scalars(select(Job)).first()
        job.skills[0].name = "lifts"
    incident = call_of(dispatcher, database, minutes="1200")
    assert "Nobody can come as things are" in words_of(dispatcher.get(f"/console/events/{incident}"))


def test_a_new_customer_on_the_phone_is_entered_with_what_is_wrong_in_one_form(dispatcher, database):
    """What is wrong stands above what was typed; then come the ways."""
    found = dispatcher.get(f"/console/events/new?kind=emergency&on={TODAY}&q=Frida").text
    assert "customer=new&amp;q=Frida" in found
    form = dispatcher.get(f"/console/events/new?kind=emergency&on={TODAY}&customer=new&q=Frida")
    assert 'name="name" value="Frida"' in form.text
    typed = {
        "kind": "emergency", "on": str(TODAY), "customer": "new", "name": "Frida Soto", "phone": "1", "minutes": "30",
        "address": "Calle Nueva 7", "title": "Gas smells",
    }  # fmt: skip
    refused = dispatcher.post("/console/events", **typed)
    assert (refused.status_code, "give its latitude and longitude too" in refused.text) == (400, True)
    assert 'value="Calle Nueva 7"' in refused.text
    incident = event_id(dispatcher.post("/console/events", **typed, point="-29.91, -71.26"))
    assert "Frida Soto" in words_of(dispatcher.get(f"/console/events/{incident}"))
    assert "Send Ana Rojas now, there at " in dispatcher.get(f"/console/events/{incident}").text
    job = database.scalars(select(Job).order_by(Job.id.desc())).first()
    assert (job.customer.name, job.location.address, job.title) == ("Frida Soto", "Calle Nueva 7", "Gas smells")


def test_a_job_on_the_plan_becomes_an_emergency_and_is_served_sooner(dispatcher, app, clock):
    """From its own page, or from the list of the customer's open jobs; it keeps its place until a way is chosen."""
    clock.now = at(8)
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        for technician in session.scalars(select(Technician)):
            technician.skills.append(TechnicianSkill(name="gas", level=2))
            technician.van_stock.append(VanStock(part="valve", count=9))
    assert "Make it an emergency" in dispatcher.get("/console/jobs/2").text
    assert "job=2" in dispatcher.get(f"/console/events/new?kind=emergency&on={TODAY}&customer=2").text
    form = words_of(dispatcher.get(f"/console/events/new?kind=emergency&on={TODAY}&job=2"))
    assert "its time windows and what was promised for it give way" in form
    incident = event_id(dispatcher.post("/console/events", kind="emergency", on=str(TODAY), job="2"))
    page = dispatcher.get(f"/console/events/{incident}").text
    assert "Ana Rojas at 11:00. These can come sooner:" in page
    technician, moved, start_at = re.findall(
        r'name="technician" value="([^"]+)">\s*<input type="hidden" name="moved" value="([^"]*)">\s*'
        r'<input type="hidden" name="start_at" value="([^"]+)">',
        page,
    )[0]
    chosen = {"technician": technician, "moved": moved, "start_at": start_at, "as": "plan"}
    answer = dispatcher.post(f"/console/events/{incident}/choose", **chosen)
    assert answer.status_code == 302, answer.text
    with app.extensions["wrenchtime"].session_factory() as session:
        [stop] = session.scalars(
            select(Stop).join(PlanVersion, Stop.plan_id == PlanVersion.id)
            .where(PlanVersion.status == "published", Stop.job_id == 2)
        )  # fmt: skip
        assert stop.planned_start_at < at(11)


def test_somebody_on_call_is_called_in_for_an_emergency_and_can_come_then(dispatcher, database, app, clock):
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add(OnCall(technician_id=1, territory_id=1, from_at=at(18), until_at=at(23)))
    clock.now = at(19)
    incident = call_of(dispatcher, database)
    page = dispatcher.get(f"/console/events/{incident}")
    assert "On call, not at work yet Whoever is called in" in words_of(page)
    assert "Send Ana Rojas now" not in page.text
    assert dispatcher.post(f"/console/events/{incident}/call-in", technician="1").status_code == 302
    page = dispatcher.get(f"/console/events/{incident}")
    assert "Send Ana Rojas now" in page.text
    assert "has a shift on 2026-11-23 from 08:00 to 23:00" in words_of(page)
    assert "On call, not at work yet" not in page.text


def test_managers_say_what_happens_by_itself(signed_in, database):
    manager = signed_in("manager")
    manager.post("/console/events/policies", **{"action-overrun": "warn", "version-overrun": "0"})
    page = words_of(manager.get("/console/events/policies"))
    assert "Job overrunning" in page
    again = manager.post("/console/events/policies", **{"action-overrun": "publish", "version-overrun": "0"})
    assert again.status_code == 409


def test_what_was_done_on_another_day_says_which(dispatcher):
    """An event of tomorrow that was told today, and what became of it."""
    of_tomorrow = {"kind": "technician_ill", "on": str(TODAY + timedelta(days=1)), "technician": "1"}
    incident = event_id(dispatcher.post("/console/events", **of_tomorrow))
    dispatcher.post(f"/console/events/{incident}/dismiss", reason="Well again")
    page = words_of(dispatcher.get(f"/console/events/{incident}"))
    assert "Dismissed by Dispatcher Example at 2026-11-23 09:00: Well again" in page
    assert "2026-11-23 09:00 Dismissed" in page


def test_dismissing_what_has_changed_meanwhile_is_refused(dispatcher, database):
    answer = dispatcher.post("/console/events", kind="technician_late", on=str(TODAY), technician="1", minutes="20")
    incident = event_id(answer)
    dispatcher.post("/console/events", kind="technician_late", on=str(TODAY), technician="1", minutes="40")
    refused = dispatcher.post(f"/console/events/{incident}/dismiss", reason="Nothing", version="1")
    assert refused.status_code == 409
    assert database.get_one(Incident, incident).status == "open"
