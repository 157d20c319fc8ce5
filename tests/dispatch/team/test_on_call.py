"""Somebody on call is called in: from then on they have a shift, and plans count on it."""

from datetime import time, timedelta

import pytest

from dispatch.board.day import get_board
from dispatch.entry.files import read_file, write_file
from dispatch.entry.forms import WrongFields, add_item, remove_item, save_form
from dispatch.errors import Conflict, InvalidInput, NotFound
from dispatch.events import list_events_of
from dispatch.models import OnCall, SpecialShift, Technician, Territory
from dispatch.planning.shifts import find_shift
from dispatch.team.on_call import call_in
from tests.dispatch.town import MONDAY, SANTIAGO, absent, at, job, left_out, plan, settle, stops_of, technician, user_of

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def town(session_factory):
    """T1 works from 8 to 17 and is on call from 18 until 6; T2 works those hours and is never on call."""
    settle(session_factory, [technician(), technician("T2")], [])
    with session_factory.begin() as session:
        town = session.query(Territory).one()
        duty = OnCall(technician_id=get(session).id, territory_id=town.id, from_at=at(18), until_at=at(6, on=TUESDAY))
        session.add(duty)
    return session_factory


def get(session, code="T1") -> Technician:
    return session.query(Technician).filter_by(code=code).one()


def call(factory, now, code="T1", reason="Lift stuck"):
    with factory.begin() as session:
        return call_in(session, get(session, code).id, reason, user_of(session, "EVE", "dispatcher"), now)


def hours(factory, on=MONDAY):
    with factory() as session:
        found = find_shift(get(session), on, SANTIAGO)
        return found.start_at, found.end_at


def test_who_is_called_in_gets_a_shift_that_an_emergency_is_planned_into(town):
    settle(town, [], [job(required={"T1"}, on=MONDAY)])
    assert left_out(plan(town, now=at(20)))["J1"]
    sentence = call(town, at(20))
    assert sentence.startswith("Technician T1 has a shift on 2026-11-23 from 08:00 to 06:00, which makes")
    assert not left_out(plan(town, now=at(20)))
    assert stops_of(town)["J1"][1].planned_start_at >= at(20)


def test_the_event_says_who_called_whom_in_and_why(town):
    call(town, at(20))
    with town() as session:
        event = list_events_of(session, get(session))[-1]
        assert (event.kind, event.reason) == ("called in", "Lift stuck")
        assert event.after == {"on": "2026-11-23", "starts": "08:00:00", "ends": "06:00:00"}


def test_on_a_free_day_the_shift_begins_now_and_ends_with_the_duty_or_after_ten_hours(town):
    with town.begin() as session:
        get(session).shift_patterns = []
    call(town, at(19, 5))
    assert hours(town) == (at(19, 5), at(5, 5, on=TUESDAY))


def test_a_shift_made_longer_ends_before_it_is_a_day_old(town):
    """Ten hours from 23 o'clock would end at 9, an hour after the shift of that day began a day before."""
    with town.begin() as session:
        session.query(OnCall).one().until_at = at(12, on=TUESDAY)
    call(town, at(23))
    assert hours(town) == (at(8), at(7, 59, on=TUESDAY))


def test_after_midnight_the_shift_of_the_morning_begins_earlier(town):
    """A day has one shift; nobody sleeps away the one that was planned without being asked."""
    call(town, at(2, on=TUESDAY))
    assert hours(town, TUESDAY) == (at(2, on=TUESDAY), at(17, on=TUESDAY))


def test_a_second_call_on_the_same_night_changes_nothing(town):
    call(town, at(20))
    with pytest.raises(Conflict, match="at work until 06:00"):
        call(town, at(21))
    with town() as session:
        assert session.query(SpecialShift).count() == 1


@pytest.mark.parametrize(
    ("code", "now", "words"),
    [
        ("T1", at(10), "is not on call now"),
        ("T1", at(6, on=TUESDAY), "is not on call now"),
        ("T2", at(20), "Technician T2 is not on call now"),
    ],
)
def test_who_is_not_on_call_cannot_be_called_in(town, code, now, words):
    with pytest.raises(Conflict, match=words):
        call(town, now, code)


def test_who_is_away_cannot_be_called_in(town):
    settle(town, [technician(absences=(absent(MONDAY, MONDAY),))], [])
    with pytest.raises(Conflict, match="is away: Holiday"):
        call(town, at(20))


def test_a_reason_is_asked_for_and_the_technician_must_exist(town):
    with pytest.raises(InvalidInput, match="Say why"):
        call(town, at(20), reason=" ")
    with town.begin() as session, pytest.raises(NotFound):
        call_in(session, 99, "x", user_of(session, "EVE", "dispatcher"), at(20))


def test_the_board_shows_who_is_on_call_on_its_day_and_whether_they_can_be_called_in(town):
    def duties(now, on=MONDAY):
        with town() as session:
            return [(one["name"], one["territory"], one["obstacle"]) for one in get_board(session, on, now)["on_call"]]

    assert duties(at(20)) == [("Technician T1", "Town", "")]
    assert duties(at(10)) == [("Technician T1", "Town", "Technician T1 is on call from 2026-11-23 18:00 on.")]
    assert duties(at(20), TUESDAY) == [("Technician T1", "Town", "")], "the turn reaches into that day"
    assert duties(at(20), TUESDAY + timedelta(days=1)) == []


def test_who_has_a_night_shift_on_that_date_is_not_called_in_into_a_shift_of_more_than_a_day(town):
    """From five until six the next morning are 25 hours, which the wall clock shows as one."""
    with town.begin() as session:
        one = get(session)
        one.special_shifts = [SpecialShift(on=TUESDAY, starts=time(22), ends=time(6))]
    with pytest.raises(Conflict, match="has a shift at 22:00, and a day has one shift"):
        call(town, at(5, on=TUESDAY))
    assert hours(town, TUESDAY) == (at(22, on=TUESDAY), at(6, on=TUESDAY + timedelta(days=1)))


def test_who_was_called_in_after_their_shift_is_entered_as_anybody_else(town, tmp_path):
    """The long shift stays as it is, is exported and brought back, and is taken out; a longer one is refused."""
    call(town, at(20))
    path = tmp_path / "team.csv"
    with town.begin() as session:
        add_item(session, "technicians", get(session).id, "skills", {"name": "lifts", "level": "2"}, at(21), None)
        write_file(session, "technicians", path)
        whole = read_file(session, "technicians", path, at(21))
        path.write_text("code,name,hours\nT1,Ana,Mon-Fri 08:00-17:00\n")
        assert (whole.problems, read_file(session, "technicians", path, at(21)).problems) == ((), ())
        longer = {"special_shifts": f"{MONDAY} 08:00-07:00"}
        with pytest.raises(WrongFields, match="longer than 16 hours"):
            save_form(session, "technicians", get(session).id, longer, get(session).version, at(21), None)
    assert hours(town) == (at(8), at(6, on=TUESDAY))
    with town.begin() as session:
        remove_item(session, "technicians", get(session).id, "special_shifts", f"{MONDAY} 08:00-06:00", at(21), None)
    assert hours(town) == (at(8), at(17))
