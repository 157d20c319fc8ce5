"""What stored plans have no place for is refused, not forgotten."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from dispatch.planning import store
from optimizer import DepotCall, Route, Stop


def test_a_route_that_calls_at_a_depot_cannot_be_stored():
    """No shift of ours has a depot yet; a plan that lost its call would tell a technician a wrong way."""
    moment = datetime(2026, 3, 2, 8, tzinfo=UTC)
    hours = SimpleNamespace(start_at=moment, end_at=moment, latest_end_at=moment)
    day = SimpleNamespace(hours={"ana": hours}, technicians={"ana": SimpleNamespace(id=1)})
    route = Route("ana", 0, 30, (Stop("job", 20, 20, 30, 10, 100),), (), 0, 0, DepotCall(0, 10, 10, 10, 100))
    with pytest.raises(ValueError, match="the route of ana calls at a depot, which stored plans have no place for"):
        store.build_route(None, day, route, "ana", None, {})
