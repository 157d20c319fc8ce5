"""What boards were told is kept in the order of what happened, and forgotten where that begins anew."""

from datetime import timedelta

from dispatch.board.known_lanes import KnownLanes, Lane, LanesOf
from tests.dispatch.town import at

MINUTE = timedelta(minutes=1)
OF = LanesOf(1, frozenset())


def test_after_a_backup_was_restored_nothing_that_is_known_is_told():
    lanes = KnownLanes()
    lanes.follow(lambda: 7)
    lanes.keep(OF, 1, 7, Lane({"name": "T1"}, None))
    lanes.lately.keep("alerts", 7, at(9), ["J7 will be late"])
    assert lanes.find(OF, 1, 7) == Lane({"name": "T1"}, None)
    lanes.follow(lambda: 6)
    assert lanes.find(OF, 1, 5) is None
    assert lanes.lately.find("alerts", 5, 6, at(9), MINUTE) is None


def test_who_began_to_read_before_others_did_forgets_nothing():
    lanes = KnownLanes()
    lanes.keep(OF, 1, 7, Lane({"name": "T1"}, None))

    def read_late():
        lanes.follow(lambda: 7)
        return 6

    assert lanes.follow(read_late) == 6
    assert lanes.find(OF, 1, 7) == Lane({"name": "T1"}, None)
