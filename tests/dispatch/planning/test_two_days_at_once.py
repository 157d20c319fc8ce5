"""Plans of two days that are stored at the same time do not both have a job that either could serve."""

import threading
from datetime import timedelta

import pytest

from dispatch.planning import day as day_module
from tests.dispatch.town import MONDAY, at, job, plan, settle, stops_of, technician, window

pytestmark = pytest.mark.both_databases

TUESDAY = MONDAY + timedelta(days=1)


def test_a_job_that_two_days_want_is_on_one(session_factory, monkeypatch):
    """Both plans were found to be good before either was stored, if nothing keeps them from it."""
    days = (window(at(9), 60), window(at(9, on=TUESDAY), 60))
    settle(session_factory, [technician()], [job("J1", on=None, windows=days)])
    read, stored = threading.Barrier(2), threading.Barrier(2)
    first_of = {MONDAY: True, TUESDAY: True}
    find, store = day_module.find_what_changed, day_module.store_plan

    def wait_for_the_other(barrier, timeout):
        try:
            barrier.wait(timeout)
        except threading.BrokenBarrierError:
            return  # the other one waits for us

    def find_after_both_have_planned(session, facts, *others):
        if first_of.pop(facts.on, False):
            wait_for_the_other(read, 60)
        return find(session, facts, *others)

    def store_after_both_were_asked(session, facts, *others, **options):
        wait_for_the_other(stored, 1)
        return store(session, facts, *others, **options)

    if session_factory.engine.dialect.name == "postgresql":  # on SQLite the one writes and the other waits for that
        monkeypatch.setattr(day_module, "find_what_changed", find_after_both_have_planned)
    monkeypatch.setattr(day_module, "store_plan", store_after_both_were_asked)
    threads = [threading.Thread(target=plan, args=(session_factory, on)) for on in (MONDAY, TUESDAY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stops_of(session_factory)) + len(stops_of(session_factory, TUESDAY)) == 1
