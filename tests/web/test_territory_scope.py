"""A dispatcher who is limited to territories sees and changes what is in them, and nothing else."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dispatch.models import (
    Asset,
    BorrowedDay,
    Contract,
    Customer,
    Incident,
    Job,
    Location,
    Note,
    PlanRoute,
    PlanViolation,
    Technician,
    TechnicianTerritory,
    Territory,
    UnassignedJob,
    UserTerritory,
)
from dispatch.planning.answers import NOTHING
from dispatch.slices import cut_in_order, cut_newest_first
from dispatch.territories.scope import limit_session
from tests.web.conftest import NOW, TODAY, Visitor, route, stop
from tests.web.test_access import answer
from tests.web.test_account_forms import hidden
from web.access import EVERYONE, is_open_to_limited, roles_of

SECRET = "Ovalle"
"""In the name of everything that belongs to the other territory."""
LINK = re.compile(r'href="(/[^"#]+)"')
BEGUN = f"{SECRET}-0 had been begun by Dario {SECRET} and stays theirs until it is reported otherwise."
REPAIRED = f"{BEGUN} Published as plan 1: {SECRET}-0 moves from Ana Rojas to Dario {SECRET} at 09:00."
LEFT_OUT = {"rule": "skills", "sentence": "Nobody can."}


@pytest.fixture
def two_territories(app: Flask):
    """The town, and another territory in which everything has its name; the dispatcher is limited to the town.

    Ana works in the town; Carla of the other territory too, when it must be; Dario never.
    """
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        there = Territory(name=f"Valley {SECRET}", zone="America/Santiago")
        town = session.get_one(Territory, 1)
        place = Location(address=f"{SECRET} 1", lat=-30.6, lon=-71.2)
        dario = Technician(code="T3", name=f"Dario {SECRET}", territory=there, home=place)
        carla = Technician(code="T4", name="Carla", territory=there, home=place)
        jobs = [
            Job(number=f"{SECRET}-{n}", title=f"Lift {SECRET}", service_s=3600, location=place, territory=there,
                customer=Customer(name=f"Customer {SECRET} {n}"), requested_on=TODAY)
            for n in range(4)
        ]  # fmt: skip
        session.add_all([there, dario, carla, *jobs])
        session.flush()
        session.add_all([
            TechnicianTerritory(technician_id=carla.id, territory_id=town.id),
            UserTerritory(user_id=1, territory_id=town.id),
        ])  # fmt: skip
        plan = session.scalars(select(PlanRoute)).first().plan
        new = route(dario, [stop(jobs[0], 1, 9)])
        for visit in new.stops:
            visit.plan_id = plan.id
        plan.routes.append(new)
        reasons = [{"name": dario.name, **LEFT_OUT}, {"name": "Ana Rojas", **LEFT_OUT}]
        mine = session.get_one(Job, 2)
        theirs = {"location": mine.location, "customer": mine.customer, "territory": town}
        waiting = Job(number="J-waiting", title="Boiler", service_s=3600, requested_on=TODAY, **theirs)
        session.add(waiting)
        session.flush()
        for job in (jobs[1], waiting):
            remedies = [f"{dario.name} could with one more part.", "Ana Rojas could with one more part."]
            plan.unassigned.append(UnassignedJob(job_id=job.id, **LEFT_OUT, technicians=reasons, remedies=remedies))
        session.flush()
        for job, who in ((jobs[0], dario), (mine, None)):
            said = f"Late at {job.title}"
            plan.violations.append(PlanViolation(
                rule="lateness", sentence=said, job_id=job.id, technician_id=who.id if who else None))  # fmt: skip
        told = {"on": TODAY, "from_at": NOW, "reported_at": NOW, "action": "publish"}
        session.add_all([
            Incident(kind="overrun", job_id=mine.id, technician_id=1, outcome=REPAIRED, **told),
            Incident(kind="cancellation", job_id=mine.id, technician_id=1, outcome=f"{BEGUN} {NOTHING}", **told),
        ])  # fmt: skip


def test_a_limited_dispatcher_reads_of_no_other_territory_anywhere(app: Flask, signed_in, two_territories):
    """Every address of the application, with the ids of what is theirs and of what is not."""
    limited, opened = signed_in("dispatcher"), 0
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint in ("live.events", "health.healthz"):
            continue
        ids = range(1, 9) if rule.arguments else (1,)
        for number in ids:
            page = limited.get(rule.build(dict.fromkeys(rule.arguments, number))[1])
            assert page.status_code < 500, rule
            shown = page.text.replace(f"Valley {SECRET}", "")  # that there is such a territory is no secret
            assert SECRET not in shown, f"{rule} with {number}"
            opened += page.status_code == 200
    assert opened > 8


def test_a_list_of_which_they_see_a_part_counts_that_part(app: Flask, signed_in, two_territories, monkeypatch):
    """The jobs of a customer who is in both, their history, and customers: how many there are elsewhere is not told."""
    for cut in (cut_newest_first, cut_in_order):
        monkeypatch.setattr(cut, "__defaults__", (1,))  # one row a page
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        place = session.get_one(Job, 1).location_id
        both = {"customer_id": 1, "location_id": place, "service_s": 60, "title": "Lift"}
        theirs = session.query(Territory).filter_by(name=f"Valley {SECRET}").one().id
        session.add_all(Job(number=f"N{n}", territory_id=theirs, **both) for n in range(7))
        session.add(Job(number="OWN", territory_id=1, **both))
    limited = signed_in("dispatcher")
    assert "1 to 1 of 2, the newest first" in limited.get("/console/customers/1").text
    assert "1 to 1 of 3, by name" in limited.get("/console/customers").text
    assert "1 to 1 of 9, the newest first" in signed_in("admin").get("/console/customers/1").text


def test_somebody_who_is_not_limited_reads_of_it(app: Flask, signed_in, two_territories):
    """Else the test above would prove nothing."""
    admin = signed_in("admin")
    for path in ("/console/api/board", "/console/api/routes", "/console/customers"):
        assert SECRET in admin.get(path).text, path


def test_what_is_theirs_is_whole(signed_in, two_territories):
    """Their technicians and those who may be sent there, their jobs, and reasons and faults of these."""
    board = json.loads(signed_in("dispatcher").get("/console/api/board").text)
    assert {lane["name"] for lane in board["technicians"]} == {"Ana Rojas", "Bruno Díaz", "Carla"}
    [left_out] = board["unassigned"]
    assert left_out["number"] == "J-waiting"
    assert [why["name"] for why in left_out["technicians"]] == ["Ana Rojas"]
    assert left_out["remedies"] == ["Ana Rojas could with one more part."]
    assert [fault["sentence"] for fault in board["violations"]] == ["Late at Boiler 2"]


def test_who_is_lent_to_their_territory_is_theirs_on_those_days(app: Flask, signed_in, two_territories):
    """With all visits of the day, so that the lane is whole; on other days as if there were no loan."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        dario = session.scalars(select(Technician).where(Technician.code == "T3")).one()
        dario.borrowed_days = [BorrowedDay(on=TODAY, territory_id=1)]
        for day in (TODAY, TODAY + timedelta(days=1)):
            told = {"kind": "technician_ill", "technician_id": dario.id, "action": "warn"}
            session.add(Incident(on=day, from_at=NOW, reported_at=NOW, **told))
    limited = signed_in("dispatcher")
    lanes = {}
    for day in (TODAY, TODAY + timedelta(days=1)):
        board = json.loads(limited.get(f"/console/api/board?on={day}").text)
        lanes[day] = {
            lane["name"]: [item["number"] for item in lane["items"] if item["type"] == "visit"]
            for lane in board["technicians"]
        }
    assert lanes[TODAY][f"Dario {SECRET}"] == [f"{SECRET}-0"]
    assert set(lanes[TODAY + timedelta(days=1)]) == {"Ana Rojas", "Bruno Díaz", "Carla"}
    assert f"Dario {SECRET}" in limited.get("/console/api/routes").text
    with app.extensions["wrenchtime"].session_factory() as session:
        limit_session(session, [1])
        assert session.scalars(select(Incident.on).where(Incident.job_id.is_(None))).all() == [TODAY]


def test_a_limited_dispatcher_changes_nothing_of_another_territory(app: Flask, signed_in, two_territories):
    """404 for what is not theirs, 403 for what concerns all; their own they change."""
    limited = signed_in("dispatcher")
    with app.extensions["wrenchtime"].session_factory() as session:
        theirs = session.scalars(select(Customer.id).where(Customer.name.contains(SECRET))).first()
    said = {"text": "She called.", "channel": "call"}
    assert limited.post(f"/console/customers/{theirs}/notes", **said).status_code == 404
    assert limited.post("/console/customers/1/notes", **said).status_code == 302
    with app.extensions["wrenchtime"].session_factory() as session:
        assert [note.customer_id for note in session.scalars(select(Note))] == [1]
    for number, status in ((1, 200), (3, 200), (4, 404), (5, 404)):
        answered = limited.post_json(f"/console/api/jobs/{number}/status", {"status": "dispatched"})
        assert answered.status_code == status, (number, answered.text)
    plan = limited.post_json("/console/api/plan", {"on": TODAY.isoformat(), "policy": "balanced"})
    assert plan.status_code == 403
    assert "limited to territories" in plan.json["detail"]


def test_a_page_that_says_nothing_is_closed_to_limited_dispatchers(app: Flask, signed_in, two_territories):
    """So that a new page cannot forget them."""
    limited = signed_in("dispatcher")
    closed = 0
    for rule in app.url_map.iter_rules():
        roles = roles_of(app, rule.endpoint)
        if roles != EVERYONE and "dispatcher" in roles and not is_open_to_limited(app, rule.endpoint):
            if "/api/v1" in rule.rule:
                continue  # tokens open it, see below
            assert answer(limited, rule).status_code == 403, rule
            closed += 1
    assert closed > 5


def test_the_top_bar_offers_only_what_opens(signed_in, two_territories):
    """Nobody is sent to a page that is closed to them."""
    page = signed_in("dispatcher").get("/console/customers").text
    assert 'href="/console"' in page
    assert 'href="/console/territories"' not in page
    assert 'href="/console/territories"' in signed_in("admin").get("/console/customers").text


def test_the_pages_of_a_customer_and_of_a_job_offer_only_what_opens(app, signed_in, two_territories):
    """With an asset and a contract, and a job that is open."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        place = session.get_one(Job, 1).location
        session.add(Asset(customer_id=1, location=place, name="Boiler"))
        session.add(Contract(customer_id=1, name="Gold", starts_on=TODAY, zone="America/Santiago"))
    limited, admin = signed_in("dispatcher"), signed_in("admin")
    for path, fewer in (("/console/customers/1", 9), ("/console/jobs/1", 2)):
        offered, of_all = (set(LINK.findall(who.get(path).text.partition("<main")[2])) for who in (limited, admin))
        assert [link for link in offered if limited.get(link.replace("&amp;", "&")).status_code == 403] == []
        assert len(of_all - offered) == fewer, of_all - offered


def test_the_board_offers_limited_dispatchers_no_planning_and_says_who_plans(signed_in, two_territories):
    """What they would be refused is not there to be pressed."""
    limited, admin = signed_in("dispatcher").get("/console").text, signed_in("admin").get("/console").text
    assert "You see your territories" in limited
    for button in ('id="plan-day"', 'id="report-event"'):
        tags = [page[page.index(button) :].partition(">")[0] for page in (limited, admin)]
        assert [tag.endswith(" hidden") for tag in tags] == [True, False], button


def test_taking_the_limit_away_opens_everything_at_once(signed_in, two_territories):
    """The session goes on."""
    limited: Visitor = signed_in("dispatcher")
    assert SECRET not in limited.get("/console/customers").text
    admin = signed_in("admin")
    same = {"name": "Dispatcher Example", "email": "dispatcher@example.org", "role": "dispatcher"}
    assert admin.post("/accounts/1/change", **hidden(admin.get("/accounts/1/change").text), **same).status_code == 302
    assert SECRET in limited.get("/console/customers").text
