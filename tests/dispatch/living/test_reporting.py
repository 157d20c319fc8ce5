"""What happens on a day is taken in from everybody who may tell it, checked whole, and done by the policy."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from data.records import AbsenceRecord
from dispatch.errors import Conflict, Forbidden, InvalidInput, Stale
from dispatch.events import list_events
from dispatch.jobs.moving import change_status
from dispatch.living.emergencies import EmergencyCall, take_call
from dispatch.living.incidents import dismiss, list_incidents
from dispatch.living.policies import list_policies, set_action
from dispatch.living.reporting import EventReport, report_event
from dispatch.models import Absence, TaskRun, Technician
from dispatch.planning.hindrances import read_hindrances
from tests.dispatch.at_once import do_at_once
from tests.dispatch.living.bad_day import incident_of, tell
from tests.dispatch.town import MONDAY, at, job, job_named, plan, report, settle, stops_of, technician, user_of, window


@pytest.fixture
def town(session_factory):
    settle(session_factory, [technician("T1"), technician("T2")], [job("J1", windows=(window(at(8), 60),))])
    plan(session_factory)
    return session_factory


def runs_of(session_factory):
    with session_factory() as session:
        return [run.arguments for run in session.scalars(select(TaskRun))]


def test_all_that_is_wrong_with_a_report_is_said_at_once(town):
    with pytest.raises(InvalidInput) as refused:
        tell(town, "technician_late", at(8), minutes=0, job_id=99)
    assert [problem.split(":")[0] for problem in refused.value.problems] == ["technician_id", "job_id", "minutes"]


def test_half_a_place_is_no_place(town):
    """Whatever has happened: a program that adds where a phone is leaves out how far around."""
    for kind, facts in (("technician_ill", {"who": "T1"}), ("overrun", {"number": "J1", "minutes": 20})):
        with pytest.raises(InvalidInput) as refused:
            tell(town, kind, at(8), lat=-29.9, lon=-71.2, **facts)
        assert [problem.split(":")[0] for problem in refused.value.problems] == ["radius_m"]
    with pytest.raises(InvalidInput) as refused:
        tell(town, "road_closed", at(8), lat=-29.9)
    assert [problem.split(":")[0] for problem in refused.value.problems] == ["lon", "radius_m"]


def test_what_happens_at_a_visit_happens_to_whoever_is_sent_there(town):
    """Else somebody else would be planned as busy, or as lacking the part."""
    has_it = stops_of(town)["J1"][0]
    other = "T2" if has_it == "T1" else "T1"
    report(town, "J1", "on_site", at(8))
    with pytest.raises(InvalidInput, match="technician_id: "):
        tell(town, "overrun", at(8), number="J1", who=other, minutes=60)
    told = tell(town, "overrun", at(8), number="J1", who=has_it, minutes=60)
    assert incident_of(town, told).technician.code == has_it


def test_an_illness_is_of_the_person_whichever_visit_it_was_told_from(town):
    """So that dismissing it dismisses it: the same person is never ill twice."""
    first = tell(town, "technician_ill", at(8), who="T1", number="J1")
    assert tell(town, "technician_ill", at(8, 5), who="T1") == first
    assert incident_of(town, first).job_id is None


def test_nothing_is_told_of_a_day_that_is_over(town):
    """Last night's shift may still go on; the day before is over."""
    assert tell(town, "technician_ill", at(8), who="T1", on=MONDAY - timedelta(days=1))
    with pytest.raises(InvalidInput, match="2026-11-21 is over"):
        tell(town, "technician_ill", at(8), who="T1", on=MONDAY - timedelta(days=2))


@pytest.mark.parametrize("kind", ["will_be_late", "earthquake"])
def test_what_only_the_watch_sees_and_what_nobody_knows_cannot_be_reported(town, kind):
    with pytest.raises(InvalidInput, match="nothing that can be reported"):
        tell(town, kind, at(8), who="T1")


def test_a_technician_tells_of_themselves_and_of_nobody_else(town):
    """T1 has J1 or not; whoever has not may not tell of it."""
    assert tell(town, "technician_ill", at(8), who="T1", by="T1")
    with pytest.raises(Forbidden):
        tell(town, "technician_ill", at(8), who="T1", by="T2")


def test_a_second_part_that_is_missing_is_missing_beside_the_first(session_factory):
    """The office tells of each, and the event of the day is about both."""
    parts = {"pump": 1, "valve": 1}
    settle(session_factory, [technician(capacity=parts)], [job(parts=parts)])
    plan(session_factory)
    first, second = (tell(session_factory, "part_missing", at(8), number="J1", part=part) for part in parts)
    assert first == second
    with session_factory() as session:
        assert {part for _, part in read_hindrances(session, MONDAY).missing} == {"pump", "valve"}
    with session_factory.begin() as session:
        dismiss(session, first, "Found both", None, at(8, 5))
    with session_factory() as session:
        assert read_hindrances(session, MONDAY).missing == frozenset()


def test_a_job_that_nobody_is_at_cannot_overrun(town):
    with pytest.raises(Conflict, match="Nobody is at this job"):
        tell(town, "overrun", at(8), number="J1", minutes=30)


def test_the_same_told_again_brings_the_first_report_up_to_date(town):
    first = tell(town, "technician_late", at(7), who="T1", minutes=15)
    assert tell(town, "technician_late", at(7, 5), who="T1", minutes=40) == first
    assert incident_of(town, first).status == "open"


def test_an_illness_of_several_days_is_an_absence_until_it_is_dismissed(town):
    ill = tell(town, "technician_ill", at(8), who="T1", until_on=date(2026, 11, 25))
    with town() as session:
        assert [(one.from_on.day, one.to_on.day) for one in session.scalars(select(Absence))] == [(24, 25)]
    with town.begin() as session:
        dismiss(session, ill, "It was somebody else", user_of(session, "D1", "dispatcher").id, at(8, 10))
    with town() as session:
        assert session.scalars(select(Absence)).all() == []


def away_of(session_factory):
    with session_factory() as session:
        spans = session.scalars(select(Absence).order_by(Absence.from_on))
        return [(one.from_on.day, one.to_on.day, one.reason) for one in spans]


def test_an_illness_told_again_is_the_same_absence_with_another_end(town):
    """Through Wednesday; then the doctor says Thursday, and then Tuesday: never two absences of one day."""
    for last in (25, 26, 24):
        tell(town, "technician_ill", at(8), who="T1", until_on=date(2026, 11, last))
        assert away_of(town) == [(24, last, "Ill")]
    with town() as session:
        told = [event.kind for event in list_events(session) if event.kind.startswith("absence")]
        assert session.get_one(Technician, 1).version > 1, "whoever edits T1 has not seen this"
    assert told == ["absence added", *["absence removed", "absence added"] * 2]


def test_days_on_which_somebody_is_away_already_stay_as_they_are(town):
    """Ill until Friday, on holiday on Wednesday; taking the illness back leaves the holiday."""
    holiday = AbsenceRecord(date(2026, 11, 25), date(2026, 11, 25), "Holiday")
    settle(town, [technician("T1", absences=(holiday,))])
    ill = tell(town, "technician_ill", at(8), who="T1", until_on=date(2026, 11, 27))
    assert away_of(town) == [(24, 24, "Ill"), (25, 25, "Holiday"), (26, 27, "Ill")]
    with town.begin() as session:
        dismiss(session, ill, "It was somebody else", None, at(8, 10))
    assert away_of(town) == [(25, 25, "Holiday")]


def test_who_tells_of_an_illness_without_its_end_takes_back_neither_end_nor_words(town):
    """The office knows more than T1, who presses the button on the phone."""
    ill = tell(town, "technician_ill", at(8), who="T1", until_on=date(2026, 11, 27), words="The doctor called.")
    assert tell(town, "technician_ill", at(8, 5), who="T1", by="T1") == ill
    assert away_of(town) == [(24, 27, "Ill")]
    assert (incident_of(town, ill).until_on, incident_of(town, ill).words) == (date(2026, 11, 27), "The doctor called.")
    tell(town, "technician_ill", at(8, 10), who="T1", until_on=MONDAY)
    assert away_of(town) == []


def test_a_sick_note_that_somebody_has_entered_outlives_what_an_illness_noted(town):
    """Also where the reason is the same: Ill through Friday is corrected to Wednesday, and then dismissed."""
    note = AbsenceRecord(date(2026, 11, 26), date(2026, 11, 27), "Ill")
    settle(town, [technician("T1", absences=(note,))])
    ill = tell(town, "technician_ill", at(8), who="T1", until_on=date(2026, 11, 27))
    assert away_of(town) == [(24, 25, "Ill"), (26, 27, "Ill")]
    tell(town, "technician_ill", at(8, 5), who="T1", until_on=date(2026, 11, 24))
    assert away_of(town) == [(24, 24, "Ill"), (26, 27, "Ill")]
    with town.begin() as session:
        dismiss(session, ill, "It was somebody else", None, at(8, 10))
    assert away_of(town) == [(26, 27, "Ill")]


def test_dismissing_needs_a_reason_and_can_be_done_once(town):
    ill = tell(town, "technician_ill", at(8), who="T1")
    with pytest.raises(InvalidInput, match="Say why"), town.begin() as session:
        dismiss(session, ill, " ", None, at(8))
    with town.begin() as session:
        dismiss(session, ill, "By mistake", None, at(8))
    with pytest.raises(Conflict, match="already"), town.begin() as session:
        dismiss(session, ill, "By mistake", None, at(8))


def test_a_closed_door_that_a_phone_reports_is_told_to_the_office(town):
    """Nobody calls report_event: the technician just reports the visit."""
    report(town, "J1", "on_site", at(8))
    report(town, "J1", "no_access", at(8, 10))
    with town() as session:
        (found,) = list_incidents(session, MONDAY, ["open"])
        assert (found.kind, found.job.number, found.technician.code[0]) == ("no_access", "J1", "T")
    with town.begin() as session:
        change_status(
            session,
            job_named(session, "J1").id,
            "to_be_continued",
            user_of(session, "D1", "dispatcher"),
            at(9),
            "Come on Tuesday",
        )
    with town() as session:
        assert list_incidents(session, MONDAY, ["open"]) == []


def test_a_cancellation_needs_a_reason_and_frees_the_time(town):
    with pytest.raises(InvalidInput, match="words"):
        tell(town, "cancellation", at(7), number="J1")
    tell(town, "cancellation", at(7), number="J1", words="Moved away")
    with town() as session:
        assert job_named(session, "J1").status == "cancelled"
    assert [run["as_draft"] for run in runs_of(town)] == [True]


@pytest.mark.parametrize("number", ["J1", "J9"])
def test_a_job_that_is_cancelled_once_more_is_told_once_more(town, number):
    """It was taken up again meanwhile; on a route or on none."""
    settle(town, (), [job("J9", on=MONDAY + timedelta(days=7))])
    first = tell(town, "cancellation", at(7), number=number, words="Moved away")
    with town.begin() as session:
        dispatcher, job_id = user_of(session, "D1", "dispatcher"), job_named(session, number).id
        change_status(session, job_id, "requested", dispatcher, at(7, 10), "They stay after all")
    again = tell(town, "cancellation", at(7, 20), number=number, words="Moved away after all")
    assert again != first
    assert (incident_of(town, again).status, incident_of(town, again).words) == ("open", "Moved away after all")


def test_everything_that_happens_is_an_event(town):
    tell(town, "technician_ill", at(8), who="T1", words="Fever")
    with town() as session:
        told = [(event.kind, event.reason) for event in list_events(session)]
    assert ("incident reported", "Fever") in told
    assert "repair requested" in [kind for kind, _ in told]


def policy_of(session_factory, kind):
    with session_factory() as session:
        return next(one for one in list_policies(session) if one["kind"] == kind)


@pytest.mark.parametrize(("action", "queued"), [("publish", [False]), ("propose", [True]), ("warn", [])])
def test_the_policy_says_whether_a_repair_is_made_and_whether_it_waits(town, action, queued):
    with town.begin() as session:
        set_action(session, "technician_ill", action, 0, at(7), None)
    tell(town, "technician_ill", at(8), who="T1")
    assert [run["as_draft"] for run in runs_of(town)] == queued


@pytest.mark.parametrize(("action", "queued"), [("publish", [False]), ("propose", []), ("warn", [])])
def test_an_emergency_is_served_at_once_where_the_policy_says_so_and_else_somebody_chooses(town, action, queued):
    with town.begin() as session:
        set_action(session, "emergency", action, 0, at(7), None)
        known = job_named(session, "J1")
        call = EmergencyCall(MONDAY, known.customer_id, known.location_id, "Stuck in the lift", minutes=30)
        take_call(session, call, at(8), user_of(session, "D1", "dispatcher"))
    assert [run["as_draft"] for run in runs_of(town)] == queued


def test_of_two_who_change_a_policy_the_second_is_told(town):
    with town.begin() as session:
        set_action(session, "overrun", "warn", 0, at(7), None)
    with pytest.raises(Conflict), town.begin() as session:
        set_action(session, "overrun", "publish", 0, at(7), None)
    assert (policy_of(town, "overrun")["action"], policy_of(town, "overrun")["version"]) == ("warn", 1)


def test_no_plan_helps_against_a_silent_phone(town):
    assert set(policy_of(town, "phone_silent")["choices"]) == {"warn"}
    with pytest.raises(InvalidInput), town.begin() as session:
        set_action(session, "phone_silent", "publish", 0, at(7), None)


@pytest.mark.both_databases
def test_two_who_tell_of_one_thing_in_one_moment_tell_of_it_once(session_factory):
    """The phone and the office: the second brings up to date what the first has told."""
    settle(session_factory, [technician("T1")])

    def be_late(minutes):
        report_of = EventReport("technician_late", MONDAY, 1, minutes=minutes)
        return lambda session: report_event(session, report_of, at(8), None)

    assert do_at_once(session_factory, be_late(10), be_late(40)) == []
    with session_factory() as session:
        [told] = list_incidents(session, MONDAY, ["open"])
    assert told.until_at == at(8, 40)


@pytest.mark.both_databases
def test_of_two_who_choose_what_happens_in_one_moment_the_second_is_told(session_factory):
    """Before anybody has changed the default there is no row that could be locked."""

    def choose(action):
        return lambda session: set_action(session, "overrun", action, 0, at(8), None)

    [fault] = do_at_once(session_factory, choose("warn"), choose("publish"))
    assert isinstance(fault, Stale)
