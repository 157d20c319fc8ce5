"""A route told step by step."""

from optimizer import DepotCall, Route, Stop
from optimizer.formats.vroom.timeline import tell


def test_a_call_at_a_depot_is_a_longer_way_to_the_next_stop():
    """VROOM knows no such step; its arrivals and its travel stay true."""
    stops = (Stop("a", 10, 10, 20, 10, 100), Stop("b", 32, 32, 40, 5, 50))
    route = Route("Ana", 0, 45, stops, (), 5, 50, DepotCall(1, 27, 27, 7, 70))
    events = [(one.kind, one.arrive_s, one.wait_s, one.travelled_s, one.travelled_m) for one in tell(route)]
    assert events == [
        ("start", 0, 0, 0, 0),
        ("stop", 10, 0, 10, 100),
        ("stop", 32, 0, 22, 220),
        ("end", 45, 0, 27, 270),
    ]
