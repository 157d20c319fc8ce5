"""What is started, pinned, reported or changed while the engine works is never lost; bad plans are never stored."""

import pytest

import optimizer
from dispatch.errors import Conflict, PlanCancelled, PlanRefused
from dispatch.jobs.appointments import promise
from dispatch.models import Stop, Territory
from dispatch.planning import day as day_module
from dispatch.planning.facts import find_published
from dispatch.replanning import replan_what_changed
from tests.dispatch.town import (
    CENTRE,
    MONDAY,
    MORNING,
    absent,
    at,
    job,
    job_named,
    plan,
    report,
    settle,
    stops_of,
    technician,
    user_of,
    while_solving,
    window,
)


@pytest.mark.both_databases
def test_planning_again_supersedes_the_version_before(session_factory):
    """One version of a day is published, and the older one is kept."""
    settle(session_factory, [technician()], [job()])
    first = plan(session_factory)
    second = plan(session_factory)
    assert (first.version, second.version) == (1, 2)
    with session_factory() as session:
        assert session.get(type(first), first.id).status == "superseded"
        assert find_published(session, MONDAY).id == second.id


@pytest.mark.both_databases
def test_what_is_started_stays_with_its_times_and_its_status(session_factory):
    """On Monday at ten somebody is on site; planning again moves other work, not that."""
    first = job("J1", preferred=frozenset({"T1"}), parts={"valve": 1}, skills={"gas": 1})
    settle(session_factory, [technician(capacity={"valve": 1})], [first, job("J2", windows=(window(at(15), 30),))])
    plan(session_factory)
    planned = stops_of(session_factory)["J1"][1]
    report(session_factory, "J1", "on_site", at(9, 12))
    plan(session_factory, now=at(9, 30))
    code, stop = stops_of(session_factory)["J1"]
    assert (code, stop.status, stop.actual_start_at) == ("T1", "on_site", at(9, 12))
    assert stop.planned_start_at == planned.planned_start_at


def test_what_is_done_stays_as_long_as_it_really_took(session_factory):
    """An hour was planned, twenty minutes it was, at anybody's pace; what follows may come earlier."""
    settle(session_factory, [technician(pace_percent=130)], [job("J1"), job("J2")])
    plan(session_factory)
    for status, moment in (("on_site", at(9)), ("done", at(9, 20))):
        report(session_factory, "J1", status, moment)
    plan(session_factory, now=at(9, 25))
    done, other = stops_of(session_factory)["J1"][1], stops_of(session_factory)["J2"][1]
    assert (done.status, done.actual_start_at, done.actual_end_at) == ("done", at(9), at(9, 20))
    assert other.planned_start_at >= at(9, 25)


def test_what_is_pinned_stays_with_its_technician(session_factory):
    """Though somebody else would be nearer now."""
    settle(session_factory, [technician("T1")], [job("J1", location=(CENTRE[0], CENTRE[1] - 0.2))])
    plan(session_factory)
    with session_factory.begin() as session:
        session.query(Stop).one().pinned = True
    settle(session_factory, [technician("T2", home=(CENTRE[0], CENTRE[1] - 0.2))])
    plan(session_factory)
    code, stop = stops_of(session_factory)["J1"]
    assert code == "T1"
    assert stop.pinned


def test_a_pin_to_somebody_who_fell_ill_is_free(session_factory):
    """The customer is served by another rather than by nobody."""
    settle(session_factory, [technician("T1")], [job("J1")])
    plan(session_factory)
    with session_factory.begin() as session:
        session.query(Stop).one().pinned = True
    settle(session_factory, [technician("T1", absences=(absent(MONDAY, MONDAY),)), technician("T2")])
    plan(session_factory)
    assert stops_of(session_factory)["J1"][0] == "T2"


@pytest.mark.both_databases
def test_a_status_reported_while_the_engine_works_is_kept(session_factory, monkeypatch):
    """The report arrives between reading and storing; the new version carries it."""
    settle(session_factory, [technician()], [job("J1"), job("J2")])
    plan(session_factory)
    while_solving(monkeypatch, lambda: report(session_factory, "J1", "en_route", at(8, 5)))
    version = plan(session_factory, now=at(8))
    assert version.version == 2
    assert stops_of(session_factory)["J1"][1].status == "en_route"


def test_a_plan_that_moves_what_was_started_meanwhile_is_made_again(session_factory, monkeypatch):
    """T1 has set out for the job that the new plan would have given to the nearer T2."""
    far = (CENTRE[0], CENTRE[1] - 0.2)
    settle(session_factory, [technician("T1")], [job("J1", location=far)])
    plan(session_factory)
    settle(session_factory, [technician("T2", home=far)])
    calls = while_solving(monkeypatch, lambda: report(session_factory, "J1", "en_route", at(8, 5)))
    plan(session_factory, now=at(8))
    assert len(calls) == 6  # each time once with nothing moving, once with everything free to, once around what stays
    code, stop = stops_of(session_factory)["J1"]
    assert (code, stop.status) == ("T1", "en_route")


def test_a_job_cancelled_while_the_engine_works_is_not_planned(session_factory, monkeypatch):
    """Nobody is sent to a customer who has just called off."""
    settle(session_factory, [technician()], [job("J1"), job("J2")])

    def cancel():
        with session_factory.begin() as session:
            job_named(session, "J1").status = "cancelled"

    while_solving(monkeypatch, cancel)
    plan(session_factory)
    assert set(stops_of(session_factory)) == {"J2"}


@pytest.mark.both_databases
@pytest.mark.parametrize("firm", [True, False], ids=["firm", "not firm"])
def test_a_promise_made_while_the_engine_works_is_kept(session_factory, monkeypatch, firm):
    """The customer was told three to four; the plan that was being searched had them in the morning."""
    settle(session_factory, [technician()], [job("J1")])

    def promise_the_afternoon():
        with session_factory.begin() as session:
            eve = user_of(session, "EVE", "dispatcher")
            promise(session, job_named(session, "J1"), at(15), at(16), MORNING, eve, is_firm=firm)

    calls = while_solving(monkeypatch, promise_the_afternoon)
    plan(session_factory)
    assert calls == [1, 1]
    assert at(15) <= stops_of(session_factory)["J1"][1].planned_start_at <= at(16)


def promise_the_morning(session, row):
    promise(session, row, at(8), at(12), MORNING, user_of(session, "EVE", "dispatcher"))


def make_urgent(_session, row):
    row.priority, row.due_at = 90, at(13)


def be_late_already(_session, row):
    row.due_at = at(7)


def take_longer(_session, row):
    row.service_s = 5400


@pytest.mark.parametrize(
    ("change", "attempts"), [(promise_the_morning, 1), (make_urgent, 1), (be_late_already, 2), (take_longer, 2)]
)
def test_a_change_while_the_engine_works_throws_away_no_plan_that_keeps_it(
    session_factory, monkeypatch, change, attempts
):
    """Where somebody changes something every few minutes no long search would ever end. What is stored is planned again
    for it, and begins there."""
    settle(session_factory, [technician()], [job("J1")])

    def do_it():
        with session_factory.begin() as session:
            change(session, job_named(session, "J1"))

    calls = while_solving(monkeypatch, do_it)
    plan(session_factory, travel_source=None)
    assert len(calls) == attempts
    assert stops_of(session_factory)["J1"][1].planned_start_at < at(12)
    assert replan_what_changed(session_factory, MORNING).startswith("Queued" if attempts == 1 else "Nothing")


def test_a_plan_is_published_at_the_moment_at_which_it_is_stored(session_factory, monkeypatch):
    """Not at that at which its search began: what a person has published since came before it."""
    settle(session_factory, [technician()], [job()])
    moments = [MORNING]
    while_solving(monkeypatch, lambda: moments.append(at(6, 10)))
    version = plan(session_factory, clock=lambda: moments[-1])
    assert (version.published_at, version.made_at) == (at(6, 10), at(6, 10))


def test_what_is_planned_again_is_planned_for_the_moment_at_which_that_begins(session_factory, monkeypatch):
    settle(session_factory, [technician()], [job("J1"), job("J2")])
    moments = [at(8)]

    def cancel_one_an_hour_later():
        moments.append(at(9))
        with session_factory.begin() as session:
            job_named(session, "J2").status = "cancelled"

    while_solving(monkeypatch, cancel_one_an_hour_later)
    plan(session_factory, now=at(8), clock=lambda: moments[-1])
    assert stops_of(session_factory)["J1"][1].planned_arrive_at > at(9)


def test_notes_may_change_while_the_engine_works(session_factory, monkeypatch):
    settle(session_factory, [technician()], [job()])

    def note():
        with session_factory.begin() as session:
            job_named(session, "J1").notes = "Ring twice."

    calls = while_solving(monkeypatch, note)
    plan(session_factory)
    assert calls == [1]


def test_a_day_that_never_stops_changing_is_given_up_with_a_sentence(session_factory, monkeypatch):
    """Three attempts, then a person decides; the published plan stays."""
    settle(session_factory, [technician()], [job(f"J{n}") for n in range(5)])
    numbers = iter(range(5))

    def cancel():
        with session_factory.begin() as session:
            job_named(session, f"J{next(numbers)}").status = "cancelled"

    calls = while_solving(monkeypatch, cancel, every_time=True)
    with pytest.raises(Conflict, match="changed while it was being planned"):
        plan(session_factory)
    assert len(calls) == day_module.ATTEMPTS


def test_no_transaction_is_open_while_the_engine_works(session_factory, monkeypatch):
    """Others can write: a writer in the middle does not even wait."""
    settle(session_factory, [technician()], [job()])

    def write():
        with session_factory.begin() as session:
            session.add(Territory(name="New", zone="UTC"))
        assert session_factory.engine.pool.checkedout() == 0

    calls = while_solving(monkeypatch, write)
    plan(session_factory)
    assert calls == [1]


def test_a_plan_that_breaks_a_rule_is_refused_with_the_rule(session_factory, monkeypatch):
    """An engine that lies is found out by the referee, and nothing is stored."""
    settle(session_factory, [technician()], [job()])

    def lie(problem, **_options):
        stop = optimizer.Stop("J1", 0, 0, 3600, 0, 0)  # at midnight, without any travel
        return optimizer.Plan((optimizer.Route("T1", 0, 3600, (stop,), (), 0, 0),), ())

    monkeypatch.setattr(optimizer, "solve", lie)
    with pytest.raises(PlanRefused) as refused:
        plan(session_factory)
    assert any("leaves" in sentence and "Technician T1" in sentence for sentence in refused.value.violations)
    with session_factory() as session:
        assert find_published(session, MONDAY) is None


def test_a_cancelled_plan_is_not_stored(session_factory):
    """What is published stays as it was."""
    settle(session_factory, [technician()], [job()])
    with pytest.raises(PlanCancelled):
        plan(session_factory, cancelled=lambda: True)
    with session_factory() as session:
        assert find_published(session, MONDAY) is None
