"""The pages of recurring work: entering a plan, what it says, changing, pausing and skipping."""

import pytest

from dispatch.models import Job, JobType, MaintenancePlan

FIELDS = {
    "title": "Boiler service", "location": "3", "every": "12", "unit": "month", "count_from": "planned",
    "first_due_on": "2026-12-07", "days_before": "3", "days_after": "3", "minutes": "90",
}  # fmt: skip
PAGE = "/console/maintenance"


@pytest.fixture
def dispatcher(signed_in):
    return signed_in("dispatcher")


def text(someone, path=PAGE):
    response = someone.get(path)
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_data(as_text=True)


def test_a_plan_is_entered_for_a_customer_and_makes_its_first_job(dispatcher, database):
    """From finding the customer to the list, with the load of its month."""
    assert f"{PAGE}/new?customer=1" in text(dispatcher, f"{PAGE}/new?q=customer+1")
    assert "Street 1" in text(dispatcher, f"{PAGE}/new?customer=1")
    stored = dispatcher.post(f"{PAGE}/new/1", **FIELDS)
    assert stored.location == f"{PAGE}/1", stored.get_data(as_text=True)
    shown = text(dispatcher, f"{PAGE}/1")
    for words in ("Boiler service", "3 days before to 3 days after", "2026-12-07", "W1", "every 12 months"):
        assert words in shown, words
    assert "1\u00a0h\u00a030" in text(dispatcher)
    assert "Boiler service" in text(dispatcher, f"{PAGE}?customer=1")
    assert "Boiler service" not in text(dispatcher, f"{PAGE}?customer=2")
    assert database.query(Job).filter_by(number="W1").one().service_s == 5400


def test_a_form_with_faults_comes_back_as_it_was_filled_in_with_all_of_them(dispatcher, database):
    """Nothing is stored, and nothing has to be typed again."""
    response = dispatcher.post(
        f"{PAGE}/new/1", **{**FIELDS, "minutes": "long", "first_due_on": "soon", "weekdays": "2"}
    )
    shown = response.get_data(as_text=True)
    assert response.status_code == 400
    assert "“long” is no whole number" in shown
    assert "“soon” is no day" in shown
    assert 'value="Boiler service"' in shown
    assert 'value="2" checked' in shown
    assert database.query(MaintenancePlan).count() == 0


def test_a_plan_is_changed_paused_and_skipped_by_whoever_has_seen_it_as_it_is(dispatcher):
    """An old version is refused with 409; every reason stands on the page."""
    dispatcher.post(f"{PAGE}/new/1", **FIELDS)
    assert 'value="90"' in text(dispatcher, f"{PAGE}/1/change")
    assert dispatcher.post(f"{PAGE}/1/change", **{**FIELDS, "every": "6"}, version="1").status_code == 302
    assert dispatcher.post(f"{PAGE}/1/change", **FIELDS, version="1").status_code == 409
    assert dispatcher.post(f"{PAGE}/1/skip", reason="They are away.", version="2").status_code == 302
    assert dispatcher.post(f"{PAGE}/1/pause", to="pause", reason="Rebuilt.", version="3").status_code == 302
    shown = text(dispatcher, f"{PAGE}/1")
    for words in ("every 6 months", "They are away.", "Rebuilt.", "paused", "Let it go on"):
        assert words in shown, words
    assert dispatcher.post(f"{PAGE}/1/pause", to="go on", version="4").status_code == 302
    assert dispatcher.post(f"{PAGE}/1/pause", to="pause", reason="", version="5").status_code == 400


def test_a_form_that_came_back_with_a_fault_overwrites_nobody(dispatcher, database):
    """It still says which version its fields were filled in from."""
    dispatcher.post(f"{PAGE}/new/1", **FIELDS)
    assert dispatcher.post(f"{PAGE}/1/change", **{**FIELDS, "every": "6"}, version="1").status_code == 302
    faulty = dispatcher.post(f"{PAGE}/1/change", **{**FIELDS, "every": "often"}, version="1")
    assert (faulty.status_code, 'name="version" value="1"' in faulty.text) == (400, True)
    assert dispatcher.post(f"{PAGE}/1/change", **FIELDS, version="1").status_code == 409
    assert database.get_one(MaintenancePlan, 1).every == 6


def test_a_plan_whose_kind_of_work_has_lost_its_usual_time_says_so(app, dispatcher):
    """Its page opens, and leads to where that is mended."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add(JobType(name="Sweep", service_s=5400))
    dispatcher.post(f"{PAGE}/new/1", **{**FIELDS, "minutes": "", "job_type": "1"})
    assert "Sweep, 1\u00a0h\u00a030" in text(dispatcher, f"{PAGE}/1")
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.get_one(JobType, 1).service_s = None
    assert "Sweep, with no time on site" in text(dispatcher, f"{PAGE}/1")


def test_what_does_not_exist_is_not_found(dispatcher):
    """Plans and customers."""
    for path in (f"{PAGE}/9", f"{PAGE}/9/change", f"{PAGE}/new?customer=9", f"{PAGE}?customer=9"):
        assert dispatcher.get(path).status_code == 404, path
