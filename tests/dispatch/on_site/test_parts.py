"""Parts used leave the van with the report; what is missing is asked for; no van holds less than nothing."""

import pytest

from dispatch.errors import Conflict, InvalidInput
from dispatch.events import list_events_of
from dispatch.jobs.moving import find_stop_in_force
from dispatch.models import Incident
from dispatch.on_site.checklist import tick
from dispatch.on_site.missing import report_part_missing
from dispatch.on_site.parts_used import report_used
from dispatch.on_site.van import Counted, store_counts
from dispatch.planning.facts import read_day
from dispatch.planning.fingerprint import hash_facts
from tests.dispatch.on_site.conftest import ana, decide, get_job, say, van
from tests.dispatch.town import MONDAY, at, job, job_named, left_out, plan, settle, stops_of, user_of


def use(town, part, used):
    with town.begin() as session:
        user = user_of(session, "T1")
        report_used(session, job_named(session, "J1"), ana(session), part, used, user.id, at(9))


def lack(town, part="pump", count=1, words=""):
    stop_id = stops_of(town)["J1"][1].id
    with town.begin() as session:
        return report_part_missing(session, stop_id, part, count, words, user_of(session, "T1"), at(9))


def finish(town, on_site):
    say(town, "on_site")
    for position in (1, 3):
        on_site(tick, position, True)
    say(town, "done")


def test_work_that_is_done_has_used_what_was_planned_unless_somebody_says_otherwise(town, on_site):
    finish(town, on_site)
    assert van(town) == {"pump": 1, "seal": 5}
    assert [(one.part, one.used) for one in get_job(town).parts] == [("pump", 1)]


def test_what_was_really_used_counts_and_can_be_corrected(town, on_site):
    """Two, no, none: the difference goes back on the van."""
    use(town, "pump", 2)
    assert van(town)["pump"] == 0
    use(town, "pump", 0)
    assert van(town)["pump"] == 2
    finish(town, on_site)
    assert van(town)["pump"] == 2


@pytest.mark.both_databases
def test_both_databases_draw_down_and_tell_what_was_missing(town):
    use(town, "pump", 1)
    say(town, "on_site")
    lack(town)
    assert van(town) == {"pump": 0, "seal": 5}
    assert [(one.part, one.count) for one in get_job(town, "J1-2").parts] == [("pump", 1)]


def test_a_report_that_is_sent_twice_takes_the_part_once(town):
    use(town, "seal", 2)
    use(town, "seal", 2)
    assert van(town)["seal"] == 3


def test_work_reopened_and_done_again_takes_nothing_twice(town, on_site):
    finish(town, on_site)
    decide(town, "on_site")
    say(town, "done")
    assert van(town)["pump"] == 1


def test_a_van_never_holds_less_than_nothing_and_the_office_hears_of_it(town):
    """The stock was wrong: two pumps by the book, three in the boiler."""
    use(town, "pump", 3)
    assert van(town)["pump"] == 0
    with town() as session:
        [event] = [one for one in list_events_of(session, ana(session)) if one.kind == "van stock wrong"]
        assert event.after == {"part": "pump", "count": 0, "job": "J1"}
        assert event.reason.startswith("1 more of pump used at job J1")


def test_a_part_that_nobody_planned_may_be_used(town):
    use(town, "seal", 1)
    assert [(one.part, one.count, one.used) for one in get_job(town).parts] == [("pump", 1, None), ("seal", 1, 1)]


@pytest.mark.parametrize(("part", "used", "words"), [("pump", -1, "no number"), ("flux", 1, "no part 'flux'")])
def test_what_cannot_be_used_is_refused(town, part, used, words):
    with pytest.raises(InvalidInput, match=words):
        use(town, part, used)


def test_a_part_missing_on_site_makes_a_return_visit_that_needs_it(town):
    """The reason names it; what is on the van is put right, so that it is not planned from there again."""
    say(town, "on_site")
    assert lack(town, count=2, words="the new model")["status"] == "to_be_continued"
    with town() as session:
        again = job_named(session, "J1-2")
        assert [(one.part, one.count) for one in again.parts] == [("pump", 2)]
        assert again.notes.startswith("Part missing: 2 × pump. the new model")
    assert van(town)["pump"] == 0


def test_a_missing_part_that_is_reported_twice_makes_one_return_visit(town):
    say(town, "on_site")
    assert [lack(town)["status"] for _ in range(2)] == ["to_be_continued"] * 2
    with town() as session:
        kinds = [one.kind for one in list_events_of(session, job_named(session, "J1"))]
    assert kinds.count("part missing") == 1
    assert len(get_job(town, "J1-2").parts) == 1


def test_a_part_missing_before_the_visit_is_told_and_planning_knows_the_van_lacks_it(town):
    """The job stays where it is until somebody decides; planned anew it says why nobody can do it."""
    assert lack(town)["status"] == "planned"
    with town() as session:
        assert "part missing" in [one.kind for one in list_events_of(session, job_named(session, "J1"))]
        [incident] = session.query(Incident).filter_by(kind="part_missing")
        assert (incident.part, incident.job_id) == ("pump", job_named(session, "J1").id)
    rule, sentence = left_out(plan(town))["J1"]
    assert (rule, "pump" in sentence) == ("capacity", True)


def test_a_part_that_is_not_in_the_catalogue_cannot_be_missing(town):
    with pytest.raises(InvalidInput, match="flux"):
        lack(town, "flux")


def test_work_that_goes_as_planned_is_no_reason_to_plan_again(town, on_site):
    def fingerprint():
        with town() as session:
            return hash_facts(read_day(session, MONDAY, now=at(9)), "grid", "balanced")

    before = fingerprint()
    finish(town, on_site)
    assert fingerprint() == before
    use(town, "pump", 2)
    assert fingerprint() != before, "a van that holds less than planned is"


def test_parts_that_have_left_the_van_are_not_counted_twice(town, on_site):
    """Two pumps: one is used up, one is left for the job that came in."""
    finish(town, on_site)
    settle(town, [], [job("J3", parts={"pump": 1}, required={"T1"})])
    assert "J3" not in left_out(plan(town, now=at(9, 30)))
    settle(town, [], [job("J4", parts={"pump": 1}, required={"T1"})])
    assert len(left_out(plan(town, now=at(9, 40)))) == 1


def test_a_van_is_filled_and_the_event_says_by_how_much(town):
    with town.begin() as session:
        eve = user_of(session, "EVE", "dispatcher")
        counts = {"pump": Counted(2, 6), "seal": Counted(5, 5)}
        assert store_counts(session, ana(session).id, counts, eve, at(9)) == ["pump"]
    assert van(town) == {"pump": 6, "seal": 5}
    with town() as session:
        event = list_events_of(session, ana(session))[-1]
        assert (event.kind, event.before, event.after) == ("van stocked", {"pump": 2}, {"pump": 6})


def test_a_count_of_what_was_used_meanwhile_is_refused(town):
    """Somebody opened the page, a pump was used, and then they pressed the button."""
    use(town, "pump", 1)
    with town.begin() as session:
        eve, technician_id = user_of(session, "EVE", "dispatcher"), ana(session).id
        with pytest.raises(Conflict, match=r"Meanwhile.*pump"):
            store_counts(session, technician_id, {"pump": Counted(2, 6)}, eve, at(9))
    assert van(town)["pump"] == 1


def test_a_stop_in_force_is_where_parts_are_taken_from(town, on_site):
    """T1 did the work: T2's van is as it was."""
    finish(town, on_site)
    with town() as session:
        assert find_stop_in_force(session, job_named(session, "J1").id).route.technician.code == "T1"
    assert van(town, "T2") == {}
