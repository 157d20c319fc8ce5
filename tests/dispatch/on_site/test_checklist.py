"""Work is not done before its required steps are."""

import pytest

from dispatch.errors import Conflict, NotFound
from dispatch.events import list_events_of
from dispatch.on_site.checklist import tick
from tests.dispatch.on_site.conftest import decide, say
from tests.dispatch.town import at, job_named


def test_work_whose_required_steps_are_open_is_not_done_and_each_is_named(town):
    say(town, "on_site")
    with pytest.raises(Conflict, match=r"Not done yet: Gas off; Tightness test\. Tick each when it is done"):
        say(town, "done")
    with town() as session:
        assert job_named(session, "J1").status == "open"


def test_the_office_cannot_call_it_done_either(town):
    """Who presses the button makes no difference to the boiler."""
    say(town, "on_site")
    with pytest.raises(Conflict, match="Gas off"):
        decide(town, "done")


def test_with_every_required_step_ticked_it_is_done(town, on_site):
    """What is not required may stay open."""
    say(town, "on_site")
    for position in (1, 3):
        on_site(tick, position, True)
    assert say(town, "done")["status"] == "done"


def test_a_step_taken_back_is_open_again(town, on_site):
    say(town, "on_site")
    for position, is_done in ((1, True), (3, True), (3, False)):
        on_site(tick, position, is_done)
    with pytest.raises(Conflict, match=r"Not done yet: Tightness test\. Tick it when"):
        say(town, "done")


def test_a_tick_that_is_sent_twice_happened_once(town, on_site):
    """And as of the moment when it was made."""
    for _ in range(2):
        on_site(tick, 1, True, at=at(8, 30))
    with town() as session:
        job = job_named(session, "J1")
        assert job.checks[0].done_at == at(8, 30)
        assert [one.kind for one in list_events_of(session, job)].count("step done") == 1


def test_steps_of_a_closed_job_stay_as_they_were_reported(town, on_site):
    say(town, "on_site")
    for position in (1, 3):
        on_site(tick, position, True)
    say(town, "done")
    on_site(tick, 1, True)  # sent again by a phone that is unsure
    with pytest.raises(Conflict, match="closed"):
        on_site(tick, 2, True)


def test_a_step_that_does_not_exist_is_not_found(on_site):
    with pytest.raises(NotFound, match="no step 9"):
        on_site(tick, 9, True)


def test_steps_that_were_not_done_are_asked_for_at_the_return_visit(town, on_site):
    """What is done need not be done again."""
    say(town, "on_site")
    on_site(tick, 1, True)
    decide(town, "to_be_continued", "the pump leaks")
    with town() as session:
        assert [one.text for one in job_named(session, "J1-2").checks] == ["Flue clean", "Tightness test"]


def test_what_a_phone_tells_late_happened_when_it_says(town):
    """Without a network from half past eight until nine; and never before what had happened already."""
    say(town, "en_route", at(8), at(8))
    say(town, "on_site", at(9), at(8, 30))
    with town() as session:
        from dispatch.jobs.moving import find_stop_in_force

        stop = find_stop_in_force(session, job_named(session, "J1").id)
        assert stop.actual_start_at == at(8, 30)
    say(town, "no_access", at(9), at(7))
    with town() as session:
        stop = find_stop_in_force(session, job_named(session, "J1").id)
        assert (stop.actual_start_at, stop.actual_end_at) == (at(8, 30), at(8, 30))
