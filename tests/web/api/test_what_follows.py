"""What changes mean: for plans when somebody cannot come, and for coming months when work recurs."""

from dispatch.models import Feedback, TechnicianSkill, VanStock
from tests.web.api.test_recurring_and_notices import plan_of
from tests.web.conftest import NOW


def test_what_an_absence_means_for_plans_is_told_as_on_the_page(app, dispatcher):
    """Nothing before; then the stops that need somebody else, and what happens by itself."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add(TechnicianSkill(technician_id=1, name="gas", level=2))
        session.add(VanStock(technician_id=1, part="valve", count=9))
    assert dispatcher.get("/technicians/1/effects").json == {"hindered": [], "sentences": []}
    away = {"from_on": "2026-11-23", "to_on": "2026-11-23", "reason": "ill"}
    assert dispatcher.post("/technicians/1/absences", away).status_code == 201
    found = dispatcher.get("/technicians/1/effects").json
    assert found["hindered"] == [{"on": "2026-11-23", "stops": 2, "why": "there is no shift that day"}]
    first, then = found["sentences"]
    assert first.startswith("2 planned stops of Ana Rojas on 2026-11-23")
    assert then == "A new plan is proposed by itself within minutes."
    assert [one["why"] for one in dispatcher.get("/technicians/2/effects").json["hindered"]] == ["they need gas"]
    assert dispatcher.get("/technicians/99/effects").status_code == 404


def test_recurring_work_says_how_much_is_coming_month_by_month(dispatcher):
    """Of everybody or of one customer; a customer who is not there is no year without work."""
    for customer, every in ((1, 6), (2, 12)):
        places = dispatcher.get(f"/customers/{customer}/places").json["places"]
        body = plan_of(dispatcher, customer_id=customer, location_id=places[0]["id"], every=every)
        assert dispatcher.post("/maintenance-plans", body).status_code == 201
    load = {one["month"]: one for one in dispatcher.get("/maintenance-plans/load").json["months"]}
    assert (len(load), load["2027-03"]) == (12, {"month": "2027-03", "visits": 2, "work_s": 7200})
    [own] = dispatcher.get("/maintenance-plans?customer_id=2").json["items"]
    months = dispatcher.get("/maintenance-plans/load?customer_id=2").json["months"]
    assert {one["month"]: one["visits"] for one in months if one["visits"]} == {"2027-03": 1}
    assert own["customer_id"] == 2
    assert dispatcher.get("/maintenance-plans/load?customer_id=77").status_code == 404


def test_a_plan_says_what_it_became_and_what_is_coming(dispatcher):
    """A turn left out keeps its reason; a paused plan has nothing coming."""
    made = dispatcher.post("/maintenance-plans", plan_of(dispatcher, every=3))
    path = made.headers["Location"].removeprefix("/api/v1")
    skipped = dispatcher.call("PUT", f"{path}/skipped", {"reason": "New boiler"}, If_Match=made.headers["ETag"])
    turns = dispatcher.get(f"{path}/turns").json
    assert turns["past"] == [{"turn": 0, "due_on": "2027-03-01", "job_id": None, "outcome": "left out: New boiler"}]
    assert (turns["state"], turns["rhythm"], turns["next_on"]) == ("active", "every 3 months", "2027-06-01")
    assert [one["due_on"] for one in turns["coming"]] == ["2027-06-01", "2027-09-01"]
    paused = {"paused": True, "reason": "They rebuild"}
    assert dispatcher.call("PUT", f"{path}/paused", paused, If_Match=skipped.headers["ETag"]).status_code == 200
    assert dispatcher.get(f"{path}/turns").json["state"] == "paused"


def test_what_customers_said_is_read(app, dispatcher, make_caller):
    """With their other messages, and as a figure of the period."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add_all([Feedback(job_id=number, at=NOW, score=3 + number, words="Quick") for number in (1, 2)])
    [said] = dispatcher.get("/customers/1/notices").json["feedback"]
    assert (said["score"], said["words"], said["job"]["number"]) == (4, "Quick", "J-1")
    report = make_caller("manager").get("/reports/utilization?from_on=2026-11-23&to_on=2026-11-23").json
    assert report["feedback"] == {"answers": 2, "mean": 4.5}
