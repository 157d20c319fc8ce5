"""A route as VROOM tells it: steps that follow each other without a gap, waiting and breaks included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from optimizer.plan import Route


@dataclass(frozen=True, slots=True)
class Event:
    """One step. `stop` and `rest` number the route's stops and rests; at the start and at the end both are None.

    Travel is cumulated since the start; `metres` are in proportion where a break interrupts a leg.
    """

    kind: str
    arrive_s: int
    wait_s: int
    travelled_s: int
    travelled_m: int
    stop: int | None = None
    rest: int | None = None


def tell(route: Route) -> Iterator[Event]:
    """Yields the steps of a route: everybody sets out as late as they can, and from then on as soon as they can.

    A break before setting out comes after the start, one after coming home before the end: the vehicle's route
    holds them all.
    """
    legs = [(stop.travel_s, stop.travel_m) for stop in route.stops] + [(route.travel_home_s, route.travel_home_m)]
    if route.call is not None:  # no step of VROOM's, only a longer way
        leg_s, leg_m = legs[route.call.after]
        legs[route.call.after] = (leg_s + route.call.travel_s, leg_m + route.call.travel_m)
    rests = list(enumerate(route.rests))
    now_s = min([route.leave_s, *(rest.start_s for rest in route.rests)])
    yield Event("start", now_s, 0, 0, 0)
    done_s = done_m = 0
    for position, (leg_s, leg_m) in enumerate(legs):
        stop = route.stops[position] if position < len(route.stops) else None
        left_s = leg_s
        while rests and (stop is None or rests[0][1].start_s < stop.leave_s):
            number, rest = rests.pop(0)
            moved_s = min(left_s, rest.start_s - now_s)
            left_s -= moved_s
            so_far_s = leg_s - left_s
            so_far_m = leg_m * so_far_s // leg_s if leg_s else leg_m
            yield Event(
                "break",
                now_s + moved_s,
                rest.start_s - now_s - moved_s,
                done_s + so_far_s,
                done_m + so_far_m,
                rest=number,
            )
            now_s = rest.end_s
        arrive_s = now_s + left_s
        done_s, done_m = done_s + leg_s, done_m + leg_m
        if stop is None:
            yield Event("end", arrive_s, 0, done_s, done_m)
        else:
            yield Event("stop", arrive_s, stop.start_s - arrive_s, done_s, done_m, stop=position)
            now_s = stop.leave_s
