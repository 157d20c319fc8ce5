"""Who is merely late keeps no draft about others from being published, and goes on as published."""

import pytest

from dispatch.errors import InvalidInput
from dispatch.planning.deciding import find_best_start
from dispatch.planning.drafts import find_open_draft, lay_out_draft
from tests.dispatch.drafting import begin_by_hand, codes_of, draft_of, line_of, move, publish, say
from tests.dispatch.living.bad_day import incident_of, tell
from tests.dispatch.town import (
    CENTRE,
    MONDAY,
    Grid,
    at,
    job,
    job_named,
    lunch,
    plan,
    report,
    settle,
    stops_of,
    technician,
    window,
)

NOW = at(11, 20)
NOTHING = ([], [], [])


@pytest.fixture
def late(session_factory):
    """T3 has J7 at eleven and J8 at noon, and is not heard of; a draft moves J1 from T1 to T2 by hand."""
    of_t3 = {"preferred": frozenset({"T3"})}
    jobs = [
        job("J1", windows=(window(at(16), 60),), preferred=frozenset({"T1"})),
        job("J7", windows=(window(at(11), 50),), **of_t3),
        job("J8", windows=(window(at(12), 5),), **of_t3),
    ]
    settle(session_factory, [technician(f"T{n}") for n in (1, 2, 3)], jobs)
    plan(session_factory)
    assert starts_of(session_factory) == {"J7": at(11), "J8": at(12)}
    begin_by_hand(session_factory)
    move(session_factory, draft_of(session_factory), "J1", "T2")
    return session_factory


@pytest.fixture
def overrun(session_factory):
    """T3 is at J6 until twenty past eleven, not half past ten: J8 can begin no more before its window closes, and J9
    waits for it. A draft moves J1 from T1 to T2 by hand."""
    return overrun_of(session_factory, technician("T3"))


def overrun_of(factory, t3):
    of_t3 = {"required": frozenset({"T3"})}
    jobs = [
        job("J1", windows=(window(at(16), 60),), preferred=frozenset({"T1"})),
        job("J6", windows=(window(at(9, 30), 5),), **of_t3),
        job("J8", windows=(window(at(10, 40), 10),), **of_t3),
        job("J9", windows=(window(at(11, 45), 120),), **of_t3),
    ]
    settle(factory, [technician("T1"), technician("T2"), t3], jobs)
    plan(factory)
    begin_by_hand(factory)
    move(factory, draft_of(factory), "J1", "T2")
    report(factory, "J6", "on_site", at(9, 30))
    return factory


def starts_of(factory, code="T3"):
    return {number: stop.planned_start_at for number, (who, stop) in stops_of(factory).items() if who == code}


def troubles_of(draft):
    return draft["outdated"], draft["obstacles"], draft["violations"]


def test_a_visit_that_should_have_begun_stays_when_a_draft_about_another_is_published(late):
    draft = draft_of(late, NOW)
    assert troubles_of(draft) == NOTHING
    version = publish(late, draft, now=NOW)
    assert codes_of(late)["J1"] == "T2"
    assert starts_of(late) == {"J7": at(11), "J8": at(12)}
    assert not any(stop.pinned for number, (_, stop) in stops_of(late).items() if number != "J1")
    assert ([line.job.number for line in version.changes], version.violations) == (["J1"], [])


def test_who_has_not_set_out_in_time_for_a_lunch_on_the_way_is_late_too(session_factory):
    """T3 drives more than an hour to J7 and has lunch on the way: at a quarter to twelve it is too late to set out."""
    far = {"location": (CENTRE[0], CENTRE[1] - 0.4), "required": frozenset({"T3"}), "priority": 100}
    jobs = [job("J1", windows=(window(at(16), 60),)), job("J7", windows=(window(at(13), 5),), **far)]
    people = [technician("T1"), technician("T2"), technician("T3", lunch=lunch("12:00", "12:30", 30))]
    settle(session_factory, people, jobs)
    plan(session_factory)
    begin_by_hand(session_factory)
    move(session_factory, draft_of(session_factory), "J1", "T2")
    assert troubles_of(draft_of(session_factory, at(11, 45))) == NOTHING
    publish(session_factory, draft_of(session_factory, at(11, 45)), now=at(11, 45))
    assert starts_of(session_factory) == {"J7": at(13)}


def test_the_visits_that_wait_for_one_that_overruns_stay_and_wait(overrun):
    draft = draft_of(overrun, NOW)
    assert troubles_of(draft) == NOTHING
    publish(overrun, draft, now=NOW)
    assert starts_of(overrun) == {"J6": at(9, 30), "J8": at(11, 20), "J9": at(12, 20)}
    begin_by_hand(overrun)
    move(overrun, draft_of(overrun, NOW), "J1", "T1", at(16, 10))
    assert troubles_of(draft_of(overrun, NOW)) == NOTHING, "nor does what was published so keep the next from it"
    publish(overrun, draft_of(overrun, NOW), now=NOW)
    assert codes_of(overrun)["J1"] == "T1"


def test_a_break_keeps_its_hours_where_visits_wait(session_factory):
    """Lunch was to be after J9, at a quarter to one; it begins by one, so J9 waits for that as well."""
    overrun = overrun_of(session_factory, technician("T3", lunch=lunch("12:00", "13:00", 30)))
    assert starts_of(overrun)["J9"] == at(11, 45)
    version = publish(overrun, draft_of(overrun, NOW), now=NOW)
    assert starts_of(overrun) == {"J6": at(9, 30), "J8": at(11, 20), "J9": at(12, 50)}
    assert [one.rule for one in version.violations] == ["time windows"], "J8 is too late for its own, and no more"


def test_they_wait_no_longer_for_what_is_moved_by_hand_without_a_reason(overrun):
    """J1 is put with T3 before J9, which begins an hour later then."""
    move(overrun, draft_of(overrun), "J1", "T3", at(12, 10))
    violations = draft_of(overrun, NOW)["violations"]
    assert "Technician T3, job J9: starts 1 h after its pinned start" in violations
    with pytest.raises(InvalidInput, match="J9: starts 1 h after its pinned start"):
        publish(overrun, draft_of(overrun, NOW), now=NOW)


def test_an_event_that_says_so_is_not_repaired_by_a_draft_about_others(late):
    told = tell(late, "technician_late", at(10, 30), who="T3", minutes=90)
    publish(late, draft_of(late, at(10, 40)), now=at(10, 40))
    assert incident_of(late, told).status == "open"
    assert starts_of(late) == {"J7": at(11), "J8": at(12)}


def test_the_late_visit_itself_is_moved_by_hand_as_ever(late):
    with late() as session:
        laid_out = lay_out_draft(session, find_open_draft(session, MONDAY), NOW, Grid())
        start_at = find_best_start(laid_out, job_named(session, "J7").id, "T1")
    assert NOW < start_at < at(12)


def test_a_visit_that_does_not_fit_for_another_reason_is_not_passed_over(late):
    """J7 takes three hours by now: J8 cannot begin at noon, however punctual T3 is."""
    settle(late, [], [job("J7", windows=(window(at(11), 50),), service_s=10_800, preferred=frozenset({"T3"}))])
    draft = draft_of(late, at(8))
    assert "J8" in " ".join((*draft["outdated"], *draft["obstacles"]))


def test_a_move_that_is_refused_leaves_it_where_it_is_although_it_is_late(late):
    """The draft was to give J8 to T2, whom its customer prefers by now."""
    settle(late, [], [job("J8", windows=(window(at(12), 5),), preferred=frozenset({"T2"}))])
    plan(late, as_draft=True)
    assert line_of(draft_of(late), "J8")["to"]["code"] == "T2"
    say(late, draft_of(late), J8="refused")
    draft = draft_of(late, at(12, 30))
    assert troubles_of(draft) == NOTHING
    publish(late, draft, now=at(12, 30))
    assert starts_of(late) == {"J7": at(11), "J8": at(12)}
