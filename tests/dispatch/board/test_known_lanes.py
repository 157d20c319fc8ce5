"""What boards were told is kept in the order of what happened, and forgotten where that begins anew."""

from dispatch.board.known_lanes import KnownLanes, Lane, LanesOf, LeftOutOf
from tests.dispatch.town import MONDAY, at

OF = LanesOf(1, frozenset())


def test_after_a_backup_was_restored_no_known_row_is_told():
    lanes = KnownLanes()
    lanes.follow(lambda: 7)
    lanes.keep(OF, 1, 7, Lane({"name": "T1"}, None))
    assert lanes.find(OF, 1, 7) == Lane({"name": "T1"}, None)
    lanes.follow(lambda: 6)
    assert lanes.find(OF, 1, 5) is None


def test_who_began_to_read_before_others_did_forgets_nothing():
    lanes = KnownLanes()
    lanes.keep(OF, 1, 7, Lane({"name": "T1"}, None))

    def read_late():
        lanes.follow(lambda: 7)
        return 6

    assert lanes.follow(read_late) == 6
    assert lanes.find(OF, 1, 7) == Lane({"name": "T1"}, None)


def test_a_list_that_was_read_before_another_does_not_take_its_place():
    lanes, of = KnownLanes(), LeftOutOf(MONDAY, 1, frozenset())
    lanes.keep_left_out(of, 7, at(9), [{"number": "J7"}])
    lanes.keep_left_out(of, 6, at(9), [])
    assert lanes.find_left_out(of, 7, at(9)) == [{"number": "J7"}]
    assert lanes.find_left_out(of, 8, at(9)) is None
    lanes.follow(lambda: 7)
    lanes.follow(lambda: 6)
    assert lanes.find_left_out(of, 5, at(9)) is None
