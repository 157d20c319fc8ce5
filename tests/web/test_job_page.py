"""A job's page shows its whole life; what the office decides there follows the table of statuses."""

import re

import pytest

from dispatch.jobs.statuses import STATUSES, list_actions, list_next
from dispatch.models import Job, JobCheck, Notice, Stop, TechnicianSkill, VanStock
from dispatch.models.notices import NOTICE_CHANNELS, NOTICE_KINDS
from tests.web.conftest import NOW, at


@pytest.fixture
def eve(signed_in):
    """A dispatcher."""
    return signed_in("dispatcher")


def decide(visitor, status: str, reason: str = "", job_id: int = 1):
    return visitor.post(f"/console/jobs/{job_id}/status", status=status, reason=reason)


def text(visitor, job_id: int = 1) -> str:
    return visitor.get(f"/console/jobs/{job_id}").get_data(as_text=True)


def test_the_page_tells_what_is_planned_and_offers_what_may_be_done(eve):
    page = text(eve)
    for words in ("Boiler 1", "Customer 1", "Ana Rojas", "2026-11-23 09:00 to 10:00", "valve", "Send to the phone"):
        assert words in page
    assert "Reopen" not in page


def test_why_it_is_with_its_technician_can_be_asked_for_while_it_waits(eve):
    """The page's script asks when somebody opens it."""
    place = '<div id="why-here" data-job="1"></div>'
    assert place in text(eve)
    decide(eve, "cancelled", "Called it off")
    assert place not in text(eve)


def test_a_job_is_sent_to_the_phone_called_back_cancelled_and_reopened(eve, database):
    """Each step stands in its history, with the reason."""
    for status, reason in [
        ("dispatched", ""),
        ("planned", ""),
        ("cancelled", "Called it off"),
        ("requested", "Did not"),
    ]:
        assert decide(eve, status, reason).status_code == 302, status
    page = text(eve)
    assert "planned → dispatched" in page.replace("&#8594;", "→")
    assert "Called it off" in page
    assert database.get_one(Job, 1).status == "open"


def test_cancelling_without_a_reason_is_refused_above_the_buttons(eve, database):
    answer = decide(eve, "cancelled")
    assert (answer.status_code, "Say why" in answer.get_data(as_text=True)) == (400, True)
    assert database.get_one(Job, 1).status == "open"


def test_enter_in_the_reason_does_nothing_by_itself_and_keeps_what_was_typed(eve, database):
    """A browser presses the first button of a form then: that one names no status."""
    form = text(eve).partition('action="/console/jobs/1/status"')[2].partition("</form>")[0]
    assert "name=" not in re.findall(r"<button[^>]*>", form)[0]
    answer = eve.post("/console/jobs/1/status", reason="Nobody was at home")
    assert (answer.status_code, "press the button of what is to happen" in answer.text) == (400, True)
    assert 'name="reason" value="Nobody was at home"' in answer.text
    assert database.get_one(Job, 1).status == "open"


def test_what_was_typed_outlives_a_refusal(eve):
    """The reason of what is not allowed, and a note that is too long."""
    assert 'name="reason" value="She called"' in decide(eve, "done", "She called").text
    note = "long " * 2_000
    refused = eve.post("/console/jobs/1/notes", text=note)
    assert (refused.status_code, note.strip() in refused.text) == (400, True)


def test_what_the_table_does_not_allow_is_refused_in_plain_words(eve):
    answer = decide(eve, "done")
    assert (answer.status_code, "it cannot become done" in answer.get_data(as_text=True)) == (409, True)


def test_the_boards_card_decides_the_same(eve, database):
    path = "/console/api/jobs/1/status"
    assert eve.post_json(path, {"status": "cancelled"}).status_code == 400
    answer = eve.post_json(path, {"status": "cancelled", "reason": "Twice in the book"})
    assert (answer.status_code, answer.json["status"]) == (200, "cancelled")
    assert eve.post_json(path, {"status": "en_route"}).status_code == 409
    assert eve.post_json("/console/api/jobs/99/status", {"status": "cancelled", "reason": "x"}).status_code == 404


def test_a_pin_is_taken_off_on_the_page_of_its_job(app, eve):
    """It is offered as long as there is one."""
    assert "Take the pin off" not in text(eve)
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.query(Stop).filter_by(job_id=1).one().pinned = True
    assert "every plan leaves it with Ana Rojas, at that time" in text(eve)
    assert eve.post("/console/jobs/1/unpin").status_code == 302
    assert "Take the pin off" not in text(eve)
    assert "pin taken off" in text(eve)


def test_the_board_names_for_every_status_what_the_office_may_do(eve):
    actions = eve.get("/console/api/board?on=2026-11-23").json["actions"]
    assert {status: {one["to"] for one in offered} for status, offered in actions.items()} == {
        status: set(list_next(status, "dispatcher")) for status in STATUSES
    }
    assert actions["dispatched"][0]["to"] == "en_route", "what goes on comes before what takes back"


def test_every_action_has_words_of_its_own():
    """Nobody wonders which of two buttons is which."""
    for status in STATUSES:
        words = [one["words"] for one in list_actions(status, "admin")]
        assert len(set(words)) == len(words), status


def test_a_note_is_written_down_and_an_empty_one_refused(eve):
    assert eve.post("/console/jobs/1/notes", text="Key is at the neighbour's.").status_code == 302
    assert "Key is at the neighbour" in text(eve)
    assert eve.post("/console/jobs/1/notes", text=" ").status_code == 400


def test_a_step_is_ticked_for_somebody_who_telephones(app, eve, database):
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.get_one(Job, 1).checks = [JobCheck(position=1, text="Gas off", required=True)]
    assert eve.post("/console/jobs/1/steps/1", done="yes").status_code == 302
    page = text(eve)
    assert "Dispatcher Example" in page
    assert "Not done after all" in page
    eve.post("/console/jobs/1/steps/1", done="no")
    assert database.get_one(JobCheck, (1, 1)).done_at is None
    decide(eve, "cancelled", "x")
    assert eve.post("/console/jobs/1/steps/1", done="yes").status_code == 409


def test_a_visit_and_its_return_visit_name_each_other(app, eve):
    decide(eve, "on_site")
    decide(eve, "to_be_continued", "a new valve")
    first, second = text(eve), text(eve, 4)
    assert "continued by" in first
    assert "J-1-2" in first
    assert "continues" in second


def test_every_version_of_the_plan_that_had_it_is_listed(app, eve):
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.get_one(Stop, 1).route.plan.status = "superseded"
    assert "3, replaced" in text(eve)


def test_what_the_customer_was_told_is_listed(app, eve):
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        notice = Notice(
            job_id=1,
            kind=NOTICE_KINDS[0],
            channel=NOTICE_CHANNELS[0],
            about="event 1",
            queued_at=NOW,
            next_at=NOW,
            useful_until_at=NOW,
            fault="The mail server is away.",
        )
        session.add(notice)
    page = text(eve)
    assert "Messages to the customer" in page
    assert "The mail server is away." in page


def test_a_job_that_does_not_exist_is_not_found(eve):
    assert eve.get("/console/jobs/99").status_code == 404
    assert decide(eve, "cancelled", "x", 99).status_code == 404


def edit(visitor, version: int, **changes: str):
    """The form as the page fills it in, with these fields typed anew."""
    filled = {"title": "Boiler 1", "service": "1 h", "priority": "10", "requested_on": "2026-11-23", "windows": ""}
    return visitor.post("/console/jobs/1/edit", **{**filled, "notes": "", "version": str(version), **changes})


def test_what_a_job_asks_for_is_changed_on_a_page_of_its_own(eve, database):
    version = database.get_one(Job, 1).version
    assert 'name="title"' in eve.get("/console/jobs/1/edit").text
    windows = "2026-11-23 09:00..2026-11-23 12:00\r\n2026-11-23 15:00..2026-11-23 17:00"
    assert edit(eve, version, title="Boiler and tap", service="1h30", windows=windows).status_code == 302
    database.rollback()
    changed = database.get_one(Job, 1)
    assert (changed.title, changed.service_s, len(changed.windows)) == ("Boiler and tap", 5_400, 2)
    assert "Changed. Plans that are made from now on follow it." in text(eve)
    assert "2026-11-23 15:00..2026-11-23 17:00" in eve.get("/console/jobs/1/edit").text


def test_a_form_of_a_job_hears_all_that_is_wrong_and_keeps_what_was_typed(eve, database):
    version = database.get_one(Job, 1).version
    answer = edit(eve, version, title="", service="soon", windows="in the morning")
    assert answer.status_code == 400
    for words in ("no time window", "in the morning", "is not a length of time", "What is to be done"):
        assert words in answer.text.replace("&#39;", "'")
    database.rollback()
    assert database.get_one(Job, 1).title == "Boiler 1"


def pairs(field: str, name: str, value: str) -> dict[str, str]:
    """One filled line of a list."""
    return {field: name, f"{field}-value": value}


def test_what_a_job_needs_who_comes_and_where_it_is_are_changed_on_the_same_page(eve, app, database):
    """What that means for the plan is said at once, and the history tells what was said before."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add(TechnicianSkill(technician_id=1, name="gas", level=2))
        session.add(VanStock(technician_id=1, part="valve", count=9))
    shown = eve.get("/console/jobs/1/edit").text
    for words in ('value="gas"', 'value="valve"', 'value="Street 1"', "Bruno Díaz (T2)", "must not come"):
        assert words in shown, words
    told = {
        **pairs("skills", "gas", "3"), **pairs("parts", "valve", "4"), **pairs("wishes", "Bruno Díaz (T2)", "required"),
        "address": "Side Street", "location": "-29.91, -71.3",
    }  # fmt: skip
    assert edit(eve, database.get_one(Job, 1).version, **told).status_code == 302
    page = text(eve)
    for words in (
        "It cannot stay with Ana Rojas on 2026-11-23 at 09:00: it needs gas.",
        "A new plan is proposed by itself within minutes.",
        "skills: gas 2 → gas 3", "wishes: nothing → Bruno Díaz (T2) required", "address: Street 1 → Side Street",
    ):  # fmt: skip
        assert words in page, words
    database.rollback()
    job = database.get_one(Job, 1)
    assert (job.location.address, job.location.point, job.parts[0].count) == ("Side Street", (-29.91, -71.3), 4)


def test_when_a_job_is_due_is_changed_on_the_same_page(eve, app, database):
    """With what the contract says beside it; that the planned visit begins too late is said at once."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        job = session.get_one(Job, 1)
        job.skills.clear()
        job.parts.clear()
    shown = eve.get("/console/jobs/1/edit").text
    assert shown.count("No contract says so.") == 2
    told = {"due_at": "2026-11-23T08:30", "restore_by_at": "2026-11-23T12:00"}
    assert edit(eve, database.get_one(Job, 1).version, **told).status_code == 302
    page = text(eve)
    for words in (
        "It is planned to begin with Ana Rojas on 2026-11-23 at 09:00, 30 min later than it has to.",
        "A new plan is proposed by itself within minutes.",
    ):
        assert words in page, words
    assert 'value="2026-11-23T08:30"' in eve.get("/console/jobs/1/edit").text
    database.rollback()
    job = database.get_one(Job, 1)
    assert (job.due_at, job.restore_by_at) == (at(8, 30), at(12))
    answer = edit(eve, job.version, due_at="2026-11-23T13:00", restore_by_at="2026-11-23T12:00")
    assert (answer.status_code, "before the work is due" in answer.text) == (400, True)


def test_a_list_with_names_that_nobody_knows_is_refused_at_its_field(eve, database):
    told = {**pairs("wishes", "Zoë", "required"), **pairs("parts", "gold", "1"), "title": ""}
    answer = edit(eve, database.get_one(Job, 1).version, **told)
    assert answer.status_code == 400
    for words in ("is not known", "It is empty", 'value="Zoë"'):
        assert words in answer.text.replace("&#39;", "'"), words
    answer = edit(eve, database.get_one(Job, 1).version, **pairs("parts", "gold", "1"))
    assert (answer.status_code, "There is no part" in answer.text) == (400, True)


def test_nobody_overwrites_a_job_that_somebody_else_has_changed(eve, database):
    """They see what they typed and what stands there now."""
    version = database.get_one(Job, 1).version
    assert edit(eve, version, title="First").status_code == 302
    answer = edit(eve, version, title="Second")
    assert answer.status_code == 409
    assert 'value="Second"' in answer.text
    assert "Now: First" in answer.text


def test_a_closed_job_is_reopened_before_it_is_changed(eve, database):
    decide(eve, "cancelled", "Not needed")
    assert "/edit" not in text(eve)
    answer = edit(eve, database.get_one(Job, 1).version, title="Again")
    assert (answer.status_code, "reopen it" in answer.text) == (409, True)
