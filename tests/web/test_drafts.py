"""The page of a draft: what it changes is seen, decided and published by forms, and nobody overwrites anybody."""

import re

import pytest

from dispatch.db import make_session_factory
from dispatch.models import Job, PlanChange, PlanVersion, Stop, TaskRun, Technician, TechnicianSkill, VanStock
from dispatch.planning.day import plan_day
from tests.databases import settings_for
from tests.web.conftest import NOW, TODAY, Visitor, at


@pytest.fixture
def factory(home):
    """The town's database; all can do all, Ana's second customer has called off, and a new job waits."""
    factory = make_session_factory(settings_for(home))
    with factory.begin() as session:
        for technician in session.query(Technician):
            technician.skills = [TechnicianSkill(name="gas", level=2)]
            technician.van_stock = [VanStock(part="valve", count=9)]
        session.get(Job, 2).status = "cancelled"
        third = session.get(Job, 3)
        session.add(
            Job(number="J-4", title="Boiler 4", service_s=1800, requested_on=TODAY, customer_id=third.customer_id,
                location_id=third.location_id, territory_id=third.territory_id)
        )  # fmt: skip
    yield factory
    factory.engine.dispose()


@pytest.fixture
def draft(factory) -> PlanVersion:
    """A draft of today."""
    return plan_day(factory, TODAY, now=NOW, as_draft=True, iterations=100, time_limit_s=5)


@pytest.fixture
def eve(draft, signed_in) -> Visitor:
    """A dispatcher in front of it."""
    return signed_in("dispatcher")


def page(visitor: Visitor) -> str:
    return visitor.get("/console/draft").get_data(as_text=True)


def post(visitor: Visitor, what: str, draft: PlanVersion, revision: int = 1, **fields: str):
    return visitor.post(f"/console/draft/{draft.id}/{what}", revision=str(revision), on=str(TODAY), **fields)


def line_of(draft: PlanVersion, number: str) -> int:
    return next(change.id for change in draft.changes if change.job.number == number)


def test_a_day_without_a_draft_says_so(signed_in):
    assert "No draft waits for decisions" in page(signed_in("dispatcher"))


def test_a_draft_is_seen_as_a_list_of_changes_with_reasons_and_costs(eve, draft):
    shown = page(eve)
    assert "Changes against plan 3" in shown
    assert "The job is cancelled." in shown
    assert "It came in after the published plan was made." in shown
    assert re.search(r"As decided</dt><dd><strong>\d", shown)
    data = eve.get("/console/api/draft").json["draft"]
    assert (data["id"], data["base_version"], data["outdated"], data["obstacles"]) == (draft.id, 3, [], [])


def test_the_board_tells_of_the_draft(eve, draft):
    board = eve.get("/console/api/board").json
    assert (board["draft"]["id"], board["draft"]["changes"]) == (draft.id, len(draft.changes))


def test_a_refused_line_is_not_published(eve, draft, factory):
    name = f"line-{line_of(draft, 'J-4')}"
    assert post(eve, "decide", draft, **{name: "refused"}).status_code == 302
    assert '<option value="refused" selected>' in page(eve)
    answer = post(eve, "publish", draft, revision=2)
    assert answer.location == f"/console?on={TODAY}"
    with factory() as session:
        published = session.query(PlanVersion).filter_by(status="published").one()
        assert (published.version, published.draft_id, published.published_by_user_id) == (5, draft.id, 1)
        assert {stop.job.number for stop in session.query(Stop).filter_by(plan_id=published.id)} == {"J-1", "J-3"}


def test_what_was_said_to_lines_and_not_stored_yet_is_stored_and_shown_before_it_is_published(eve, draft, factory):
    """The button is one of the form that holds the lines; the reason that was typed is not lost, either."""
    opened = page(eve)
    assert re.search(rf'form="decide" name="line-{line_of(draft, "J-4")}"', opened)
    button = rf'<form id="decide".*?formaction="/console/draft/{draft.id}/publish".*?</form>'
    assert re.search(button, opened, re.DOTALL)
    with factory() as session:
        job_id = session.query(Job).filter_by(number="J-1").one().id
    post(eve, "move", draft, job=str(job_id), technician="T2", at="14:00")
    said = {f"line-{one.id}": "open" for one in draft.changes if one.job.number != "J-1"}
    said[f"line-{line_of(draft, 'J-4')}"] = "refused"
    answer = post(eve, "publish", draft, revision=2, reason="Agreed by phone.", **said)
    assert (answer.status_code, "Not published yet" in answer.text) == (409, True)
    assert 'name="reason" value="Agreed by phone."' in answer.text
    assert 'name="revision" value="3"' in answer.text
    with factory() as session:
        assert session.query(PlanVersion).filter_by(status="published").one().version == 3
    assert post(eve, "publish", draft, revision=3, reason="Agreed by phone.", **said).status_code == 302
    with factory() as session:
        published = session.query(PlanVersion).filter_by(status="published").one()
        assert "J-4" not in {stop.job.number for stop in session.query(Stop).filter_by(plan_id=published.id)}


def test_what_was_said_to_lines_is_stored_by_whatever_button_draws_the_page_anew(eve, draft, factory):
    """Another order, or a job that is moved by hand; and what is stored already is not stored again."""
    name = f"line-{line_of(draft, 'J-4')}"

    def stored() -> tuple[int, dict[str, str]]:
        with factory() as session:
            found = session.get_one(PlanVersion, draft.id)
            return found.revision, {change.job.number: change.decision for change in found.changes}

    assert 'form="decide" formnovalidate name="order" value="reason"' in page(eve)
    for _ in range(2):
        said = {name: "refused", "order": "reason"}
        assert post(eve, "decide", draft, revision=stored()[0], **said).location.endswith("by=reason")
        assert (stored()[0], stored()[1]["J-4"]) == (2, "refused")
    assert 'data-with="decide"' in page(eve)
    with factory() as session:
        job_id = session.query(Job).filter_by(number="J-1").one().id
    said = {name: "accepted", "job": str(job_id), "technician": "T2", "at": "14:00"}
    assert post(eve, "move", draft, revision=2, **said).status_code == 302
    revision, lines = stored()
    assert (revision, lines["J-4"], lines["J-1"]) == (4, "accepted", "edited")


def test_publishing_twice_and_deciding_on_what_others_have_changed_are_conflicts(eve, draft):
    name = f"line-{line_of(draft, 'J-4')}"
    assert post(eve, "decide", draft, **{name: "accepted"}).status_code == 302
    late = post(eve, "decide", draft, **{name: "refused"})
    assert late.status_code == 409
    assert "Somebody else has decided" in late.get_data(as_text=True)
    assert post(eve, "publish", draft, revision=2).status_code == 302
    assert post(eve, "publish", draft, revision=2).status_code == 409


def test_a_draft_that_the_day_has_overtaken_is_made_again(eve, draft, factory):
    """Bruno sets out for a job; moving it by hand to Ana cannot be published any more. The button that makes it again
    leads back to the page, which says so and follows it; it is no error."""
    with factory() as session:
        job_id = session.query(Job).filter_by(number="J-3").one().id
    assert post(eve, "move", draft, job=str(job_id), technician="T1", at="15:00").status_code == 302
    with factory.begin() as session:
        stop = session.query(Stop).filter_by(plan_id=1, job_id=job_id).one()
        stop.status, stop.actual_departed_at = "en_route", NOW
    assert ">Make it again</button>" in page(eve)
    answer = post(eve, "publish", draft, revision=2)
    assert (answer.status_code, answer.location) == (302, f"/console/draft?on={TODAY}")
    shown = page(eve)
    assert "J-3 was begun by Bruno" in shown
    assert 'data-follow role="status">The draft is being made again' in shown
    assert ">Make it again</button>" not in shown
    with factory() as session:
        (run,) = session.query(TaskRun).all()
        assert (run.status, run.arguments["as_draft"]) == ("queued", True)


def test_a_job_moved_by_hand_against_a_rule_is_published_with_a_reason_only(eve, draft, factory):
    """It would start after its customer's window has closed."""
    with factory() as session:
        job_id = session.query(Job).filter_by(number="J-1").one().id
    post(eve, "move", draft, job=str(job_id), technician="T2", at="14:00")
    assert "work starts outside every time window" in page(eve)
    assert post(eve, "publish", draft, revision=2).status_code == 400
    assert post(eve, "publish", draft, revision=2, reason="Agreed by phone.").status_code == 302
    sentences = eve.get("/console/api/board").json["violations"]
    assert {"kept_by": "Dispatcher Example", "kept_reason": "Agreed by phone."}.items() <= sentences[-1].items()


def test_a_job_is_moved_by_hand_into_the_night_after_midnight(eve, draft, factory):
    """Half past one is on the next day for who works from ten in the evening until six, and today for others."""
    with factory.begin() as session:
        job_id = session.query(Job).filter_by(number="J-3").one().id
        for route in session.get_one(PlanVersion, draft.id).routes:
            if route.technician.code == "T2":
                route.shift_start_at, route.shift_end_at, route.latest_end_at = at(22), at(30), at(30)
    for revision, (code, start_at) in enumerate((("T2", at(25, 30)), ("T1", at(1, 30))), 1):
        answer = post(eve, "move", draft, revision=revision, job=str(job_id), technician=code, at="01:30")
        assert answer.status_code == 302
        with factory() as session:
            line = session.query(PlanChange).filter_by(plan_id=draft.id, job_id=job_id).one()
            assert (line.to_technician.code, line.to_start_at) == (code, start_at)


@pytest.mark.parametrize(
    ("what", "fields", "said"),
    [
        ("decide", {"revision": "x"}, "number `revision`"),
        ("move", {"job": "1", "technician": "T1", "at": "noon"}, "no time of day"),
        ("move", {"job": "x", "technician": "T1"}, "number `job`"),
        ("move", {"job": "1", "technician": "T9", "at": "10:00"}, "T9 has no shift"),
    ],
)
def test_forms_that_make_no_sense_are_refused_in_words(eve, draft, what, fields, said):
    answer = eve.post(f"/console/draft/{draft.id}/{what}", **{"revision": "1", **fields})
    assert answer.status_code == 400
    assert said in answer.get_data(as_text=True)


def test_a_draft_of_a_day_that_is_over_is_told_of_and_waits_for_nobody(signed_in, draft, clock):
    """Its page says so, where an event leads to it; nothing is left to decide."""
    clock.now = at(20)
    eve = signed_in("dispatcher")
    clock.now = at(25)
    shown = eve.get(f"/console/draft?on={TODAY}")
    assert (shown.status_code, "changes nothing any more: 2026-11-23 is over" in shown.text) == (200, True)
    assert "Publish as decided" not in shown.text


def test_a_discarded_draft_is_gone_and_the_plan_stays(eve, draft):
    assert post(eve, "discard", draft).status_code == 302
    assert "No draft waits" in page(eve)
    assert eve.get("/console/api/board").json["plan"]["version"] == 3


def test_a_draft_can_be_asked_for(signed_in, factory):
    asked = signed_in("dispatcher").post_json(
        "/console/api/plan", {"on": str(TODAY), "policy": "balanced", "as_draft": True}
    )
    assert asked.status_code == 202
    with factory() as session:
        assert session.query(TaskRun).one().arguments["as_draft"] is True


def test_lines_are_grouped_and_a_group_is_decided_in_one_go(eve, draft, factory):
    """By technician, by reason, or dearest first; the button of a group names its lines."""
    shown = eve.get("/console/draft?by=reason").get_data(as_text=True)
    assert "It came in after the published plan was made. <small>1 change</small>" in shown
    group = re.search(r'name="group" value="(refused:[0-9,]+)" aria-label="Refuse all of It came in', shown)
    assert post(eve, "decide", draft, by="reason", group=group[1]).location.endswith("by=reason")
    with factory() as session:
        said = {change.job.number: change.decision for change in session.get(PlanVersion, draft.id).changes}
    assert said["J-4"] == "refused"
    assert eve.get("/console/draft?by=luck").status_code == 400
    assert post(eve, "decide", draft, revision=2, group="refused:all").status_code == 400


def test_what_was_moved_by_hand_is_in_no_group_that_is_accepted_or_refused(eve, draft, factory):
    """Accepting it would move it back to where the draft has it."""
    with factory() as session:
        job_id = session.query(Job).filter_by(number="J-4").one().id
    assert line_of(draft, "J-4") in groups_of(page(eve))
    post(eve, "move", draft, job=str(job_id), technician="T2", at="14:00")
    assert line_of(draft, "J-4") not in groups_of(page(eve))


def groups_of(shown: str) -> set[int]:
    """The ids that the buttons of the groups name."""
    named = re.findall(r'name="group" value="accepted:([0-9,]+)"', shown)
    return {int(one) for ids in named for one in ids.split(",")}


def test_a_job_that_is_put_where_it_is_stays_there(eve, draft, factory):
    with factory() as session:
        job_id = session.query(Job).filter_by(number="J-3").one().id
    post(eve, "move", draft, job=str(job_id), technician="T2", at="09:00")
    assert "<b>Stays</b><small>Bruno Díaz, 09:00, where planning leaves it</small>" in page(eve)


def test_the_board_decides_and_publishes_without_leaving_it(eve, draft):
    line = line_of(draft, "J-4")
    path = f"/console/api/draft/{draft.id}"
    answer = eve.post_json(f"{path}/decide", {"revision": 1, "lines": {str(line): "refused"}})
    told = answer.json["draft"]
    assert (told["revision"], told["kpis"]["unassigned"]) == (2, 1)
    assert eve.post_json(f"{path}/decide", {"revision": 1, "lines": {str(line): "open"}}).status_code == 409
    assert eve.post_json(f"{path}/decide", {"revision": 2, "lines": ["refused"]}).status_code == 400
    assert eve.get("/console/api/draft/routes").json["type"] == "FeatureCollection"
    assert eve.post_json(f"{path}/publish", {"revision": 2, "reason": ""}).json == {"version": 5}
    assert eve.get("/console/api/draft").json == {"draft": None}
    assert eve.get("/console/api/draft/routes").status_code == 404


def test_a_job_is_moved_by_hand_into_a_draft_that_begins_with_it(signed_in, factory):
    """First tried, which stores nothing; all that is wrong with the wish is said at once."""
    eve = signed_in("dispatcher")
    with factory() as session:
        job_id = session.query(Job).filter_by(number="J-3").one().id
        code = session.query(Technician).order_by(Technician.id).first().code
    wish = {"on": str(TODAY), "job_id": job_id, "technician": code, "start_at": None}
    tried = eve.post_json("/console/api/moves/try", wish).json
    assert (tried["fits"], eve.get("/console/api/draft").json) == (True, {"draft": None})
    moved = eve.post_json("/console/api/moves", wish).json["draft"]
    (line,) = moved["changes"]
    assert (line["number"], line["decision"], line["to"]["code"]) == ("J-3", "edited", code)
    assert line["to"]["start_at"] == tried["start_at"]
    wrong = eve.post_json("/console/api/moves", {"on": "soon", "job_id": "x", "start_at": "noon"})
    assert all(name in wrong.json["detail"] for name in ("`on`", "`job_id`", "`start_at`"))
